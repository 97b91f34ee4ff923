import { createHash, randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

import { createArchive } from '../../src/adapters/archive.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { InputError, ProjectError } from '../../src/errors.ts';
import type { FileEntry } from '../../src/ports.ts';
import { failureOf } from '../support/failure.ts';

const { signal } = new AbortController();
const archive = createArchive(signal);
const files = createFiles(signal);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const names = ['bin/run.sh', 'empty', 'index.js', '名前.txt'];

async function makeSource(name: string, time = new Date()): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, 'bin'), { recursive: true });
  for (const path of names) {
    await writeFile(join(root, path), path === 'empty' ? '' : `content of ${path}`);
    await utimes(join(root, path), time, time);
  }
  await chmod(join(root, 'bin/run.sh'), 0o700);
  await symlink('bin/run.sh', join(root, 'link'));
  return root;
}

async function list(root: string): Promise<FileEntry[]> {
  const entries = await files.listFiles(root, '.');
  return [...entries].sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function readEntries<T>(path: string, read: (zip: ZipFile, entry: Entry) => Promise<T>): Promise<T[]> {
  const zip = await openPromise(path);
  const found: T[] = [];
  for await (const entry of zip.eachEntry()) found.push(await read(zip, entry));
  return found;
}

function readZip(path: string): Promise<string[]> {
  return readEntries(path, async (zip, entry) => {
    const mode = (entry.externalFileAttributes >>> 16).toString(8);
    return `${mode} ${entry.fileName}: ${await text(await zip.openReadStreamPromise(entry))}`;
  });
}

describe('an archive', () => {
  it('holds every entry in its order, with its mode', async () => {
    const root = await makeSource('a');
    const to = join(folder, 'a.zip');
    const entries = await list(root);
    const { bytes, sha256, contentSha256 } = await archive.write(root, entries, to);
    expect(await readZip(to)).toEqual([
      '100755 bin/run.sh: content of bin/run.sh',
      '100644 empty: ',
      '100644 index.js: content of index.js',
      '120777 link: bin/run.sh',
      '100644 名前.txt: content of 名前.txt',
    ]);
    const written = await readFile(to);
    expect(bytes).toBe(written.length);
    expect(sha256).toBe(createHash('sha256').update(written).digest('hex'));
    expect(contentSha256).toBe(await files.digest(root, entries));
  });

  it('has the same bytes whenever and wherever its files were written', async () => {
    const [first, second] = [join(folder, 'a.zip'), join(folder, 'b.zip')];
    const a = await makeSource('a', new Date(2001, 1, 1));
    const b = await makeSource('b', new Date(2020, 5, 5));
    const packed = await archive.write(a, await list(a), first);
    expect(await archive.write(b, await list(b), second)).toEqual(packed);
    expect(await readFile(second)).toEqual(await readFile(first));
  });

  it('is compressed well below 20 MB of source, else fast', async () => {
    const root = join(folder, 'large');
    await mkdir(root);
    const source = await readFile('package-lock.json');
    await writeFile(join(root, 'a.txt'), source);
    await writeFile(join(root, 'b.bin'), Buffer.alloc(20 * 1024 * 1024));
    const entries = await list(root);
    const sizeOf = async (all: readonly FileEntry[]): Promise<number> => {
      const to = join(folder, 'x.zip');
      await archive.write(root, all, to);
      const [size = 0] = await readEntries(to, (_zip, entry) => Promise.resolve(entry.compressedSize));
      return size;
    };
    const [well, fast] = [await sizeOf(entries.slice(0, 1)), await sizeOf(entries)];
    const levelOf = (level: number): number => deflateRawSync(source, { level }).length;
    expect([well, fast]).toEqual([levelOf(6), levelOf(1)]);
    expect(well).toBeLessThan(fast);
  });

  it('is not written after an abort', async () => {
    const reason = new RangeError('aborted');
    const root = await makeSource('a');
    const aborted = createArchive(AbortSignal.abort(reason));
    const work = async () => aborted.write(root, await list(root), join(folder, 'a.zip'));
    expect(await failureOf(RangeError, work)).toBe(reason);
  });

  it('that is under way ends with the reason of an abort', async () => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    const root = await makeSource('a');
    await writeFile(join(root, 'large'), randomBytes(50_000_000));
    const work = createArchive(stop.signal).write(root, await list(root), join(folder, 'a.zip'));
    setTimeout(() => {
      stop.abort(reason);
    }, 30);
    expect(await failureOf(RangeError, () => work)).toBe(reason);
  });
});

describe('a source that changes after it was listed', () => {
  const changed = (path: string): string =>
    `source: "${path}" changed while the source was read. Let nothing write into the source folder while this step runs.`;

  it.each<[string, string, (path: string) => Promise<void>]>([
    ['a file is gone', 'index.js', unlink],
    ['a file grows', 'index.js', (path) => appendFile(path, 'more')],
    ['a file shrinks', '名前.txt', (path) => truncate(path, 3)],
    ['a file of the same size replaces it', 'index.js', (path) => writeFile(path, 'CONTENT OF INDEX.JS')],
    ['a link is gone', 'link', unlink],
    [
      'a link stands for a file',
      'index.js',
      async (path) => {
        await unlink(path);
        await symlink('empty', path);
      },
    ],
  ])('is refused by the name of the file where %s', async (_what, path, change) => {
    const root = await makeSource('a');
    const entries = await list(root);
    await change(join(root, path));
    const work = () => archive.write(root, entries, join(folder, 'a.zip'));
    expect((await failureOf(InputError, work)).message).toBe(changed(path));
  });

  it('is refused where a file is written while it is read', async () => {
    const root = await makeSource('a');
    await writeFile(join(root, 'large'), randomBytes(60_000_000));
    const work = archive.write(root, await list(root), join(folder, 'a.zip'));
    const touch = setInterval(() => void utimes(join(root, 'large'), new Date(), new Date()), 5);
    const error = await failureOf(InputError, () => work).finally(() => {
      clearInterval(touch);
    });
    expect(error.message).toBe(changed('large'));
  });
});

it('names the file that cannot be written because the disk is full', async () => {
  const root = await makeSource('a');
  const work = async () => archive.write(root, await list(root), '/dev/full');
  const error = await failureOf(ProjectError, work);
  expect(error.message).toBe('"/dev/full" cannot be written: the disk is full.');
});
