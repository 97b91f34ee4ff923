import { posix } from 'node:path';

import { InputError } from '../../errors.ts';
import { listCopies } from '../../lint/dockerfile/context.ts';
import { cutAfterStage, parseDockerfile } from '../../lint/dockerfile/tree.ts';
import { manifestFile } from '../../lint/function/manifest.ts';
import type { FileEntry, Files } from '../../ports.ts';
import type { ContainerFacts } from './container.ts';
import type { FunctionFacts } from './function.ts';
import type { Choice, LeftOut } from './walk.ts';

/** A file or folder without which the service cannot be built or started. */
export interface Needed {
  /** Relative to the source folder. */
  readonly path: string;
  /** What needs it, as half a sentence; undefined for what is in every package, whatever an ignore file says of it. */
  readonly why?: string;
}

/** What a Dockerfile takes by name from its build folder, up to the stage that is built. */
export function listCopied(
  { buildFolder, dockerfile, dockerfileText }: ContainerFacts,
  target: string,
): Needed[] {
  return listCopies(parseDockerfile(cutAfterStage(dockerfileText, target))).flatMap(
    ({ from, sources, instruction }) => {
      const why = `${instruction.getKeyword()} in line ${instruction.getRange().start.line + 1} of ${dockerfile} takes it`;
      const own = from === undefined ? sources.filter(({ path }) => path !== '.') : [];
      return own.map(({ path }) => ({ path: posix.join(buildFolder, path), why }));
    },
  );
}

/** What the functions framework loads, with the package.json that names it. */
export function listLoaded({ entry, needed }: FunctionFacts): Needed[] {
  return [
    { path: entry, why: 'the functions framework loads it' },
    { path: manifestFile, why: 'the platform reads it' },
    ...needed.map((path) => ({ path, why: `${entry} names it` })),
  ];
}

interface Walked {
  readonly choice: Choice;
  readonly found: readonly FileEntry[];
  readonly leftOut: readonly LeftOut[];
}

interface Added {
  /** What was left out and belongs; those without a reason are in every package. */
  readonly files: readonly { readonly entry: FileEntry; readonly why: string | undefined }[];
  /** What somebody has to hear of. */
  readonly missed: readonly { readonly path: string; readonly why: string; readonly leftOutBy: LeftOut }[];
}

/**
 * Finds what is needed and was left out. A folder of which something belongs is as it is meant to be. What a Dockerfile
 * takes of `.git` is an InputError: a checkout may have left its token there.
 */
export async function addNeeded(
  needed: readonly Needed[],
  { choice, found, leftOut }: Walked,
  files: Files,
): Promise<Added> {
  const places = listPlaces(found);
  const added = new Map<string, Added['files'][number]>();
  const missed: { path: string; why: string; leftOutBy: LeftOut }[] = [];
  for (const { path, why } of needed) {
    const leftOutBy = leftOut.find((each) => isWithin(path, each.path) || isWithin(each.path, path));
    if (leftOutBy === undefined || places.has(path)) continue;
    if (why !== undefined && /(^|\/)\.git(\/|$)/.test(path)) refuseGit(path, why);
    const entries = (await files.listFiles(choice.folder, path)).filter((entry) =>
      isMeant(choice, path, entry),
    );
    for (const entry of entries) added.set(entry.path, { entry, why });
    if (entries.length > 0 && why !== undefined) missed.push({ path, why, leftOutBy });
  }
  return { files: [...added.values()], missed };
}

function refuseGit(path: string, why: string): never {
  const message =
    `"${path}" is never packaged, for it may hold the token of the checkout, but ${why}. ` +
    'Write what the build needs into a file in a step before this one.';
  throw new InputError([{ subject: 'source', message }]);
}

/** What is left out for itself stays so, also within a folder that is needed. */
function isMeant({ exclude, hasModules, ownFiles }: Choice, path: string, entry: FileEntry): boolean {
  const below = entry.path.slice(path.length);
  const isOfModule = !hasModules && !isModule(path) && isModule(below);
  if (/\/\.git(\/|$)/.test(below) || isOfModule || ownFiles.includes(entry.path)) return false;
  return exclude.match(path, true) || !exclude.match(entry.path, false);
}

function isModule(path: string): boolean {
  return /(^|\/)node_modules(\/|$)/.test(path);
}

/** The paths of the files and of every folder that holds one. */
function listPlaces(found: readonly FileEntry[]): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { path } of found)
    for (let place = path; place !== '.' && !places.has(place); place = posix.dirname(place))
      places.add(place);
  return places;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
