import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../../src/errors.ts';
import type { ContainerEnv, HttpAnswer } from '../../../src/ports.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import type { Built } from '../../../src/stages/build.ts';
import type { Project } from '../../../src/stages/project/project.ts';
import { verify, type VerifyRequest } from '../../../src/stages/verify/verify.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import {
  createFakeClock,
  createFakeDocker,
  createFakeExec,
  createFakeHttp,
  createFakeLog,
  createFakeToolCache,
} from '../../support/fakes.ts';
import { containerProject, functionProject, liveState, serviceDetail } from '../../support/samples.ts';

const image: Built = { kind: 'image', tag: 'a:verify', engineCpus: 8 };
const copy: Built = { kind: 'function-copy', folder: '/copy' };
const requestOf = (given: Partial<VerifyRequest>): VerifyRequest => ({
  built: image,
  settings: {},
  envFrom: [],
  verify: 'auto',
  stepLabel: 'step',
  tempFolder: '/tmp/step',
  installEnv: {},
  ...given,
});

function start(answer: HttpAnswer, npmExitCode = 0) {
  const seen = { args: [] as readonly string[], env: {} as Partial<ContainerEnv>, stops: 0 };
  const stop = (): Promise<void> => {
    seen.stops++;
    return Promise.resolve();
  };
  const clock = createFakeClock();
  const isUp = typeof answer === 'object';
  const ports = {
    clock,
    docker: createFakeDocker({
      start: (args, env) => {
        Object.assign(seen, { args, env });
        return Promise.resolve('id');
      },
      readHostPort: () => Promise.resolve(1),
      readContainer: () => Promise.resolve({ isRunning: isUp, exitCode: 9, isOutOfMemory: false, pid: 7 }),
      readListeners: () => Promise.resolve(isUp ? [{ address: '::', port: 8080 }] : undefined),
      readLogs: (_id, lines) => Promise.resolve([`last ${lines}`]),
      removeLabelled: () => stop().then(() => undefined),
    }),
    exec: createFakeExec(
      ({ file }) => ({ exitCode: file === 'npm' ? npmExitCode : 0, stdout: '/node\n20.18.1' }),
      { stop, exitCode: () => (isUp ? undefined : 4), logTail: () => ['tail'] },
    ),
    files: createFakeFiles({ '/copy/index.js': 'code' }),
    http: createFakeHttp({ request: () => Promise.resolve(answer), freePort: () => Promise.resolve(4711) }),
    log: createFakeLog(),
    toolCache: createFakeToolCache(),
  };
  const run = (project: Project, given: Partial<VerifyRequest>) => verify(project, requestOf(given), ports);
  return { seen, ports, run };
}

const ok = { status: 200 };

describe('verification of a container', () => {
  it('passes with what was checked, and stops what it started', async () => {
    const { run, seen } = start(ok);
    expect(await run(containerProject(), {})).toMatchObject({ status: 'passed', timeToListenMs: 0 });
    expect(seen.stops).toBe(1);
  });

  it('fails with the reason and the log, and stops what it started', async () => {
    const { run, seen } = start('refused');
    const error = await failureOf(ProjectError, () => run(containerProject(), {}));
    expect(error).toMatchObject({
      kind: 'exit-on-start',
      message: 'The service ended with exit code 9 before it listened.',
      logTail: ['last 20'],
    });
    expect(seen.stops).toBe(1);
  });

  it.each<[Settings, object, string[]]>([
    [{}, {}, ['0.5', '1024m']],
    [{}, { Cpu: 2, Mem: 4 }, ['2', '4096m']],
    [{}, { Cpu: 2, Mem: 0 }, ['2', '4096m']],
    [{ Cpu: 1, Mem: 2 }, { Cpu: 4, Mem: 8 }, ['1', '2048m']],
  ])('has CPU and memory of the config %j, else of the live service %j', async (settings, live, sizes) => {
    const { run, seen } = start(ok);
    await run(containerProject(), { settings, live: liveState(serviceDetail({ settings: { ...live } })) });
    const valueOf = (flag: string): string | undefined => seen.args[seen.args.indexOf(flag) + 1];
    expect([valueOf('--cpus'), valueOf('--memory')]).toEqual(sizes);
  });

  it.each<[Settings, string[]]>([
    [{}, ['--entrypoint', 'node', 'a:verify', '-r', 'x', 'live.js']],
    [{ EntryPoint: ['sh'], Cmd: ['own'] }, ['--entrypoint', 'sh', 'a:verify', 'own']],
  ])('starts what the config %j names, else the live service', async (settings, end) => {
    const { run, seen } = start(ok);
    const live = { EntryPoint: ['node', '-r', 'x'], Cmd: ['live.js'] };
    await run(containerProject(), { settings, live: liveState(serviceDetail({ settings: live })) });
    expect(seen.args.slice(-end.length)).toEqual(end);
  });

  it('knows env vars of the config alone, and names those that only the platform has', async () => {
    const { run, seen, ports } = start(ok);
    const live = liveState(
      serviceDetail({
        settings: { EnvParams: '{"SECRET":"canary","MINE":"live","CLOUDBASE_RUN_FINGERPRINT":"ab:1"}' },
      }),
    );
    const settings = { EnvParams: { MINE: '1', GONE: null } };
    await run(containerProject(), { settings, live, envFrom: ['API_KEY', 'SECRET'] });
    expect(seen.env).toEqual({ inherited: { MINE: '1', PORT: '8080' }, lines: [] });
    expect(ports.log.lines).toEqual([
      'info: Not set in this local run, only on the platform: API_KEY, SECRET.',
    ]);
  });
});

