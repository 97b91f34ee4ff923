import { describe, expect, it } from '@jest/globals';

import type { ContainerEnv, Docker, FileChange } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import {
  buildDockerRunArgs,
  findWrites,
  serveContainer,
  splitEnv,
  type ContainerRequest,
} from '../../../src/stages/serve/container.ts';
import { StartError } from '../../../src/stages/serve/start-error.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeDocker } from '../../support/fakes.ts';
import { builtImage } from '../../support/samples.ts';

const request: ContainerRequest = {
  image: { ...builtImage(), reference: 'a:verify' },
  port: 8080,
  hostPort: undefined,
  cpu: 0.5,
  memory: 1,
  entryPoint: [],
  command: [],
  mounts: [],
  env: { SECRET: 'canary-value', EMPTY: '' },
  stepLabel: 'cloudbase-run-1',
};
const volume = (path: string): string =>
  `type=volume,destination=${path},volume-opt=type=tmpfs,volume-opt=device=tmpfs,volume-opt=o=mode=1777`;
const noEnv: ContainerEnv = { inherited: {}, lines: [] };

describe('the run of a container', () => {
  it('is as on the platform: its own memory and CPU, no low ports, and reached by loopback alone', () => {
    const env = { inherited: { SECRET: 'canary-value', PORT: '80' }, lines: ['PATH=/x'] };
    expect(buildDockerRunArgs(request, env)).toEqual([
      ...['run', '--detach', '--platform', 'linux/amd64', '--label', 'cloudbase-run-1'],
      ...['--publish', '127.0.0.1::8080'],
      ...['--add-host', 'host.docker.internal:host-gateway'],
      ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
      ...['--cpus', '0.5', '--memory', '1024m', '--memory-swap', '1024m'],
      ...['--env', 'SECRET', '--env', 'PORT', '--env-file', '/dev/stdin', 'a:verify'],
    ]);
  });

  it.each<[string, Partial<ContainerRequest>, string[]]>([
    ['a port of this machine', { hostPort: 3000 }, ['--publish', '127.0.0.1:3000:8080']],
    ['no more CPUs than there are', { cpu: 16 }, ['--cpus', '2']],
    ['fewer CPUs than there are', { cpu: 0.25 }, ['--cpus', '0.25']],
    ['half a GiB', { memory: 0.5 }, ['--memory', '512m', '--memory-swap', '512m']],
    ['32 GiB', { memory: 32 }, ['--memory', '32768m', '--memory-swap', '32768m']],
    [
      'a volume that all may write in place of each storage',
      { mounts: ['/a', '/b/c'] },
      ['--mount', volume('/a'), '--mount', volume('/b/c')],
    ],
    ['a command', { command: ['a.js', '--flag'] }, ['a:verify', 'a.js', '--flag']],
    ['an entry point', { entryPoint: ['node'] }, ['--entrypoint', 'node', 'a:verify']],
    [
      'an entry point with arguments, and a command',
      { entryPoint: ['node', '-r', 'x'], command: ['a.js'] },
      ['--entrypoint', 'node', 'a:verify', '-r', 'x', 'a.js'],
    ],
  ])('has %s', (_name, given, expected) => {
    const args = buildDockerRunArgs({ ...request, ...given }, noEnv);
    const first = args.indexOf(expected[0] ?? '');
    expect(args.slice(first, first + expected.length)).toEqual(expected);
    expect(args.includes('--env') || args.includes('--env-file')).toBe(false);
  });
});

it.each<[string, string, ContainerEnv]>([
  ['A', '1', { inherited: { A: '1' }, lines: [] }],
  ['MY_PATH', 'm', { inherited: { MY_PATH: 'm' }, lines: [] }],
  ['PATH', '/x', { inherited: {}, lines: ['PATH=/x'] }],
  ['docker_host', 'tcp://x', { inherited: {}, lines: ['docker_host=tcp://x'] }],
  ['HTTPS_PROXY', 'p', { inherited: {}, lines: ['HTTPS_PROXY=p'] }],
  ['GOFLAGS', 'f', { inherited: {}, lines: ['GOFLAGS=f'] }],
  ['LANG', 'two\nlines', { inherited: { LANG: 'two\nlines' }, lines: [] }],
])('hands over %s (%j) without changing what the docker command does', (name, value, expected) => {
  expect(splitEnv({ [name]: value })).toEqual(expected);
});

