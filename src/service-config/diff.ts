import { parseLiveEnv, type EnvVars, type Live } from './merge.ts';
import { fingerprintName } from './rules.ts';
import { isSameSetting } from './same.ts';
import type { Settings } from './schema.ts';

/** One setting that changes; values of env vars are never held here. */
export interface Change {
  readonly setting: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly from: string;
  readonly to: string;
  /** `hot` takes effect at once, on the version that serves. */
  readonly effect: 'hot' | 'new version';
}

/** What a release changes on a service. */
export interface Changes {
  readonly settings: readonly Change[];
  /** Names of env vars that stay as they are. */
  readonly keptEnv: readonly string[];
  /** Sentences about who reaches the service from now on. */
  readonly access: readonly string[];
}

/** Settings that take effect without a new version (vendor's tool for AI agents, 2.34.6: hot fields of updateConfig). */
const hotSettings: readonly string[] = ['MinNum', 'MaxNum', 'OpenAccessTypes'];

const unset = '(not set)';
const someValue = '(a value)';

/** What the settings that will be sent change, setting by setting, env vars key by key. */
export function diffSettings(sent: Settings, live: Live | undefined): Changes {
  const { EnvParams, ...plain } = sent;
  const known: Readonly<Record<string, unknown>> = { ...live?.settings, OpenAccessTypes: live?.accessTypes };
  const settings = Object.entries(plain).flatMap(([setting, value]) => {
    if (setting === 'InstallDependency') return [];
    if (live !== undefined && isSameSetting(setting, value, known[setting])) return [];
    const [from, to] = [describe(setting, known[setting]), describe(setting, value)];
    if (from === unset && to === unset) return [];
    const effect = live?.isNewestServing === true ? effectOf(setting) : 'new version';
    return [{ setting, kind: kindOf(from, to), from, to, effect }];
  });
  const env = live === undefined ? {} : withoutMark(parseLiveEnv(live.settings));
  const sentEnv = EnvParams === undefined ? env : withoutMark(EnvParams as EnvVars);
  return {
    settings: [...settings, ...diffEnv(env, sentEnv)],
    keptEnv: Object.keys(env).filter((key) => Object.hasOwn(sentEnv, key) && env[key] === sentEnv[key]),
    access: describeAccess(sent.OpenAccessTypes, live?.accessTypes),
  };
}

function effectOf(setting: string): Change['effect'] {
  return hotSettings.includes(setting) ? 'hot' : 'new version';
}

function kindOf(from: string, to: string): Change['kind'] {
  if (from === unset) return 'added';
  return to === unset ? 'removed' : 'changed';
}

/** The mark of the source is no env var of the user. */
function withoutMark(env: EnvVars): EnvVars {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== fingerprintName));
}

function diffEnv(live: EnvVars, sent: EnvVars): Change[] {
  const keys = [...new Set([...Object.keys(live), ...Object.keys(sent)])].sort();
  return keys.flatMap((key): Change[] => {
    const [isLive, isSent] = [Object.hasOwn(live, key), Object.hasOwn(sent, key)];
    if (isLive && isSent && live[key] === sent[key]) return [];
    const setting = `EnvParams.${key}`;
    const effect = effectOf('EnvParams');
    if (!isLive) return [{ setting, kind: 'added', from: unset, to: someValue, effect }];
    if (!isSent) return [{ setting, kind: 'removed', from: someValue, to: '(deleted)', effect }];
    return [{ setting, kind: 'changed', from: someValue, to: '(another value)', effect }];
  });
}

/** A setting's value in one line; keys of volumes are not shown. */
function describe(setting: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return unset;
  if (Array.isArray(value) && value.length === 0) return unset;
  if (setting === 'OpenAccessTypes' && Array.isArray(value)) return value.map(String).sort().join(', ');
  const hide = (key: string, inner: unknown): unknown => (key === 'KeyID' ? '[redacted]' : inner);
  return typeof value === 'string' ? value : JSON.stringify(value, hide);
}

const reachedBy: readonly (readonly [type: string, from: string])[] = [
  ['VPC', 'its VPC'],
  ['MINIAPP', 'mini programs'],
  ['OA', 'the office network'],
];

function describeAccess(sent: Settings['OpenAccessTypes'], live: readonly string[] | undefined): string[] {
  const after: readonly string[] = sent ?? live ?? [];
  const before = live ?? [];
  const gains = (type: string): boolean => after.includes(type) && !before.includes(type);
  const loses = (type: string): boolean => !after.includes(type) && before.includes(type);
  return [
    ...(gains('PUBLIC') ? ['The service becomes public: anyone on the internet can call it.'] : []),
    ...(loses('PUBLIC') ? ['The service is no longer public.'] : []),
    ...reachedBy.flatMap(([type, from]) => [
      ...(gains(type) ? [`The service becomes reachable from ${from}.`] : []),
      ...(loses(type) ? [`The service is no longer reachable from ${from}.`] : []),
    ]),
  ];
}

/** The changes as lines for people, without values of env vars. */
export function describeChanges({ settings, access }: Changes): string[] {
  return [
    ...settings.map(({ setting, from, to, effect }) => `${setting}: ${from} → ${to} (${effect})`),
    ...access,
  ];
}
