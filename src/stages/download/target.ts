import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import type { FileEntry, Files } from '../../ports.ts';

/** A folder that a package goes into, and what becomes of files that it holds already. */
export interface Destination {
  /** Absolute path; it need not exist. */
  readonly folder: string;
  readonly existing: 'keep' | 'replace';
}

/** What of a package goes into a folder. Paths are relative to it. */
export interface Placement {
  readonly folders: readonly string[];
  /** Files and links that are put there. */
  readonly moved: readonly string[];
  /** Files and links that the folder holds already, and keeps. */
  readonly kept: readonly string[];
}

type KindOf = (path: string) => Promise<FileEntry['kind'] | undefined>;

const mostProblems = 10;

/**
 * Judges what stands in a folder before anything is put into it: nothing may land where a link leads, nor a file in place
 * of a folder. What stands in the way is an InputError.
 */
export async function judgeTarget(
  entries: readonly FileEntry[],
  { folder, existing }: Destination,
  files: Pick<Files, 'kindOf'>,
): Promise<Placement> {
  const kindOf = rememberKinds(folder, files);
  const placement = { folders: [] as string[], moved: [] as string[], kept: [] as string[] };
  const obstacles = new Set<string>();
  for (const entry of entries) {
    const { path } = entry;
    const obstacle = await findObstacle(entry, existing, kindOf);
    if (obstacle !== undefined) obstacles.add(obstacle);
    else if (entry.kind === 'folder') placement.folders.push(path);
    else if (existing === 'keep' && (await kindOf(path)) !== undefined) placement.kept.push(path);
    else placement.moved.push(path);
  }
  if (obstacles.size > 0) throw refuse([...obstacles]);
  return placement;
}

/** Folders are asked for again and again. */
function rememberKinds(folder: string, files: Pick<Files, 'kindOf'>): KindOf {
  const kinds = new Map<string, FileEntry['kind'] | undefined>();
  return async (path) => {
    if (!kinds.has(path)) kinds.set(path, await files.kindOf(join(folder, path)));
    return kinds.get(path);
  };
}

async function findObstacle(
  { path, kind }: FileEntry,
  existing: Destination['existing'],
  kindOf: KindOf,
): Promise<string | undefined> {
  for (const above of foldersOf(kind === 'folder' ? `${path}/` : path)) {
    const found = await kindOf(above);
    if (found === undefined) return undefined;
    if (found === 'link') return `holds the link "${above}", where the package has a folder`;
    if (found !== 'folder') return `holds "${above}" as a file, where the package has a folder`;
  }
  if (kind === 'folder') return undefined;
  const found = await kindOf(path);
  if (found === 'folder') return `holds "${path}" as a folder, where the package has a ${kind}`;
  return found === 'other' && existing === 'replace' ? `holds "${path}", which is no file` : undefined;
}

/** The folders of a path, the outermost first. */
function foldersOf(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

function refuse(obstacles: readonly string[]): InputError {
  const shown = obstacles.slice(0, mostProblems);
  const left = obstacles.length - shown.length;
  const more = left === 0 ? [] : [`holds ${left} more that stand in the way`];
  return new InputError(
    [...shown, ...more].map((obstacle) => ({
      subject: 'output-path',
      message: `${obstacle}. Nothing was written. Move it away, or name another folder.`,
    })),
  );
}
