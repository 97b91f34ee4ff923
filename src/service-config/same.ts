import { normalize } from 'node:path/posix';

/*
 * Whether two values of a setting mean the same. The platform reads settings back in other forms: access types in
 * another order, `.` for no folder, zero values left out, optional fields filled in.
 */

/** True when the live service has what is asked for, and nothing has to be sent. */
export function isSameSetting(setting: string, asked: unknown, live: unknown): boolean {
  if (setting === 'OpenAccessTypes') return isSameSet(accessSet(texts(asked)), accessSet(texts(live)));
  if (setting === 'EnvParams') return isSameMap(asked, live);
  if (setting === 'EntryPoint' || setting === 'Cmd')
    return JSON.stringify(texts(asked)) === JSON.stringify(texts(live));
  return hasArrived(setting, asked, live) && (!Array.isArray(asked) || holds(asked, live));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText) : [];
}

/** Users write WEB for PUBLIC; an empty text stands in some answers and opens nothing. */
export function accessSet(types: readonly string[]): Set<string> {
  return new Set(types.filter((type) => type !== '').map((type) => (type === 'WEB' ? 'PUBLIC' : type)));
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((each) => right.has(each));
}

/** Env vars go out as a whole: one more is a difference, and an empty one is not none. */
function isSameMap(asked: unknown, live: unknown): boolean {
  if (!isRecord(asked) || !isRecord(live)) return false;
  const isSameSize = Object.keys(asked).length === Object.keys(live).length;
  return isSameSize && Object.entries(asked).every(([name, value]) => fieldOf(live, name) === value);
}

/** True when the live value holds what was asked for; what the platform has filled in does not count. */
export function hasArrived(setting: string, asked: unknown, live: unknown): boolean {
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

/** True for a list that has more parts than were asked for. */
export function hasMore(setting: string, asked: unknown, live: unknown): boolean {
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
  if (isRecord(value)) return Object.values(value).every(isEmpty);
  return [undefined, null, '', 0, false].some((empty) => empty === value);
}

/** True for a map: neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it is, anything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
