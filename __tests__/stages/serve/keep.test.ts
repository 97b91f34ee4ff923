import { describe, expect, it } from '@jest/globals';

import type { Docker } from '../../../src/docker-port.ts';
import { InputError, ProjectError } from '../../../src/errors.ts';
import type { Built } from '../../../src/stages/build/built.ts';
import { keepServing } from '../../../src/stages/serve/keep.ts';
import { servedState } from '../../../src/stages/serve/served.ts';
import type { ServeRequest } from '../../../src/stages/serve/served.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import {
  createFakeClock,
  createFakeDocker,
  createFakeExec,
  createFakeHttp,
  createFakeLog,
  createFakeState,
  createFakeToolCache,
} from '../../support/fakes.ts';
import { builtImage, containerProject, functionProject } from '../../support/samples.ts';

const listening = [{ address: '::', port: 8080 }];
const running = { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 };
const ended = { ...running, isRunning: false, exitCode: 1 };

interface Outside {
  readonly docker?: Partial<Docker>;
  readonly accepts?: readonly number[];
  readonly isUp?: boolean;
}

function start({ docker = {}, accepts = [], isUp = true }: Outside = {}) {
  const removed: string[] = [];
  const remove = (what: string): Promise<void> => {
    removed.push(what);
    return Promise.resolve();
  };
  const ports = {
    clock: createFakeClock(),
    docker: createFakeDocker({
      start: () => Promise.resolve('id-1'),
      readContainer: () => Promise.resolve(running),
      readHostPort: () => Promise.resolve(49_152),
      readListeners: () => Promise.resolve(listening),
      readWorkingSet: () => Promise.resolve(undefined),
      readLogs: () => Promise.resolve(['Error: Missing required environment variable: TOKEN']),
      removeContainers: (label) => remove(label).then(() => undefined),
      ...docker,
    }),
    exec: createFakeExec(() => ({ stdout: '/node\n20.18.1' }), {
      exitCode: () => (isUp ? undefined : 4),
      stop: () => remove('process').then(() => true),
    }),
    files: createFakeFiles({ '/copy/index.js': '' }),
    http: createFakeHttp({
      accepts: (port) => Promise.resolve(accepts.includes(port)),
      request: () => Promise.resolve(isUp ? { status: 200, headers: {}, body: '' } : 'refused'),
      freePort: () => Promise.resolve(4711),
    }),
    log: createFakeLog(),
    state: createFakeState(),
    toolCache: createFakeToolCache(),
  };
  const keep = (given: Partial<ServeRequest> = {}, built: Built = builtImage()) => {
    const project = built.kind === 'function-copy' ? functionProject() : containerProject();
    return keepServing(project, { built, request: { ...request, ...given } }, ports);
  };
  return { removed, ports, keep };
}

const request: ServeRequest = {
  settings: {},
  live: undefined,
  envFrom: [],
  env: {},
  hostPort: undefined,
  stepLabel: 'step',
  tempFolder: '/tmp/step',
  installEnv: {},
};
const copy: Built = { kind: 'function-copy', folder: '/copy' };

describe('a service that is kept running', () => {
  it('is left to the post part as the container that it is', async () => {
    const { keep, ports, removed } = start();
    expect(await keep()).toEqual({ url: 'http://127.0.0.1:49152', timeToListenMs: 0 });
    expect(JSON.parse(ports.state.read(servedState))).toEqual({ kind: 'container', id: 'id-1' });
    expect(removed).toEqual([]);
  });

  it('is left to the post part as the process that it is', async () => {
    const { keep, ports, removed } = start();
    expect(await keep({ hostPort: 3000 }, copy)).toEqual({ url: 'http://127.0.0.1:3000', timeToListenMs: 0 });
    expect(JSON.parse(ports.state.read(servedState))).toEqual({
      kind: 'process',
      logFile: '/tmp/step/function.log',
    });
    expect(removed).toEqual([]);
  });
});

