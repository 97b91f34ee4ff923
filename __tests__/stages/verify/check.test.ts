import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../../src/errors.ts';
import {
  failed,
  passed,
  requireVerified,
  skipped,
  warned,
  type Verification,
} from '../../../src/stages/verify/check.ts';
import { failureOf } from '../../support/failure.ts';

describe('a verification', () => {
  const rows = [passed('starts', 'the process keeps running'), skipped('memory', 'x')];

  it.each<Verification>([
    { status: 'passed', checks: rows, timeToListenMs: 5, logTail: [] },
    {
      status: 'warned',
      checks: [...rows, warned('user', 'runs as root')],
      timeToListenMs: undefined,
      logTail: [],
    },
    { status: 'skipped', reason: 'no engine answers' },
  ])('lets a release go on: $status', (verification) => {
    expect(requireVerified(verification)).toBe(verification);
  });

  it('that failed is an error of the kind of its first failed check, which names all of them', async () => {
    const verification: Verification = {
      status: 'failed',
      checks: [
        ...rows,
        warned('user', 'runs as root'),
        failed('http', { kind: 'smoke', detail: 'answers "GET /" with 500', advice: 'Correct it.' }),
        failed('listens', { kind: 'wrong-port', detail: 'listens elsewhere', advice: 'Other.' }),
      ],
      timeToListenMs: undefined,
      logTail: ['last line'],
    };
    expect(await failureOf(ProjectError, () => requireVerified(verification))).toMatchObject({
      kind: 'smoke',
      message: 'The service answers "GET /" with 500. The service listens elsewhere.',
      advice: 'Correct it.',
      logTail: ['last line'],
    });
  });
});
