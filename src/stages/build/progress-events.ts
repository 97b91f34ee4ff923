/** A step of BuildKit's graph as one event tells of it. Times are milliseconds since 1970. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly startedMs: number | undefined;
  readonly completedMs: number | undefined;
  readonly isCached: boolean;
  readonly error: string;
}

/** A piece of what a step wrote; it may end in the middle of a line, or of a character. */
export interface LogChunk {
  readonly vertex: string;
  readonly stream: string;
  readonly bytes: Uint8Array;
}

/** What one line of `--progress rawjson` says; transfers and other statuses are left out. */
export interface ProgressEvent {
  readonly vertexes: readonly Vertex[];
  readonly logs: readonly LogChunk[];
  readonly warnings: readonly string[];
}

/** The fields of a JSON object by their names in lower case. */
type Fields = ReadonlyMap<string, unknown>;

const lists = ['vertexes', 'statuses', 'logs', 'warnings'];
const singles = ['vertex', 'status', 'log', 'warning'];

/**
 * One line of BuildKit's raw progress: with its JSON names (`vertexes`) or those of the Go structures (`Vertexes`), whole
 * or one event a line. Undefined for any other line.
 */
export function parseProgress(line: string): ProgressEvent | undefined {
  const fields = parseObject(line);
  if (fields === undefined) return undefined;
  const isBatch = fields.size === 0 || lists.some((name) => isList(fields.get(name), fields.has(name)));
  const batch = isBatch ? fields : asBatch(fields);
  return batch === undefined
    ? undefined
    : {
        vertexes: itemsOf(batch, 'vertexes').flatMap(readVertex),
        logs: itemsOf(batch, 'logs').flatMap(readLog),
        warnings: itemsOf(batch, 'warnings').flatMap(readWarning),
      };
}

function parseObject(line: string): Fields | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(
    Object.entries(value).map(([name, field]: [string, unknown]) => [name.toLowerCase(), field]),
  );
}

function isList(value: unknown, isThere: boolean): boolean {
  return isThere && (value === null || Array.isArray(value));
}

/** An event that stands alone, under its own name or bare, as a batch of one. */
function asBatch(fields: Fields): Fields | undefined {
  const named = singles.findIndex((name) => fieldsOf(fields.get(name)) !== undefined);
  if (named >= 0) return new Map([[lists[named] ?? '', [fields.get(singles[named] ?? '')]]]);
  const kind = kindOf(fields);
  return kind === undefined ? undefined : new Map([[kind, [Object.fromEntries(fields)]]]);
}

function kindOf(fields: Fields): string | undefined {
  const has = (...names: string[]): boolean => names.every((name) => typeof fields.get(name) === 'string');
  if (has('digest', 'name')) return 'vertexes';
  if (has('vertex', 'data')) return 'logs';
  if (has('vertex', 'short')) return 'warnings';
  return has('vertex', 'id') ? 'statuses' : undefined;
}

function itemsOf(fields: Fields, name: string): Fields[] {
  const items = fields.get(name);
  return Array.isArray(items) ? items.flatMap((item) => fieldsOf(item) ?? []) : [];
}

function readVertex(fields: Fields): Vertex[] {
  const digest = textOf(fields, 'digest');
  if (digest === '') return [];
  const inputs = fields.get('inputs');
  return [
    {
      digest,
      name: textOf(fields, 'name'),
      inputs: Array.isArray(inputs) ? inputs.filter((input) => typeof input === 'string') : [],
      startedMs: timeOf(fields, 'started'),
      completedMs: timeOf(fields, 'completed'),
      isCached: fields.get('cached') === true,
      error: hideCredentials(textOf(fields, 'error')),
    },
  ];
}

function readLog(fields: Fields): LogChunk[] {
  const data = textOf(fields, 'data');
  const stream = JSON.stringify(fields.get('stream') ?? 0);
  return data === ''
    ? []
    : [{ vertex: textOf(fields, 'vertex'), stream, bytes: Buffer.from(data, 'base64') }];
}

function readWarning(fields: Fields): string[] {
  const short = Buffer.from(textOf(fields, 'short'), 'base64').toString('utf8').trim();
  const url = textOf(fields, 'url');
  return short === '' ? [] : [url === '' ? short : `${short} (${url})`];
}

function textOf(fields: Fields, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

/** A time in milliseconds; Go's zero time, which lies before 1970, is none. */
function timeOf(fields: Fields, name: string): number | undefined {
  const time = Date.parse(textOf(fields, name));
  return time > 0 ? time : undefined;
}

/** A text without the user, the password and the query of the addresses in it: these can be credentials. */
export function hideCredentials(text: string): string {
  return text.replace(
    /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"']*@)?([^\s?"'#]*)(?:\?[^\s"']*?(?=:?(?:[\s"']|$)))?/gi,
    '$1$2',
  );
}
