import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { readFunction } from '../../../src/stages/project/function.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { serviceConfig } from '../../support/samples.ts';

const log = createFakeLog();

const read = (files: Record<string, string>, settings: Settings = {}): ReturnType<typeof readFunction> =>
  readFunction(
    { folder: root, requestedMode: 'function', config: serviceConfig(settings) },
    { files: createFakeFiles(files), log },
  );

it.each(['{', '[]', '"text"', 'null'])('needs a package.json that is an object, not %s', async (text) => {
  const error = await failureOf(InputError, () => read({ 'package.json': text, 'index.js': '' }));
  expect(error.message).toBe(
    'source: package.json is not a JSON object. Correct it: function mode reads its "main".',
  );
});

describe('the routes', () => {
  it('of one function are all that there is', async () => {
    expect(await read({ 'index.js': '' })).toMatchObject({ entry: 'index.js', routes: ['/'] });
  });

  it('of several functions are those that they name', async () => {
    const functions = {
      functionsRoot: '.',
      functions: [{ name: 'a', directory: 'a', triggerPath: '/a' }],
    };
    const files = { 'cloudbase-functions.json': JSON.stringify(functions), 'a/index.js': '' };
    expect(await read(files)).toMatchObject({ entry: 'cloudbase-functions.json', routes: ['/a'] });
  });
});

describe('the facts of a function', () => {
  it.each<[string, string, string | undefined]>([
    ['pnpm-lock.yaml', 'pnpm', 'pnpm-lock.yaml'],
    ['yarn.lock', 'yarn', 'yarn.lock'],
    ['package-lock.json', 'npm', 'package-lock.json'],
    ['npm-shrinkwrap.json', 'npm', 'npm-shrinkwrap.json'],
    ['readme.md', 'npm', undefined],
  ])('with %s are for %s', async (file, packageManager, lockfile) => {
    expect(await read({ 'index.js': '', [file]: '' })).toMatchObject({ packageManager, lockfile });
  });

  it('with a yarn.lock of version 2 and later are for yarn-berry', async () => {
    const files = { 'index.js': '', 'yarn.lock': '# note\n\n__metadata:\n  version: 8\n' };
    expect(await read(files)).toMatchObject({ packageManager: 'yarn-berry', lockfile: 'yarn.lock' });
  });

  it.each([
    [{}, false],
    [{ dependencies: {} }, false],
    [{ devDependencies: { a: '1' } }, false],
    [{ dependencies: { a: '1' } }, true],
  ])('tell whether %j has dependencies: %s', async (manifest, hasDependencies) => {
    const files = { 'index.js': '', 'package.json': JSON.stringify(manifest) };
    expect((await read(files)).hasDependencies).toBe(hasDependencies);
  });

  it.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ '.nvmrc': 'v22.11.0\n' }, '22.11.0'],
    [{ '.nvmrc': '22', '.node-version': '20.18.1\n' }, '20.18.1'],
    [{ '.nvmrc': ' \n' }, undefined],
    [{ '.nvmrc': '# the platform’s\n\n  v20.18.1 # as of now\n' }, '20.18.1'],
    [{ '.nvmrc': '20.x' }, '20'],
    [{ '.nvmrc': '22', '.node-version': 'node' }, '22'],
    [{ '.nvmrc': 'lts/*' }, undefined],
  ])('take the version of Node.js from %j', async (files, nodeVersion) => {
    expect((await read({ 'index.js': '', ...files })).nodeVersion).toBe(nodeVersion);
  });

  it.each([['lts/*'], ['node'], ['v22.0.0-nightly']])('say that %j is no version number', async (version) => {
    await read({ 'index.js': '', '.nvmrc': `${version}\n` });
    expect(log.lines.at(-1)).toBe(
      `notice: .nvmrc asks for "${version}", which is no version number such as "20.18.1", so it is not followed.`,
    );
  });

  it('hold the port of the platform, and refuse another one with all that is for containers', async () => {
    expect((await read({ 'index.js': '' }, { Port: 3000 })).port).toBe(3000);
    const error = await failureOf(InputError, () => read({ 'index.js': '' }, { Port: 8080, Cmd: ['a'] }));
    expect(error.problems.map(({ subject }) => subject)).toEqual([
      'server-config: Port',
      'server-config: Cmd',
    ]);
  });

  it('tell who installs the dependencies', async () => {
    expect((await read({ 'index.js': '' })).isInstalledByPlatform).toBe(true);
    expect((await read({ 'index.js': '' }, { InstallDependency: false })).isInstalledByPlatform).toBe(false);
  });
});
