import { InputError } from '../errors.ts';
import type { ServiceDetail, ServiceSettings } from '../ports.ts';
import { buildMark, versionNumber } from './fingerprint.ts';
import { containerSettings, fingerprintName } from './rules.ts';
import { asText, isSameSetting } from './same.ts';
import { settingNames, type Settings } from './schema.ts';

export type EnvVars = Readonly<Record<string, string>>;

/** What becomes of live env vars that the config does not name: they stay (merge), or they go (replace). */
export const envStrategies = ['merge', 'replace'] as const;
export type EnvStrategy = (typeof envStrategies)[number];

/** What a release has to bring. */
export interface Wanted {
  /** What the user set, with what the project adds to it. */
  readonly settings: Settings;
  readonly envStrategy: EnvStrategy;
  /** The fingerprint of the source, where the service keeps it. */
  readonly fingerprint?: string | undefined;
}

/** What of a service counts for the merge. */
export interface Live {
  /** As the version that serves has them. */
  readonly settings: ServiceSettings;
  /** As the next version inherits them where nothing is sent. */
  readonly ownSettings: ServiceSettings;
  readonly accessTypes: readonly string[];
  /** The number of its newest release; the next one counts from there. */
  readonly recordNumber: number;
  /** False after a failed release or a rollback: what the service itself holds is not what serves. */
  readonly isNewestServing: boolean;
  readonly isFunction: boolean;
}

/** What the merge has to know of a service whose newest release has this number. */
export function liveOf(service: ServiceDetail, recordNumber: number): Live {
  const { ownSettings, accessTypes, onlineVersions } = service;
  const [online, ...others] = onlineVersions;
  const isNewestServing = others.length === 0 && versionNumber(online?.versionName ?? '') === recordNumber;
  // Right after its release a version has what the service has: null then only means that the API does not tell. But the
  // service's own network is none of the version's, and env vars are never taken for none without a word.
  const settings = Object.entries(service.settings).map(([name, value]) => {
    const none = lists.has(name) ? [] : undefined;
    const isOwn = (isNewestServing && name !== 'VpcConf') || name === 'EnvParams';
    return [name, value ?? (isOwn ? ownSettings[name] : none)] as const;
  });
  return {
    settings: Object.fromEntries(settings),
    ownSettings,
    accessTypes,
    recordNumber,
    isNewestServing,
    isFunction: service.serviceType === 'function',
  };
}

const lists: ReadonlySet<string> = new Set(['EntryPoint', 'Cmd', 'PolicyDetails', 'VolumesConf']);

/** The settings that a release goes out with, in the words of the API. */
export interface Resolved {
  /** What was asked for, as the service should have it in the end; env vars are the whole map. */
  readonly asked: Settings;
  /** What of it the API has to be told. */
  readonly sent: Settings;
}

/** What a service is created with when the user sets nothing: explicit values, for the platform's own are unknown. */
const creationDefaults = { Cpu: 0.5, Mem: 1, MinNum: 0, MaxNum: 5, CustomLogs: 'stdout' } as const;

/** The access of a new service that nobody asked to open: the platform's own default would be public. */
const closedAccess = ['MINIAPP'] as const;

/** Merges what is wanted with what is live; without a live service the settings of a create. */
export function resolveSettings(wanted: Wanted, live: Live | undefined): Resolved {
  if (live !== undefined) return resolveUpdate(wanted, live);
  const { settings } = wanted;
  const asked: Settings = {
    ...creationDefaults,
    MaxNum: Math.max(creationDefaults.MaxNum, settings.MinNum ?? 0),
    ...settings,
    InitialDelaySeconds: settings.InitialDelaySeconds ?? 0,
    EnvParams: askedEnv(wanted, {}, 0) ?? {},
    OpenAccessTypes: toApiAccess(settings.OpenAccessTypes ?? [...closedAccess], closedAccess),
  };
  return { asked, sent: asked };
}

/**
 * An update tells the API what the user set and what differs, from the version that serves or from what the service
 * itself holds: the next version inherits the one or the other. Where the newest release does not serve, what the two
 * have differently and nobody asks for goes out as it serves. Env vars are one blob that the API replaces whole, so they go out merged; a VPC is sent again, for a
 * new version may not inherit it.
 */
