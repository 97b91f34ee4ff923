import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { codeOf } from '../../errors.ts';

/** Moves a file or a link in place of what stands there, at once: nobody sees half of it, also across devices. */
export async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyOver(from, to);
  }
}

/** Copies to a name beside the place first: only a whole file takes the place. */
async function copyOver(from: string, to: string): Promise<void> {
  const partial = join(dirname(to), `.${randomUUID()}.partial`);
  try {
    const isLink = (await lstat(from)).isSymbolicLink();
    await (isLink
      ? symlink(await readlink(from), partial)
      : copyFile(from, partial, constants.COPYFILE_EXCL));
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await rm(from);
}
