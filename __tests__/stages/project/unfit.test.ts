import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { AllowedSecret } from '../../../src/inputs.ts';
import { refuseUnfit, warnOfClashes } from '../../../src/stages/project/unfit.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { fileEntry } from '../../support/samples.ts';

async function check(
  nodes: Readonly<Record<string, FakeNode>>,
  allowedSecrets: readonly AllowedSecret[] = [],
): Promise<void> {
  const files = createFakeFiles(nodes);
  const entries = await files.listFiles(root, '.');
  await refuseUnfit({ folder: root, entries, allowedSecrets }, files);
}

const key = '-----BEGIN RSA PRIVATE KEY-----\nabc';

describe('a secret', () => {
  it.each<[string, FakeNode]>([
    ['.env', 'A=1'],
    ['.env.production', 'A=1'],
    ['.env-prod', 'A=1'],
    ['.env_local', 'A=1'],
    ['keys/id_rsa_prod', key],
    ['putty.ppk', ''],
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
  ])('is refused in %s', async (path, node) => {
    const error = await failureOf(InputError, () => check({ 'index.js': '', [path]: node }));
    expect(error.message).toBe(
      `source: "${path}" looks like a secret and would be uploaded. Remove it from the checkout, or leave it out with the input exclude, ` +
        `and hand secrets to the service through env-from. If it is none, say so in allow-secret-files: "${path}: the reason".`,
    );
  });

  it.each<[string, string]>([
    ['.env.example', 'A=1'],
    ['.env-sample', 'A=1'],
    ['node_modules/m/.env', 'A=1'],
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
  ])('is not in %s', async (path, text) => {
    await expect(check({ [path]: text })).resolves.toBeUndefined();
  });

  it('passes where it is allowed, by its path or a pattern', async () => {
    const nodes = { 'certs/dev.key': key, 'certs/test.key': key };
    const allowed = [{ pattern: 'certs/*.key', reason: 'self-signed' }];
    await expect(check(nodes, allowed)).resolves.toBeUndefined();
    const one = [{ pattern: '/certs/dev.key', reason: 'self-signed' }];
    const error = await failureOf(InputError, () => check(nodes, one));
    expect(error.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('"certs/test.key"'),
    ]);
  });

  it('is not allowed by a pattern that matches nothing', async () => {
    const error = await failureOf(InputError, () => check({ a: '' }, [{ pattern: 'b', reason: 'x' }]));
    expect(error.message).toBe(
      'allow-secret-files: "b" matches no file of the source. Correct the pattern, or take it out.',
    );
  });
});

describe('a link', () => {
  const leaving = '"out" is a link that leaves the source folder. Replace it by a file.';

  it.each<[string, string]>([
    ['../secret', leaving],
    ['lib/../../x', leaving],
    ['first', '"first" is a link that leaves the source folder. Replace it by a file.\nsource: ' + leaving],
    [
      '/etc/passwd',
      '"out" is a link to the absolute path "/etc/passwd", which leads elsewhere on the platform. Make it relative.',
    ],
    [
      `${root}/lib/a`,
      `"out" is a link to the absolute path "${root}/lib/a", which leads elsewhere on the platform. Make it relative.`,
    ],
    ['out', '"out" is a link that leads back to itself. Remove it, or point it at a file.'],
  ])('to %s is refused', async (link, message) => {
    const first: Record<string, FakeNode> = link === 'first' ? { first: { link: '../x' } } : {};
    const error = await failureOf(InputError, () => check({ 'lib/a': '', out: { link }, ...first }));
    expect(error.message).toBe(`source: ${message}`);
  });

  it('in a circle of several is refused by each name', async () => {
    const error = await failureOf(InputError, () =>
      check({ a: { link: 'b' }, b: { link: 'c' }, c: { link: 'a' } }),
    );
    expect(error.problems).toHaveLength(3);
    expect(error.problems[1]?.message).toBe(
      '"b" is a link that leads back to itself. Remove it, or point it at a file.',
    );
  });

  it('that stays inside is kept, also one to nothing', async () => {
    await expect(
      check({ 'lib/a': { link: '../b' }, b: '', c: { link: 'lib' }, d: { link: 'gone' } }),
    ).resolves.toBeUndefined();
  });

  it('that leaves the folder by way of another one is refused', async () => {
    const files = createFakeFiles({ a: { link: 'lib/x' } });
    const realPath = (path: string) => Promise.resolve(path === root ? root : '/etc/x');
    const work = () =>
      refuseUnfit(
        { folder: root, entries: [fileEntry('a', { kind: 'link' })], allowedSecrets: [] },
        { ...files, realPath },
      );
    expect((await failureOf(InputError, work)).message).toBe(
      'source: "a" is a link that leaves the source folder. Replace it by a file.',
    );
  });
});

describe('what no package can carry', () => {
  it.each([
    ['pipe', 'is neither a file nor a folder nor a link. Remove it, or leave it out with exclude.'],
    ['caf\ufffd.txt', 'has a name that is no UTF-8, which no package can carry. Rename it.'],
  ])('%s', async (path, message) => {
    const error = await failureOf(InputError, () => check({ [path]: { kind: 'other' } }));
    expect(error.message).toBe(`source: "${path}" ${message}`);
  });

  it.each([
    ['a\tb', 'has a control character in its name. Rename it.'],
    ['c:d.txt', 'begins as a drive of Windows does, which a zip file cannot carry. Rename it.'],
  ])('is the name %j', async (path, message) => {
    const error = await failureOf(InputError, () => check({ [path]: '' }));
    expect(error.message).toBe(`source: "${path}" ${message}`);
  });

  it('is a name with a backslash', async () => {
    const error = await failureOf(InputError, () => check({ 'a\\b': '' }));
    expect(error.message).toBe(
      'source: "a\\b" has a backslash in its name, which a zip file cannot carry. Rename it.',
    );
  });

  it('is told all at once', async () => {
    const error = await failureOf(InputError, () =>
      check({ '.env': '', pipe: { kind: 'other' }, out: { link: '..' } }),
    );
    expect(error.problems).toHaveLength(3);
  });
});

describe('names that differ in case alone', () => {
  it.each<[string[], string[]]>([
    [
      ['README.md', 'Readme.md', 'lib/a.js', 'lib/A.js'],
      ['"README.md" and "Readme.md"', '"lib/a.js" and "lib/A.js"'],
    ],
    [['Lib/a.js', 'Lib/b.js', 'lib/c.js', 'lib/d.js'], ['"Lib" and "lib"']],
    [['a/x.js', 'b/X.js', 'a.js'], []],
  ])('%j are named', (paths, named) => {
    const log = createFakeLog();
    warnOfClashes(
      paths.map((path) => fileEntry(path)),
      log,
    );
    expect(log.lines).toEqual(
      named.map(
        (pair) => `warning: ${pair} differ in letter case alone: on many systems one replaces the other.`,
      ),
    );
  });
});
