import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ReadStreamOptions, ZipFile } from 'yazl';

import type { Archive, FileEntry, Packed } from '../ports.ts';
import { extract } from './archive/extract.ts';
import { describeContent } from './files.ts';
import { nameFullDisk } from './files/full-disk.ts';
import { readEntry } from './files/read.ts';

/** Zip files: written with yazl in the given order, with a fixed time and a mode of 0644 or 0755; read with yauzl. */
export function createArchive(signal: AbortSignal): Archive {
  return {
    write: (root, entries, to) => write({ root, entries, to }, signal),
    extract: (file, to) => extract(file, to, signal),
  };
}

interface Writing {
  readonly root: string;
  readonly entries: readonly FileEntry[];
  readonly to: string;
}

async function write({ root, entries, to }: Writing, signal: AbortSignal): Promise<Packed> {
  signal.throwIfAborted();
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const content = createHash('sha256');
  const meter = createMeter();
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    meter.stream.destroy();
  };
  zip.on('error', fail);
  const common = { ...fixed, compressionLevel: isLarge(entries) ? 1 : 6 };
  const describe = (entry: FileEntry): Partial<ReadStreamOptions> => ({ ...common, mode: modeOf(entry) });
  const read = (entry: FileEntry): Iterable<Buffer> => readContent(root, entry, content);
  const feed = isLarge(entries) ? feedStreams : feedBatches;
  feed(entries, { zip, describe, read, fail });
  await pipeline(zip.outputStream, meter.stream, createWriteStream(to), { signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw nameFullDisk(failure ?? error, to);
    },
  );
  return { bytes: meter.bytes(), sha256: meter.sha256(), contentSha256: content.digest('hex') };
}

/** Bytes depend on the contents alone: the time is written in local fields, which are the same everywhere. */
const fixed = { mtime: new Date(2000, 0, 1), forceDosTimestamp: true } as const;

/** Sources from this size on, in bytes, are compressed fast instead of well, and one file after the other. */
const largeSource = 20 * 1024 * 1024;

function isLarge(entries: readonly FileEntry[]): boolean {
  return entries.reduce((sum, { size }) => sum + size, 0) >= largeSource;
}

interface Feed {
  readonly zip: ZipFile;
  readonly describe: (entry: FileEntry) => Partial<ReadStreamOptions>;
  readonly read: (entry: FileEntry) => Iterable<Buffer>;
  readonly fail: (error: unknown) => void;
}

/** Each file is opened when its turn comes: memory stays flat whatever the size of the source. */
function feedStreams(entries: readonly FileEntry[], { zip, describe, read, fail }: Feed): void {
  for (const entry of entries)
    zip.addReadStreamLazy(entry.path, { ...describe(entry), size: entry.size }, (take) => {
      take(null, Readable.from(read(entry), { objectMode: false }).on('error', fail));
    });
  zip.end();
}

/** So many files are compressed at once: each takes a quarter of a megabyte while it is. */
const batchFiles = 16;

/**
 * Files are handed over whole, a batch at a time, so that several are compressed at once. The last one of a batch comes as
 * a stream: when its turn has come, those before it are done, and the next batch is made.
 */
function feedBatches(entries: readonly FileEntry[], feed: Feed, start = 0): void {
  const { zip, describe, read, fail } = feed;
  const end = start + batchFiles;
  try {
    for (const [at, entry] of entries.slice(start, end).entries()) {
      const bytes = Buffer.concat([...read(entry)]);
      if (at < batchFiles - 1) zip.addBuffer(bytes, entry.path, describe(entry));
      else
        zip.addReadStreamLazy(entry.path, { ...describe(entry), size: bytes.length }, (take) => {
          feedBatches(entries, feed, end);
          take(null, Readable.from([bytes], { objectMode: false }));
        });
    }
  } catch (error) {
    fail(error);
  }
  if (end > entries.length) zip.end();
}

function modeOf({ kind, isExecutable }: FileEntry): number {
  if (kind === 'link') return 0o120777;
  return isExecutable ? 0o100755 : 0o100644;
}

/** Hands on what is read. One hash takes all entries, for they are read one after the other. */
function* readContent(root: string, entry: FileEntry, all: Hash): Generator<Buffer, void> {
  const own = createHash('sha256');
  for (const chunk of readEntry(root, entry)) {
    own.update(chunk);
    yield chunk;
  }
  all.update(describeContent(entry, own));
}

function createMeter(): { stream: Transform; bytes: () => number; sha256: () => string } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, sha256: () => hash.digest('hex') };
}
