import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ZipFile } from 'yazl';

import type { Archive, FileEntry } from '../ports.ts';

/** The time that every entry carries: bytes depend on the contents alone. */
const entryTime = new Date(2000, 0, 1);
const common = { mtime: entryTime, forceDosTimestamp: true } as const;

/** Writes zip files with yazl: entries in the given order, a fixed time, and a mode of 0644 or 0755. */
export function createArchive(signal: AbortSignal): Archive {
  return {
    write: async (root, entries, to) => {
      const { ZipFile } = await import('yazl');
      const zip = new ZipFile();
      for (const entry of entries) await addEntry(zip, root, entry);
      zip.end();
      const hash = createHash('sha256');
      let bytes = 0;
      const meter = new Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          hash.update(chunk);
          bytes += chunk.length;
          done(null, chunk);
        },
      });
      zip.on('error', (error) => meter.destroy(error as Error));
      await pipeline(zip.outputStream, meter, createWriteStream(to), { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      });
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}

async function addEntry(zip: ZipFile, root: string, entry: FileEntry): Promise<void> {
  const path = join(root, entry.path);
  if (entry.kind === 'link') {
    zip.addBuffer(Buffer.from(await readlink(path)), entry.path, { ...common, mode: 0o120777 });
  } else {
    zip.addFile(path, entry.path, { ...common, mode: entry.isExecutable ? 0o100755 : 0o100644 });
  }
}
