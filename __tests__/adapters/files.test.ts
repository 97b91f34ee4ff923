import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createFiles } from '../../src/adapters/files.ts';
import { InputError } from '../../src/errors.ts';
import type { FileEntry } from '../../src/ports.ts';
import { failureOf } from '../support/failure.ts';

/** Writes a file with the folders above it. */
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

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
    expect(await files.realPath(join(folder, 'd'))).toBe(await files.realPath(join(folder, 'b')));
    expect(await files.realPath(join(folder, 'gone'))).toBeUndefined();
    expect(await files.kindOf(join(folder, 'd'))).toBe('link');
    expect(await files.kindOf(join(folder, 'gone'))).toBeUndefined();
  });
});

describe('writing', () => {
  it('makes folders, adds to files, and removes all of it', async () => {
    const path = join(folder, 'x/y/a.txt');
    await put(path, 'one\n');
    await files.append(path, 'two\n');
    await files.makeFolder(join(folder, 'x/z'));
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(await files.kindOf(join(folder, 'x/z'))).toBe('folder');
    await files.removeFolder(join(folder, 'x'));
    await files.removeFolder(join(folder, 'x'));
    expect(await files.kindOf(join(folder, 'x'))).toBeUndefined();
  });

  it('creates a file, and writes over nothing that stands there', async () => {
    const path = join(folder, 'Dockerfile');
    await files.create(path, 'FROM scratch\n');
    await symlink('nowhere', join(folder, 'link'));
    await expect(files.create(path, 'other')).rejects.toThrow('EEXIST');
    await expect(files.create(join(folder, 'link'), 'other')).rejects.toThrow('EEXIST');
    expect(await readFile(path, 'utf8')).toBe('FROM scratch\n');
    expect(await files.kindOf(join(folder, 'nowhere'))).toBeUndefined();
  });

  it('writes a file with its folder, in place of what stands there and not through a link', async () => {
    const path = join(folder, 'x/y/lint.sarif');
    await files.write(path, 'a longer text');
    await files.write(path, 'text');
    expect(await readFile(path, 'utf8')).toBe('text');
    await put(join(folder, 'other'), 'kept');
    await symlink(join(folder, 'other'), join(folder, 'link'));
    await files.write(join(folder, 'link'), 'text');
    expect(await files.kindOf(join(folder, 'link'))).toBe('file');
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('kept');
    await expect(files.write(join(folder, 'x'), 'text')).rejects.toThrow('x');
  });

  it('copies a whole folder, links as they are', async () => {
    await put(join(folder, 'from/a/b'), 'text');
    await symlink('../a/b', join(folder, 'from/a/link'));
    await files.copyFolder(join(folder, 'from'), join(folder, 'to'));
    expect(await readFile(join(folder, 'to/a/b'), 'utf8')).toBe('text');
    expect(await readlink(join(folder, 'to/a/link'))).toBe('../a/b');
  });

  it('copies files with their mode, and links as links', async () => {
    await put(join(folder, 'from/bin/run'), '#!');
    await chmod(join(folder, 'from/bin/run'), 0o755);
    await symlink('bin/run', join(folder, 'from/link'));
    await put(join(folder, 'from/other'), 'not wanted');
    await files.copy(join(folder, 'from'), join(folder, 'to'), ['bin/run', 'link']);
    expect((await stat(join(folder, 'to/bin/run'))).mode & 0o777).toBe(0o755);
    expect(await readlink(join(folder, 'to/link'))).toBe('bin/run');
    expect((await files.listFolder(join(folder, 'to'))).map(({ path }) => path)).toEqual(['bin', 'link']);
  });
});

