import type { Docker } from '../../src/docker-port.ts';
import type { Finished } from '../../src/process-port.ts';
import { builtImage } from './samples.ts';

/** An engine that builds, pulls and runs whatever it is asked for; `calls` hears of it. */
export function createServingDocker(calls: string[], built: Partial<Finished> = {}): Partial<Docker> {
  const { engine, facts } = builtImage();
  const note = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  return {
    readEngine: () => Promise.resolve(engine),
    build: () => note('build', { exitCode: 0, lines: [], stdout: '', ...built }),
    pull: (reference) => note(`pull ${reference}`, undefined),
    readImage: () => Promise.resolve(facts),
    listLayers: () => Promise.resolve([]),
    start: () => note('start', 'id'),
    readHostPort: () => Promise.resolve(18_080),
    readContainer: () => Promise.resolve({ isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 }),
    readListeners: () => Promise.resolve([{ address: '::', port: 8080 }]),
    readWorkingSet: () => Promise.resolve(50 * 1024 * 1024),
    readLogs: () => Promise.resolve([]),
    listChanges: () => Promise.resolve([]),
    stop: () => note('stop', true),
    removeContainers: () => note('remove', undefined),
  };
}
