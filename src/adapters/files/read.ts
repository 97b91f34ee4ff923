import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';

import { codeOf, InputError } from '../../errors.ts';
import type { FileEntry } from '../../ports.ts';

const chunkBytes = 32 * 1024;

/**
 * Reads an entry of a source piece by piece: the content of a file, the target of a link. What cannot be read, or is
 * another file at the end than it was when it was listed, is an InputError that names it. Most files are small, and for
 * them the round trips through the thread pool would take longer than the work.
 */
export function* readEntry(root: string, entry: FileEntry): Generator<Buffer, void> {
  const path = join(root, entry.path);
  if (entry.content !== undefined) {
    yield Buffer.from(entry.content);
    return;
  }
  if (entry.kind === 'link') {
    yield Buffer.from(attempt(entry, () => readlinkSync(path)));
    return;
  }
  // A link that has taken the file's place meanwhile is not followed.
  const file = attempt(entry, () => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    const before = fstatSync(file);
    const { size, changedAtMs = before.ctimeMs } = entry;
    if (before.size !== size || before.ctimeMs !== changedAtMs) refuseChanged(entry.path);
    yield* readChunks(file, entry);
    if (!isSame(before, fstatSync(file))) refuseChanged(entry.path);
  } finally {
    closeSync(file);
  }
}

function* readChunks(file: number, entry: FileEntry): Generator<Buffer, void> {
  for (let rest = entry.size; rest > 0;) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, rest));
    const bytesRead = attempt(entry, () => readSync(file, buffer));
    if (bytesRead === 0) refuseChanged(entry.path);
    rest -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function attempt<T>({ path }: FileEntry, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuseUnreadable(path, error);
  }
}

function isSame(before: Stats, after: Stats): boolean {
  return before.size === after.size && before.mtimeMs === after.mtimeMs && before.ctimeMs === after.ctimeMs;
}

/** A file of the source is another one than it was a moment ago. */
export function refuseChanged(path: string): never {
  const message = `"${path}" changed while the source was read. Let nothing write into the source folder while this step runs.`;
  throw new InputError([{ subject: 'source', message }]);
}

/** Names the path that cannot be read, and why. */
export function refuseUnreadable(path: string, error: unknown): never {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ELOOP') refuseChanged(path);
  const reason = code === '' ? String(error) : code;
  const message = `"${path}" cannot be read (${reason}). Change its permissions, or leave it out with exclude.`;
  throw new InputError([{ subject: 'source', message }]);
}
