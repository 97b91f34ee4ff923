import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { readWorkingSet } from '../../../src/adapters/docker/memory.ts';

const id = 'ab12'.repeat(16);
const statistics = 'cache 900\ninactive_file 300\nactive_file 5\ntotal_inactive_file 400\n';
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'memory-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** The working set of process 7, where the kernel shows these files. */
async function measure(files: Readonly<Record<string, string>>): Promise<number | undefined> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return readWorkingSet(7, { processes: join(root, 'proc'), groups: join(root, 'groups') });
}

it.each<[string, Record<string, string>, number | undefined]>([
  [
    'version 2, without the inactive file cache',
    {
      'proc/7/cgroup': `0::/system.slice/docker-${id}.scope\n`,
      [`groups/system.slice/docker-${id}.scope/memory.current`]: '1000\n',
      [`groups/system.slice/docker-${id}.scope/memory.stat`]: statistics,
    },
    700,
  ],
  [
    'version 1, with the groups below it',
    {
      'proc/7/cgroup': `5:cpu,cpuacct:/docker/${id}\n4:memory:/docker/${id}\n0::/docker/${id}\n`,
      [`groups/memory/docker/${id}/memory.usage_in_bytes`]: '1000\n',
      [`groups/memory/docker/${id}/memory.stat`]: statistics,
    },
    600,
  ],
  [
    'a path that begins outside of what can be seen, where the group can be seen all the same',
    {
      'proc/7/cgroup': `0::/../docker-${id}.scope\n`,
      [`groups/docker-${id}.scope/memory.current`]: '1000\n',
      [`groups/docker-${id}.scope/memory.stat`]: statistics,
    },
    700,
  ],
  [
    'a path that leads out of the groups',
    {
      'proc/7/cgroup': `0::/../../docker-${id}.scope\n`,
      [`docker-${id}.scope/memory.current`]: '1000\n',
      [`docker-${id}.scope/memory.stat`]: statistics,
    },
    undefined,
  ],
  [
    'less memory than cache',
    {
      'proc/7/cgroup': `0::/docker/${id}\n`,
      [`groups/docker/${id}/memory.current`]: '100\n',
      [`groups/docker/${id}/memory.stat`]: statistics,
    },
    0,
  ],
  ['no process', {}, undefined],
  ['no group that can be seen', { 'proc/7/cgroup': `0::/docker/${id}\n` }, undefined],
  [
    'no statistics',
    { 'proc/7/cgroup': `0::/docker/${id}\n`, [`groups/docker/${id}/memory.current`]: '100\n' },
    undefined,
  ],
  [
    'a process of no container',
    {
      'proc/7/cgroup': '0::/user.slice\n',
      'groups/user.slice/memory.current': '1000\n',
      'groups/user.slice/memory.stat': statistics,
    },
    undefined,
  ],
])('the working set with %s', async (_, files, bytes) => {
  expect(await measure(files)).toBe(bytes);
});