const running = { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 };
const listeners = [{ address: '0.0.0.0', port: 8080 }];

function start(answers: Partial<Docker> = {}, given: Partial<ContainerRequest> = {}) {
  const started: { args: readonly string[]; env: ContainerEnv }[] = [];
  const removed: string[] = [];
  const docker = createFakeDocker({
    start: (args, env) => {
      started.push({ args, env });
      return Promise.resolve('id-1');
    },
    readContainer: () => Promise.resolve(running),
    readHostPort: (id, port) => Promise.resolve(id === 'id-1' && port === 8080 ? 49_152 : 0),
    readListeners: () => Promise.resolve(undefined),
    readWorkingSet: () => Promise.resolve(undefined),
    removeContainers: (label) => {
      removed.push(label);
      return Promise.resolve(undefined);
    },
    ...answers,
  });
  const ports = { clock: createFakeClock(), docker };
  return { started, removed, ports, work: () => serveContainer({ ...request, ...given }, ports) };
}

describe('a served container', () => {
  it('gets its env vars by inheritance, never on the argv, and PORT as it is configured', async () => {
    const { started, ports, work } = start({}, { env: { SECRET: 'canary-value', PORT: '1' } });
    expect(await work()).toMatchObject({
      url: 'http://127.0.0.1:49152',
      port: 8080,
      startedAt: ports.clock.now(),
      healthPath: undefined,
      handle: { kind: 'container', id: 'id-1' },
    });
    expect(started).toEqual([
      {
        args: buildDockerRunArgs(request, { inherited: { SECRET: '', PORT: '' }, lines: [] }),
        env: { inherited: { SECRET: 'canary-value', PORT: '8080' }, lines: [] },
      },
    ]);
    expect(JSON.stringify(started[0]?.args)).not.toContain('canary-value');
  });

  it('shows its sockets while its process can be seen', async () => {
    const { work } = start({
      readListeners: (id, pid) => Promise.resolve(id === 'id-1' && pid === 7 ? listeners : undefined),
    });
    expect(await (await work()).readState()).toEqual({
      exitCode: undefined,
      isOutOfMemory: false,
      listeners,
    });
  });

  it.each([
    [{ isRunning: false, exitCode: 137, isOutOfMemory: true, pid: 0 }, 137],
    [{ isRunning: false, exitCode: 0, isOutOfMemory: false, pid: 0 }, 0],
    [running, undefined],
  ])('else asks the engine: %j', async (later, exitCode) => {
    const states = [running, later];
    const { work } = start({ readContainer: () => Promise.resolve(states.shift() ?? later) });
    const { isOutOfMemory } = later;
    expect(await (await work()).readState()).toEqual({ exitCode, isOutOfMemory, listeners: undefined });
  });

  it.each<[(number | undefined)[], number | undefined]>([
    [[10, 30, 20], 30],
    [[10, 20, 30], 30],
    [[undefined, 5, undefined], 5],
    [[undefined, undefined, undefined], undefined],
  ])('has as peak the most of the working sets that were seen: %j', async (seen, peak) => {
    const samples = [...seen];
    const { work } = start({ readWorkingSet: (pid) => Promise.resolve(pid === 7 ? samples.shift() : 99) });
    const served = await work();
    await served.readState();
    await served.readState();
    expect(await served.readPeakMemory()).toBe(peak);
  });

  it('reads its log and its files, ends it, and removes it by the label of the step', async () => {
    const { work, removed } = start({
      readLogs: (id, lines) => Promise.resolve([`${id} ${lines}`]),
      listChanges: (id) => Promise.resolve([{ kind: 'added', path: `/${id}` }]),
      stop: (id, seconds) => Promise.resolve(id === 'id-1' && seconds === 10),
    });
    const served = await work();
    expect([await served.readLog(5), await served.listWrites()]).toEqual([['id-1 5'], ['/id-1']]);
    expect([await served.end(10), await served.end(9), removed]).toEqual([true, false, []]);
    await served.remove();
    expect(removed).toEqual(['cloudbase-run-1']);
  });

  it.each<[string, Partial<Docker>]>([
    ['start', { start: () => Promise.reject(new Error('gone')) }],
    ['be looked at', { readContainer: () => Promise.reject(new Error('gone')) }],
    ['be reached', { readHostPort: () => Promise.reject(new Error('gone')) }],
  ])('that cannot %s is removed', async (_name, answers) => {
    const { work, removed } = start(answers);
    expect((await failureOf(Error, work)).message).toBe('gone');
    expect(removed).toEqual(['cloudbase-run-1']);
  });
});

