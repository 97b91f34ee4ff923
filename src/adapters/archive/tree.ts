import { refusal, show } from './refusal.ts';

/** An entry of a package, judged by itself. */
export interface TreeEntry {
  /** Below the folder, with `/` between its parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Where a link leads; empty for the others. */
  readonly target: string;
}

/** How many files, folders and links a package may make, those folders among them that it does not name itself. */
export const mostEntries = 100_000;
/** How many links a path may go through, as on Linux. */
const mostHops = 40;
/** How many steps all links of a package may take together. */
const mostSteps = 1_000_000;

/**
 * Judges the entries beside one another: a path that stands for two things, something below a file or a link, and a
 * link out of the folder are refused. Returns paths that are one path where letter case does not count.
 */
export function judgeTree(entries: readonly TreeEntry[]): string[] {
  const kinds = new Map<string, TreeEntry['kind']>();
  for (const { path, kind } of entries) {
    const other = kinds.get(path);
    if (other !== undefined && !(other === 'folder' && kind === 'folder'))
      throw refusal(`it holds ${show(path)} twice`);
    kinds.set(path, kind);
  }
  addFolders(entries, kinds);
  for (const fold of [asItIs, foldCase]) judgeLinks(entries, fold);
  return findClashes([...kinds.keys()]);
}

function addFolders(entries: readonly TreeEntry[], kinds: Map<string, TreeEntry['kind']>): void {
  const known = new Set<string>();
  for (const { path } of entries) {
    for (let parent = parentOf(path); parent !== '' && !known.has(parent); parent = parentOf(parent)) {
      const kind = kinds.get(parent);
      if (kind === 'file') throw refusal(`it holds ${show(parent)} as a file and as a folder`);
      if (kind === 'link') throw refusal(`its entry ${show(path)} lies below the link ${show(parent)}`);
      known.add(parent);
      kinds.set(parent, 'folder');
      if (kinds.size > mostEntries) throw tooMany();
    }
  }
}

/** The failure of a package with more entries than are unpacked. */
export function tooMany(): Error {
  return refusal(`it holds more than ${mostEntries} files, folders and links`);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

type Fold = (path: string) => string;

const asItIs: Fold = (path) => path;
/** What macOS and Windows take for the same name. */
const foldCase: Fold = (path) => path.normalize('NFC').toLowerCase();

/** Follows every link through the other links, as the system would. */
function judgeLinks(entries: readonly TreeEntry[], fold: Fold): void {
  const links = entries.filter(({ kind }) => kind === 'link');
  const targets = new Map(links.map(({ path, target }) => [fold(path), target]));
  const deepest = links.reduce((depth, { path }) => Math.max(depth, path.split('/').length), 0);
  let steps = 0;
  const targetOf = (parts: readonly string[]): string | undefined => {
    if (++steps > mostSteps) throw refusal('its links lead through too many folders');
    return parts.length > deepest ? undefined : targets.get(fold(parts.join('/')));
  };
  for (const link of links) {
    const end = follow(link, targetOf);
    if (end === 'outside') throw refusal(`its link ${show(link.path)} leads out of the folder`);
    if (end === 'loop') throw refusal(`its link ${show(link.path)} leads in a circle`);
  }
}

function follow(
  { path, target }: TreeEntry,
  targetOf: (parts: readonly string[]) => string | undefined,
): 'inside' | 'outside' | 'loop' {
  const here = parentOf(path).split('/').filter(Boolean);
  const ahead = target.split('/').reverse();
  let hops = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (here.pop() === undefined) return 'outside';
      continue;
    }
    here.push(part);
    const next = targetOf(here);
    if (next === undefined) continue;
    here.pop();
    if (++hops > mostHops) return 'loop';
    ahead.push(...next.split('/').reverse());
  }
  return 'inside';
}

function findClashes(paths: readonly string[]): string[] {
  const first = new Map<string, string>();
  return paths.flatMap((path) => {
    const key = foldCase(path);
    const other = first.get(key);
    if (other === undefined) first.set(key, path);
    return other === undefined ? [] : [`${other} and ${path}`];
  });
}
