import { setTimeout as wait } from 'node:timers/promises';

import type { Clock } from '../ports.ts';

/** The real time; a sleep ends with the reason of the signal when the run is aborted. */
export function createClock(signal: AbortSignal): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      await wait(ms, undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
    },
  };
}