describe('nothing is kept running', () => {
  it('when there is nothing to run', async () => {
    const { keep } = start();
    const error = await failureOf(InputError, () =>
      keep({}, { kind: 'skipped', reason: 'no engine answers' }),
    );
    expect(error.problems).toEqual([{ subject: 'command', message: 'is "run", but no engine answers.' }]);
  });

  it('on a port that is taken', async () => {
    const { keep, removed } = start({ accepts: [3000] });
    const error = await failureOf(InputError, () => keep({ hostPort: 3000 }));
    expect(error.problems[0]?.subject).toBe('run-port');
    expect(error.message).toContain('3000, where another program');
    expect(removed).toEqual([]);
  });

  it.each<[string, Outside, Partial<ServeRequest>, Built, object]>([
    [
      'that ends',
      {
        docker: {
          readListeners: () => Promise.resolve(undefined),
          readContainer: () => Promise.resolve(ended),
        },
      },
      {},
      builtImage(),
      {
        kind: 'missing-env',
        message: 'The service ended with exit code 1 because the env var "TOKEN" is not set.',
        logTail: ['Error: Missing required environment variable: TOKEN'],
      },
    ],
    [
      'that lacks what only the platform has',
      {
        docker: {
          readListeners: () => Promise.resolve(undefined),
          readContainer: () => Promise.resolve(ended),
        },
      },
      { envFrom: ['TOKEN'] },
      builtImage(),
      {
        kind: 'missing-env',
        message: expect.stringMatching(/"TOKEN" is not set in this run; the platform has it\.$/),
        advice: expect.stringContaining('verify-env'),
      },
    ],
    [
      'that has what the platform has, and does not take it',
      {
        docker: {
          readListeners: () => Promise.resolve(undefined),
          readContainer: () => Promise.resolve(ended),
        },
      },
      { envFrom: ['TOKEN'], env: { TOKEN: 'x' } },
      builtImage(),
      { message: 'The service ended with exit code 1 because the env var "TOKEN" is not set.' },
    ],
    [
      'that never listens',
      { docker: { readListeners: () => Promise.resolve([]) } },
      {},
      builtImage(),
      { kind: 'slow-start', message: 'The service runs, but does not listen on port 8080.' },
    ],
    [
      'on another machine',
      { docker: { readListeners: () => Promise.resolve(undefined) }, isUp: false },
      {},
      builtImage(),
      { kind: 'network', message: expect.stringMatching(/^The service runs, but its published port cannot/) },
    ],
    [
      'that is a function and ends',
      { isUp: false },
      {},
      copy,
      { kind: 'exit-on-start', message: 'The service ended with exit code 4 before it listened.' },
    ],
  ])('%s', async (...[, outside, given, built, expected]) => {
    const { keep, removed, ports } = start(outside);
    const error = await failureOf(ProjectError, () => keep(given, built));
    expect(error).toMatchObject(expected);
    expect(error.advice).not.toBe('');
    expect(removed).toEqual([built.kind === 'image' ? 'step' : 'process']);
    expect(ports.state.values.size).toBe(0);
  });

  it.each([
    [{}, 150_000],
    [{ InitialDelaySeconds: 30 }, 180_000],
  ])('longer than the platform waits, with %j', async (settings, waitedMs) => {
    const { keep, ports } = start({ docker: { readListeners: () => Promise.resolve([]) } });
    const since = ports.clock.now();
    await failureOf(ProjectError, () => keep({ settings }));
    expect(ports.clock.now() - since).toBe(waitedMs);
  });

  it('when the run is aborted meanwhile', async () => {
    const aborted = new Error('aborted');
    const { keep, removed } = start({ docker: { readListeners: () => Promise.reject(aborted) } });
    expect(await failureOf(Error, () => keep())).toBe(aborted);
    expect(removed).toEqual(['step']);
  });
});
