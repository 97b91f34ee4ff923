import { posix } from 'node:path';

import { functionsFileName, parseFunctionsFile, type ListedFunction } from './functions-file.ts';
import { manifestFile, manifestOf, parseManifest } from './manifest.ts';
import type { Source } from '../rule.ts';

/** What stands at the entry that the functions framework would load. */
export type EntryVerdict =
  | { readonly kind: 'found'; readonly file: string }
  /** Node.js cannot load it as a module with exports. */
  | { readonly kind: 'unloadable'; readonly file: string; readonly isTypeScript: boolean }
  | { readonly kind: 'missing' }
  /** It would stand outside the source. */
  | { readonly kind: 'outside' };

/** What Node.js 20 loads as a module with exports; a file without extension is CommonJS. */
const loadable: readonly string[] = ['', '.js', '.cjs', '.mjs'];
const typeScript: readonly string[] = ['.ts', '.mts', '.cts', '.tsx'];

/** Every path, relative to the source, that `judgeEntry` asks for. */
export function entryCandidates(main: string | undefined): readonly string[] {
  return isOutside(main) ? [] : [...builtCandidates(main), ...sourceCandidates(main)];
}

/** What `require.resolve` of the source folder finds: the `main` of package.json, else index.js. */
export function judgeEntry(main: string | undefined, isFile: (path: string) => boolean): EntryVerdict {
  if (isOutside(main)) return { kind: 'outside' };
  const found = builtCandidates(main).find(isFile);
  if (found !== undefined && loadable.includes(posix.extname(found))) return { kind: 'found', file: found };
  const file = found ?? sourceCandidates(main).find(isFile);
  if (file === undefined) return { kind: 'missing' };
  return { kind: 'unloadable', file, isTypeScript: typeScript.includes(posix.extname(file)) };
}

function isOutside(main: string | undefined): boolean {
  const path = posix.normalize(main ?? '.');
  return path === '..' || path.startsWith('../') || path.startsWith('/');
}

function builtCandidates(main: string | undefined): string[] {
  return [...(main === undefined ? [] : stems(main, ['.js', '.json', '.node'])), 'index.js'];
}

function sourceCandidates(main: string | undefined): string[] {
  return [...stems(main ?? '.', ['.ts']), 'index.ts'];
}

/** The files that a module's name stands for, in the order in which Node.js tries them. */
function stems(name: string, extensions: readonly string[]): string[] {
  const path = posix.normalize(name);
  return [
    path,
    ...extensions.map((extension) => `${path}${extension}`),
    ...extensions.map((extension) => posix.join(path, `index${extension}`)),
  ];
}

/** A file that the functions framework loads, and what it takes from it. */
export interface EntryPoint {
  readonly verdict: EntryVerdict;
  readonly target: string;
  /** The folder, or the file, that was resolved; `.` for the source folder. */
  readonly location: string;
  /** In a file that lists several functions. */
  readonly listed: ListedFunction | undefined;
}

type Tree = Pick<Source, 'entries' | 'texts' | 'service'>;

/** The entries of a source, one for each function; those that cannot be known are left out. */
export function listEntryPoints(source: Tree): EntryPoint[] {
  const { target } = source.service;
  if (isFileIn(source, functionsFileName)) {
    const list = parseFunctionsFile(source.texts.get(functionsFileName) ?? '').list;
    return (list?.functions ?? []).flatMap((listed) => {
      const location = posix.join(list?.functionsRoot ?? '.', listed.directory, listed.source ?? '');
      const verdict = judgeLocation(source, location);
      return verdict === undefined ? [] : [{ verdict, target: listed.target ?? target, location, listed }];
    });
  }
  const verdict = judgeLocation(source, '.');
  return verdict === undefined ? [] : [{ verdict, target, location: '.', listed: undefined }];
}

/** The target of each entry that could be found, by its file. */
export function targetsOf(source: Tree): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const { verdict, target } of listEntryPoints(source)) {
    if (verdict.kind === 'found') targets.set(verdict.file, [...(targets.get(verdict.file) ?? []), target]);
  }
  return targets;
}

function judgeLocation(source: Tree, location: string): EntryVerdict | undefined {
  const folder = posix.normalize(location).replace(/(?<=.)\/$/, '');
  if (isOutside(folder)) return { kind: 'outside' };
  const asFile = folder === '.' ? [] : ['', '.js', '.json', '.node'].map((extension) => folder + extension);
  const file = asFile.find((path) => isFileIn(source, path));
  if (file !== undefined) return judgeEntry(file, (path) => path === file);
  const manifest = posix.join(folder, manifestFile);
  const text = source.texts.get(manifest);
  if (text === undefined && isFileIn(source, manifest)) return undefined;
  const read = text === undefined ? undefined : parseManifest(text, manifest);
  if (read !== undefined && read.manifest === undefined) return undefined;
  const verdict = judgeEntry(read?.manifest?.main, (path) => isFileIn(source, posix.join(folder, path)));
  return 'file' in verdict ? { ...verdict, file: posix.join(folder, verdict.file) } : verdict;
}

/** True also for what lies behind a link or in node_modules, where nobody looked. */
function isFileIn({ entries }: Pick<Source, 'entries'>, path: string): boolean {
  const kind = entries.get(path)?.kind;
  return kind === undefined ? isUnseen(entries, path) : kind === 'file' || kind === 'link';
}

/** True where a path leads through a link or node_modules, so that its absence tells nothing. */
export function isUnseen(entries: Source['entries'], path: string): boolean {
  const parts = path.split('/');
  if (parts.slice(0, -1).includes('node_modules')) return true;
  return parts.some((_part, index) => entries.get(parts.slice(0, index).join('/'))?.kind === 'link');
}

/** The `main` of the package.json of a source, where it can be read. */
export function mainOf(source: Pick<Source, 'texts'>): string | undefined {
  return manifestOf(source)?.manifest?.main;
}
