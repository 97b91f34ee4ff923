import { InputError } from '../errors.ts';
import type { ServiceSettings } from '../ports.ts';
import type { Settings } from './schema.ts';

export type EnvVars = Readonly<Record<string, string>>;

/** What a service is created with when the user sets nothing: explicit values, for the platform's own are unknown. */
const creationDefaults = { Cpu: 0.5, Mem: 1, MinNum: 0, MaxNum: 5, CustomLogs: 'stdout' } as const;

/** The access of a new service that nobody asked to open: the platform's own default would be public. */
const closedAccess = ['MINIAPP'] as const;

/** The env vars of the live service. Env that cannot be read stops the run: writing would erase it. */
export function parseLiveEnv(settings: ServiceSettings): EnvVars {
  const blob = settings['EnvParams'];
  if (blob === undefined || blob === null || blob === '') return {};
  const parsed = typeof blob === 'string' ? parseJson(blob) : blob;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new InputError([
      {
        subject: 'server-config: EnvParams',
        message:
          'the env vars of the live service are not a JSON object, so nothing can be merged with them. ' +
          'Correct them in the console, then run again.',
      },
    ]);
  }
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asText(value)]));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Merges the user's env vars over the live ones: every other key stays, `null` deletes a key. */
export function mergeEnv(live: EnvVars, wanted: Settings['EnvParams']): EnvVars {
  const merged = Object.entries({ ...live, ...wanted }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return Object.fromEntries(merged);
}

/** The settings that a create sends: the user's, over the explicit defaults, closed unless the user opens it. */
export function settingsForCreate(wanted: Settings, port: number): Settings {
  return {
    ...creationDefaults,
    ...wanted,
    Port: port,
    InitialDelaySeconds: wanted.InitialDelaySeconds ?? 0,
    EnvParams: mergeEnv({}, wanted.EnvParams),
    OpenAccessTypes: toApiAccess(wanted.OpenAccessTypes ?? [...closedAccess], closedAccess),
  };
}

/**
 * The settings that an update sends: what the user set and what differs from the live service. Env vars are one blob
 * that the API replaces whole, so they go out merged; a VPC is sent again, for a new version may not inherit it.
 */
export function settingsForUpdate(
  wanted: Settings,
  live: ServiceSettings,
  liveAccess: readonly string[],
): Settings {
  const env = parseLiveEnv(live);
  const vpc = wanted.VpcConf ?? liveVpc(live);
  const access = wanted.OpenAccessTypes;
  const asked: Settings = {
    ...wanted,
    ...(wanted.EnvParams === undefined ? {} : { EnvParams: mergeEnv(env, wanted.EnvParams) }),
    ...(access === undefined ? {} : { OpenAccessTypes: toApiAccess(access, liveAccess) }),
  };
  const known: ServiceSettings = { ...live, EnvParams: env, OpenAccessTypes: liveAccess };
  const changed = Object.entries(asked).filter(
    ([name, value]) => describeSetting(name, value) !== describeSetting(name, known[name]),
  );
  return { ...Object.fromEntries(changed), ...(vpc === undefined ? {} : { VpcConf: vpc }) };
}

/**
 * A setting's value in one line, equal for values that mean the same: access types have no order, nor have the keys of
 * an object.
 */
export function describeSetting(name: string, value: unknown): string {
  const isEmpty = value === undefined || value === null || value === '';
  if (isEmpty || (Array.isArray(value) && value.length === 0)) return '(not set)';
  if (name === 'OpenAccessTypes' && Array.isArray(value)) return value.map(String).sort().join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value, sortKeys);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function liveVpc(live: ServiceSettings): Settings['VpcConf'] {
  const vpc = live['VpcConf'];
  if (typeof vpc !== 'object' || vpc === null) return undefined;
  const { VpcId, SubnetId } = vpc as Record<string, unknown>;
  return typeof VpcId === 'string' && VpcId !== '' && typeof SubnetId === 'string'
    ? { ...vpc, VpcId, SubnetId }
    : undefined;
}

type AccessTypes = NonNullable<Settings['OpenAccessTypes']>;

/** Access types in the API's words: WEB is PUBLIC, PRIVATE is what stands now without the public types. */
function toApiAccess(wanted: AccessTypes, now: readonly string[]): AccessTypes {
  const types = wanted.flatMap((type) => {
    if (type === 'WEB') return ['PUBLIC' as const];
    return type === 'PRIVATE' ? closed(now) : [type];
  });
  return [...new Set(types)];
}

function closed(now: readonly string[]): AccessTypes {
  const kept = (['VPC', 'MINIAPP'] as const).filter((type) => now.includes(type));
  return kept.length === 0 ? [...closedAccess] : kept;
}

/** True when anyone on the internet reaches the service under its own domain. */
export function isPublic(types: readonly string[]): boolean {
  return types.includes('PUBLIC');
}
