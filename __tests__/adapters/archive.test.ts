import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPromise } from 'yauzl';

import { createArchive } from '../../src/adapters/archive.ts';
import type { FileEntry } from '../../src/ports.ts';
import { failureOf } from '../support/failure.ts';
import { fileEntry } from '../support/samples.ts';

const archive = createArchive(new AbortController().signal);
const entries: readonly FileEntry[] = [
  fileEntry('bin/run.sh', { isExecutable: true }),
  fileEntry('index.js'),
  fileEntry('link', { kind: 'link' }),
  fileEntry('名前.txt'),
];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeSource(name: string, time: Date): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, 'bin'), { recursive: true });
  for (const path of ['bin/run.sh', 'index.js', '名前.txt']) {
    await writeFile(join(root, path), `content of ${path}`);
    await utimes(join(root, path), time, time);
  }
  await symlink('bin/run.sh', join(root, 'link'));
  return root;
}

async function readZip(path: string): Promise<string[]> {
  const zip = await openPromise(path);
  const found: string[] = [];
  for await (const entry of zip.eachEntry()) {
    const mode = (entry.externalFileAttributes >>> 16).toString(8);
    found.push(`${mode} ${entry.fileName}: ${await text(await zip.openReadStreamPromise(entry))}`);
  }
  return found;
}

describe('an archive', () => {
  it('holds every entry in its order, with its mode', async () => {
    const to = join(folder, 'a.zip');
    const { bytes, sha256 } = await archive.write(await makeSource('a', new Date()), entries, to);
    expect(await readZip(to)).toEqual([
      '100755 bin/run.sh: content of bin/run.sh',
      '100644 index.js: content of index.js',
      '120777 link: bin/run.sh',
      '100644 名前.txt: content of 名前.txt',
    ]);
    const written = await readFile(to);
    expect(bytes).toBe(written.length);
    expect(sha256).toBe(createHash('sha256').update(written).digest('hex'));
  });

  it('has the same bytes whenever its files were written', async () => {
    const first = await archive.write(
      await makeSource('a', new Date(2001, 1, 1)),
      entries,
      join(folder, 'a.zip'),
    );
    const second = await archive.write(
      await makeSource('b', new Date(2020, 5, 5)),
      entries,
      join(folder, 'b.zip'),
    );
    expect(second).toEqual(first);
    expect(await readFile(join(folder, 'b.zip'))).toEqual(await readFile(join(folder, 'a.zip')));
  });

  it('that cannot be made is an error, not a broken file that counts', async () => {
    const root = await makeSource('a', new Date());
    const gone = [fileEntry('index.js'), fileEntry('gone.js')];
    await expect(archive.write(root, gone, join(folder, 'a.zip'))).rejects.toThrow('ENOENT');
  });

  it('is not written after an abort', async () => {
    const reason = new RangeError('aborted');
    const root = await makeSource('a', new Date());
    const aborted = createArchive(AbortSignal.abort(reason));
    expect(await failureOf(RangeError, () => aborted.write(root, entries, join(folder, 'a.zip')))).toBe(
      reason,
    );
  });
});
