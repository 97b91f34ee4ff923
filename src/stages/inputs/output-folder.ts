import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

import type { Files } from '../../ports.ts';
import { isInside, isOutside } from './inside.ts';

type Look = Pick<Files, 'kindOf' | 'realPath'>;

/** Says what is wrong with a folder that files are put into, as the end of a sentence; a relative one stays in the workspace. */
export async function findFolderFault(
  given: string,
  workspace: string,
  files: Files,
): Promise<string | undefined> {
  const path = resolve(workspace, given);
  if (!isAbsolute(given) && !(await isInside(join(path, 'file'), workspace, files)))
    return 'leads out of the workspace. Give a path inside of it, or an absolute one.';
  if (await holds(path, workspace, files))
    return 'holds the workspace. Give a folder inside of it, or beside it.';
  if ((await files.kindOf(path)) === undefined) return findFaultAbove(path, files);
  return (await findKind(path, files)) === 'folder' ? undefined : 'is no folder. Give another path.';
}

/** Says what is wrong with what stands above a path, as the end of a sentence. */
export async function findFaultAbove(path: string, files: Look): Promise<string | undefined> {
  const kind = await findKind(dirname(path), files);
  return kind === 'folder' ? undefined : 'lies below what is no folder. Give another path.';
}

async function holds(path: string, workspace: string, files: Look): Promise<boolean> {
  const [outer, inner] = [
    (await files.realPath(path)) ?? path,
    (await files.realPath(workspace)) ?? workspace,
  ];
  const way = relative(outer, inner);
  return way !== '' && !isOutside(way);
}

/** The kind of what stands at the path, links followed; of the first thing above it where nothing does. */
async function findKind(path: string, files: Look): ReturnType<Look['kindOf']> {
  const kind = await files.kindOf(path);
  if (kind === undefined && dirname(path) !== path) return findKind(dirname(path), files);
  const real = kind === 'link' ? await files.realPath(path) : undefined;
  return real === undefined ? kind : files.kindOf(real);
}
