import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createArchive } from '../../../src/adapters/archive.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Extracted } from '../../../src/ports.ts';
import { listTree } from '../../support/file-tree.ts';
import { failureOf } from '../../support/failure.ts';
import { absoluteEvil, maliciousZips } from '../../support/malicious-zips.ts';
import { fileEntry } from '../../support/samples.ts';
import { linkEntry, writeZip, type WrittenEntry } from '../../support/zip-writer.ts';

const archive = createArchive(new AbortController().signal);
let folder: string;
let to: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extract-'));
  to = join(folder, 'around', 'target');
  await mkdir(join(folder, 'around'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(absoluteEvil, { force: true });
});

async function extract(zip: Buffer | readonly WrittenEntry[]): Promise<Extracted> {
  await writeFile(join(folder, 'a.zip'), Buffer.isBuffer(zip) ? zip : writeZip(zip));
  return archive.extract(join(folder, 'a.zip'), to);
}

describe('a package that is refused', () => {
  it.each(maliciousZips)('for $name, leaves nothing', async ({ zip, reason }) => {
    const error = await failureOf(ProjectError, () => extract(zip()));
    expect(error.message.startsWith('The package is refused: ')).toBe(true);
    expect(error.message).toContain(reason);
    expect(error.kind).toBe('input');
    expect(await listTree(join(folder, 'around'))).toEqual({});
    expect((await readdir(folder)).sort()).toEqual(['a.zip', 'around']);
    await expect(lstat(absoluteEvil)).rejects.toThrow('ENOENT');
  });
});

describe('a package', () => {
  it('comes with exec bits and links, and with no other rights', async () => {
    const { entries, clashes } = await extract([
      { name: 'bin/', mode: 0o040700 },
      { name: 'bin/run.sh', content: 'run', mode: 0o104777 },
      { name: 'plain', content: 'text', mode: 0o100600, method: 0 },
      { name: 'windows.txt', content: 'w', mode: 0 },
      { name: './dotted/./x', content: 'x' },
      { name: './', mode: 0o040755 },
      { name: 'empty/', mode: 0 },
      { name: '名前/ファイル', content: '' },
      { name: '.DS_Store', content: 'kept' },
      { name: '__MACOSX/._x', content: 'kept' },
      { name: '...', content: 'dots' },
      { name: '.github/a.git', content: 'no git' },
      { name: '.gitignore', content: 'x' },
      linkEntry('bin/up', '../plain'),
      linkEntry('gone', 'bin/nothing/../x'),
      linkEntry('self', '.'),
    ]);
    expect(await listTree(to)).toEqual({
      bin: 'folder',
      'bin/run.sh': '755 run',
      'bin/up': '-> ../plain',
      plain: '644 text',
      'windows.txt': '644 w',
      dotted: 'folder',
      'dotted/x': '644 x',
      empty: 'folder',
      名前: 'folder',
      '名前/ファイル': '644 ',
      '.DS_Store': '644 kept',
      __MACOSX: 'folder',
      '__MACOSX/._x': '644 kept',
      '...': '644 dots',
      '.github': 'folder',
      '.github/a.git': '644 no git',
      '.gitignore': '644 x',
      gone: '-> bin/nothing/../x',
      self: '-> .',
    });
    expect(entries.slice(0, 3)).toEqual([
      fileEntry('bin', { kind: 'folder', size: 0 }),
      fileEntry('bin/run.sh', { size: 3, isExecutable: true }),
      fileEntry('plain', { size: 4 }),
    ]);
    expect([entries.length, clashes]).toEqual([15, []]);
  });

  it('may be empty, in zip64, or have parts that compress as well as they can', async () => {
    expect(await extract([])).toEqual({ entries: [], clashes: [] });
    await rm(to, { recursive: true });
    const zeros = Buffer.alloc(3_000_000);
    await extract([
      { name: 'a', content: 'large numbers', isZip64: true },
      { name: 'b', content: zeros },
      { name: 'c', content: zeros },
    ]);
    expect(await readFile(join(to, 'a'), 'utf8')).toBe('large numbers');
    expect(await readFile(join(to, 'b'))).toEqual(zeros);
  });

  it('has the same rights whatever new files have', async () => {
    const outer = process.umask(0o077);
    try {
      await extract([{ name: 'a', content: 'x' }]);
    } finally {
      process.umask(outer);
    }
    expect(await listTree(to)).toEqual({ a: '644 x' });
  });

  it('names what is one path where letter case does not count', async () => {
    const { clashes } = await extract([{ name: 'src/a' }, { name: 'Src/b' }, { name: 'src/A' }]);
    expect(clashes).toEqual(['src/a and src/A', 'src and Src']);
  });

  it('is not unpacked into a folder that is there, nor through a link', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), to);
    await expect(extract([{ name: 'a', content: 'x' }])).rejects.toThrow('EEXIST');
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('comes back as it was written', async () => {
    const root = join(folder, 'source');
    await mkdir(join(root, 'bin'), { recursive: true });
    for (const path of ['bin/run.sh', 'empty', '名前.txt'])
      await writeFile(join(root, path), path === 'empty' ? '' : path, {
        mode: path === 'bin/run.sh' ? 0o755 : 0o644,
      });
    await symlink('bin/run.sh', join(root, 'link'));
    const given = [
      fileEntry('bin/run.sh', { isExecutable: true, size: 10 }),
      fileEntry('empty', { size: 0 }),
      fileEntry('link', { kind: 'link', size: 10 }),
      fileEntry('名前.txt', { size: Buffer.byteLength('名前.txt') }),
    ];
    await archive.write(root, given, join(folder, 'b.zip'));
    const { entries } = await archive.extract(join(folder, 'b.zip'), to);
    expect(entries).toEqual(given);
    expect(await listTree(to)).toEqual(await listTree(root));
  });

  it('is not unpacked after an abort', async () => {
    const reason = new RangeError('aborted');
    await writeFile(join(folder, 'a.zip'), writeZip([{ name: 'a', content: 'x' }]));
    const aborted = createArchive(AbortSignal.abort(reason));
    expect(await failureOf(RangeError, () => aborted.extract(join(folder, 'a.zip'), to))).toBe(reason);
    expect(await readdir(join(folder, 'around'))).toEqual([]);
  });
});
