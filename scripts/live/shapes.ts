/** The shape of an answer: for each path in it the types that were seen there. Holds names and types, never values. */
export type Shape = Readonly<Record<string, string>>;

/** The shapes of several answers, by the name of the call. */
export type Shapes = Readonly<Record<string, Shape>>;

/** Reduces an answer to its paths and types; `[]` stands for every item of a list. */
export function shapeOf(answer: unknown): Shape {
  const types = new Map<string, Set<string>>();
  collect(answer, '', types);
  const lines = [...types].map(([path, seen]) => [path, [...seen].sort().join(' | ')] as const);
  return Object.fromEntries(lines.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function collect(value: unknown, path: string, types: Map<string, Set<string>>): void {
  types.set(path, (types.get(path) ?? new Set()).add(typeName(value)));
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, types);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      collect(item, path === '' ? nameOf(key) : `${path}.${nameOf(key)}`, types);
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Names of the API are words in capitals; a key of any other form may be data, and is not kept. */
function nameOf(key: string): string {
  return /^[A-Z][A-Za-z0-9]{0,40}$/.test(key) ? key : '(key)';
}

/** Where two sets of shapes differ, a line each; empty when they are alike. */
export function compareShapes(live: Shapes, emulated: Shapes): string[] {
  const calls = [...new Set([...Object.keys(live), ...Object.keys(emulated)])].sort();
  return calls.flatMap((call) => {
    const [real = {}, ours = {}] = [live[call], emulated[call]];
    const paths = [...new Set([...Object.keys(real), ...Object.keys(ours)])].sort();
    return paths
      .filter((path) => real[path] !== ours[path])
      .map(
        (path) => `${call} ${path || '(answer)'}: live ${real[path] ?? '-'}, emulator ${ours[path] ?? '-'}`,
      );
  });
}
