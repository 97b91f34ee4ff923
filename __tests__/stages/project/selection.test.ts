import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { SelectionInputs } from '../../../src/inputs.ts';
import { selectContainerFiles, selectFunctionFiles } from '../../../src/stages/project/selection.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { select, warningsOf, type Nodes, type SelectionCase } from '../../support/select.ts';
import { containerProject, functionProject, noPatterns } from '../../support/samples.ts';

const container = async (nodes: Nodes, facts: SelectionCase['facts'] = {}): Promise<string[]> =>
  (await select('container', { nodes, facts })).paths;
const functionFiles = async (nodes: Nodes, facts: SelectionCase['facts'] = {}): Promise<string[]> =>
  (await select('function', { nodes, facts })).paths;

describe('the files of a container', () => {
  const tree = {
    Dockerfile: '',
    'a.js': '',
    'lib/b.js': '',
    'lib/c.md': '',
    'node_modules/x/i.js': '',
    '.git/HEAD': '',
  };

  it('are refused where a line of .dockerignore is no pattern, as docker refuses it', async () => {
    const work = () => container({ ...tree, '.dockerignore': '*.md\r\n\n[\n' });
    expect((await failureOf(InputError, work)).message).toBe(
      'source: line 3 of .dockerignore is no pattern. Correct or remove it.',
    );
  });

  it('leave out reports of lint', async () => {
    expect(await container({ Dockerfile: '', 'lint.sarif': '{}' })).toEqual(['Dockerfile']);
    expect(await functionFiles({ 'index.js': '', 'out/lint.sarif': '{}' })).toEqual(['index.js']);
  });

  it('are all in a fixed order, but those of git and installed modules', async () => {
    expect(await container(tree)).toEqual(['Dockerfile', 'a.js', 'lib/b.js', 'lib/c.md']);
  });

  it('follow .dockerignore, exceptions included; Dockerfile and the rules themselves always stay', async () => {
    const rules = 'node_modules\n**/*.md\nDockerfile\n.dockerignore\nlib\n!lib/b.js\n';
    expect(await container({ ...tree, '.dockerignore': rules })).toEqual([
      '.dockerignore',
      'Dockerfile',
      'a.js',
      'lib/b.js',
    ]);
  });

  it('know no .gitignore and no .cloudbaseignore', async () => {
    expect(await container({ ...tree, '.gitignore': '*', '.cloudbaseignore': '*' })).toContain('a.js');
  });

  it('are those of the build folder', async () => {
    const nodes = { 'app/Dockerfile': '', 'app/a.js': '', 'other/b.js': '', 'app/.dockerignore': 'a.js' };
    expect(await container(nodes, { buildFolder: 'app' })).toEqual(['app/.dockerignore', 'app/Dockerfile']);
  });

  it('hold a Dockerfile that stands in an ignored folder', async () => {
    const nodes = { 'docker/Dockerfile': '', 'docker/b': '', 'a.js': '', '.dockerignore': 'docker' };
    expect(await container(nodes, { dockerfile: 'docker/Dockerfile' })).toEqual([
      '.dockerignore',
      'a.js',
      'docker/Dockerfile',
    ]);
  });
});

