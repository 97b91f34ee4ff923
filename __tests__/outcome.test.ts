import { describe, expect, it } from '@jest/globals';

import { CloudError, StopError } from '../src/errors.ts';
import { createEvents, type RunEvent } from '../src/events.ts';
import { createRun, type Run } from '../src/outcome.ts';
import type { Clock } from '../src/ports.ts';
import { failureOf } from './support/failure.ts';
import { createFakeClock } from './support/fakes.ts';
import { liveState } from './support/samples.ts';

function start(): { clock: Clock; heard: RunEvent[]; run: Run } {
  const clock = createFakeClock();
  const heard: RunEvent[] = [];
  const events = createEvents();
  events.listen((event) => heard.push(event));
  return { clock, heard, run: createRun(events, clock) };
}

describe('a run', () => {
  it('keeps what each stage made, and tells the listeners', async () => {
    const { clock, heard, run } = start();
    const value = await run.stage('look', async () => {
      await clock.sleep(40);
      return liveState();
    });
    expect(value).toEqual(liveState());
    expect(heard).toEqual([
      { kind: 'started', stage: 'look' },
      { kind: 'finished', stage: 'look', value, durationMs: 40 },
    ]);
    expect(run.end('live')).toEqual({
      status: 'live',
      values: { look: value },
      stages: [{ stage: 'look', durationMs: 40, isFailed: false }],
      durationMs: 40,
    });
  });

  it('that fails keeps the values made so far, and names the stage', async () => {
    const { clock, heard, run } = start();
    await run.stage('look', () => liveState());
    const error = new CloudError('no', {
      kind: 'quota',
      action: 'X',
      code: 'LimitExceeded',
      isRetryable: false,
    });
    await failureOf(CloudError, () =>
      run.stage('release', async () => {
        await clock.sleep(7);
        throw error;
      }),
    );
    expect(heard.at(-1)).toEqual({ kind: 'failed', stage: 'release', error, durationMs: 7 });
    expect(run.fail(error)).toMatchObject({
      status: 'failed',
      failure: { kind: 'quota', stage: 'release', error },
      values: { look: liveState() },
      durationMs: 7,
    });
  });

  it.each([
    [StopError.bySignal('SIGINT'), 'cancelled', 'cancelled'],
    [StopError.byTimeout(1000), 'failed', 'timeout'],
    [new TypeError('x'), 'failed', 'unexpected'],
    [
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
      'failed',
      'build',
    ],
  ])('that ends with %s is %s', (error, status, kind) => {
    expect(start().run.fail(error)).toMatchObject({ status, failure: { kind, stage: undefined } });
  });
});
