import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import yazl from 'yazl';
import { unpack } from '../../emulator/runtime/unpack.ts';

const LINK = 0o120777;

describe('unpack', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unpack-test-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function unpackEntries(entries: [path: string, text: string, mode: number][]): Promise<string> {
    const zip = new yazl.ZipFile();
    for (const [path, text, mode] of entries) zip.addBuffer(Buffer.from(text), path, { mode });
    zip.end();
    const file = join(folder, 'package.zip');
    await pipeline(zip.outputStream, createWriteStream(file));
    const target = join(folder, 'target');
    await unpack(file, target);
    return target;
  }

  it('keeps folders, permissions and links within the package', async () => {
    const target = await unpackEntries([
      ['bin/run.sh', '#!/bin/sh\n', 0o100755],
      ['data.txt', 'data', 0o100644],
      ['bin/link', '../data.txt', LINK],
    ]);
    expect((await stat(join(target, 'bin/run.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(target, 'data.txt'))).mode & 0o777).toBe(0o644);
    expect(await readlink(join(target, 'bin/link'))).toBe('../data.txt');
    expect(await readFile(join(target, 'bin/link'), 'utf8')).toBe('data');
  });

  it.each([
    ['a link out of the package', '../outside'],
    ['an absolute link', '/etc/passwd'],
  ])('refuses %s', async (_case, to) => {
    await expect(unpackEntries([['link', to, LINK]])).rejects.toThrow('leads out of the folder');
  });

  it('refuses an entry that leads out of the package', async () => {
    const file = join(folder, 'evil.zip');
    const zip = new yazl.ZipFile();
    zip.addBuffer(Buffer.from('evil'), 'aa/evil.txt', { compress: false });
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(file));
    const bytes = await readFile(file, 'latin1');
    await writeFile(file, bytes.replaceAll('aa/evil.txt', '../evil.txt'), 'latin1');
    await expect(unpack(file, join(folder, 'target'))).rejects.toThrow('cannot be unpacked');
    await expect(stat(join(folder, 'evil.txt'))).rejects.toThrow('ENOENT');
  });

  it('refuses what is no zip', async () => {
    await writeFile(join(folder, 'text.zip'), 'plain text');
    await expect(unpack(join(folder, 'text.zip'), join(folder, 'target'))).rejects.toThrow(
      'the package is no zip',
    );
  });
});
