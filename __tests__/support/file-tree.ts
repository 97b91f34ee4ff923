import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Every path below a folder, with the mode and the text of a file, or where a link leads; links are not followed. */
export async function listTree(root: string, under = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(join(root, under))).sort()) {
    const path = under === '' ? name : `${under}/${name}`;
    const place = join(root, path);
    const stats = await lstat(place);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found[path] = `-> ${await readlink(place)}`;
    else if (stats.isDirectory()) Object.assign(found, { [path]: 'folder' }, await listTree(root, path));
    else found[path] = `${mode} ${await readFile(place, 'utf8')}`;
  }
  return found;
}
