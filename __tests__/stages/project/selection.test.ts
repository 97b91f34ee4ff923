import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { selectContainerFiles, selectFunctionFiles } from '../../../src/stages/project/selection.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { containerProject, functionProject } from '../../support/samples.ts';

type Nodes = Readonly<Record<string, FakeNode>>;

const container = async (
  nodes: Nodes,
  facts: Parameters<typeof containerProject>[0] = {},
): Promise<string[]> =>
  (await selectContainerFiles(root, containerProject(facts), createFakeFiles(nodes))).map(({ path }) => path);
const functionFiles = async (
  nodes: Nodes,
  facts: Parameters<typeof functionProject>[0] = {},
): Promise<string[]> =>
  (await selectFunctionFiles(root, functionProject(facts), createFakeFiles(nodes))).map(({ path }) => path);

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

  it('are all in a fixed order, but those of git', async () => {
    expect(await container(tree)).toEqual([
      'Dockerfile',
      'a.js',
      'lib/b.js',
      'lib/c.md',
      'node_modules/x/i.js',
    ]);
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
    expect(await functionFiles(tree)).toEqual(['index.js', 'lib/b.js', 'lib/logs/kept.log']);
  });

  it('hold node_modules where the platform does not install', async () => {
    expect(await functionFiles(tree, { isInstalledByPlatform: false })).toContain('node_modules/x/i.js');
  });

  it('follow .cloudbaseignore, and no .dockerignore', async () => {
    const nodes = { ...tree, '.cloudbaseignore': 'lib/\n*.js\n', '.dockerignore': '*' };
    expect(await functionFiles(nodes)).toEqual(['.cloudbaseignore', '.dockerignore', 'index.js']);
  });

  it('hold an entry that stands in an ignored folder', async () => {
    const nodes = { 'dist/index.js': '', 'dist/other.js': '', '.cloudbaseignore': 'dist/' };
    expect(await functionFiles(nodes, { entry: 'dist/index.js' })).toEqual([
      '.cloudbaseignore',
      'dist/index.js',
    ]);
  });
});

const key = '-----BEGIN RSA PRIVATE KEY-----\nabc';

describe('what is refused', () => {
  it.each<[string, FakeNode]>([
    ['.env', 'A=1'],
    ['.env.production', 'A=1'],
    ['config/.env.local', 'A=1'],
    ['id_rsa', key],
    ['deploy/server.key', key],
    ['cert.pem', key],
    ['store.p12', 'binary'],
    ['STORE.PFX', 'binary'],
    ['.ENV', 'A=1'],
    ['.Env.Local', 'A=1'],
    ['.envrc', 'export A=1'],
    ['key.PEM', key],
    ['ID_RSA', key],
    ['.npmrc', '//registry.example.test/:_authToken=npm_abc\n'],
    ['lib/.npmrc', 'registry=https://r.test\n_password = "YWJj"\n'],
    ['.git-credentials', 'https://user:pass@host'],
    ['.netrc', 'machine host password abc'],
    ['service-account.json', JSON.stringify({ private_key: key })],
  ])('is the secret %s', async (path, node) => {
    const nodes = { 'index.js': '', Dockerfile: '', [path]: node };
    for (const select of [container, functionFiles]) {
      const error = await failureOf(InputError, () => select(nodes));
      expect(error.message).toMatch(
        new RegExp(`^source: "${path}" looks like a secret and would be uploaded\\. `),
      );
    }
  });

  it.each<[string, string]>([
    ['.env.example', 'A=1'],
    ['.env.sample', 'A=1'],
    ['cert.pem', '-----BEGIN CERTIFICATE-----'],
    ['translations.key', 'hello'],
    ['environment.env.js', ''],
    ['.ENV.SAMPLE', 'A=1'],
    ['.envrc.example', 'export A=1'],
    ['.npmrc', '//registry.example.test/:_authToken=${NPM_TOKEN}\nsave-exact=true\n'],
    ['.npmrc', '# _authToken=abc\n; _password=abc\n'],
    ['config.json', '{"key":"value"}'],
    ['large.json', `${' '.repeat(64 * 1024)}${key}`],
    ['node_modules/selfsigned/sample.json', JSON.stringify({ key })],
  ])('is not the file %s', async (path, text) => {
    expect(await container({ Dockerfile: '', [path]: text })).toContain(path);
  });

  it('is not a secret that is ignored', async () => {
    expect(await container({ Dockerfile: '', '.env': 'A=1', '.dockerignore': '.env' })).not.toContain('.env');
    expect(await functionFiles({ 'index.js': '', '.env': '', '.cloudbaseignore': '.env' })).not.toContain(
      '.env',
    );
  });

  it.each(['../secret', '/etc/passwd', 'lib/../../x'])('is a link to %s', async (link) => {
    const error = await failureOf(InputError, () =>
      container({ Dockerfile: '', 'lib/a': '', out: { link } }),
    );
    expect(error.message).toBe(
      'source: "out" is a link that leaves the source folder. Replace it by a file.',
    );
  });

  it('is not a link that stays inside', async () => {
    const nodes = { Dockerfile: '', 'lib/a': { link: '../b' }, b: '', 'lib/c': { link: `${root}/b` } };
    expect(await container(nodes)).toEqual(['Dockerfile', 'b', 'lib/a', 'lib/c']);
  });

  it('is a socket or a device', async () => {
    const error = await failureOf(InputError, () => container({ Dockerfile: '', pipe: { kind: 'other' } }));
    expect(error.message).toBe('source: "pipe" is neither a file nor a folder nor a link. Remove it.');
  });

  it('is a source without a file', async () => {
    const error = await failureOf(InputError, () => functionFiles({}));
    expect(error.message).toBe('source: the source folder holds no file to deploy.');
  });
});
