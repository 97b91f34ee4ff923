import { describe, expect, it } from '@jest/globals';

import type { ContainerEnv } from '../../../src/docker-port.ts';
import type { Command, RunningProcess } from '../../../src/process-port.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { listPlatformEnv, memoryOf, serve } from '../../../src/stages/serve/serve.ts';
import type { ServeRequest } from '../../../src/stages/serve/served.ts';
import { StartError } from '../../../src/stages/serve/start-error.ts';
import type { Project } from '../../../src/stages/project/project.ts';
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
import {
  builtImage,
  containerProject,
  functionProject,
  liveState,
  serviceDetail,
} from '../../support/samples.ts';

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
const liveWith = (settings: object) => liveState(serviceDetail({ settings: { ...settings } }));
const framework = 'node_modules/@cloudbase/functions-framework/bin/tcb-ff.js';

interface Outside {
  readonly process?: Partial<RunningProcess>;
  readonly peak?: number;
  readonly loadExitCode?: number;
}

function start({ process = {}, peak, loadExitCode = 0 }: Outside = {}) {
  const seen = { args: [] as readonly string[], env: {} as Partial<ContainerEnv> };
  const run = ({ args }: Command) => ({
    exitCode: args.includes('--dry-run') ? loadExitCode : 0,
    stdout: '/node\n20.18.1',
  });
  const ports = {
    clock: createFakeClock(),
    docker: createFakeDocker({
      start: (args, env) => {
        Object.assign(seen, { args, env });
        return Promise.resolve('id');
      },
      readContainer: () => Promise.resolve({ isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 }),
      readHostPort: () => Promise.resolve(49_152),
    }),
    exec: {
      ...createFakeExec(run, process),
      readPeakMemory: (pid: number) => Promise.resolve(pid === 4242 ? peak : undefined),
    },
    files: createFakeFiles({ [`/copy/${framework}`]: '', '/copy/index.js': 'code' }),
    http: createFakeHttp({ freePort: () => Promise.resolve(4711) }),
    log: createFakeLog(),
    toolCache: createFakeToolCache(),
  };
  const serveImage = (given: Partial<ServeRequest>) =>
    serve(containerProject(), { built: builtImage(), request: { ...request, ...given } }, ports);
  const serveCopy = (given: Partial<ServeRequest> = {}, project: Project = functionProject()) =>
    serve(
      project,
      { built: { kind: 'function-copy', folder: '/copy' }, request: { ...request, ...given } },
      ports,
    );
  return { seen, ports, serveImage, serveCopy };
}