describe('the files of a function', () => {
  const tree = {
    'index.js': '',
    'lib/b.js': '',
    'lib/node_modules/y/i.js': '',
    'logs/a.log': '',
    'lib/logs/kept.log': '',
    'node_modules/x/i.js': '',
    '.git/HEAD': '',
  };

  it('leave installed dependencies and the framework’s logs out', async () => {
    expect(await functionFiles({ ...tree, 'lib/logs/kept.js': '' })).toEqual([
      'index.js',
      'lib/b.js',
      'lib/logs/kept.js',
    ]);
  });

  it('leave out what editors, tests and CI leave behind, but no folder of that name inside', async () => {
    const left = ['.github/ci.yml', '.vscode/s.json', 'coverage/a.html', 'a/.DS_Store', 'npm-debug.log'];
    const nodes = { 'index.js': '', 'src/coverage/rates.js': '', 'src/logs/index.js': '' };
    const all = { ...nodes, ...Object.fromEntries(left.map((path) => [path, ''])) };
    expect(await functionFiles(all)).toEqual(['index.js', 'src/coverage/rates.js', 'src/logs/index.js']);
  });

  it('are as .cloudbaseignore alone has it, where there is one', async () => {
    const nodes = { 'index.js': '', 'logs/a.js': '', '.cloudbaseignore': '*.md\n', 'a.md': '' };
    expect(await functionFiles(nodes)).toEqual(['.cloudbaseignore', 'index.js', 'logs/a.js']);
  });

  it('come whole where the entry is built, whatever .gitignore says, and with a Dockerfile beside', async () => {
    const nodes = {
      'package.json': '{"main":"dist/index.js"}',
      'dist/index.js': '',
      'dist/lib/a.js': '',
      '.gitignore': 'dist/\n',
      Dockerfile: 'FROM node:24',
    };
    const { paths, lines } = await select('function', { nodes, facts: { entry: 'dist/index.js' } });
    expect(paths).toEqual(['.gitignore', 'Dockerfile', 'dist/index.js', 'dist/lib/a.js', 'package.json']);
    expect(warningsOf(lines)).toEqual([]);
  });

  it('hold node_modules where the platform does not install', async () => {
    expect(await functionFiles(tree, { isInstalledByPlatform: false })).toContain('node_modules/x/i.js');
  });

  it('follow .cloudbaseignore, and no .dockerignore', async () => {
    const nodes = { ...tree, '.cloudbaseignore': 'lib/\n*.js\n*.log', '.dockerignore': '*' };
    expect(await functionFiles(nodes)).toEqual(['.cloudbaseignore', '.dockerignore', 'index.js']);
  });

  it('hold an entry and a package.json that are left out, with a warning', async () => {
    const rules = { '.cloudbaseignore': 'dist/\n/package.json' };
    const nodes = { 'dist/index.js': '', 'dist/other.js': '', 'package.json': '{}', ...rules };
    const { paths, lines } = await select('function', { nodes, facts: { entry: 'dist/index.js' } });
    expect(paths).toEqual(['.cloudbaseignore', 'dist/index.js', 'package.json']);
    expect(warningsOf(lines)).toEqual([
      'warning: "dist/index.js" is left out by "dist/" in .cloudbaseignore, but the functions framework loads it, so it stays in the package. Correct one of the two.',
      'warning: "package.json" is left out by "/package.json" in .cloudbaseignore, but the platform reads it, so it stays in the package. Correct one of the two.',
    ]);
  });

  it('hold the folders of several functions, all of them where they are left out as a whole', async () => {
    const list = 'cloudbase-functions.json';
    const nodes = {
      [list]: '{}',
      'src/a/index.js': '',
      'src/a/x.md': '',
      'src/b/index.js': '',
      'src/b/y.md': '',
    };
    const facts = { entry: list, needed: ['src', 'src/a', 'src/b'] };
    const rules = { '.cloudbaseignore': 'src/a/\n*.md\n' };
    const { paths, lines } = await select('function', { nodes: { ...nodes, ...rules }, facts });
    expect(paths).toEqual(['.cloudbaseignore', list, 'src/a/index.js', 'src/a/x.md', 'src/b/index.js']);
    expect(warningsOf(lines)).toEqual([
      expect.stringContaining(
        '"src/a" is left out by "src/a/" in .cloudbaseignore, but cloudbase-functions.json names it',
      ),
    ]);
  });
});

describe('an ignore file beside the Dockerfile', () => {
  it('counts instead of that of the folder, as for BuildKit', async () => {
    const nodes = {
      'api.Dockerfile': '',
      'a.md': '',
      'b.js': '',
      '.dockerignore': '*.js',
      'api.Dockerfile.dockerignore': '*.md',
    };
    expect(await container(nodes, { dockerfile: 'api.Dockerfile' })).toEqual([
      '.dockerignore',
      'api.Dockerfile',
      'api.Dockerfile.dockerignore',
      'b.js',
    ]);
  });
});

