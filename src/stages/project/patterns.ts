import ignore from 'ignore';

import type { Problem } from '../../errors.ts';
import type { InputName } from '../../inputs.ts';

/** The patterns of one input, written as in .gitignore; which of them have matched is remembered. */
export interface Patterns {
  readonly isEmpty: boolean;
  /** True where a pattern matches the path, or a folder that it stands in. */
  match(path: string, isFolder: boolean): boolean;
  /** The pattern that matches. */
  nameRule(path: string, isFolder: boolean): string;
  /** True while some pattern has matched nothing yet. */
  isWaiting(): boolean;
  /** A problem for each pattern that has matched nothing. */
  listIdle(): Problem[];
}

/** Creates the patterns of an input. Each is asked alone until it has matched once, all of them together afterwards. */
export function createPatterns(subject: InputName, patterns: readonly string[]): Patterns {
  const matcher = ignore({ ignorecase: false }).add([...patterns]);
  const waiting = new Map(
    patterns.map((pattern) => [pattern, ignore({ ignorecase: false }).add(pattern)] as const),
  );
  const spell = (path: string, isFolder: boolean): string => (isFolder ? `${path}/` : path);
  return {
    isEmpty: patterns.length === 0,
    match: (path, isFolder) => {
      if (patterns.length === 0) return false;
      for (const [pattern, single] of waiting)
        if (single.ignores(spell(path, isFolder))) waiting.delete(pattern);
      return matcher.ignores(spell(path, isFolder));
    },
    nameRule: (path, isFolder) => `${subject} ("${matcher.test(spell(path, isFolder)).rule?.pattern ?? ''}")`,
    isWaiting: () => waiting.size > 0,
    listIdle: () =>
      [...waiting.keys()].map((pattern) => ({
        subject,
        message: `"${pattern}" matches no file of the source. Correct the pattern, or take it out.`,
      })),
  };
}
