import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createFiles } from '../../src/adapters/files.ts';
import { failureOf } from '../support/failure.ts';

const files = createFiles(new AbortController().signal);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('reading', () => {
  it('gives text, and nothing for what is no text', async () => {
    await writeFile(join(folder, 'a'), '\uFEFFgrüß');
    await writeFile(join(folder, 'latin'), Buffer.from([0x67, 0xfc]));
    expect(await files.readText(join(folder, 'a'))).toBe('grüß');
    expect(await files.readText(join(folder, 'latin'))).toBeUndefined();
    expect(await files.readText(join(folder, 'gone'))).toBeUndefined();
    expect(await files.readText(folder)).toBeUndefined();
  });

  it('lists a folder in order, and follows no link', async () => {
    await mkdir(join(folder, 'b'));
    await writeFile(join(folder, 'c.sh'), '#!');
    await chmod(join(folder, 'c.sh'), 0o755);
    await writeFile(join(folder, 'a'), 'text');
    await chmod(join(folder, 'a'), 0o644);
    await symlink('b', join(folder, 'd'));
    const seen = (await files.listFolder(folder)).map(({ path, kind, isExecutable }) => [
      path,
      kind,
      isExecutable && kind === 'file',
    ]);
    expect(seen).toEqual([
      ['a', 'file', false],
      ['b', 'folder', false],
      ['c.sh', 'file', true],
      ['d', 'link', false],
    ]);
    expect((await files.listFolder(folder))[0]?.size).toBe(4);
    expect(await files.readLink(join(folder, 'd'))).toBe('b');
    expect(await files.kindOf(join(folder, 'd'))).toBe('link');
    expect(await files.kindOf(join(folder, 'gone'))).toBeUndefined();
  });
});

describe('writing', () => {
  it('makes folders, adds to files, and removes all of it', async () => {
    const path = join(folder, 'x/y/a.txt');
    await files.write(path, 'one\n');
    await files.append(path, 'two\n');
    await files.makeFolder(join(folder, 'x/z'));
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(await files.kindOf(join(folder, 'x/z'))).toBe('folder');
    await files.removeFolder(join(folder, 'x'));
    await files.removeFolder(join(folder, 'x'));
    expect(await files.kindOf(join(folder, 'x'))).toBeUndefined();
  });

  it('copies a whole folder, links as they are', async () => {
    await files.write(join(folder, 'from/a/b'), 'text');
    await symlink('../a/b', join(folder, 'from/a/link'));
    await files.copyFolder(join(folder, 'from'), join(folder, 'to'));
    expect(await readFile(join(folder, 'to/a/b'), 'utf8')).toBe('text');
    expect(await readlink(join(folder, 'to/a/link'))).toBe('../a/b');
  });

  it('copies files with their mode, and links as links', async () => {
    await files.write(join(folder, 'from/bin/run'), '#!');
    await chmod(join(folder, 'from/bin/run'), 0o755);
    await symlink('bin/run', join(folder, 'from/link'));
    await files.write(join(folder, 'from/other'), 'not wanted');
    await files.copy(join(folder, 'from'), join(folder, 'to'), ['bin/run', 'link']);
    expect((await stat(join(folder, 'to/bin/run'))).mode & 0o777).toBe(0o755);
    expect(await readlink(join(folder, 'to/link'))).toBe('bin/run');
    expect((await files.listFolder(join(folder, 'to'))).map(({ path }) => path)).toEqual(['bin', 'link']);
  });
});

describe('after an abort', () => {
  const reason = new RangeError('aborted');
  const aborted = createFiles(AbortSignal.abort(reason));

  it('nothing is read or copied, and the reason is said', async () => {
    await files.write(join(folder, 'a'), '');
    for (const work of [
      () => aborted.readText(join(folder, 'a')),
      () => aborted.listFolder(folder),
      () => aborted.copy(folder, join(folder, 'to'), ['a']),
    ]) {
      expect(await failureOf(RangeError, work)).toBe(reason);
    }
  });

  it('folders are still removed', async () => {
    await files.write(join(folder, 'x/a'), '');
    await aborted.removeFolder(join(folder, 'x'));
    expect(await files.kindOf(join(folder, 'x'))).toBeUndefined();
  });
});
