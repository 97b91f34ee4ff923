import type { ServiceSettings } from '../ports.ts';
import { isPublic, parseEnv } from './merge.ts';
import { isRecord } from './same.ts';

/** A setting that the platform takes, and that is probably not what somebody wants. */
export interface Doubt {
  /** The setting at which the warning stands: `OpenAccessTypes`, `EnvParams.DATABASE_URL`. */
  readonly setting: string;
  /** What is doubtful and what to do, in two sentences, without values of env vars. */
  readonly message: string;
}

type EnvVar = readonly [key: string, value: string];

/** What one environment runs at the same time (docs.cloudbase.net/en/run/limitation). */
const environmentInstances = 28;

const longDelaySeconds = 10;

/**
 * Finds what is worth a warning in the settings that a service will have. They may be of any shape, for the live service
 * may hold anything; what cannot be read raises no doubt.
 */
export function findDoubts(serviceName: string, settings: ServiceSettings): Doubt[] {
  const env = listEnv(settings);
  return [
    ...privateNetworkDoubts(settings, env),
    ...openAccessDoubts(serviceName, settings, env),
    ...coldStartDoubts(settings),
    ...instanceDoubts(settings),
  ];
}

function listEnv(settings: ServiceSettings): EnvVar[] {
  const env = typeof settings['EnvParams'] === 'string' ? parseEnv(settings) : settings['EnvParams'];
  if (!isRecord(env)) return [];
  return Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/**
 * The vendor's MCP tool warns of the same (`MISSING_VPC_FOR_DB_ENV`), by the names of the env vars alone. Here the value
 * counts too; a host name does not tell whether it is public, so the user is asked.
 */
function privateNetworkDoubts(settings: ServiceSettings, env: readonly EnvVar[]): Doubt[] {
  const keys = env.filter(needsPrivateNetwork).map(([key]) => key);
  const vpc = settings['VpcConf'];
  const hasVpc = isRecord(vpc) && typeof vpc['VpcId'] === 'string' && vpc['VpcId'] !== '';
  if (keys[0] === undefined || hasVpc) return [];
  const message =
    `By its looks, ${nameEnvVars(keys, 'leads', 'lead')} to a database or a private host, but without VpcConf the ` +
    'service reaches no private host. Set VpcConf with VpcId and SubnetId, unless the host is public.';
  return [{ setting: `EnvParams.${keys[0]}`, message }];
}

const stores = 'DATABASE|DB|JDBC|MARIADB|MONGO|MONGODB|MYSQL|PG|POSTGRES|POSTGRESQL|REDIS';
const addresses = 'ADDR|ADDRESS|CONNECTION_STRING|DSN|ENDPOINT|HOST|HOSTNAME|SERVER|URI|URL';
const addressName = new RegExp(`(^|_)(${addresses})$`);
/** DB_HOST, PGHOST, REDIS_CACHE_URL, MYSQL_HOST_2; not DB_POOL_SIZE, which leads nowhere. */
const databaseName = new RegExp(`(^|_)(${stores})(_([A-Z_]+_)?)?(${addresses})$`);

const databaseScheme =
  /^(jdbc:)?(mariadb|mongodb|mssql|mysqlx?|postgres(ql)?|rediss?|sqlserver)(\+[a-z0-9_]+)?:\/\//i;
const privateIp = String.raw`(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2})(?![.\d])`;
/** With a scheme, a user or a port; else four numbers may be a version, or a range of addresses. */
const privateAddress = new RegExp(String.raw`(://|[@(])${privateIp}|(^|[\s,])${privateIp}:\d`);
const barePrivateIp = new RegExp(`^${privateIp}$`);

const onTheService = /(^|[\s@/(,;=[])(localhost|127(\.\d+){3}|0\.0\.0\.0|::1)($|[\s:/?#),;\]])/i;
/** A file, a host that public DNS alone can name, a web address, and what is no address at all. */
const notPrivate = /^([./]|(jdbc:)?(sqlite3?|h2|file):|mongodb\+srv:|https?:|\d*$|(true|false)$)/i;

function needsPrivateNetwork([key, value]: EnvVar): boolean {
  const text = value.trim();
  const name = wordsOf(key).join('_').toUpperCase();
  if (privateAddress.test(text) || (barePrivateIp.test(text) && addressName.test(name))) return true;
  if (onTheService.test(text) || notPrivate.test(text)) return false;
  return databaseScheme.test(text) || databaseName.test(name);
}

/** Names count, values do not: `NODE_ENV=internal` says where a service runs, not whom it is for. */
function openAccessDoubts(serviceName: string, settings: ServiceSettings, env: readonly EnvVar[]): Doubt[] {
  const access = settings['OpenAccessTypes'];
  const types: unknown[] = Array.isArray(access) ? access : [];
  if (!isPublic(types.filter((type) => typeof type === 'string')) && !types.includes('WEB')) return [];
  const keys = env.map(([key]) => key).filter(isForFew);
  if (!isForFew(serviceName) && keys.length === 0) return [];
  const reason = isForFew(serviceName)
    ? `the name ${JSON.stringify(serviceName)} speaks`
    : nameEnvVars(keys, 'speaks', 'speak');
  const message =
    `The service is open to everyone, but ${reason} of admin or internal use. ` +
    'Set OpenAccessTypes to [PRIVATE] or [VPC], unless the service itself checks who calls it.';
  return [{ setting: 'OpenAccessTypes', message }];
}

function isForFew(name: string): boolean {
  return wordsOf(name).some((word) => /^(admin|internal)$/i.test(word));
}

/** The words of a name in snake, kebab or camel case, without its numbers. */
function wordsOf(name: string): readonly string[] {
  return name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
}

function nameEnvVars(keys: readonly string[], one: string, many: string): string {
  const shown = keys.slice(0, 5).map((key) => JSON.stringify(key));
  const more = keys.length > 5 ? ` and ${keys.length - 5} more` : '';
  return keys.length === 1
    ? `the env var ${shown.join()} ${one}`
    : `the env vars ${shown.join(', ')}${more} ${many}`;
}

/** An instance takes requests after the delay at the earliest, and field reports have seen 503 on a cold start. */
function coldStartDoubts(settings: ServiceSettings): Doubt[] {
  const least = toNumber(settings['MinNum'] ?? 0);
  const delay = toNumber(settings['InitialDelaySeconds']);
  if (least !== 0 || delay === undefined || delay <= longDelaySeconds) return [];
  const message =
    `With MinNum 0, the first request after a pause waits for InitialDelaySeconds, ${delay} seconds and more. ` +
    `Set MinNum to 1, or InitialDelaySeconds to ${longDelaySeconds} or less.`;
  return [{ setting: 'InitialDelaySeconds', message }];
}

function instanceDoubts(settings: ServiceSettings): Doubt[] {
  const { MaxNum, TimerScale } = settings;
  const timers: unknown[] = Array.isArray(TimerScale) ? TimerScale : [];
  const replicas = timers.map((timer) => (isRecord(timer) ? toNumber(timer['ReplicaNum']) : 0) ?? 0);
  const counts = [
    { setting: 'MaxNum', subject: 'MaxNum', count: toNumber(MaxNum) ?? 0 },
    { setting: 'TimerScale', subject: 'A ReplicaNum of TimerScale', count: Math.max(0, ...replicas) },
  ];
  return counts
    .filter(({ count }) => count > environmentInstances)
    .map(({ setting, subject, count }) => ({
      setting,
      message:
        `${subject} is ${count}, but all services of an environment together run ${environmentInstances} instances ` +
        `at most. Use ${environmentInstances} or less, unless Tencent Cloud has granted you more.`,
    }));
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d*(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
