import * as z from 'zod/mini';

/** Access types that the service config takes: those of the API, and the two words of the platform's own guide. */
export const accessTypes = ['PUBLIC', 'VPC', 'MINIAPP', 'OA', 'WEB', 'PRIVATE'] as const;

const text = z.string().check(z.minLength(1));

/** A number or a boolean may stand in quotes, as YAML that templates write often has it: "0.5", "true". */
const unquoted = z.transform((value) => {
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
});
const flag = z.pipe(unquoted, z.boolean());
const amount = z.pipe(unquoted, z.number().check(z.positive()));
const between = (low: number, high: number) =>
  z.pipe(unquoted, z.int().check(z.minimum(low), z.maximum(high)));

const policy = z.strictObject({
  PolicyType: z.enum(['cpu', 'mem', 'cpu/mem']),
  PolicyThreshold: between(1, 100),
});

const timer = z.strictObject({
  CycleType: z.enum(['none', 'daily', 'weekly', 'monthly']),
  StartDate: z.optional(text),
  EndDate: z.optional(text),
  StartTime: text,
  EndTime: text,
  ReplicaNum: between(0, 50),
});

const volume = z.strictObject({
  Type: text,
  BucketName: z.optional(text),
  Endpoint: z.optional(text),
  KeyID: z.optional(text),
  DstPath: z.optional(text),
  SrcPath: z.optional(text),
  MountIP: z.optional(text),
  ReadOnly: z.optional(flag),
  InstanceId: z.optional(text),
});

/**
 * A path that stays below its folder, in the form of the API: no absolute one, no `..` that leaves it, and no separator
 * of Windows, which is part of a name elsewhere.
 */
const innerPath = z.string().check(z.minLength(1), z.refine(isInnerPath));

