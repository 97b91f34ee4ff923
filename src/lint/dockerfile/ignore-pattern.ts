import { posix } from 'node:path';

/** A line of a .dockerignore that says something. */
export interface IgnorePattern {
  /** Counts from 1. */
  readonly line: number;
  /** As it is written, without white space around it. */
  readonly written: string;
  /** True for a line with `!`, which takes back what lines before it exclude. */
  readonly isException: boolean;
  /** Of whole paths; folders that a path stands in are asked for themselves. */
  readonly form: RegExp;
}

/**
 * The patterns of a .dockerignore as BuildKit reads them (moby/patternmatcher, ignorefile): comments and blank lines say
 * nothing, a slash at either end counts for nothing, `**` stands for any number of folders. Lines that are no patterns
 * are named by their numbers.
 */
export function parseIgnorePatterns(text: string): {
  readonly patterns: readonly IgnorePattern[];
  readonly faults: readonly number[];
} {
  const faults: number[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const patterns = lines.flatMap((raw, index): IgnorePattern[] => {
    const written = raw.trim();
    if (raw.startsWith('#') || written === '') return [];
    const isException = written.startsWith('!');
    const path = cleanPath(isException ? written.slice(1).trim() : written);
    const form = path === undefined ? undefined : compile(path);
    if (form === undefined) faults.push(index + 1);
    return form === undefined ? [] : [{ line: index + 1, written, isException, form }];
  });
  return { patterns, faults };
}

/** Longer lines are no paths, and would take long to read. */
const longestPattern = 1_000;

function cleanPath(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > longestPattern) return undefined;
  return posix
    .normalize(pattern)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/(?=.)/, '');
}

/** One piece of a pattern: a class, an escaped sign, stars, any other sign. */
const piece = /\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|(\*\*\/?)|([\s\S])/gsu;

function compile(pattern: string): RegExp | undefined {
  let source = '';
  for (const [, not, members, escaped, stars, sign = ''] of pattern.matchAll(piece)) {
    if (members !== undefined) source += `[${not ?? ''}${members.replace(/[[\]]/g, '\\$&')}]`;
    else if (escaped !== undefined) source += escape(escaped);
    else if (stars !== undefined) source += '(.*/)?';
    else if (sign === '[' || sign === '\\') return undefined;
    else source += { '*': '[^/]*', '?': '[^/]' }[sign] ?? escape(sign);
  }
  const last = pattern.endsWith('**') ? source.replace(/\(\.\*\/\)\?$/, '.*') : source;
  try {
    return new RegExp(`^${last}$`, 'su');
  } catch {
    return undefined;
  }
}

function escape(sign: string): string {
  return /[\^$.*+?()[\]{}|/\\]/.test(sign) ? `\\${sign}` : sign;
}

/** A path as a pattern that matches it: white space at its end would be cut off. */
export function spellIgnorePattern(path: string): string {
  return `/${path.replace(/[*?[\]\\]/g, '\\$&').replace(/\s$/, '?')}`;
}

/** Tells what patterns leave out, with a memory of the folders that were asked for. */
export function createIgnoreMatcher(patterns: readonly IgnorePattern[]): (path: string) => boolean {
  const folders = new Map<string, Verdict>();
  const judgeFolder = (path: string): Verdict | undefined => {
    if (path === '.') return undefined;
    const known = folders.get(path);
    if (known !== undefined) return known;
    const verdict = judge(patterns, path, judgeFolder(posix.dirname(path)));
    folders.set(path, verdict);
    return verdict;
  };
  return (path) => judge(patterns, path, judgeFolder(posix.dirname(path))).isIgnored;
}

interface Verdict {
  readonly isIgnored: boolean;
  /** For each pattern whether it holds for the path, by itself or by a folder that it stands in. */
  readonly holds: readonly boolean[];
}

/** A pattern that could change nothing is not asked, and does not hold for what stands inside (MatchesUsingParentResults). */
function judge(patterns: readonly IgnorePattern[], path: string, folder: Verdict | undefined): Verdict {
  let isIgnored = false;
  const holds = patterns.map(({ isException, form }, index) => {
    const isHeld = folder?.holds[index] === true || (isException === isIgnored && form.test(path));
    if (isHeld) isIgnored = !isException;
    return isHeld;
  });
  return { isIgnored, holds };
}
