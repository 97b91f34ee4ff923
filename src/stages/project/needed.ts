import { posix } from 'node:path';

import { listCopies } from '../../lint/dockerfile/context.ts';
import { cutAfterStage, parseDockerfile } from '../../lint/dockerfile/tree.ts';
import { manifestFile } from '../../lint/function/manifest.ts';
import type { FileEntry, Files } from '../../ports.ts';
import type { ContainerFacts } from './container.ts';
import type { FunctionFacts } from './function.ts';
import type { LeftOut } from './walk.ts';

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
export function listLoaded({ entry, folders }: FunctionFacts): Needed[] {
  return [
    { path: entry, why: 'the functions framework loads it' },
    { path: manifestFile, why: 'the platform reads it' },
    ...folders.map((path) => ({ path, why: `${entry} names it` })),
  ];
}

interface Walked {
  /** Absolute path of the source folder. */
  readonly folder: string;
  readonly found: readonly FileEntry[];
  readonly leftOut: readonly LeftOut[];
  readonly needed: readonly Needed[];
}

interface Added {
  readonly files: FileEntry[];
  /** What somebody has to hear of. */
  readonly missed: { readonly path: string; readonly why: string; readonly leftOutBy: LeftOut }[];
}

/** Finds what is needed and was left out. A folder of which something belongs is as it is meant to be. */
export async function addNeeded({ folder, found, leftOut, needed }: Walked, files: Files): Promise<Added> {
  const places = listPlaces(found);
  const added = new Map<string, FileEntry>();
  const missed: Added['missed'] = [];
  for (const { path, why } of needed) {
    const leftOutBy = leftOut.find((each) => isWithin(path, each.path) || isWithin(each.path, path));
    if (leftOutBy === undefined || places.has(path)) continue;
    const entries = (await files.listFiles(folder, path)).filter(
      (each) => !/(^|\/)\.git(\/|$)/.test(each.path),
    );
    for (const entry of entries) added.set(entry.path, entry);
    if (entries.length > 0 && why !== undefined) missed.push({ path, why, leftOutBy });
  }
  return { files: [...added.values()], missed };
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