describe('a container', () => {
  it.each<[Settings, object, string[]]>([
    [{}, {}, ['0.5', '1024m']],
    [{}, { Cpu: 2, Mem: 4 }, ['2', '4096m']],
    [{}, { Cpu: '1', Mem: '3' }, ['1', '3072m']],
    [{}, { Cpu: 2, Mem: 0 }, ['2', '4096m']],
    [{ Cpu: 1, Mem: 2 }, { Cpu: 4, Mem: 8 }, ['1', '2048m']],
    [{ Cpu: 2 }, {}, ['2', '4096m']],
  ])('has CPU and memory of the config %j, else of the live service %j', async (settings, live, sizes) => {
    const { seen, serveImage } = start();
    await serveImage({ settings, live: liveWith(live) });
    const valueOf = (flag: string): string | undefined => seen.args[seen.args.indexOf(flag) + 1];
    expect([valueOf('--cpus'), valueOf('--memory')]).toEqual(sizes);
    expect(`${memoryOf({ settings, live: liveWith(live) }) * 1024}m`).toBe(sizes[1]);
  });

  const cos = (DstPath?: string) => ({ Type: 'cos', ...(DstPath === undefined ? {} : { DstPath }) });
  it.each<[Settings, object, string[]]>([
    [{}, {}, []],
    [{ VolumesConf: [cos('/files'), cos('/more/')] }, {}, ['/files', '/more']],
    [{ VolumesConf: [cos('/files'), cos('/files/')] }, {}, ['/files']],
    [{}, { VolumesConf: [cos('/live')] }, ['/live']],
    [{ VolumesConf: [] }, { VolumesConf: [cos('/live')] }, []],
    [
      { VolumesConf: [cos(), cos('/'), cos('files'), cos('/x,readonly'), cos('/"x')] },
      { VolumesConf: 'x' },
      [],
    ],
    [{}, { VolumesConf: [null, 'x'] }, []],
  ])('has volumes in place of storage of the config %j, else of the live service %j', async (...row) => {
    const [settings, live, paths] = row;
    const { seen, serveImage } = start();
    await serveImage({ settings, live: liveWith(live) });
    const mounts = seen.args.filter((_, at) => seen.args[at - 1] === '--mount');
    expect(mounts.map((mount) => /destination=([^,]+)/.exec(mount)?.[1])).toEqual(paths);
  });

  it.each<[Settings, object, string[]]>([
    [{}, {}, []],
    [{}, { EntryPoint: ['node', '-r', 'x'], Cmd: ['live.js'] }, ['--entrypoint node', '-r', 'x', 'live.js']],
    [{}, { Cmd: 'npm  run start ' }, ['npm', 'run', 'start']],
    [
      {},
      { EntryPoint: 'sh -c npm run build && npm start' },
      ['--entrypoint sh', '-c', 'npm run build && npm start'],
    ],
    [{}, { EntryPoint: 'sh -c', Cmd: '' }, ['--entrypoint sh', '-c']],
    [
      { EntryPoint: ['sh'], Cmd: ['own'] },
      { EntryPoint: ['node'], Cmd: ['live.js'] },
      ['--entrypoint sh', 'own'],
    ],
    [{ EntryPoint: [], Cmd: [] }, { EntryPoint: ['node'], Cmd: ['live.js'] }, []],
  ])(
    'starts what the config %j names, else the live service %j',
    async (settings, live, [first = '', ...rest]) => {
      const { seen, serveImage } = start();
      await serveImage({ settings, live: liveWith(live) });
      const [, name] = /^--entrypoint (.*)/.exec(first) ?? [];
      const { reference } = builtImage();
      const end =
        name === undefined
          ? [reference, first, ...rest].filter(Boolean)
          : ['--entrypoint', name, reference, ...rest];
      expect(seen.args.slice(-end.length)).toEqual(end);
      expect(seen.args.includes('--entrypoint')).toBe(name !== undefined);
    },
  );

  it('has the env vars of the config and of the local run, never those of the platform', async () => {
    const { seen, serveImage } = start();
    await serveImage({
      settings: { EnvParams: { MINE: '1', OVER: '1', GONE: null } },
      live: liveWith({ EnvParams: '{"SECRET":"canary","MINE":"live"}' }),
      envFrom: ['API_KEY'],
      env: { OVER: '2' },
      hostPort: 3000,
    });
    expect(seen.env).toEqual({ inherited: { MINE: '1', OVER: '2', PORT: '8080' }, lines: [] });
    expect(seen.args).toContain('127.0.0.1:3000:8080');
  });
});

