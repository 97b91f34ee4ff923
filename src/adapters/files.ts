import { createHash, type Hash } from 'node:crypto';
import { constants, lstatSync, type Stats } from 'node:fs';
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
import { dirname, join, posix } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';

import { codeOf } from '../errors.ts';
import type { FileEntry, Files } from '../ports.ts';
import { move } from './files/move.ts';
import { readEntry, refuseUnreadable } from './files/read.ts';

/** The local file system. */
export function createFiles(signal: AbortSignal): Files {
  return {
    readText: async (path) => decode(await readFile(path, { signal }).catch(unlessAborted(signal))),
    readLooseText: async (path) => {
      const bytes = await readFile(path, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        return /^(ENOENT|ENOTDIR)$/.test(codeOf(error)) ? undefined : refuseUnreadable(path, error);
      });
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    kindOf: async (path) => kindOf(await lstat(path).catch(() => undefined)),
    readLink: (path) => readlink(path),
    realPath: (path) => realpath(path).catch(() => undefined),
    listFolder: (path) => listFolder(path, signal),
    listFiles: (folder, path) => listFiles(folder, path, signal),
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
    move: async (from, to) => {
      signal.throwIfAborted();
      await move(from, to);
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

async function listFolder(path: string, signal: AbortSignal): Promise<FileEntry[]> {
  signal.throwIfAborted();
  const names = await readdir(path).catch((error: unknown) => refuseUnreadable(path, error));
  return names.sort().map((name) => describe(path, name));
}

/** Asked synchronously: of ten thousands of files, the round trips through the thread pool would take seconds. */
function describe(folder: string, name: string): FileEntry {
  const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
  // Nothing is there by this name: it has gone meanwhile, or it is no UTF-8, and then this is not its name.
  if (stats === undefined) return { path: name, kind: 'other', size: 0, isExecutable: false };
  const isExecutable = (stats.mode & 0o111) !== 0;
  const { size, ctimeMs: changedAtMs } = stats;
  return { path: name, kind: kindOf(stats) ?? 'other', size, isExecutable, changedAtMs };
}

async function listFiles(folder: string, path: string, signal: AbortSignal): Promise<FileEntry[]> {
  const kind = kindOf(await lstat(join(folder, path)).catch(() => undefined));
  if (kind === undefined) return [];
  if (kind !== 'folder') return [{ ...describe(folder, path), path }];
  const found: FileEntry[] = [];
  for (const entry of await listFolder(join(folder, path), signal)) {
    const inside = posix.join(path, entry.path);
    if (entry.kind === 'folder') found.push(...(await listFiles(folder, inside, signal)));
    else found.push({ ...entry, path: inside });
  }
  return found;
}

/** After so long, signals get their turn. */
const longestWorkMs = 20;

async function digest(root: string, entries: readonly FileEntry[], signal: AbortSignal): Promise<Hash> {
  const all = createHash('sha256');
  await pause();
  signal.throwIfAborted();
  let pausedAt = performance.now();
  for (const entry of entries) {
    const content = createHash('sha256');
    for (const chunk of readEntry(root, entry)) {
      content.update(chunk);
      if (performance.now() - pausedAt < longestWorkMs) continue;
      await pause();
      signal.throwIfAborted();
      pausedAt = performance.now();
    }
    all.update(describeContent(entry, content));
  }
  return all;
}

/** What the digest of a source holds of an entry. */
export function describeContent({ path, kind, isExecutable }: FileEntry, content: Hash): string {
  return JSON.stringify([path, kind, isExecutable, content.digest('hex')]);
}

async function copyOne(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const isLink = kindOf(await lstat(from)) === 'link';
  await (isLink ? symlink(await readlink(from), to) : copyFile(from, to, constants.COPYFILE_FICLONE));
}
