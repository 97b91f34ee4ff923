import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

import type { ZipFile } from 'yauzl';

import { Failure } from '../../errors.ts';
import type { Extracted } from '../../ports.ts';
import { nameFullDisk } from '../files/full-disk.ts';
import { readEntries, type ZipEntry } from './entries.ts';
import { damaged, refusal } from './refusal.ts';
import { judgeTree } from './tree.ts';

/**
 * Unpacks a zip into a new folder. All of it is judged before anything is written; a package that is refused or damaged
 * is a ProjectError and leaves no folder. Files get the mode 0644 or 0755, links come last.
 */
export async function extract(file: string, to: string, signal: AbortSignal): Promise<Extracted> {
  const { openPromise } = await import('yauzl');
  signal.throwIfAborted();
  const zip = await openPromise(file, { autoClose: false, decodeStrings: false }).catch(explain);
  try {
    const entries = await readEntries(zip, signal);
    const clashes = judgeTree(entries);
    await mkdir(dirname(to), { recursive: true });
    await mkdir(to);
    await writeEntries(zip, entries, { to, signal }).catch(async (error: unknown) => {
      await rm(to, { recursive: true, force: true });
      throw error;
    });
    return { entries: entries.map(describe), clashes };
  } catch (error) {
    signal.throwIfAborted();
    return explain(nameFullDisk(error, to));
  } finally {
    zip.close();
  }
}

/** What the system says of the disk is no fault of the package. */
function explain(error: unknown): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || /^E[A-Z0-9]+$/.test(code)) throw error;
  throw refusal(`it is damaged (${message})`);
}

function describe({ path, kind, isExecutable, raw }: ZipEntry): Extracted['entries'][number] {
  return { path, kind, size: kind === 'folder' ? 0 : raw.uncompressedSize, isExecutable };
}

interface Place {
  readonly to: string;
  readonly signal: AbortSignal;
}

async function writeEntries(
  zip: ZipFile,
  entries: readonly ZipEntry[],
  { to, signal }: Place,
): Promise<void> {
  for (const entry of entries) {
    signal.throwIfAborted();
    const path = join(to, entry.path);
    await mkdir(entry.kind === 'folder' ? path : dirname(path), { recursive: true });
    if (entry.kind === 'file') await writeFile(zip, entry, { to: path, signal });
  }
  for (const { path, kind, target } of entries) if (kind === 'link') await symlink(target, join(to, path));
}

async function writeFile(
  zip: ZipFile,
  { path, isExecutable, raw }: ZipEntry,
  { to, signal }: Place,
): Promise<void> {
  const meter = createMeter();
  const mode = isExecutable ? 0o755 : 0o644;
  const bytes = await zip.openReadStreamPromise(raw);
  await pipeline(bytes, meter.stream, createWriteStream(to, { flags: 'wx', mode }), { signal });
  if (meter.bytes() !== raw.uncompressedSize || meter.checksum() !== raw.crc32) throw damaged(path);
  await chmod(to, mode);
}

function createMeter() {
  let [bytes, checksum] = [0, 0];
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, checksum: () => checksum };
}