describe('a docker run that fails', () => {
  const noProgram =
    'docker: Error response from daemon: failed to create task for container: exec: "nope": executable file not found in $PATH: unknown';

  it.each([
    [127, [noProgram], 'ended with exit code 127 because it cannot run "nope"'],
    [126, [], 'ended with exit code 126 because it may not run its start command'],
  ])('with exit code %s is a service that cannot start', async (exitCode, logTail, finding) => {
    const refusal = new ProjectError('no', { kind: 'unexpected', exitCode, logTail });
    const error = await failureOf(StartError, start({ start: () => Promise.reject(refusal) }).work);
    expect(error).toMatchObject({
      kind: 'entry-not-found',
      message: `The service ${finding}.`,
      diagnosis: { finding, isOnlyHere: false },
      exitCode,
      logTail,
    });
    expect(error.advice).not.toBe('');
  });

  it.each([125, 1, undefined])('with exit code %s is no fault of the service', async (exitCode) => {
    const refusal = new ProjectError('no', { kind: 'unexpected', exitCode, logTail: [noProgram] });
    const error = await failureOf(ProjectError, start({ start: () => Promise.reject(refusal) }).work);
    expect(error).toBe(refusal);
  });
});

const added = (...paths: string[]): FileChange[] => paths.map((path) => ({ kind: 'added', path }));
const changed = (...paths: string[]): FileChange[] => paths.map((path) => ({ kind: 'changed', path }));
const deleted = (...paths: string[]): FileChange[] => paths.map((path) => ({ kind: 'deleted', path }));

it.each<[string, FileChange[], string[]]>([
  ['nothing', [], []],
  ['a file in a folder that is there', [...changed('/app'), ...added('/app/a.db')], ['/app/a.db']],
  ['a changed file', changed('/app', '/app/config.json'), ['/app/config.json']],
  ['a file in new folders', added('/data', '/data/x', '/data/x/1'), ['/data/x/1']],
  ['files whose names begin alike', added('/app/a', '/app/a.txt'), ['/app/a', '/app/a.txt']],
  ['a log', [...changed('/var', '/var/log'), ...added('/var/log/app.log')], ['/var/log/app.log']],
  ['deleted files', [...changed('/app'), ...deleted('/app/old')], []],
  ['temporary files', [...changed('/tmp', '/var', '/var/tmp'), ...added('/tmp/a', '/var/tmp/b')], []],
  ['what runs', [...changed('/run'), ...added('/run/nginx.pid', '/var/run/x', '/var/lock/y', '/dev/z')], []],
  [
    'caches',
    [...changed('/var', '/var/cache'), ...added('/var/cache/nginx', '/var/cache/nginx/client_temp')],
    [],
  ],
  ['what Docker writes', [...changed('/etc', '/etc/hosts'), ...added('/etc/resolv.conf', '/etc/mtab')], []],
  ['caches of Python', [...changed('/app'), ...added('/app/__pycache__', '/app/__pycache__/a.pyc')], []],
  [
    'caches of npm',
    [...changed('/root'), ...added('/root/.npm', '/root/.npm/_logs/1.log', '/root/.cache/x')],
    [],
  ],
  [
    'names that only look like such places',
    added('/tmpfiles', '/runner', '/app/x.cache'),
    ['/tmpfiles', '/runner', '/app/x.cache'],
  ],
])('finds in the changes what a service has written: %s', (_name, changes, expected) => {
  expect(findWrites(changes, [])).toEqual(expected);
  expect(findWrites(changes, ['/elsewhere', '/ap'])).toEqual(expected);
});

it('does not count what is mounted, nor the folders that docker makes for it', () => {
  const changes = added('/data', '/data/files', '/data/files/x', '/data/files2', '/uploads');
  expect(findWrites(changes, ['/data/files', '/uploads'])).toEqual(['/data/files2']);
});
