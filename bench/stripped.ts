import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Writes the sources of the action as JavaScript into a folder of their own, so that what is measured is not the memory of
 * the type stripper. Resolves to that folder and to what removes it.
 */
export async function stripSources(): Promise<{ folder: string; remove: () => Promise<void> }> {
  await mkdir(join(root, '.tmp'), { recursive: true });
  const folder = await mkdtemp(join(root, '.tmp', 'bench-'));
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  const paths = await readdir(join(root, 'src'), { recursive: true });
  for (const path of paths.filter((each) => each.endsWith('.ts'))) {
    const text = await readFile(join(root, 'src', path), 'utf8');
    const code = stripTypeScriptTypes(text).replace(/(from |import\()'(\.[^']*)\.ts'/g, "$1'$2.js'");
    const to = join(folder, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, code);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