describe.each(['container', 'function'] as const)('the inputs include and exclude in mode %s', (mode) => {
  const ignored = mode === 'container' ? '.dockerignore' : '.cloudbaseignore';
  const own = mode === 'container' ? 'Dockerfile' : 'index.js';
  const nodes = {
    [own]: '',
    [ignored]: 'docs\n**/*.md\n',
    'docs/api/a.json': '',
    'docs/b.txt': '',
    'lib/a.js': '',
    'lib/a.md': '',
    'lib/deep/x.md': '',
  };
  const paths = async (inputs: Partial<SelectionInputs>): Promise<string[]> =>
    (await select(mode, { nodes, inputs })).paths.filter((path) => path !== own && path !== ignored);

  it('bring back and leave out, and exclude has the last word', async () => {
    expect(await paths({})).toEqual(['lib/a.js']);
    expect(await paths({ include: ['docs/api/'] })).toEqual(['docs/api/a.json', 'lib/a.js']);
    expect(await paths({ include: ['*.md'], exclude: ['/lib/deep'] })).toEqual(['lib/a.js', 'lib/a.md']);
    expect(await paths({ include: ['docs'], exclude: ['*.txt'] })).toEqual(['docs/api/a.json', 'lib/a.js']);
  });

  it('say what they make other than the ignore file has it', async () => {
    const { differences } = await select(mode, {
      nodes,
      inputs: { include: ['*.md'], exclude: ['/lib/deep'] },
    });
    const found = differences.filter(({ path }) => path !== own && path !== ignored);
    expect(found).toEqual([
      { path: 'lib/deep', isIn: false },
      { path: 'lib/a.md', isIn: true },
    ]);
  });

  it('are refused where a pattern matches nothing, all at once', async () => {
    const inputs = { include: ['*.md', 'gone/'], exclude: ['*.txt', '*.pdf', 'docs/b.txt'] };
    const error = await failureOf(InputError, () => paths(inputs));
    expect(error.problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'include: "gone/" matches no file of the source. Correct the pattern, or take it out.',
      'exclude: "*.pdf" matches no file of the source. Correct the pattern, or take it out.',
    ]);
  });

  it('count as matched inside of a folder that is left out, and for what is never packaged', async () => {
    const exclude = ['docs/', 'docs/api/a.json', 'node_modules/', '.git', 'node_modules/**', '.git/**'];
    expect(await paths({ exclude })).toEqual(['lib/a.js']);
  });

  it('bring back nothing of git and of installed modules, and say so', async () => {
    const more = { ...nodes, '.git/HEAD': '', 'lib/node_modules/m/i.js': '' };
    const work = () => select(mode, { nodes: more, inputs: { include: ['.git/', 'node_modules/', '*.js'] } });
    const error = await failureOf(InputError, work);
    expect(error.problems.map(({ message }) => message.split(' ')[0])).toEqual([
      '".git/"',
      '"node_modules/"',
    ]);
  });

  it('bring back a report of lint that is meant', async () => {
    const more = { ...nodes, 'data/x.sarif': '{}', 'lint.sarif': '{}' };
    const found = await select(mode, { nodes: more, inputs: { include: ['/data/'] } });
    expect(found.paths).toEqual([own, ignored, 'data/x.sarif', 'lib/a.js'].sort());
  });

  it('do not go into a folder that nobody may read, where it is left out anyway', async () => {
    const files = createFakeFiles({ ...nodes, 'aaa/x': '' });
    const listFolder = (path: string) =>
      path.endsWith('/aaa')
        ? Promise.reject(new InputError([{ subject: 'source', message: 'closed' }]))
        : files.listFolder(path);
    const inputs = { ...noPatterns, exclude: ['aaa/', '/lib/a.js'] };
    const ports = { files: { ...files, listFolder }, log: createFakeLog() };
    const request = { folder: root, inputs, ownFiles: [], target: '' };
    const { files: found } =
      mode === 'container'
        ? await selectContainerFiles(request, containerProject(), ports)
        : await selectFunctionFiles(request, functionProject(), ports);
    expect(found.map(({ path }) => path)).toEqual([own, ignored].sort());
  });
});

describe('what is left out', () => {
  it('is told by its rule, a line each, for whoever debugs', async () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`${name}.md`, '']));
    const nodes = {
      Dockerfile: '',
      ...many,
      '.dockerignore': '# texts\n*.md\n',
      '.git/HEAD': '',
      'x.txt': '',
    };
    const { lines } = await select('container', { nodes, inputs: { exclude: ['*.txt'] } });
    expect(lines.filter((line) => line.startsWith('debug'))).toEqual([
      'debug: Left out by the rule that this is never packaged: .git/.',
      'debug: Left out by line 2 of .dockerignore ("*.md"): a.md, b.md, c.md, d.md, e.md and 2 more.',
      'debug: Left out by exclude ("*.txt"): x.txt.',
    ]);
  });

  it('is what this step or one before it has written', async () => {
    const nodes = { 'index.js': '', 'out/app.zip': '', 'app.zip': '' };
    const inputs = { exclude: ['/out/'] };
    expect((await select('function', { nodes, inputs, ownFiles: ['out/app.zip'] })).paths).toEqual([
      'app.zip',
      'index.js',
    ]);
  });

  it('has to be what this step writes into the source: the next one would package it', async () => {
    for (const path of ['app.zip', 'index.js']) {
      const work = () => select('function', { nodes: { 'index.js': '' }, ownFiles: [path] });
      expect((await failureOf(InputError, work)).message).toBe(
        `output-path: lies in the source as "${path}", where a later run would package it. ` +
          'Give a path outside of the source, or leave it out in .cloudbaseignore or with exclude.',
      );
    }
    const nodes = { 'app/Dockerfile': '', 'out/x': '', 'app/.dockerignore': '*.zip' };
    const facts = { buildFolder: 'app' };
    for (const path of ['out/app.zip', '../app.zip', 'app/app.zip'])
      expect((await select('container', { nodes, facts, ownFiles: [path] })).paths).toHaveLength(2);
  });

  it('is refused where nothing is left, with the folder and a reason', async () => {
    const empty = await failureOf(InputError, () => functionFiles({}));
    expect(empty.message).toBe(
      'source: the folder "/repo" holds no file to deploy: it is empty; was the project checked out or built there?',
    );
    const nodes = { 'a.txt': '', '.cloudbaseignore': '*' };
    const all = await failureOf(InputError, () => functionFiles(nodes));
    expect(all.message).toBe(
      'source: the folder "/repo" holds no file to deploy: all of it is left out, such as ".cloudbaseignore" by "*" in .cloudbaseignore.',
    );
  });
});