function isInnerPath(path: string): boolean {
  if (/^\/|^[a-z]:|\\|\0/i.test(path)) return false;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

const vpc = z.strictObject({ VpcId: text, SubnetId: text });

const publicNet = z.strictObject({ PublicNetStatus: z.enum(['ENABLE', 'DISABLE']) });

/**
 * Every setting of a service, in the words of the API and the console (API types ServerBaseConfig and DiffConfigItem,
 * version 2022-02-17). `EnvParams` is a map; `null` deletes a key. `InstallDependency` is about the package only.
 */
export const settingsSchema = z.strictObject({
  OpenAccessTypes: z.optional(z.array(z.enum(accessTypes)).check(z.minLength(1))),
  Cpu: z.optional(amount),
  Mem: z.optional(amount),
  MinNum: z.optional(between(0, 50)),
  MaxNum: z.optional(between(1, 50)),
  PolicyDetails: z.optional(z.array(policy).check(z.minLength(1))),
  TimerScale: z.optional(z.array(timer)),
  CustomLogs: z.optional(text),
  LogType: z.optional(z.enum(['none', 'default', 'custom'])),
  LogSetId: z.optional(text),
  LogTopicId: z.optional(text),
  LogParseType: z.optional(z.enum(['json', 'line'])),
  EnvParams: z.optional(z.record(text, z.nullable(z.string()))),
  Port: z.optional(between(1, 65_535)),
  Dockerfile: z.optional(innerPath),
  BuildDir: z.optional(innerPath),
  InternalAccess: z.optional(z.enum(['open', 'close'])),
  InternalDomain: z.optional(text),
  EntryPoint: z.optional(z.array(z.string())),
  Cmd: z.optional(z.array(z.string())),
  InitialDelaySeconds: z.optional(z.pipe(unquoted, z.int().check(z.minimum(0)))),
  OperationMode: z.optional(z.enum(['noScale', 'condScale', 'alwaysScale', 'custom', 'manualScale'])),
  SessionAffinity: z.optional(z.enum(['open', 'close'])),
  VpcConf: z.optional(vpc),
  VolumesConf: z.optional(z.array(volume)),
  PublicNetConf: z.optional(publicNet),
  InstallDependency: z.optional(flag),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The settings of an overlay: those of the base, but a map may hold a part, for it is merged with the base's. */
export const overlaySchema = z.extend(settingsSchema, { VpcConf: z.optional(z.partial(vpc)) });

export type OverlaySettings = z.infer<typeof overlaySchema>;

/** The accepted form of each setting, as it follows "must be". */
const settingForms: Readonly<Record<keyof Settings, string>> = {
  OpenAccessTypes: 'a list of access types such as [WEB]',
  Cpu: 'a number of vCPU such as 0.5',
  Mem: 'a number of GiB such as 1',
  MinNum: 'a whole number from 0 to 50',
  MaxNum: 'a whole number from 1 to 50',
  PolicyDetails: 'a list of policies such as [{PolicyType: cpu, PolicyThreshold: 60}]',
  TimerScale: 'a list of times with CycleType, StartTime, EndTime and ReplicaNum',
  CustomLogs: 'a path such as stdout',
  LogType: 'none, default or custom',
  LogSetId: 'the id of a log set',
  LogTopicId: 'the id of a log topic',
  LogParseType: 'json or line',
  EnvParams: 'a map of names and texts, such as "LOG_LEVEL: info"',
  Port: 'a whole number from 1 to 65535',
  Dockerfile: 'the path of a Dockerfile inside BuildDir, such as docker/Dockerfile',
  BuildDir: 'a folder inside the source, such as services/api',
  InternalAccess: 'open or close',
  InternalDomain: 'a domain name',
  EntryPoint: 'a list of texts such as [node]',
  Cmd: 'a list of texts such as [server.js]',
  InitialDelaySeconds: 'a whole number of seconds',
  OperationMode: 'noScale, condScale, alwaysScale, custom or manualScale',
  SessionAffinity: 'open or close',
  VpcConf: 'a map with VpcId and SubnetId',
  VolumesConf: 'a list of volumes such as [{Type: cos, BucketName: files, DstPath: /files}]',
  PublicNetConf: 'a map such as {PublicNetStatus: ENABLE}',
  InstallDependency: 'true or false',
};

/** The accepted form of what stands inside a setting, and of overlays; `*` is any place in a list, or any name in a map. */
const innerForms: Readonly<Record<string, string>> = {
  environments: 'a map of overlays such as {prod: {MinNum: 1}}',
  'environments.*': 'a map of settings such as {MinNum: 1}',
  'OpenAccessTypes.*': 'PUBLIC, VPC, MINIAPP, OA, WEB or PRIVATE',
  'PolicyDetails.*': 'a policy such as {PolicyType: cpu, PolicyThreshold: 60}',
  'PolicyDetails.*.PolicyType': 'cpu, mem or cpu/mem',
  'PolicyDetails.*.PolicyThreshold': 'a whole number from 1 to 100, in per cent',
  'TimerScale.*': 'a map with CycleType, StartTime, EndTime and ReplicaNum',
  'TimerScale.*.CycleType': 'none, daily, weekly or monthly',
  'TimerScale.*.StartDate': 'a date such as "2025-01-31"',
  'TimerScale.*.EndDate': 'a date such as "2025-01-31"',
  'TimerScale.*.StartTime': 'a time such as "08:00"',
  'TimerScale.*.EndTime': 'a time such as "20:00"',
  'TimerScale.*.ReplicaNum': 'a whole number from 0 to 50',
  'EnvParams.*': 'a text, or null to delete the variable',
  'VolumesConf.*': 'a map such as {Type: cos, BucketName: files, DstPath: /files}',
  'VolumesConf.*.ReadOnly': 'true or false',
  'PublicNetConf.PublicNetStatus': 'ENABLE or DISABLE',
};

/** The way to a value in the service config. */
export type Path = readonly (string | number)[];

/** Says what has to stand at a path, and what does; values of env vars and keys are never shown. */
export function describeWrong(path: Path, value: unknown): string {
  const form = formOf(path);
  if (value === undefined) return `is missing: it must be ${form}.`;
  const isJson = path[0] === 'EnvParams' && path.length === 1 && typeof value === 'string';
  const advice = isJson ? ' Write a line for each name below "EnvParams:", not JSON.' : '';
  const isSecret = path[0] === 'EnvParams' || path.at(-1) === 'KeyID';
  return `must be ${form}, not ${isSecret ? describeType(value) : describeValue(value)}.${advice}`;
}

function describeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return describeType(value);
  return `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
}

function describeType(value: unknown): string {
  if (value === null) return 'an empty value';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** Says that a name in the map that holds it is empty. */
export function describeEmptyName(path: Path): string {
  return `has an empty name: it must be ${formOf(path.slice(0, -1))}.`;
}

function formOf([setting = '', ...inner]: Path): string {
  const isOpen = setting === 'EnvParams' || setting === 'environments';
  const places = inner.map((part) => (typeof part === 'number' || isOpen ? '*' : part));
  const forms: Readonly<Record<string, string>> = { ...settingForms, ...innerForms };
  return forms[[setting, ...places].join('.')] ?? 'a text';
}

export const settingNames = Object.keys(settingsSchema.shape) as readonly (keyof Settings)[];

/** The names that the maps inside settings take. */
const innerNames: Readonly<Partial<Record<string, readonly string[]>>> = {
  PolicyDetails: Object.keys(policy.shape),
  TimerScale: Object.keys(timer.shape),
  VpcConf: Object.keys(vpc.shape),
  VolumesConf: Object.keys(volume.shape),
  PublicNetConf: Object.keys(publicNet.shape),
};

/** The names that the map at a path takes; none where every name is taken. */
export function namesAt([setting]: Path): readonly string[] {
  return setting === undefined ? settingNames : (innerNames[setting] ?? []);
}

/** The pairs of vCPU and GiB that the console offers: Mem is always 2 × Cpu. */
export const cpuSizes: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16];
