import { describe, expect, it } from '@jest/globals';

import { generateFor, linesOf, manifest, refusalOf, started, type Sources } from '../support/generated.ts';

const lock = { 'package-lock.json': '{}' };
const pnpmLock = { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
const yarnLock = { 'yarn.lock': '# yarn lockfile v1\n' };
const berryLock = { 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' };

describe('the installation', () => {
  const dependencies = { express: '5' };
  const plain = {
    'package.json': manifest({ scripts: { start: 'node server.js' }, dependencies }),
    'server.js': '',
  };
  const withField = (packageManager: string): Sources => ({
    ...plain,
    'package.json': manifest({ scripts: { start: 'node server.js' }, dependencies, packageManager }),
  });

  it.each<[string, Sources, string[]]>([
    [
      'npm',
      { ...plain, ...lock },
      ['package.json package-lock.json ./', 'npm ci --omit=dev && npm cache clean --force'],
    ],
    [
      'npm with settings',
      { ...plain, ...lock, '.npmrc': 'legacy-peer-deps=true\n' },
      ['package.json package-lock.json .npmrc ./', 'npm ci --omit=dev && npm cache clean --force'],
    ],
    [
      'a shrinkwrap',
      { ...plain, ...lock, 'npm-shrinkwrap.json': '{}' },
      ['package.json npm-shrinkwrap.json ./', 'npm ci --omit=dev && npm cache clean --force'],
    ],
    [
      'pnpm',
      { ...plain, ...pnpmLock },
      [
        'package.json pnpm-lock.yaml ./',
        'npm install --global pnpm@10',
        'pnpm install --frozen-lockfile --prod',
      ],
    ],
    [
      'pnpm of old',
      {
        ...plain,
        'pnpm-lock.yaml': "lockfileVersion: '6.0'\n",
        'pnpm-workspace.yaml': 'onlyBuiltDependencies:\n  - sharp\n',
      },
      [
        'package.json pnpm-lock.yaml pnpm-workspace.yaml ./',
        'npm install --global pnpm@8',
        'pnpm install --frozen-lockfile --prod',
      ],
    ],
    [
      'pnpm by its field',
      { ...withField('pnpm@10.2.1+sha512.abc'), ...pnpmLock },
      [
        'package.json pnpm-lock.yaml ./',
        'npm install --global pnpm@10.2.1',
        'pnpm install --frozen-lockfile --prod',
      ],
    ],
    [
      'Yarn',
      { ...plain, ...yarnLock },
      [
        'package.json yarn.lock ./',
        'npm install --global --force yarn@1.22.22',
        'yarn install --frozen-lockfile --production',
      ],
    ],
    [
      'Yarn 4',
      { ...withField('yarn@4.5.0'), ...berryLock },
      [
        'package.json yarn.lock .yarnrc.yml ./',
        'npm install --global --force @yarnpkg/cli-dist@4.5.0',
        'yarn install --immutable && yarn workspaces focus --all --production',
      ],
    ],
  ])('uses %s', async (_name, sources, [copied, ...runs]) => {
    const { dockerfile, faults, warnings } = await generateFor(sources);
    expect(linesOf(dockerfile, 'RUN')).toEqual(runs);
    expect(linesOf(dockerfile, 'COPY')[0]).toBe(copied);
    expect(faults).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('is left out where there is nothing to install', async () => {
    const { dockerfile, warnings } = await generateFor({ 'package.json': '{}', 'index.js': '' });
    expect(linesOf(dockerfile, 'RUN')).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('takes what is newest without a lockfile, and says so', async () => {
    const { dockerfile, warnings } = await generateFor(plain);
    expect(linesOf(dockerfile, 'RUN')).toEqual(['npm install --omit=dev && npm cache clean --force']);
    expect(warnings).toEqual([expect.stringContaining('The source has no lockfile')]);
  });

  it('keeps credentials out of the image, and out of the log', async () => {
    const npmrc = '//registry.example.com/:_authToken=sesame-1234\n';
    const { dockerfile, dockerignore, log, warnings } = await generateFor({
      ...plain,
      ...lock,
      '.npmrc': npmrc,
    });
    expect(dockerfile).not.toContain('.npmrc');
    expect(dockerignore.split('\n')).toContain('.npmrc');
    expect(warnings).toEqual([expect.stringContaining('.npmrc holds credentials')]);
    expect(log.join('\n')).not.toContain('sesame');
  });

  it.each<[string, object, string]>([
    ['Git hooks', { prepare: 'husky' }, 'npm pkg delete scripts.prepare && npm ci --omit=dev'],
    [
      'a build on install',
      { postinstall: 'npm run build', prepare: 'tsc' },
      'npm pkg delete scripts.postinstall scripts.prepare && npm ci --omit=dev',
    ],
    ['a guard', { preinstall: 'npx only-allow npm' }, 'npm ci --omit=dev'],
  ])('leaves out %s', async (_name, scripts, command) => {
    const sources = started('node server.js', { scripts });
    const { dockerfile, faults } = await generateFor(sources);
    expect(linesOf(dockerfile, 'RUN')).toEqual([`${command} && npm cache clean --force`]);
    expect(faults).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    ['workspaces', started('node server.js', { workspaces: ['packages/*'] }), 'the root of several packages'],
    [
      'workspaces of pnpm',
      { ...plain, ...pnpmLock, 'pnpm-workspace.yaml': 'packages:\n  - a\n' },
      'the root of several packages',
    ],
    ['a folder', started('node server.js', { dependencies: { ours: 'file:../ours' } }), '"ours" is a folder'],
    [
      'a Git repository',
      started('node server.js', { dependencies: { a: 'github:o/r' } }),
      '"a" comes from a Git repository',
    ],
    [
      'a short Git repository',
      started('node server.js', { devDependencies: { b: 'owner/repo#main' } }),
      '"b" comes from a Git repository',
    ],
    [
      'Prisma',
      started('node server.js', { dependencies: { '@prisma/client': '6' } }),
      'Prisma needs OpenSSL',
    ],
    [
      'a hook with files',
      started('node server.js', { scripts: { postinstall: 'patch-package' } }),
      'the script "postinstall" may need files',
    ],
    ['another manager', withField('pnpm@10.0.0'), '"pnpm", whose lockfile is not in the source'],
    [
      'pnpm of long ago',
      { ...plain, 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' },
      'pnpm-lock.yaml is of a version',
    ],
    ['Plug and Play', { ...plain, ...berryLock, '.yarnrc.yml': '' }, 'nodeLinker: node-modules'],
    ['Yarn 3', { ...withField('yarn@3.6.0'), ...berryLock }, 'understood as Yarn 4'],
  ])('refuses %s', async (_name, sources, sentence) => {
    const outcome = await generateFor(sources);
    expect(refusalOf(outcome)).toContain(sentence);
    expect(outcome.dockerfile).toBe('');
  });
});
