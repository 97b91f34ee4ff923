import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { parse, stringify } from 'yaml';

import { diffSettings } from '../src/service-config/diff.ts';
import { resolveSettings, type Live } from '../src/service-config/merge.ts';
import { parseServiceConfig } from '../src/service-config/parse.ts';
import type { Settings } from '../src/service-config/schema.ts';
import { inTurns, timeProgram, type Row } from './measure.ts';

const parser = join(import.meta.dirname, '..', 'src', 'service-config', 'parse.ts');
const envCount = 200;
const rounds = 101;
const warmUp = 50;
const loads = 11;

/** Measures the way of a large service config from its text to the difference, and the load of the parser. */
export async function benchConfig(): Promise<Row[]> {
  const text = stringify(everySetting);
  const subjects = {
    ours: () =>
      time(() => {
        compareWithLive(text);
      }),
    yaml: () => time(() => parse(text) as unknown),
  };
  await inTurns(warmUp, subjects);
  const { ours = 0, yaml = 0 } = await inTurns(rounds, subjects);
  return [
    {
      what: `server-config of ${envCount} env vars: parse, validate, merge, diff`,
      ours: `${ours.toFixed(1)} ms`,
      beside: `package yaml alone ${yaml.toFixed(1)} ms`,
      result: `${ours.toFixed(1)} ms`,
      promised: '≤ 20 ms',
    },
    await benchLoad(),
  ];
}

/** A difference that is not the expected one would make the time worthless. */
function compareWithLive(text: string): void {
  const { value, problems } = parseServiceConfig(text, 'cloudbase-run.yml');
  if (value === undefined || problems.length > 0) throw new Error('The config of the benchmark is refused.');
  const { sent } = resolveSettings({ settings: value.settings, envStrategy: 'merge' }, live);
  const { settings, keptEnv } = diffSettings(sent, live);
  const changedEnv = settings.filter(({ setting }) => setting.startsWith('EnvParams.')).length;
  if (changedEnv !== envCount / 2 || keptEnv.length !== envCount)
    throw new Error(`The benchmark found ${changedEnv} changed and ${keptEnv.length} kept env vars.`);
}

function time(work: () => unknown): Promise<number> {
  const since = performance.now();
  work();
  return Promise.resolve(performance.now() - since);
}

async function benchLoad(): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const [empty, load] = [join(folder, 'empty.mjs'), join(folder, 'load.mjs')];
    await writeFile(empty, '');
    await writeFile(load, `import ${JSON.stringify(pathToFileURL(parser).href)};\n`);
    const medians = await inTurns(loads, {
      load: () => timeProgram([load], {}),
      empty: () => timeProgram([empty], {}),
    });
    return describeLoad(medians);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describeLoad({ load = 0, empty = 0 }: Record<string, number>): Row {
  return {
    what: 'load of the parser from its sources, whole run',
    ours: `${load.toFixed(0)} ms`,
    beside: `empty script ${empty.toFixed(0)} ms`,
    result: `+ ${(load - empty).toFixed(0)} ms`,
    promised: 'none',
  };
}

function envVars(from: number, count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `SERVICE_SETTING_${from + at}`,
      `a value, number ${from + at}`,
    ]),
  );
}

/** Half of the live env vars are those of the config, half are set elsewhere. */
const liveSettings = {
  ...{ Cpu: 0.5, Mem: 1, MinNum: 0, MaxNum: 5, Port: 8080, CustomLogs: 'stdout', BuildDir: '.' },
  VpcConf: { VpcId: 'vpc-live', SubnetId: 'subnet-live' },
  EnvParams: JSON.stringify(envVars(envCount / 2, envCount)),
};

const live: Live = {
  settings: liveSettings,
  ownSettings: liveSettings,
  accessTypes: ['MINIAPP'],
  recordNumber: 7,
  isNewestServing: true,
  isFunction: false,
};

const everySetting: Required<Settings> = {
  ...{ OpenAccessTypes: ['WEB', 'MINIAPP'], Cpu: 2, Mem: 4, MinNum: 1, MaxNum: 7, Port: 8080 },
  PolicyDetails: [
    { PolicyType: 'cpu', PolicyThreshold: 60 },
    { PolicyType: 'mem', PolicyThreshold: 70 },
  ],
  TimerScale: [{ CycleType: 'daily', StartTime: '08:00', EndTime: '20:00', ReplicaNum: 3 }],
  ...{ CustomLogs: '/app/logs/*.log', LogType: 'custom', LogParseType: 'json' },
  ...{ LogSetId: 'log-set', LogTopicId: 'log-topic' },
  EnvParams: envVars(0, envCount),
  ...{ Dockerfile: 'docker/api.Dockerfile', BuildDir: 'services/api', InstallDependency: false },
  ...{ InternalAccess: 'open', InternalDomain: 'api.internal', OperationMode: 'custom' },
  ...{ EntryPoint: ['node'], Cmd: ['server.js', '--port', '8080'] },
  ...{ InitialDelaySeconds: 5, SessionAffinity: 'open' },
  VpcConf: { VpcId: 'vpc-1', SubnetId: 'subnet-1' },
  VolumesConf: [{ Type: 'cos', BucketName: 'files', DstPath: '/files', ReadOnly: true }],
  PublicNetConf: { PublicNetStatus: 'ENABLE' },
};
