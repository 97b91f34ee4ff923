import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { settleInputs } from '../../../src/stages/inputs/inputs.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { rawInputs, runContext } from '../../support/samples.ts';

type Nodes = Readonly<Record<string, FakeNode>>;

const settle = (path: string, nodes: Nodes = {}, workspace = root) =>
  settleInputs(
    rawInputs({ command: 'download', source: 'nowhere', 'output-path': path }),
    { env: {}, context: runContext({ workspace }) },
    createFakeFiles({ '/other/file': 'x', ...nodes }),
  );

describe('the folder of a download', () => {
  it.each<readonly [string, string, Nodes]>([
    ['out', '/repo/out', {}],
    ['.', '/repo', {}],
    ['deep/out/', '/repo/deep/out', { 'deep/x': 'x' }],
    ['out', '/repo/out', { 'out/x': 'x' }],
    ['out', '/repo/out', { out: { link: 'real' }, 'real/x': 'x' }],
    ['/other', '/other', {}],
    ['/other/new', '/other/new', {}],
    ['/repo', '/repo', {}],
    ['/via/link', '/via/link', { '/via/link': { link: '/other' } }],
  ])('may be "%s"', async (path, outputPath, nodes) => {
    expect((await settle(path, nodes)).outputPath).toBe(outputPath);
  });

  it.each([
    ['/other', 'holds'],
    ['/via/link', 'holds'],
    ['/other/repo', undefined],
    ['/other/repository', undefined],
  ])('%s is refused where it holds the workspace', async (path, verb) => {
    const nodes = { '/other/repo/x': 'x', '/via/link': { link: '/other' } };
    const settled = settle(path, nodes, '/other/repo');
    if (verb === undefined) expect((await settled).outputPath).toBe(path);
    else await expect(settled).rejects.toThrow(`output-path: "${path}" holds the workspace.`);
  });

  it.each<readonly [string, string, Nodes]>([
    ['..', 'leads out of the workspace.', { '/x': 'x' }],
    ['../other', 'leads out of the workspace.', {}],
    ['../repository', 'leads out of the workspace.', { '/x': 'x' }],
    ['link', 'leads out of the workspace.', { link: { link: '/other' } }],
    ['link/new', 'leads out of the workspace.', { link: { link: '/other' } }],
    ['/', 'holds the workspace.', { '/x': 'x' }],
    ['file', 'is no folder. Give another path.', { file: 'x' }],
    ['file/out', 'lies below what is no folder. Give another path.', { file: 'x' }],
    ['file/deep/out', 'lies below what is no folder. Give another path.', { file: 'x' }],
    ['link', 'is no folder. Give another path.', { link: { link: 'file' }, file: 'x' }],
    ['link', 'is no folder. Give another path.', { link: { link: 'gone' } }],
  ])('must not be "%s", which %s', async (path, fault, nodes) => {
    const { problems } = await failureOf(InputError, () => settle(path, nodes));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.subject).toBe('output-path');
    expect(problems[0]?.message.startsWith(`"${path}" ${fault}`)).toBe(true);
  });
});
