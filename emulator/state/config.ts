import { ApiError } from '../api/envelope.ts';
import { isObject, type Params } from '../api/params.ts';

/** A service's settings under the names that DescribeCloudRunServerDetail answers with. */
export type ServerConfig = Readonly<Record<string, unknown>>;

interface ItemRule {
  readonly field: string;
  readonly slot: string;
  readonly accepts: (value: unknown) => boolean;
}

const ACCESS_TYPES = new Set(['OA', 'PUBLIC', 'MINIAPP', 'VPC']);
const SLOTS = [
  'Value',
  'IntValue',
  'BoolValue',
  'FloatValue',
  'ArrayValue',
  'PolicyDetails',
  'TimerScale',
  'VpcConf',
  'VolumesConf',
  'PublicNetConf',
];

const RULES: ReadonlyMap<string, ItemRule> = new Map([
  ...['Dockerfile', 'BuildDir', 'Tag', 'LogType', 'LogSetId', 'LogTopicId', 'LogParseType'].map(textRule),
  ...['InternalAccess', 'InternalDomain', 'OperationMode', 'SessionAffinity'].map(textRule),
  ['EnvParam', { field: 'EnvParams', slot: 'Value', accepts: isText }],
  ['LogPath', { field: 'CustomLogs', slot: 'Value', accepts: isText }],
  ['MinNum', { field: 'MinNum', slot: 'IntValue', accepts: within(0, 50) }],
  ['MaxNum', { field: 'MaxNum', slot: 'IntValue', accepts: within(0, 50) }],
  ['Port', { field: 'Port', slot: 'IntValue', accepts: within(1, 65_535) }],
  ['InitialDelaySeconds', { field: 'InitialDelaySeconds', slot: 'IntValue', accepts: within(0, 3600) }],
  ['CpuSpecs', { field: 'Cpu', slot: 'FloatValue', accepts: isPositive }],
  ['MemSpecs', { field: 'Mem', slot: 'FloatValue', accepts: isPositive }],
  [
    'HasDockerfile',
    { field: 'HasDockerfile', slot: 'BoolValue', accepts: (value) => typeof value === 'boolean' },
  ],
  ['AccessTypes', { field: 'OpenAccessTypes', slot: 'ArrayValue', accepts: isAccessTypes }],
  ['EntryPoint', { field: 'EntryPoint', slot: 'ArrayValue', accepts: isTexts }],
  ['Cmd', { field: 'Cmd', slot: 'ArrayValue', accepts: isTexts }],
  ...['PolicyDetails', 'TimerScale', 'VolumesConf'].map(listRule),
  ...['VpcConf', 'PublicNetConf'].map(objectRule),
]);

/** What the platform sets when a create names nothing (the vendor's sample of the detail). */
export const DEFAULT_CONFIG: ServerConfig = {
  OpenAccessTypes: [],
  Cpu: 1,
  Mem: 2,
  MinNum: 0,
  MaxNum: 5,
  PolicyDetails: [
    { PolicyType: 'cpu', PolicyThreshold: 60 },
    { PolicyType: 'mem', PolicyThreshold: 60 },
  ],
  CustomLogs: 'stdout',
  EnvParams: '',
  InitialDelaySeconds: 2,
  Port: 80,
  HasDockerfile: false,
  Dockerfile: 'Dockerfile',
  BuildDir: '',
  Tag: '',
};

/**
 * The settings after a list of `DiffConfigItem`s: an item replaces its key whole, keys without an item stay, unknown
 * keys are ignored as the platform ignores them. Refuses with InvalidParameter an item without a value of its key's kind.
 */
export function applyItems(config: ServerConfig, items: readonly Params[]): ServerConfig {
  return items.reduce<ServerConfig>((result, item) => {
    const key = String(item['Key']);
    const rule = RULES.get(key);
    const given = SLOTS.filter((slot) => item[slot] !== undefined);
    if (given.length === 0) {
      throw new ApiError('InvalidParameter', `The item ${key} has no value.`);
    }
    if (rule === undefined) return result;
    const value = item[rule.slot];
    if (given.length > 1 || !rule.accepts(value)) {
      throw new ApiError('InvalidParameter', `The item ${key} has no acceptable ${rule.slot}.`);
    }
    return { ...result, [rule.field]: value };
  }, config);
}

/** Whether the items change only what takes effect without a new version. */
export function areHotItems(items: readonly Params[]): boolean {
  return items.every((item) => ['MinNum', 'MaxNum', 'AccessTypes'].includes(String(item['Key'])));
}

/** The settings that take effect without a new version. */
export function hotSettings({ MinNum, MaxNum, OpenAccessTypes }: ServerConfig): ServerConfig {
  return { MinNum, MaxNum, OpenAccessTypes };
}

/** The env vars of a service; none when the text is not a JSON object. */
export function readEnvParams(config: ServerConfig): Record<string, string> {
  const pairs = Object.entries(parseObject(config['EnvParams']));
  return Object.fromEntries(
    pairs.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** A text setting, empty when it is not set. */
export function configText(config: ServerConfig, field: string): string {
  const value = config[field];
  return typeof value === 'string' ? value : '';
}

/** A number setting, 0 when it is not set. */
export function configNumber(config: ServerConfig, field: string): number {
  const value = config[field];
  return typeof value === 'number' ? value : 0;
}

/** A list of texts, empty when it is not set. */
export function configTexts(config: ServerConfig, field: string): readonly string[] {
  const value = config[field];
  return isTexts(value) ? value : [];
}

function parseObject(text: unknown): Params {
  if (typeof text !== 'string' || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function textRule(field: string): [string, ItemRule] {
  return [field, { field, slot: 'Value', accepts: isText }];
}

function listRule(field: string): [string, ItemRule] {
  return [field, { field, slot: field, accepts: (value) => Array.isArray(value) && value.every(isObject) }];
}

function objectRule(field: string): [string, ItemRule] {
  return [field, { field, slot: field, accepts: isObject }];
}

function within(low: number, high: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isAccessTypes(value: unknown): boolean {
  return isTexts(value) && value.every((type) => ACCESS_TYPES.has(type));
}
