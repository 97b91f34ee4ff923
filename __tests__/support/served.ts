import type { Served, ServedState } from '../../src/stages/serve/served.ts';

export interface FakeServed extends Served {
  /** What was done to it, in order. */
  readonly ended: readonly string[];
}

interface Told extends Partial<Served> {
  /** The state at each look; the last one stays. */
  readonly states?: readonly Partial<ServedState>[];
}

/** A service that runs and listens on port 8080 of every interface, but for what is given. */
export function createFakeServed({ states = [{}], ...given }: Told = {}): FakeServed {
  const ended: string[] = [];
  let look = -1;
  return {
    ended,
    url: 'http://127.0.0.1:49152',
    port: 8080,
    startedAt: 1_000_000,
    healthPath: undefined,
    handle: { kind: 'container', id: 'id-1' },
    readState: () => {
      look++;
      const state = states[Math.min(look, states.length - 1)];
      const listeners = [{ address: '0.0.0.0', port: 8080 }];
      return Promise.resolve({ exitCode: undefined, isOutOfMemory: false, listeners, ...state });
    },
    readLog: () => Promise.resolve([]),
    readPeakMemory: () => Promise.resolve(undefined),
    listWrites: () => Promise.resolve([]),
    end: (seconds) => {
      ended.push(`end ${seconds}`);
      return Promise.resolve(true);
    },
    remove: () => {
      ended.push('remove');
      return Promise.resolve();
    },
    ...given,
  };
}
