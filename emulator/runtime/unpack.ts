import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { BuildFailure } from './instance.ts';

const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;

/**
 * Unpacks a zip into a folder, with the permissions it carries. An entry or a link that would leave the folder is a
 * build failure, and so is a file that is no zip.
 */
export async function unpack(zipFile: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const zip = await openZip(zipFile);
  try {
    for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, folder);
  } catch (error) {
    throw new BuildFailure(
      `the package cannot be unpacked: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  } finally {
    zip.close();
  }
}

async function openZip(zipFile: string): Promise<ZipFile> {
  try {
    return await openPromise(zipFile, { autoClose: false, strictFileNames: true });
  } catch (error) {
    throw new BuildFailure(`the package is no zip: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const target = inside(folder, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const mode = entry.externalFileAttributes >>> 16;
  const bytes = await zip.openReadStreamPromise(entry);
  if ((mode & FILE_TYPE) === SYMLINK) {
    const link = await text(bytes);
    inside(folder, relative(folder, resolve(dirname(target), link)));
    await symlink(link, target);
    return;
  }
  await pipeline(bytes, createWriteStream(target, { flags: 'wx' }));
  await chmod(target, mode & 0o777 || 0o644);
}

function inside(folder: string, name: string): string {
  const target = resolve(folder, name);
  if (target !== folder && !target.startsWith(folder + sep))
    throw new Error(`"${name}" leads out of the folder`);
  return target;
}
