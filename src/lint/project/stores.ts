/** An env var by what counts here. */
export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

const stores = 'DATABASE|DB|JDBC|MARIADB|MONGO|MONGODB|MYSQL|PG|POSTGRES|POSTGRESQL|REDIS';
const addresses = 'ADDR|ADDRESS|CONNECTION_STRING|DSN|ENDPOINT|HOST|HOSTNAME|SERVER|URI|URL';
const addressName = new RegExp(`(^|_)(${addresses})$`);
/** DB_HOST, PGHOST, REDIS_CACHE_URL, MYSQL_HOST_2; not DB_POOL_SIZE, which leads nowhere. */
const storeName = new RegExp(`(^|_)(${stores})(_([A-Z_]+_)?)?(${addresses})$`);

const storeScheme =
  /^(jdbc:)?(amqps?|mariadb|mongodb|mssql|mysqlx?|postgres(ql)?|rediss?|sqlserver)(\+[a-z0-9_]+)?:\/\//i;
const privateIp = String.raw`(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2})(?![.\d])`;
/** With a scheme, a user or a port; else four numbers may be a version, or a range of addresses. */
const privateAddress = new RegExp(String.raw`(://|[@(])${privateIp}|(^|[\s,])${privateIp}:\d`);
const barePrivateIp = new RegExp(`^${privateIp}$`);

const onTheService = /(^|[\s@/(,;=[])(localhost|127(\.\d+){3}|0\.0\.0\.0|::1)($|[\s:/?#),;\]])/i;
/** A file, a host that public DNS alone can name, a web address, and what is no address at all. */
const notPrivate = /^([./]|(jdbc:)?(sqlite3?|h2|file):|mongodb\+srv:|https?:|\d*$|(true|false)$)/i;

/** True for an env var that by its looks leads to a database or to a host of a private network. */
export function leadsToStore({ name, value }: EnvVar): boolean {
  const text = value.trim();
  const words = wordsOf(name);
  if (privateAddress.test(text) || (barePrivateIp.test(text) && addressName.test(words))) return true;
  if (onTheService.test(text) || notPrivate.test(text)) return false;
  return storeScheme.test(text) || storeName.test(words);
}

/** The same for an example, where an empty value and localhost stand for an address that is still to come. */
export function mayLeadToStore({ name, value }: EnvVar): boolean {
  const text = value.trim();
  if (leadsToStore({ name, value })) return true;
  if (text !== '' && !onTheService.test(text)) return false;
  return storeScheme.test(text) || storeName.test(wordsOf(name));
}

/** The words of a name in snake, kebab or camel case, without its numbers. */
function wordsOf(name: string): string {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).join('_').toUpperCase();
}

/** Where a text leads: its scheme, and its host without user and password. */
export interface StoreAddress {
  readonly scheme: string;
  readonly host: string;
}

/** The address in a URL of a database, a cache or a queue. */
export function readStoreAddress(text: string): StoreAddress | undefined {
  const scheme = storeScheme.exec(text.trim())?.[0];
  if (scheme === undefined) return undefined;
  const place = /^[^/?#]*/.exec(text.trim().slice(scheme.length))?.[0] ?? '';
  const host = place.slice(place.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return { scheme: scheme.replace(/:\/\/$/, ''), host };
}

/** Where a host stands; `elsewhere` is everything that may be public. */
export function placeOfHost(host: string): 'service' | 'private' | 'elsewhere' {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (/^(localhost|127(\.\d+){3}|0\.0\.0\.0|::1)$/.test(plain)) return 'service';
  const isNamed = /^[a-z][a-z0-9_-]*$/.test(plain) || /\.(internal|local|lan|svc)$/.test(plain);
  return barePrivateIp.test(plain) || isNamed ? 'private' : 'elsewhere';
}

/** `"DB_HOST"`, `"DB_HOST", "REDIS_URL" and 3 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