describe('a digest', () => {
  /** A tree of two files and a link, with what is given in place of it. */
  async function make(name: string, given: Partial<typeof tree> = {}): Promise<string> {
    const { path, text, mode, target } = { ...tree, ...given };
    const root = join(folder, name);
    await put(join(root, path), text);
    await chmod(join(root, path), mode);
    await put(join(root, 'z/other'), 'other');
    await symlink(target, join(root, 'link'));
    return root;
  }
  const tree = { path: 'a/run', text: 'text', mode: 0o644, target: 'a/run' };

  async function digestOf(root: string): Promise<string> {
    const entries: FileEntry[] = [];
    const walk = async (inside: string): Promise<void> => {
      for (const entry of await files.listFolder(join(root, inside))) {
        const path = inside === '' ? entry.path : `${inside}/${entry.path}`;
        if (entry.kind === 'folder') await walk(path);
        else entries.push({ ...entry, path });
      }
    };
    await walk('');
    return files.digest(root, entries);
  }

  it('is the same for equal trees, wherever and whenever they were made', async () => {
    const first = await digestOf(await make('one'));
    const other = await make('two');
    await utimes(join(other, 'z/other'), 1, 1);
    expect(await digestOf(other)).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<typeof tree>]>([
    ['content', { text: 'tex', target: 'a/run' }],
    ['path', { path: 'a/ran' }],
    ['exec bit', { mode: 0o755 }],
    ['target of a link', { target: 'z/other' }],
  ])('is another one for another %s', async (_name, given) => {
    const first = await digestOf(await make('one'));
    expect(await digestOf(await make('two', given))).not.toBe(first);
  });

  it('tells a file from a link to the same text', async () => {
    await put(join(folder, 'file/a'), 'x');
    await mkdir(join(folder, 'link'));
    await symlink('x', join(folder, 'link/a'));
    const kinds = (root: string, kind: FileEntry['kind']): Promise<string> =>
      files.digest(join(folder, root), [{ path: 'a', kind, size: 1, isExecutable: false }]);
    expect(await kinds('file', 'file')).not.toBe(await kinds('link', 'link'));
  });

  it('does not lose a limit between a path and what follows it', async () => {
    const entry = (path: string): FileEntry => ({ path, kind: 'file', size: 4, isExecutable: false });
    await put(join(folder, 'x'), 'same');
    await put(join(folder, 'y'), 'same');
    const both = await files.digest(folder, [entry('x'), entry('y')]);
    expect(both).not.toBe(await files.digest(folder, [entry('y'), entry('x')]));
    expect(both).not.toBe(await files.digest(folder, [entry('x')]));
  });

  it('holds what else is given, and without it stays what services keep of it', async () => {
    await put(join(folder, 'x'), 'same');
    const entry = { path: 'x', kind: 'file', size: 4, isExecutable: false } as const;
    const plain = await files.digest(folder, [entry]);
    expect(plain).toBe('d36fa87aa83669470a85d7a888716bcd61a4abc59728d98ec6ad7c683490cbf3');
    const others = await Promise.all(
      ['', 'a', '[', '{"also":"a"}'].map((also) => files.digest(folder, [entry], also)),
    );
    expect(new Set([plain, ...others]).size).toBe(5);
    expect(await files.digest(folder, [entry], 'a')).toBe(others[1]);
  });

  it('of a file that is gone fails', async () => {
    const entry = { path: 'gone', kind: 'file', size: 1, isExecutable: false } as const;
    await expect(files.digest(folder, [entry])).rejects.toThrow(
      'source: "gone" changed while the source was read. Let nothing write into the source folder while this step runs.',
    );
  });
});

describe('what nobody may read', () => {
  const nobody = 65_534;

  /** Root may read everything: then the work is done as somebody else. */
  async function asNobody<T>(work: () => Promise<T>): Promise<T> {
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(nobody);
    try {
      return await work();
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  }

  it('is named: a folder, and a file', async () => {
    await chmod(folder, 0o755);
    await put(join(folder, 'closed/a'), 'x');
    await put(join(folder, 'b'), 'text');
    await chmod(join(folder, 'closed'), 0o000);
    await chmod(join(folder, 'b'), 0o000);
    const reason = 'cannot be read (EACCES). Change its permissions, or leave it out with exclude.';
    const closed = await failureOf(InputError, () =>
      asNobody(() => files.listFolder(join(folder, 'closed'))),
    );
    expect(closed.message).toBe(`source: "${join(folder, 'closed')}" ${reason}`);
    const entry = { path: 'b', kind: 'file', size: 4, isExecutable: false } as const;
    const file = await failureOf(InputError, () => asNobody(() => files.digest(folder, [entry])));
    expect(file.message).toBe(`source: "b" ${reason}`);
    await chmod(join(folder, 'closed'), 0o755);
  });
});

describe('a list', () => {
  it('tells of a name that is no UTF-8, and of one that is gone, that it is neither file nor folder', async () => {
    await writeFile(Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.from([0xe9])]), '');
    expect(await files.listFolder(folder)).toEqual([
      { path: 'caf\ufffd', kind: 'other', size: 0, isExecutable: false },
    ]);
  });

  it('of all files goes into folders, not into links, and begins its paths at the folder', async () => {
    await put(join(folder, 'a/b/c'), '12');
    await put(join(folder, 'a/d'), '');
    await symlink('b', join(folder, 'a/link'));
    const all = await files.listFiles(folder, 'a');
    expect(all.map(({ path, kind, size }) => `${path} ${kind} ${size}`)).toEqual([
      'a/b/c file 2',
      'a/d file 0',
      'a/link link 1',
    ]);
    const { ctimeMs: changedAtMs } = await stat(join(folder, 'a/d'));
    expect(await files.listFiles(folder, 'a/d')).toEqual([
      { path: 'a/d', kind: 'file', size: 0, isExecutable: false, changedAtMs },
    ]);
    expect(await files.listFiles(folder, 'gone')).toEqual([]);
  });
});

