import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { FileEntry } from '../../../src/ports.ts';
import { judgeTarget, type Destination } from '../../../src/stages/download/target.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { fileEntry } from '../../support/samples.ts';

const link = (target: string): FakeNode => ({ link: target });
const folderEntry = (path: string): FileEntry => fileEntry(path, { kind: 'folder', size: 0 });
const entries = [
  fileEntry('index.js'),
  folderEntry('empty'),
  fileEntry('lib/deep/a'),
  fileEntry('up', { kind: 'link' }),
];

const judge = (
  nodes: Readonly<Record<string, FakeNode>>,
  existing: Destination['existing'] = 'keep',
  given: readonly FileEntry[] = entries,
): ReturnType<typeof judgeTarget> => judgeTarget(given, { folder: root, existing }, createFakeFiles(nodes));

describe('a folder', () => {
  it('that is empty, or holds other files, takes all', async () => {
    const all = { folders: ['empty'], moved: ['index.js', 'lib/deep/a', 'up'], kept: [] };
    expect(await judge({})).toEqual(all);
    expect(await judge({ 'lib/b': 'b', 'empty/x': 'x', other: link('/etc') })).toEqual(all);
  });

  it('keeps what it holds, unless that is to be replaced', async () => {
    const nodes = { 'index.js': 'mine', up: link('/etc'), 'lib/deep/a': { kind: 'other' } } as const;
    expect(await judge(nodes)).toEqual({
      folders: ['empty'],
      moved: [],
      kept: ['index.js', 'lib/deep/a', 'up'],
    });
    const { 'index.js': file, up } = nodes;
    const replaced = await judge({ 'index.js': file, up }, 'replace');
    expect(replaced).toEqual({ folders: ['empty'], moved: ['index.js', 'lib/deep/a', 'up'], kept: [] });
  });

  const inTheWay: readonly {
    readonly name: string;
    readonly existing?: Destination['existing'];
    readonly nodes: Readonly<Record<string, FakeNode>>;
    readonly reason: string;
  }[] = [
    {
      name: 'a link above a file',
      nodes: { lib: link('/etc') },
      reason: 'holds the link "lib", where the package has a folder',
    },
    {
      name: 'a link above a file, to be replaced',
      existing: 'replace',
      nodes: { lib: link('/etc') },
      reason: 'holds the link "lib", where the package has a folder',
    },
    {
      name: 'a link deep above a file',
      existing: 'replace',
      nodes: { 'lib/deep': link('..') },
      reason: 'holds the link "lib/deep", where the package has a folder',
    },
    {
      name: 'a link for a folder',
      nodes: { empty: link('x') },
      reason: 'holds the link "empty", where the package has a folder',
    },
    {
      name: 'a file above a file',
      nodes: { lib: 'x' },
      reason: 'holds "lib" as a file, where the package has a folder',
    },
    {
      name: 'a file for a folder',
      existing: 'replace',
      nodes: { empty: 'x' },
      reason: 'holds "empty" as a file, where the package has a folder',
    },
    {
      name: 'a folder for a file',
      nodes: { 'index.js/x': 'x' },
      reason: 'holds "index.js" as a folder, where the package has a file',
    },
    {
      name: 'a folder for a link',
      nodes: { 'up/x': 'x' },
      reason: 'holds "up" as a folder, where the package has a link',
    },
    {
      name: 'a folder for a file, to be replaced',
      existing: 'replace',
      nodes: { 'index.js/x': 'x' },
      reason: 'holds "index.js" as a folder, where the package has a file',
    },
    {
      name: 'a device for a file',
      existing: 'replace',
      nodes: { 'index.js': { kind: 'other' } },
      reason: 'holds "index.js", which is no file',
    },
  ];

  it.each(inTheWay)('with $name is refused', async ({ existing = 'keep', nodes, reason }) => {
    const { problems } = await failureOf(InputError, () => judge(nodes, existing));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.subject).toBe('output-path');
    expect(problems[0]?.message).toContain(reason);
    expect(problems[0]?.message).toMatch(/\. Nothing was written\. Move it away, or name another folder\.$/);
  });

  it('names no more than ten of what stands in the way, each once', async () => {
    const paths = Array.from({ length: 13 }, (_, index) => `d${index}`);
    const given = paths.flatMap((path) => [fileEntry(`${path}/a`), fileEntry(`${path}/b`)]);
    const nodes = Object.fromEntries(paths.map((path) => [path, link('/etc')]));
    const { problems } = await failureOf(InputError, () => judge(nodes, 'keep', given));
    expect(problems).toHaveLength(11);
    expect(problems.at(-1)?.message).toMatch(/^holds 3 more that stand in the way\./);
  });
});
