import { normalize } from 'node:path/posix';

import { InputError } from '../errors.ts';
import type { ServiceSettings } from '../ports.ts';
import { parseLiveEnv } from './merge.ts';
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

/** Users write WEB for PUBLIC; an empty text stands in some answers and opens nothing. */
function accessSet(types: readonly string[]): Set<string> {
  return new Set(types.filter((type) => type !== '').map((type) => (type === 'WEB' ? 'PUBLIC' : type)));
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

function hasArrived(setting: string, asked: unknown, live: unknown): boolean {
  if (setting === 'BuildDir') return folder(asked) === folder(live);
  // Some answers have a command as one text, which no longer says where an argument ends.
  if (setting === 'EntryPoint' || setting === 'Cmd') return commandWords(asked) === commandWords(live);
  return holds(live, asked);
}

function folder(value: unknown): string {
  return normalize(typeof value === 'string' ? value : '').replace(/\/$/, '');
}

function commandWords(value: unknown): string {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return JSON.stringify(
    parts.flatMap((part) => asText(part ?? '').split(/\s+/)).filter((word) => word !== ''),
  );
}

/** A list that has all that was asked for, and something else. */
function hasMore(setting: string, asked: unknown, live: unknown): boolean {
  const isCommand = setting === 'EntryPoint' || setting === 'Cmd';
  if (isCommand || !Array.isArray(asked) || !Array.isArray(live)) return false;
  return live.filter((part) => !isEmpty(part)).length > asked.length;
}

function holds(live: unknown, asked: unknown): boolean {
  if (isSameScalar(live, asked)) return true;
  if (isRecord(asked) && isRecord(live))
    return Object.entries(asked).every(([name, value]) => holds(fieldOf(live, name), value));
  if (isEmpty(asked)) return isEmpty(live);
  return Array.isArray(asked) && Array.isArray(live) && holdsEach(live, asked);
}

function fieldOf(live: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(live, name) ? live[name] : undefined;
}

/** Gives each asked part a live one of its own, in any order; one that is taken is freed where its holder finds another. */
function holdsEach(live: readonly unknown[], asked: readonly unknown[]): boolean {
  const holders = new Map<number, unknown>();
  const place = (part: unknown, tried: Set<number>): boolean =>
    live.some((candidate, index) => {
      if (tried.has(index) || !holds(candidate, part)) return false;
      tried.add(index);
      if (holders.has(index) && !place(holders.get(index), tried)) return false;
      holders.set(index, part);
      return true;
    });
  return asked.every((part) => place(part, new Set()));
}

function isSameScalar(live: unknown, asked: unknown): boolean {
  if (!isScalar(live) || !isScalar(asked)) return false;
  return asText(live) === asText(asked) || (typeof asked === 'number' && Number(live) === asked);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** What an answer may leave out: the platform's language drops zero values. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  return [undefined, null, '', 0, false].some((empty) => empty === value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
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
  const now = readEnv(live);
  if (now === undefined) {
    const isFailure = [...setByUser].some((name) => name.startsWith('EnvParams.'));
    const message = 'The env vars of the live service are not a JSON object, so they cannot be compared.';
    return [{ setting: 'EnvParams', message, isFailure }];
  }
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

/** Undefined where the live env vars cannot be read. */
function readEnv(live: ServiceSettings): Map<string, string> | undefined {
  try {
    return new Map(Object.entries(parseLiveEnv(live)));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