describe('a text that is read loosely', () => {
  it('has a sign for what is no UTF-8, and is undefined where nothing is', async () => {
    await writeFile(join(folder, 'a'), Buffer.from([0x61, 0xe9, 0x62]));
    expect(await files.readLooseText(join(folder, 'a'))).toBe('a\ufffdb');
    expect(await files.readLooseText(join(folder, 'gone'))).toBeUndefined();
    expect(await files.readLooseText(join(folder, 'a/gone'))).toBeUndefined();
  });

  it('is an error where it cannot be read', async () => {
    const error = await failureOf(InputError, () => files.readLooseText(folder));
    expect(error.message).toMatch(/^source: ".+" cannot be read \(EISDIR\)\./);
  });
});

describe('a move', () => {
  it('puts a file in place of another one, into a folder that is made for it', async () => {
    await put(join(folder, 'a'), 'new');
    await files.move(join(folder, 'a'), join(folder, 'deep/er/b'));
    await put(join(folder, 'a'), 'newer');
    await files.move(join(folder, 'a'), join(folder, 'deep/er/b'));
    expect(await files.readText(join(folder, 'deep/er/b'))).toBe('newer');
    expect(await files.kindOf(join(folder, 'a'))).toBeUndefined();
  });

  it('crosses devices', async () => {
    const other = await mkdtemp('/dev/shm/files-');
    try {
      await put(join(other, 'a'), 'text');
      await files.move(join(other, 'a'), join(folder, 'b'));
      expect(await files.readText(join(folder, 'b'))).toBe('text');
      expect(await files.listFolder(other)).toEqual([]);
      expect((await files.listFolder(folder)).map(({ path }) => path)).toEqual(['b']);
    } finally {
      await rm(other, { recursive: true });
    }
  });
});

describe('after an abort', () => {
  const reason = new RangeError('aborted');
  const aborted = createFiles(AbortSignal.abort(reason));

  it('nothing is read or copied, and the reason is said', async () => {
    await put(join(folder, 'a'), '');
    for (const work of [
      () => aborted.readText(join(folder, 'a')),
      () => aborted.listFolder(folder),
      () => aborted.create(join(folder, 'new'), ''),
      () => aborted.copy(folder, join(folder, 'to'), ['a']),
      () => aborted.digest(folder, [{ path: 'a', kind: 'file', size: 0, isExecutable: false }]),
    ]) {
      expect(await failureOf(RangeError, work)).toBe(reason);
    }
  });

  it('a digest that is under way ends with the reason, too', async () => {
    await put(join(folder, 'a'), 'text');
    const controller = new AbortController();
    const entry = { path: 'a', kind: 'file', size: 4, isExecutable: false } as const;
    const work = createFiles(controller.signal).digest(folder, [entry]);
    controller.abort(reason);
    expect(await failureOf(RangeError, () => work)).toBe(reason);
  });

  it('folders are still removed', async () => {
    await put(join(folder, 'x/a'), '');
    await aborted.removeFolder(join(folder, 'x'));
    expect(await files.kindOf(join(folder, 'x'))).toBeUndefined();
  });
});
