import { expect, it } from '@jest/globals';

import { createClock } from '../../src/adapters/clock.ts';
import { failureOf } from '../support/failure.ts';

it('tells the time, and sleeps', async () => {
  const clock = createClock(new AbortController().signal);
  const before = Date.now();
  const since = clock.now();
  expect(since).toBeGreaterThanOrEqual(before);
  await clock.sleep(20);
  expect(clock.now()).toBeGreaterThan(since);
});

it('wakes up with the reason of an abort', async () => {
  const reason = new RangeError('aborted');
  const stop = new AbortController();
  const clock = createClock(stop.signal);
  const sleeping = failureOf(RangeError, () => clock.sleep(3_600_000));
  stop.abort(reason);
  expect(await sleeping).toBe(reason);
  expect(await failureOf(RangeError, () => clock.sleep(3_600_000))).toBe(reason);
});
