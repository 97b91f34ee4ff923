import { mkdir, mkdtemp, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { createFiles } from '../../../src/adapters/files.ts';
import type { SelectionInputs } from '../../../src/inputs.ts';
import type { FileEntry } from '../../../src/ports.ts';
import { writeContextRules } from '../../../src/stages/build/context-rules.ts';
import { selectContainerFiles } from '../../../src/stages/project/selection.ts';
import { describeWithEngine } from '../../support/engine.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { containerProject, noPatterns } from '../../support/samples.ts';
import { writeFiles, type Tree } from '../../support/step.ts';

const files = createFiles(new AbortController().signal);
const dockerfileText = 'FROM scratch\nCOPY . /\n';
const tree: Tree = Object.fromEntries(
  [
    ...[
      'a.js',
      'a.md',
      'B.MD',
      'README.md',
      'é.txt',
      'with space.txt',
      '#hash',
      '!bang',
      'x[1].txt',
      '.hidden',
    ],
    ...['lib/a.js', 'lib/a.test.js', 'lib/deep/b.js', 'lib/deep/a.md', 'lib/deep/er/c.js', 'lib/x/a.js'],
    ...['docs/a.md', 'docs/keep/a.md', 'docs/keep/b.txt', 'temp/a', 'temp/b/c', 'other/temp/a', 'tempfile'],
  ].map((path) => [path, path]),
);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'context-'));
  await writeFiles(join(folder, 'source'), { ...tree, Dockerfile: dockerfileText });
  await symlink('a.js', join(folder, 'source/link'));
  await symlink('../lib', join(folder, 'source/docs/link'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const own = new Set(['Dockerfile', '.dockerignore', 'Dockerfile.dockerignore']);
const namesOf = (entries: readonly FileEntry[]): string[] =>
  entries
    .map(({ path, kind, size }) => `${path} ${kind} ${size}`)
    .filter((line) => !own.has(line.split(' ')[0] ?? ''))
    .sort();

describeWithEngine('the files of a container', (engine) => {
  const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...engine.env };

  /** What a build of this folder sees. */
  async function readContext(dockerfile: string): Promise<string[]> {
    const out = join(folder, 'out');
    await mkdir(out, { recursive: true });
    const source = join(folder, 'source');
    const args = ['buildx', 'build', '--output', `type=local,dest=${out}`, '--file', dockerfile, source];
    await execa('docker', args, { env });
    return namesOf(await files.listFiles(out, '.'));
  }

  async function select(inputs: Partial<SelectionInputs> = {}) {
    const request = {
      folder: join(folder, 'source'),
      inputs: { ...noPatterns, ...inputs },
      ownFiles: [],
      target: '',
    };
    const facts = containerProject({ folder: request.folder, dockerfileText });
    const selection = await selectContainerFiles(request, facts, { files, log: createFakeLog() });
    return { ...facts, ...selection };
  }

  it.each([
    [''],
    ['*'],
    ['**'],
    ['*\n!lib'],
    ['*\n!lib/deep/**\n!a.js'],
    ['lib\n!lib/deep'],
    ['lib/*\n!lib/deep'],
    ['**/*.md\n!README.md'],
    ['*.md'],
    ['*/*.md'],
    ['*.md\n!README*.md\nREADME.md'],
    ['docs/\n/lib/a.js\n./a.js'],
    ['temp'],
    ['**/temp'],
    ['temp*'],
    ['temp?'],
    ['lib/**/a*\n!lib/x'],
    ['**/deep/**'],
    ['lib/[ad]*\nx\\[1\\].txt'],
    ['with space.txt\n  a.js  \n#hash\n\\#hash\n\\!bang\né.txt'],
    ['.*\n!.dockerignore'],
    ['docs\n!docs/keep\ndocs/keep/a.md'],
    ['link\ndocs/link'],
    ['\ufeffa.js\nlib'],
    ['a.js\r\nlib\r\n'],
    ['Docs\nA.JS'],
    ['lib/../docs\ndocs/../a.js'],
  ])('are what docker sends to a build: %j', async (rules) => {
    await writeFiles(join(folder, 'source'), { '.dockerignore': rules });
    const { files: selected } = await select();
    expect(namesOf(selected)).toEqual(await readContext(join(folder, 'source/Dockerfile')));
  });

  it('are those of the ignore file beside the Dockerfile', async () => {
    await writeFiles(join(folder, 'source'), {
      '.dockerignore': 'lib',
      'Dockerfile.dockerignore': 'docs\n*.md',
    });
    const { files: selected } = await select();
    expect(namesOf(selected)).toEqual(await readContext(join(folder, 'source/Dockerfile')));
    expect(namesOf(selected).join('\n')).toContain('lib/a.js');
  });

  it('are all that a build sees, also where inputs and what is never packaged make them others', async () => {
    const more = {
      '.git/HEAD': 'ref',
      'lib/node_modules/m/index.js': '',
      'lint.sarif': '{}',
      '.dockerignore': 'docs\n',
    };
    await writeFiles(join(folder, 'source'), more);
    const project = await select({
      include: ['docs/keep/'],
      exclude: ['x[[]1].txt', 'with space.txt', '/lib/x/'],
    });
    const names = namesOf(project.files);
    expect(names).toEqual(await readContext(await writeContextRules(project, join(folder, 'temp'), files)));
    expect(names.filter((line) => /git|modules|sarif|space|x\[|lib\/x/.test(line))).toEqual([]);
    expect(names.filter((line) => line.startsWith('docs'))).toEqual([
      'docs/keep/a.md file 14',
      'docs/keep/b.txt file 15',
    ]);
    expect(await readlink(join(folder, 'out/link'))).toBe('a.js');
  });

  it('bring no file into an image that its ignore file leaves out', async () => {
    const rules = 'Dockerfile\n.dockerignore\nlib\ndocs\n';
    await writeFiles(join(folder, 'source'), { '.dockerignore': rules, '.git/HEAD': 'ref' });
    const project = await select({ include: ['/lib/deep/'] });
    await readContext(await writeContextRules(project, join(folder, 'temp'), files));
    const names = (await files.listFiles(join(folder, 'out'), '.')).map(({ path }) => path);
    expect(names.filter((path) => own.has(path) || /^(docs|\.git)/.test(path))).toEqual([]);
    expect(names.filter((path) => path.startsWith('lib'))).toContain('lib/deep/b.js');
  });

  it('are what the platform’s build sees of the package, by the ignore file that the package holds', async () => {
    await writeFiles(join(folder, 'source'), { '.dockerignore': 'lib\ndocs\n' });
    const project = await select({ include: ['/lib/deep/'] });
    const packed = join(folder, 'packed');
    await files.copy(
      project.folder,
      packed,
      project.files.map(({ path }) => path),
    );
    const rules = project.files.find(({ path }) => path === '.dockerignore')?.content ?? '';
    await writeFiles(packed, { '.dockerignore': rules });
    const args = ['buildx', 'build', '--output', `type=local,dest=${join(folder, 'out')}`, packed];
    await execa('docker', args, { env });
    const names = (await files.listFiles(join(folder, 'out'), '.')).map(({ path }) => path).sort();
    expect(names).toEqual(project.files.map(({ path }) => path).sort());
  });
});
