import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createFiles } from '../../../src/adapters/files.ts';
import { failureOf } from '../../support/failure.ts';
import { listTree } from '../../support/file-tree.ts';

const files = createFiles(new AbortController().signal);
/** A file system in memory is another device. */
const hasOtherDevice = existsSync('/dev/shm');
const paths = ['bin/run.sh', 'new/deep/a', 'link'];
let from: string;
let here: string;
let elsewhere: string;

beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), 'move-'));
  elsewhere = await mkdtemp(join(hasOtherDevice ? '/dev/shm' : tmpdir(), 'move-'));
  from = join(here, 'from');
  for (const folder of ['bin', 'new/deep']) await mkdir(join(from, folder), { recursive: true });
  await writeFile(join(from, 'bin/run.sh'), 'run');
  await chmod(join(from, 'bin/run.sh'), 0o755);
  await writeFile(join(from, 'new/deep/a'), 'a', { mode: 0o644 });
  await symlink('bin/run.sh', join(from, 'link'));
});
afterEach(async () => {
  for (const folder of [here, elsewhere]) await rm(folder, { recursive: true, force: true });
});

describe.each([{ device: 'the same device' }, { device: 'another device' }])(
  'a move to $device',
  ({ device }) => {
    const place = (): string => join(device === 'the same device' ? here : elsewhere, 'to');

    it('takes files and links with their rights, and replaces files and links themselves', async () => {
      const to = place();
      if (device !== 'the same device' && hasOtherDevice)
        expect((await stat(elsewhere)).dev).not.toBe((await stat(here)).dev);
      await mkdir(join(to, 'bin'), { recursive: true });
      await writeFile(join(to, 'outside'), 'untouched', { mode: 0o644 });
      await symlink('../outside', join(to, 'bin/run.sh'));
      await writeFile(join(to, 'link'), 'was a file');
      for (const path of paths) await files.move(join(from, path), join(to, path));
      expect(await listTree(to)).toEqual({
        bin: 'folder',
        'bin/run.sh': '755 run',
        link: '-> bin/run.sh',
        new: 'folder',
        'new/deep': 'folder',
        'new/deep/a': '644 a',
        outside: '644 untouched',
      });
      expect(await listTree(from)).toEqual({ bin: 'folder', new: 'folder', 'new/deep': 'folder' });
    });

    it('leaves nothing half where it cannot be made', async () => {
      const to = place();
      await mkdir(join(to, 'link'), { recursive: true });
      await expect(files.move(join(from, 'link'), join(to, 'link'))).rejects.toThrow(
        /EISDIR|ENOTEMPTY|EEXIST/,
      );
      expect(await readdir(to)).toEqual(['link']);
      await expect(files.move(join(from, 'gone'), join(to, 'gone'))).rejects.toThrow('ENOENT');
      expect(await readdir(to)).toEqual(['link']);
    });
  },
);

it('nothing is moved after an abort', async () => {
  const reason = new RangeError('aborted');
  const aborted = createFiles(AbortSignal.abort(reason));
  expect(await failureOf(RangeError, async () => aborted.move(from, join(here, 'to')))).toBe(reason);
  expect(existsSync(join(here, 'to'))).toBe(false);
});
