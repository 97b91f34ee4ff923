import { expect, it } from '@jest/globals';

import { diagnoseRelease, type ReleaseEvidence } from '../../src/diagnosis/cloud.ts';

const nothing: ReleaseEvidence = { recordStatus: '', taskStatus: 'failed', failReason: '', processLog: [] };

it.each<[Partial<ReleaseEvidence>, string]>([
  [{ taskStatus: 'stopped', failReason: 'OOMKilled' }, 'cancelled'],
  [{ recordStatus: 'build_failed', processLog: ['OOMKilled'] }, 'build'],
  [{ processLog: ['Last State: OOMKilled'] }, 'out-of-memory'],
  [{ failReason: 'fatal: out of memory' }, 'out-of-memory'],
  [{ processLog: ['exec /app: exec format error'] }, 'architecture'],
  [{ failReason: 'ImagePullBackOff' }, 'image-pull'],
  [{ processLog: ['manifest unknown'] }, 'image-pull'],
  [{ processLog: ["Function 'main' is not defined in the provided module."] }, 'entry-not-found'],
  [{ processLog: ['Error: listen EACCES: permission denied 0.0.0.0:80'] }, 'wrong-port'],
  [{ processLog: ['listen EADDRINUSE: address already in use'] }, 'wrong-port'],
  [{ processLog: ['started', 'Back-off restarting failed container'] }, 'crash-loop'],
  [{ failReason: 'FailedScheduling: 0/3 nodes' }, 'scheduling'],
  [{ failReason: 'Insufficient cpu' }, 'scheduling'],
  [{ failReason: 'Readiness probe failed: dial tcp: connection refused' }, 'slow-start'],
  [{ processLog: ['-----------启动日志-----------', 'Error: no database'] }, 'exit-on-start'],
  [{ processLog: ['-----------启动日志-----------', ''] }, 'unexpected'],
  [{ recordStatus: 'deploy_failed' }, 'unexpected'],
])('%j is %s', (evidence, kind) => {
  expect(diagnoseRelease({ ...nothing, ...evidence })).toBe(kind);
});

it('names the cause before its effects', () => {
  const processLog = ['Readiness probe failed', 'Back-off restarting failed container', 'exec format error'];
  expect(diagnoseRelease({ ...nothing, processLog })).toBe('architecture');
  expect(diagnoseRelease({ ...nothing, processLog: processLog.slice(0, 2) })).toBe('crash-loop');
});
