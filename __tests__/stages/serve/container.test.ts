import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../src/errors.ts';
import type { ContainerEnv, Docker } from '../../src/ports.ts';
import {
  buildDockerRunArgs,
  serveContainer,
  serveFunction,
  splitEnv,
  type ContainerRequest,
} from '../../src/stages/serve.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import {
  createFakeDocker,
  createFakeExec,
  createFakeHttp,
  createFakeLog,
  createFakeToolCache,
} from '../support/fakes.ts';

const request: ContainerRequest = {
  image: { kind: 'image', tag: 'a:verify', engineCpus: 2 },
  port: 8080,
  cpu: 0.5,
  memory: 1,
  entryPoint: [],
  command: [],
  env: { SECRET: 'canary-value', EMPTY: '' },
  stepLabel: 'cloudbase-run-1',
};

describe('the run of a container', () => {
  it('is as on the platform: loopback, its own memory and CPU, no low ports', () => {
    expect(
      buildDockerRunArgs(request, { inherited: { SECRET: 'x', PORT: '80' }, lines: ['PATH=/x'] }),
    ).toEqual([
      ...['run', '--detach', '--platform', 'linux/amd64', '--label', 'cloudbase-run-1'],
      ...['--publish', '127.0.0.1::8080'],
      ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
      ...['--cpus', '0.5', '--memory', '1024m', '--memory-swap', '1024m'],
      ...['--env', 'SECRET', '--env', 'PORT', '--env-file', '/dev/stdin', 'a:verify'],
    ]);
  });

  it('hands entry point and command over, and never asks for more CPUs than there are', () => {
    const args = buildDockerRunArgs(
      { ...request, cpu: 16, memory: 32, entryPoint: ['node', '-r', 'x'], command: ['a.js', '--flag'] },
      { inherited: {}, lines: [] },
    );
    expect(args.slice(args.indexOf('--cpus'))).toEqual([
      ...['--cpus', '2', '--memory', '32768m', '--memory-swap', '32768m'],
      ...['--entrypoint', 'node', 'a:verify', '-r', 'x', 'a.js', '--flag'],
    ]);
  });
});

describe('a served container', () => {
  const started: { args: readonly string[]; env: ContainerEnv }[] = [];
  const removed: string[] = [];
  const state = { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 };
  const serve = (answers: Partial<Docker>): ReturnType<typeof serveContainer> =>
    serveContainer(
      request,
      createFakeDocker({
        start: (args, env) => {
          started.push({ args, env });
          return Promise.resolve('id-1');
        },
        readContainer: () => Promise.resolve(state),
        readHostPort: () => Promise.resolve(49_152),
        removeLabelled: (label) => {
          removed.push(label);
          return Promise.resolve(undefined);
        },
        ...answers,
      }),
    );

  it('gets its env vars by inheritance, never on the argv', async () => {
    expect(await serve({})).toMatchObject({ url: 'http://127.0.0.1:49152', port: 8080 });
    expect(started.at(-1)?.env).toEqual({
      inherited: { SECRET: 'canary-value', EMPTY: '', PORT: '8080' },
      lines: [],
    });
    expect(started.at(-1)?.args.join(' ')).toContain('--env SECRET --env EMPTY --env PORT a:verify');
    expect(started.at(-1)?.args.join(' ')).not.toContain('canary-value');
  });

  it('shows its sockets while its process can be seen', async () => {
    const listeners = [{ address: '0.0.0.0', port: 8080 }];
    const served = await serve({
      readListeners: (id, pid) => Promise.resolve(id === 'id-1' && pid === 7 ? listeners : undefined),
    });
    expect(await served.readState()).toEqual({ exitCode: undefined, isOutOfMemory: false, listeners });
  });

  it.each([
    [{ isRunning: false, exitCode: 137, isOutOfMemory: true, pid: 0 }, 137],
    [{ isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 }, undefined],
  ])('else asks the engine: %j', async (later, exitCode) => {
    const states = [state, later];
    const served = await serve({
      readContainer: () => Promise.resolve(states.shift() ?? later),
      readListeners: () => Promise.resolve(undefined),
    });
    const { isOutOfMemory } = later;
    expect(await served.readState()).toEqual({ exitCode, isOutOfMemory, listeners: undefined });
  });

  it('is removed by the label of the step, also when it does not start', async () => {
    await (await serve({})).stop();
    const refused = new ProjectError('no', { kind: 'exit-on-start' });
    expect(await failureOf(ProjectError, () => serve({ start: () => Promise.reject(refused) }))).toBe(
      refused,
    );
    expect(removed).toEqual(['cloudbase-run-1', 'cloudbase-run-1']);
  });

  it('is removed when the run is aborted before it can be looked at', async () => {
    removed.length = 0;
    const aborted = new Error('aborted');
    const answers = { readHostPort: () => Promise.reject(aborted) };
    expect(await failureOf(Error, () => serve(answers))).toBe(aborted);
    expect(removed).toEqual(['cloudbase-run-1']);
  });
});

it('keeps variables from the docker command that it would obey', () => {
  const env = {
    PATH: '/x',
    docker_host: 'tcp://x',
    HTTPS_PROXY: 'p',
    GOFLAGS: 'f',
    HOME: 'two\nlines',
    A: '1',
    MY_PATH: 'm',
  };
  expect(splitEnv(env)).toEqual({
    inherited: { HOME: 'two\nlines', A: '1', MY_PATH: 'm' },
    lines: ['PATH=/x', 'docker_host=tcp://x', 'HTTPS_PROXY=p', 'GOFLAGS=f'],
  });
});

it('serves a function with the framework on a free port', async () => {
  const stops: string[] = [];
  const exec = createFakeExec(undefined, {
    exitCode: () => 3,
    logTail: (count) => [`last ${count}`],
    stop: () => Promise.resolve(void stops.push('stopped')),
  });
  const ports = {
    docker: createFakeDocker({}),
    exec,
    files: createFakeFiles({}),
    http: createFakeHttp({ freePort: () => Promise.resolve(4711) }),
    log: createFakeLog(),
    toolCache: createFakeToolCache(),
  };
  const served = await serveFunction(
    { folder: '/copy', node: '/node', framework: '/tcb-ff.js', env: { A: '1', PORT: '80' } },
    ports,
  );
  expect(exec.commands).toEqual([
    { file: '/node', args: ['/tcb-ff.js', '--port=4711'], cwd: '/copy', env: { A: '1', PORT: '4711' } },
  ]);
  expect([served.url, served.port]).toEqual(['http://127.0.0.1:4711', 4711]);
  expect(await served.readState()).toEqual({ exitCode: 3, isOutOfMemory: false, listeners: undefined });
  expect(await served.readLog(5)).toEqual(['last 5']);
  await served.stop();
  expect(stops).toEqual(['stopped']);
});
