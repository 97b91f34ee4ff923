import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import {
  appendFile,
  copyFile,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { FileEntry, Files } from '../ports.ts';

/** The local file system. */
export function createFiles(signal: AbortSignal): Files {
  return {
    readText: async (path) => decode(await readFile(path, { signal }).catch(unlessAborted(signal))),
    kindOf: async (path) => kindOf(await lstat(path).catch(() => undefined)),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path).catch(() => undefined),
    listFolder: async (path) => {
      signal.throwIfAborted();
      const names = (await readdir(path)).sort();
      return Promise.all(names.map((name) => describe(path, name)));
    },
    digest: async (root, entries, also) => {
      const all = await digest(root, entries, signal);
      // An object stands for itself: every entry is a list.
      if (also !== undefined) all.update(JSON.stringify({ also }));
      return all.digest('hex');
    },
    copy: async (from, to, paths) => {
      for (const path of paths) {
        signal.throwIfAborted();
        await copyOne(join(from, path), join(to, path));
      }
    },
    copyFolder: (from, to) => cp(from, to, { recursive: true, verbatimSymlinks: true }),
    append: (path, text) => appendFile(path, text),
    write: async (path, text) => {
      await mkdir(dirname(path), { recursive: true });
      await rm(path, { force: true });
      await writeFile(path, text, { flag: 'wx', signal });
    },
    create: async (path, text) => {
      signal.throwIfAborted();
      return writeFile(path, text, { flag: 'wx' });
    },
    makeFolder: async (path) => {
      await mkdir(path, { recursive: true });
    },
    removeFolder: (path) => rm(path, { recursive: true, force: true }),
  };
}

function unlessAborted(signal: AbortSignal): () => undefined {
  return () => {
    signal.throwIfAborted();
    return undefined;
  };
}

function decode(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function kindOf(stats: Stats | undefined): FileEntry['kind'] | undefined {
  if (stats === undefined) return undefined;
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

async function describe(folder: string, name: string): Promise<FileEntry> {
  const stats = await lstat(join(folder, name));
  const isExecutable = (stats.mode & 0o111) !== 0;
  return { path: name, kind: kindOf(stats) ?? 'other', size: stats.size, isExecutable };
}

async function digest(root: string, entries: readonly FileEntry[], signal: AbortSignal): Promise<Hash> {
  const all = createHash('sha256');
  const throwIfAborted = signal.throwIfAborted.bind(signal);
  for (const { path, kind, isExecutable } of entries) {
    throwIfAborted();
    const content = createHash('sha256');
    if (kind === 'link') content.update(await readlink(join(root, path)));
    else await pipeline(createReadStream(join(root, path)), content, { signal }).finally(throwIfAborted);
    all.update(JSON.stringify([path, kind, isExecutable, content.digest('hex')]));
  }
  return all;
}

async function copyOne(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const isLink = kindOf(await lstat(from)) === 'link';
  await (isLink ? symlink(await readlink(from), to) : copyFile(from, to, constants.COPYFILE_FICLONE));
}
