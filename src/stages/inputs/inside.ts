import { dirname, isAbsolute, relative } from 'node:path';

import type { Files } from '../../ports.ts';

/** True for a relative path that leads out of its folder. */
export function isOutside(path: string): boolean {
  return /^\.\.([\\/]|$)/.test(path) || isAbsolute(path);
}

/**
 * True where a file that is written at this path comes to lie in the workspace. Links are the checkout's, which may be
 * anybody's, so it is the folder that is there already that counts.
 */
export async function isInside(path: string, workspace: string, files: Files): Promise<boolean> {
  const folder = dirname(path);
  const real = await files.realPath(folder);
  if (real === undefined) return folder !== path && isInside(folder, workspace, files);
  return !isOutside(relative((await files.realPath(workspace)) ?? workspace, real));
}
