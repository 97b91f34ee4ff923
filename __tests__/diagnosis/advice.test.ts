import { expect, it } from '@jest/globals';

import { adviceFor } from '../../src/diagnosis/advice.ts';
import { diagnoseRelease } from '../../src/diagnosis/cloud.ts';
import { failureKinds } from '../../src/errors.ts';

it('is one or two sentences, for failure kinds alone', () => {
  for (const [kind, advice] of Object.entries(adviceFor)) {
    expect(failureKinds).toContain(kind);
    expect(advice).toMatch(/^[A-Z].{20,}[.]$/);
  }
});

it('is there for every way in which a release can fail', () => {
  const reasons = [
    'OOMKilled',
    'exec format error',
    'ErrImagePull',
    'EADDRINUSE',
    'CrashLoopBackOff',
    'nothing',
  ];
  for (const failReason of [
    ...reasons,
    'FailedScheduling',
    'Readiness probe failed',
    'Failed to load target function',
  ]) {
    const kind = diagnoseRelease({ recordStatus: '', taskStatus: '', failReason, processLog: [] });
    expect(adviceFor).toHaveProperty(kind);
  }
});
