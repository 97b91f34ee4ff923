import { InputError, type Position, type Problem } from '../errors.ts';
import type { ServiceSettings } from '../ports.ts';
import { cpuSizes, describeWrong, type Settings } from './schema.ts';

/** The file name under which positions of an inline config are given. */
export const inlineName = 'server-config';

/** The port of every function service; the platform fixes it. */
export const functionPort = 3000;

/** The one env var that the action keeps for itself: it holds the fingerprint of what was released. */
export const fingerprintName = 'CLOUDBASE_RUN_FINGERPRINT';

export const containerSettings = ['Dockerfile', 'BuildDir', 'EntryPoint', 'Cmd'] as const;

/** Settings, and where each of them stands that is written, also one that is wrong. */
export interface PlacedSettings {
  readonly settings: Settings;
  readonly positions: Readonly<Record<string, Position>>;
}

/** A setting that is wrong for the sake of others. */
export interface Conflict {
  readonly key: string;
  readonly message: string;
  readonly at: Position | undefined;
}

/** Finds settings that are right by themselves and wrong together, and the env var that the action keeps for itself. */
export function findConflicts(placed: PlacedSettings): Conflict[] {
  const { settings, positions } = placed;
  const faults = [
    ...sizeFaults(placed),
    ...countFaults(settings),
    ...envFaults(placed),
    ...vpcFaults(placed),
    ...accessFaults(settings),
  ];
  return faults.map(([key, message]) => ({
    key,
    message,
    at: positions[key] ?? positions[key.split('.')[0] ?? ''],
  }));
}

type Fault = readonly [key: string, message: string];

function sizeFaults({ settings: { Cpu, Mem }, positions }: PlacedSettings): Fault[] {
  const [hasCpu, hasMem] = [positions['Cpu'] !== undefined, positions['Mem'] !== undefined];
  if (hasCpu !== hasMem) {
    const message = 'must be set together with its twin: Cpu and Mem belong together.';
    return [[hasCpu ? 'Cpu' : 'Mem', message]];
  }
  if (Cpu === undefined || Mem === undefined || (Mem === Cpu * 2 && cpuSizes.includes(Cpu))) return [];
  const pairs = cpuSizes.map((cpu) => `${cpu}/${cpu * 2}`).join(', ');
  return [['Mem', `must be 2 × Cpu, as one of the pairs ${pairs}.`]];
}

function countFaults({ MinNum, MaxNum }: Settings): Fault[] {
  const isOver = MinNum !== undefined && MaxNum !== undefined && MinNum > MaxNum;
  return isOver ? [['MinNum', 'must not exceed MaxNum.']] : [];
}

function envFaults({ settings: { EnvParams, Port }, positions }: PlacedSettings): Fault[] {
  const reserved = `EnvParams.${fingerprintName}`;
  const port = EnvParams?.['PORT'];
  const isPortWrong = Port === undefined && positions['Port'] !== undefined;
  const isOther = typeof port === 'string' && port !== String(Port) && !isPortWrong;
  return [
    ...(isOther
      ? [
          [
            'EnvParams.PORT',
            'must equal the setting Port, or be left out: the platform sets this variable itself.',
          ] as const,
        ]
      : []),
    ...(positions[reserved] === undefined
      ? []
      : [[reserved, 'is a name that the action keeps for itself. Use another one.'] as const]),
  ];
}

/** An overlay may hold a part of the map, and there may be nothing in the base to complete it. */
function vpcFaults({ settings: { VpcConf } }: PlacedSettings): Fault[] {
  if (VpcConf === undefined) return [];
  return (['VpcId', 'SubnetId'] as const)
    .filter((name) => !(name in VpcConf))
    .map((name) => [`VpcConf.${name}`, describeWrong(['VpcConf', name], undefined)]);
}

function accessFaults({ OpenAccessTypes: access = [] }: Settings): Fault[] {
  const isOpened = access.some((type) => ['PUBLIC', 'WEB', 'OA'].includes(type));
  const isBoth = access.includes('PRIVATE') && isOpened;
  return isBoth
    ? [['OpenAccessTypes', 'must not hold both PRIVATE and a type that opens (WEB, PUBLIC, OA).']]
    : [];
}

/** Refuses replica counts that contradict each other once they are merged: the config may set one, the service have the other. */
export function refuseCounts(merged: ServiceSettings, { settings, positions }: PlacedSettings): void {
  const [low, high] = [Number(merged['MinNum'] ?? 0), Number(merged['MaxNum'] ?? 50)];
  if ((settings.MinNum === undefined && settings.MaxNum === undefined) || !(low > high)) return;
  const key = settings.MinNum === undefined ? 'MaxNum' : 'MinNum';
  const message = `would make MinNum ${low} and MaxNum ${high} on the live service: MinNum must not exceed MaxNum. Set both.`;
  throw new InputError([configProblem(key, message, positions[key])]);
}

/** Finds the settings that function mode, agents included, does not take: another port, and what is for containers. */
export function checkFunctionSettings(
  { settings, positions }: PlacedSettings,
  mode: 'function' | 'agent',
): Problem[] {
  const { Port } = settings;
  const otherPort =
    `must be ${functionPort} in ${mode} mode, which the platform fixes, not ${Port ?? functionPort}. ` +
    'Leave the setting out.';
  const notTaken = `is for containers, not for ${mode} mode. Leave it out, or use mode "container".`;
  return [
    ...(Port === undefined || Port === functionPort
      ? []
      : [configProblem('Port', otherPort, positions['Port'])]),
    ...containerSettings
      .filter((name) => settings[name] !== undefined)
      .map((name) => configProblem(name, notTaken, positions[name])),
  ];
}

/** A problem of one setting (the whole config for an empty key); an inline config is no file, so its line goes into the message. */
export function configProblem(key: string, message: string, at: Position | undefined): Problem {
  const subject = key === '' ? inlineName : `${inlineName}: ${key}`;
  if (at === undefined) return { subject, message };
  if (at.file === inlineName)
    return { subject, message: `${message} (line ${at.line}, column ${at.column})` };
  return { subject, message, at };
}