describe('a function', () => {
  it('is loaded, then runs on a free port with the env vars of the config and of the local run', async () => {
    const { ports, serveCopy } = start();
    const env = { A: '1', B: '2' };
    const served = await serveCopy({ settings: { EnvParams: { A: '0', GONE: null } }, env });
    const at = { file: '/node', cwd: '/copy' };
    expect(ports.exec.commands.slice(1)).toEqual([
      { ...at, args: [`/copy/${framework}`, '--dry-run'], env, timeoutMs: 60_000 },
      { ...at, args: [`/copy/${framework}`, '--port=4711'], env: { ...env, PORT: '4711' } },
    ]);
    expect(ports.exec.logFiles).toEqual(['/tmp/step/function.log']);
    expect(served).toMatchObject({
      url: 'http://127.0.0.1:4711',
      port: 4711,
      healthPath: '/_healthz',
      handle: { kind: 'process', logFile: '/tmp/step/function.log' },
    });
  });

  it('runs on the port that is asked for', async () => {
    const { ports, serveCopy } = start();
    expect((await serveCopy({ hostPort: 3000, env: { PORT: '1' } })).url).toBe('http://127.0.0.1:3000');
    expect(ports.exec.commands.at(-1)).toMatchObject({
      args: [expect.anything(), '--port=3000'],
      env: { PORT: '3000' },
    });
  });

  it('runs on the Node.js of the project', async () => {
    const { ports, serveCopy } = start();
    await serveCopy({}, functionProject({ nodeVersion: '22.1.0' }));
    expect(ports.log.lines.join()).toContain('the platform runs 22.1.0');
  });

  it('that does not load is not started', async () => {
    const { ports, serveCopy } = start({ loadExitCode: 1 });
    await failureOf(StartError, () => serveCopy());
    expect(ports.exec.logFiles).toEqual([]);
  });

  it('that ships its dependencies runs in a copy, so that nothing is added to what is released', async () => {
    const { ports, serveCopy } = start();
    await serveCopy({}, functionProject({ isInstalledByPlatform: false }));
    expect(ports.exec.commands.slice(1).map(({ cwd }) => cwd)).toEqual(['/tmp/step/run', '/tmp/step/run']);
    expect(ports.files.nodes.get('/tmp/step/run/index.js')).toBe('code');
  });

  it('tells of its process', async () => {
    const stops: (number | undefined)[] = [];
    const stop = (graceMs?: number) => {
      stops.push(graceMs);
      return Promise.resolve(graceMs === undefined);
    };
    const logTail = (lines: number) => Promise.resolve([`last ${lines}`]);
    const { serveCopy } = start({ process: { exitCode: () => 3, logTail, stop }, peak: 77 });
    const served = await serveCopy();
    expect(await served.readState()).toEqual({ exitCode: 3, isOutOfMemory: false, listeners: undefined });
    expect([await served.readLog(5), await served.readPeakMemory()]).toEqual([['last 5'], 77]);
    expect(await served.end(10)).toBe(false);
    await served.remove();
    expect(stops).toEqual([10_000, undefined]);
  });

  it('tells which files it has written beside its own', async () => {
    const { ports, serveCopy } = start();
    const served = await serveCopy();
    expect(await served.listWrites()).toEqual([]);
    const written = ['cache.json', 'data/a.db', 'logs/1.log', 'node_modules/.cache/x', 'data/node_modules/y'];
    for (const path of [...written, 'index.js']) await ports.files.write(`/copy/${path}`, 'x');
    expect(await served.listWrites()).toEqual(['cache.json', 'data/a.db']);
  });

  it('tells what it writes while it loads', async () => {
    const { ports, serveCopy } = start();
    const capture = ports.exec.capture.bind(ports.exec);
    ports.exec.capture = async (command, onLine) => {
      if (command.args.includes('--dry-run')) await ports.files.write('/copy/loaded.json', '{}');
      return capture(command, onLine);
    };
    expect(await (await serveCopy()).listWrites()).toEqual(['loaded.json']);
  });
});

it.each<[string, Partial<ServeRequest>, string[]]>([
  ['nothing', {}, []],
  ['those of the step', { envFrom: ['B', 'A'] }, ['A', 'B']],
  ['those of the live service', { live: liveWith({ EnvParams: '{"LIVE":"x"}' }) }, ['LIVE']],
  ['each once', { envFrom: ['A'], live: liveWith({ EnvParams: '{"A":"x"}' }) }, ['A']],
  ['none that the config spells out', { envFrom: ['A'], settings: { EnvParams: { A: '1' } } }, []],
  [
    'none that the config takes away',
    { live: liveWith({ EnvParams: '{"A":"x"}' }), settings: { EnvParams: { A: null } } },
    [],
  ],
  ['none that the local run has', { envFrom: ['A', 'B'], env: { A: '' } }, ['B']],
  ['not the mark of the source', { live: liveWith({ EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"ab"}' }) }, []],
])('lists the env vars that only the platform has: %s', (_name, given, names) => {
  expect(listPlatformEnv({ ...request, ...given })).toEqual(names);
});