function resolveUpdate(wanted: Wanted, live: Live): Resolved {
  const { OpenAccessTypes: access, VpcConf, ...settings } = wanted.settings;
  const liveEnv = parseLiveEnv(live.settings);
  const serving: ServiceSettings = {
    ...live.settings,
    // No text at all may keep what the service itself has.
    BuildDir: live.settings['BuildDir'] || '.',
    Dockerfile: live.settings['Dockerfile'] || 'Dockerfile',
    EnvParams: liveEnv,
    OpenAccessTypes: live.accessTypes,
  };
  const own: ServiceSettings = {
    ...live.ownSettings,
    Dockerfile: live.ownSettings['Dockerfile'] || 'Dockerfile',
    EnvParams: parseEnv(live.ownSettings),
    OpenAccessTypes: live.accessTypes,
  };
  const env = askedEnv(wanted, liveEnv, live.recordNumber);
  const vpc = askedVpc(VpcConf, live.settings);
  const isLost = (name: keyof Settings): boolean =>
    canGoBack(name, serving[name], live) && !isSameSetting(name, serving[name], own[name]);
  const asked: Settings = {
    ...Object.fromEntries(settingNames.filter(isLost).map((name) => [name, serving[name]])),
    ...settings,
    ...(env === undefined ? {} : { EnvParams: env }),
    ...(vpc === undefined ? {} : { VpcConf: vpc }),
    ...(access === undefined ? {} : { OpenAccessTypes: toApiAccess(access, live.accessTypes) }),
  };
  const isTold = ([name, value]: [string, unknown]): boolean =>
    name === 'VpcConf' ||
    (!live.isNewestServing && name in wanted.settings) ||
    !isSameSetting(name, value, serving[name]) ||
    !isSameSetting(name, value, own[name]);
  return { asked, sent: Object.fromEntries(Object.entries(asked).filter(isTold)) };
}

/** A command that is one text of several words does not tell its arguments; functions take no settings of containers. */
function canGoBack(name: keyof Settings, value: unknown, live: Live): boolean {
  if (live.isNewestServing || value === undefined || value === '') return false;
  const isCommand = name === 'EntryPoint' || name === 'Cmd';
  if (isCommand && !Array.isArray(value)) return false;
  return !live.isFunction || !containerSettings.some((each) => each === name);
}

/** The whole map of env vars, the mark of the source in it; undefined where they stay as they are. */
function askedEnv(
  { settings, envStrategy, fingerprint }: Wanted,
  live: EnvVars,
  recordNumber: number,
): EnvVars | undefined {
  const { EnvParams } = settings;
  const mark = fingerprint === undefined ? live[fingerprintName] : buildMark(fingerprint, recordNumber + 1);
  if (EnvParams === undefined && mark === live[fingerprintName]) return undefined;
  const env = EnvParams === undefined ? live : mergeEnv(live, EnvParams, envStrategy);
  return mark === undefined ? env : { ...env, [fingerprintName]: mark };
}

/** The env vars of the live service. Env that cannot be read stops the run: writing would erase it. */
export function parseLiveEnv(settings: ServiceSettings): EnvVars {
  const env = parseEnv(settings);
  if (env !== undefined) return env;
  throw new InputError([
    {
      subject: 'server-config: EnvParams',
      message:
        'the env vars of the live service are not a JSON object, so nothing can be merged with them. ' +
        'Correct them in the console, then run again.',
    },
  ]);
}

/** The env vars that settings hold; undefined where they are no JSON object. */
export function parseEnv({ EnvParams: blob }: ServiceSettings): EnvVars | undefined {
  if (blob === undefined || blob === null || blob === '') return {};
  const parsed = typeof blob === 'string' ? parseJson(blob) : blob;
  if (parsed === null) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asText(value)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The user's env vars, with merge over the live ones; `null` deletes a key. */
export function mergeEnv(live: EnvVars, wanted: Settings['EnvParams'], strategy: EnvStrategy): EnvVars {
  const all = strategy === 'merge' ? { ...live, ...wanted } : { ...wanted };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** The user's VPC, else the live one; a live one is sent with all of its fields. */
function askedVpc(wanted: Settings['VpcConf'], live: ServiceSettings): Settings['VpcConf'] {
  const vpc = live['VpcConf'];
  if (typeof vpc !== 'object' || vpc === null) return wanted;
  const { VpcId, SubnetId } = vpc as Record<string, unknown>;
  if (typeof VpcId !== 'string' || VpcId === '' || typeof SubnetId !== 'string') return wanted;
  const isOther = wanted !== undefined && (wanted.VpcId !== VpcId || wanted.SubnetId !== SubnetId);
  return isOther ? wanted : { ...vpc, VpcId, SubnetId };
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
