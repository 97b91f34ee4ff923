import { describe, expect, it } from '@jest/globals';

import { checkOutput } from '../../../src/stages/inputs/output.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { rawInputs } from '../../support/samples.ts';

async function check(
  given: Parameters<typeof rawInputs>[0],
  nodes: Readonly<Record<string, FakeNode>> = {},
): Promise<string[]> {
  const raw = rawInputs({ command: 'package', ...given });
  const problems = await checkOutput(raw, root, createFakeFiles({ 'a.js': '', ...nodes }));
  return problems.map(({ subject, message }) => `${subject}: ${message}`);
}

describe('an output-path', () => {
  it.each(['app.zip', 'out/new/app.zip', '/elsewhere/app.zip', './../repo/x.zip'])(
    'may be %s',
    async (path) => {
      expect(await check({ 'output-path': path })).toEqual([]);
    },
  );

  it('is no matter of a command that writes nothing', async () => {
    expect(await check({ command: 'deploy', 'output-path': '../x' })).toEqual([]);
  });

  const there = 'is there already, and it is left as it is. Give another path, or set overwrite to "true".';

  const below = 'lies below what is no folder. Give another path.';

  it.each<[string, 'true' | 'false', string]>([
    ['dir', 'true', 'is a folder. Give the path of the zip file to write.'],
    ['app.zip', 'false', there],
    ['link.zip', 'false', there],
    ['pipe', 'true', there],
    ['../app.zip', 'false', 'leads out of the workspace. Give a path inside of it, or an absolute one.'],
    ['a.js/app.zip', 'true', below],
    ['a.js/new/app.zip', 'false', below],
    ['/repo/a.js/app.zip', 'false', below],
    ['link.zip/app.zip', 'false', below],
    ['gone/app.zip', 'false', below],
    ['out/app.zip', 'false', 'leads out of the workspace. Give a path inside of it, or an absolute one.'],
  ])('may not be "%s" with overwrite %s', async (path, overwrite, message) => {
    const nodes: Record<string, FakeNode> = {
      'dir/a': '',
      'app.zip': '',
      'link.zip': { link: 'a.js' },
      gone: { link: 'nowhere' },
      pipe: { kind: 'other' },
      out: { link: '/elsewhere' },
      '/elsewhere/x': '',
    };
    expect(await check({ 'output-path': path, overwrite }, nodes)).toEqual([
      `output-path: "${path}" ${message}`,
    ]);
  });

  it('may lie below a link to a folder', async () => {
    const nodes = { 'dir/a': '', link: { link: 'dir' } };
    expect(await check({ 'output-path': 'link/new/app.zip' }, nodes)).toEqual([]);
  });

  it('may be a file that is there where overwrite is given', async () => {
    expect(await check({ 'output-path': 'app.zip', overwrite: 'true' }, { 'app.zip': '' })).toEqual([]);
  });
});
