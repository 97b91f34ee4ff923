import type { ServiceSettings } from '../ports.ts';
import { parseEnv } from './merge.ts';
import { hasArrived, hasMore, accessSet } from './same.ts';
import type { Settings } from './schema.ts';

/** One way in which the live service is not what the release asked for. */
export interface Drift {
  /** `Cpu`, `EnvParams.KEY`, `OpenAccessTypes`. */
  readonly setting: string;
  /** One sentence, without the values of env vars and keys. */
  readonly message: string;
  /** True when access is wider than asked, or when something that the user set did not arrive; else worth a notice. */
  readonly isFailure: boolean;
}

/** What a release asked for. */
export interface Asked {
  /** As the service should have them, in the API's words; `EnvParams` is the whole map that was sent, absent if none was. */
  readonly settings: Settings;
  /** What the user set: `Cpu`, `OpenAccessTypes`, `EnvParams.KEY`, a key that was to be deleted among them. */
  readonly setByUser: ReadonlySet<string>;
  /** Access types that are all right: those that the user asked for, else those that were live before. */
  readonly allowedAccess: readonly string[];
}

/**
 * Compares what a release asked for with what the platform reads back. Other forms of the same value are no drift, nor
 * is what the platform fills in.
 */
export function findDrift(asked: Asked, live: ServiceSettings, liveAccess: readonly string[]): Drift[] {
  return [...accessDrift(asked, liveAccess), ...settingsDrift(asked, live), ...envDrift(asked, live)];
}

function accessDrift({ settings, setByUser, allowedAccess }: Asked, liveAccess: readonly string[]): Drift[] {
  const setting = 'OpenAccessTypes';
  const [live, allowed] = [accessSet(liveAccess), accessSet(allowedAccess)];
  const wanted = accessSet(settings.OpenAccessTypes ?? allowedAccess);
  const added = [...live].filter((type) => !allowed.has(type) && (isOpening(type) || !wanted.has(type)));
  const missing = [...wanted].filter((type) => !live.has(type));
  return [
    ...added.map((type) => ({
      setting,
      message: `The service is open to ${type}, which nobody asked for.`,
      isFailure: isOpening(type),
    })),
    ...missing.map((type) => ({
      setting,
      message: `The service is not open to ${type}, which OpenAccessTypes should have.`,
      isFailure: setByUser.has(setting),
    })),
  ];
}

function isOpening(type: string): boolean {
  return type === 'PUBLIC' || type === 'OA';
}

const comparedElsewhere: ReadonlySet<string> = new Set(['OpenAccessTypes', 'EnvParams', 'InstallDependency']);

function settingsDrift({ settings, setByUser }: Asked, live: ServiceSettings): Drift[] {
  return Object.entries(settings).flatMap(([setting, asked]) => {
    const now = live[setting];
    if (asked === undefined || comparedElsewhere.has(setting)) return [];
    if (!hasArrived(setting, asked, now))
      return [{ setting, message: describeDrift(setting, asked, now), isFailure: setByUser.has(setting) }];
    return hasMore(setting, asked, now)
      ? [{ setting, message: `${setting} holds more than was asked for.`, isFailure: false }]
      : [];
  });
}

function describeDrift(setting: string, asked: unknown, live: unknown): string {
  // A volume has the id of a key.
  if (setting === 'VolumesConf') return 'VolumesConf does not hold what was asked for.';
  const [now, wanted] = [show(live), show(asked)];
  if (now === undefined) return `${setting} is not set, but should be ${wanted ?? 'empty'}.`;
  return wanted === undefined
    ? `${setting} is ${now}, but should not be set.`
    : `${setting} is ${now}, not ${wanted}.`;
}

function show(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return JSON.stringify(value);
}

function envDrift({ settings, setByUser }: Asked, live: ServiceSettings): Drift[] {
  const { EnvParams } = settings;
  if (EnvParams === undefined) return [];
  const env = parseEnv(live);
  if (env === undefined) {
    const isFailure = [...setByUser].some((name) => name.startsWith('EnvParams.'));
    const message = 'The env vars of the live service are not a JSON object, so they cannot be compared.';
    return [{ setting: 'EnvParams', message, isFailure }];
  }
  const now = new Map(Object.entries(env));
  const wanted = new Map(Object.entries(EnvParams).filter(([, value]) => value !== null));
  return [...new Set([...wanted.keys(), ...now.keys()])].flatMap((key) => {
    if (wanted.get(key) === now.get(key)) return [];
    const setting = `EnvParams.${key}`;
    const isSet = setByUser.has(setting);
    const state = !now.has(key)
      ? 'did not arrive'
      : wanted.has(key)
        ? 'has another value'
        : `is live, but was ${isSet ? 'to be deleted' : 'not asked for'}`;
    return [{ setting, message: `The env var ${JSON.stringify(key)} ${state}.`, isFailure: isSet }];
  });
}
