import { join, posix } from 'node:path';

import { InputError } from '../../errors.ts';
import type { FileEntry, Files } from '../../ports.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import type { Patterns } from './patterns.ts';

/** What decides whether a file belongs; paths are relative to the source folder. */
export interface Choice {
  /** Absolute path of the source folder. */
  readonly folder: string;
  /** Where the walk begins: `.`, or the build folder. */
  readonly start: string;
  readonly rules: IgnoreRules;
  readonly include: Patterns;
  readonly exclude: Patterns;
  /** Files that this step or one before it has written. */
  readonly ownFiles: readonly string[];
  /** Whether installed Node.js modules belong. */
  readonly hasModules: boolean;
}

/** A file or folder that does not belong. */
export interface LeftOut {
  readonly path: string;
  readonly isFolder: boolean;
  /** `rules`: those of the ignore file or of the mode; `report`: of lint; `always`: whatever anybody says. */
  readonly by: 'always' | 'exclude' | 'rules' | 'report';
}

interface Walked {
  readonly found: FileEntry[];
  readonly leftOut: LeftOut[];
  /** What belongs though the rules leave it out. */
  readonly broughtBack: string[];
}

/** Walks a source and tells apart what belongs and what does not; a folder in which nothing can belong is not entered. */
export async function walk(choice: Choice, files: Files): Promise<Walked> {
  const into: Walked = { found: [], leftOut: [], broughtBack: [] };
  // Whoever leaves out what is never packaged is right, also where it is not there.
  for (const name of neverPackaged) {
    choice.exclude.match(name, true);
    choice.exclude.match(`${name}/x`, false);
  }
  await walkFolder(choice, choice.start, { into, files });
  return into;
}

const neverPackaged = ['.git', 'node_modules'] as const;

async function walkFolder(
  choice: Choice,
  folder: string,
  { into, files, isLeftOut = false }: Walking,
): Promise<void> {
  const listed = files.listFolder(join(choice.folder, folder));
  for (const entry of await (isLeftOut ? listed.catch(unlessUnreadable) : listed)) {
    const path = posix.join(folder, entry.path);
    const isFolder = entry.kind === 'folder';
    const verdict = judge(choice, path, isFolder);
    const isOut = verdict !== 'in' && verdict !== 'back';
    if (isOut && !(isFolder && mayHoldMore(choice, verdict))) {
      into.leftOut.push({ path, isFolder, by: verdict });
    } else if (isFolder) {
      await walkFolder(choice, path, { into, files, isLeftOut: isLeftOut || isOut });
    } else {
      into.found.push({ ...entry, path });
      if (verdict === 'back') into.broughtBack.push(path);
    }
  }
}

interface Walking {
  readonly into: Walked;
  readonly files: Files;
  /** True in a folder that is left out, but for what may come back. */
  readonly isLeftOut?: boolean;
}

function unlessUnreadable(error: unknown): readonly FileEntry[] {
  if (error instanceof InputError) return [];
  throw error;
}

/** Whether the path is `in`, brought `back` by `include`, or left out. */
function judge(choice: Choice, path: string, isFolder: boolean): LeftOut['by'] | 'in' | 'back' {
  const { rules, include, exclude } = choice;
  const isExcluded = exclude.match(path, isFolder);
  if (isNeverPackaged(choice, path)) return 'always';
  const isIncluded = include.match(path, isFolder);
  if (isExcluded) return 'exclude';
  if (!rules.ignores(path, isFolder)) return isReport(path) && !isIncluded ? 'report' : 'in';
  return isIncluded ? 'back' : 'rules';
}

/** True for what is left out whatever anybody says, but for what a Dockerfile names. */
function isNeverPackaged({ ownFiles, hasModules }: Choice, path: string): boolean {
  const name = posix.basename(path);
  if (name === '.git' || ownFiles.includes(path)) return true;
  return name === 'node_modules' && !hasModules;
}

/** A report of lint, of this step or of one before it. */
function isReport(path: string): boolean {
  return path.endsWith('.sarif');
}

/** A pattern that has matched nothing yet may mean something in there. */
function mayHoldMore({ rules, include, exclude }: Choice, by: LeftOut['by']): boolean {
  if (by === 'always') return false;
  if (include.isWaiting() || exclude.isWaiting()) return true;
  return by === 'rules' && (rules.hasExceptions || !include.isEmpty);
}