describe('verification of a function', () => {
  it('loads it, then runs it, then stops it', async () => {
    const { run, seen, ports } = start(ok);
    expect(await run(functionProject(), { built: copy, settings: { EnvParams: { A: '1' } } })).toMatchObject({
      status: 'passed',
    });
    const framework = '/tmp/step/framework/node_modules/@cloudbase/functions-framework/bin/tcb-ff.js';
    expect(ports.exec.commands.slice(-2)).toEqual([
      { file: '/node', args: [framework, '--dry-run'], cwd: '/copy', env: { A: '1' }, timeoutMs: 60_000 },
      { file: '/node', args: [framework, '--port=4711'], cwd: '/copy', env: { A: '1', PORT: '4711' } },
    ]);
    expect(seen.stops).toBe(1);
  });

  it('that ships its dependencies runs in a copy, so that nothing is added to what is released', async () => {
    const { run, ports } = start(ok);
    await run(functionProject({ isInstalledByPlatform: false }), { built: copy });
    expect(ports.exec.commands.at(-1)?.cwd).toBe('/tmp/step/run');
    expect(ports.files.nodes.get('/tmp/step/run/index.js')).toBe('code');
  });

  it('that ends by itself is a failure', async () => {
    const { run, seen } = start('refused');
    const error = await failureOf(ProjectError, () => run(functionProject(), { built: copy }));
    expect(error).toMatchObject({ kind: 'exit-on-start', logTail: ['tail'] });
    expect(seen.stops).toBe(1);
  });

  it('is skipped where the framework cannot be had', async () => {
    expect(await start(ok, 1).run(functionProject(), { built: copy })).toEqual({
      status: 'skipped',
      reason: 'the functions framework cannot be installed here',
    });
  });
});

it.each<[Partial<VerifyRequest>, string]>([
  [{ built: { kind: 'skipped', reason: 'no engine answers' } }, 'no engine answers'],
  [{ built: copy, verify: 'false' }, 'input "verify" is false'],
])('is skipped for a reason: %#', async (given, reason) => {
  expect(await start(ok).run(functionProject(), given)).toEqual({ status: 'skipped', reason });
});

it.each([
  [{}, 150_000],
  [{ InitialDelaySeconds: 30 }, 180_000],
])('waits as long as the platform: %j', async (settings, waitedMs) => {
  const { ports } = start('refused');
  const docker = {
    ...ports.docker,
    readContainer: () => Promise.resolve({ isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 1 }),
    readListeners: () => Promise.resolve([]),
  };
  const since = ports.clock.now();
  await failureOf(ProjectError, () =>
    verify(containerProject(), requestOf({ settings }), { ...ports, docker }),
  );
  expect(ports.clock.now() - since).toBe(waitedMs);
});
