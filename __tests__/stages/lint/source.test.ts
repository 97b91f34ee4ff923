import { expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { ServiceFacts } from '../../../src/lint/rule.ts';
import type { ServiceDetail } from '../../../src/ports.ts';
import { readSource, type SourceRequest } from '../../../src/stages/lint/source.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import {
  containerProject,
  fileEntry,
  foundProject,
  functionProject,
  liveState,
  serviceConfig,
  serviceDetail,
} from '../../support/samples.ts';

const request = (given: Partial<SourceRequest> = {}): SourceRequest => ({
  found: foundProject(containerProject()),
  config: serviceConfig(),
  live: undefined,
  isAlone: false,
  repository: root,
  ...given,
});
const read = (nodes: Record<string, FakeNode>, given: Partial<SourceRequest> = {}) =>
  readSource(request(given), createFakeFiles(nodes));

it('lists every file and folder, but for what stands in .git and node_modules', async () => {
  const { entries } = await read({
    Dockerfile: 'FROM a',
    '.git/config': '',
    'node_modules/a/index.js': '',
    'src/node_modules/b/index.js': '',
    'src/a.js': '12345',
    link: { link: 'src' },
    pipe: { kind: 'other' },
  });
  expect(Object.fromEntries(entries)).toEqual({
    '.git': { kind: 'folder', size: 0 },
    Dockerfile: { kind: 'file', size: 6 },
    link: { kind: 'link', size: 0 },
    node_modules: { kind: 'folder', size: 0 },
    pipe: { kind: 'other', size: 0 },
    src: { kind: 'folder', size: 0 },
    'src/a.js': { kind: 'file', size: 5 },
    'src/node_modules': { kind: 'folder', size: 0 },
  });
});

it('reads the texts that rules look at, and no others', async () => {
  const nodes = {
    'api/Dockerfile': 'FROM a',
    'api/Dockerfile.dockerignore': '*.md',
    'api/.dockerignore': '*.log',
    'api/requirements.txt': 'flask',
    'api/lib/package.json': '{}',
    'api/lib/compose.yaml': 'services: {}',
    'compose.yaml': 'services: {}',
    'server.js': '',
    '.env': 'SECRET=1',
    '.nvmrc': '20',
    'other/Dockerfile': 'FROM b',
    'package.json': 'x'.repeat(2_000_000),
  };
  const found = foundProject(containerProject({ buildFolder: 'api' }));
  const { texts, dockerfile } = await read(nodes, { found });
  expect([...texts.keys()].sort()).toEqual([
    '.nvmrc',
    'api/.dockerignore',
    'api/Dockerfile',
    'api/Dockerfile.dockerignore',
    'api/lib/package.json',
    'api/requirements.txt',
    'compose.yaml',
  ]);
  expect(dockerfile).toEqual({ path: 'api/Dockerfile', buildFolder: 'api' });
});

it('knows what would be packaged, where there is a project', async () => {
  const project = functionProject({ files: [fileEntry('index.js')] });
  const whole = await read({ 'index.js': '' }, { found: foundProject(project) });
  expect([whole.packaged, whole.mode, whole.dockerfile]).toEqual([['index.js'], 'function', undefined]);
  const refused = { ...foundProject(project), result: new InputError([]) };
  expect((await read({ 'index.js': '' }, { found: refused })).packaged).toBeUndefined();
});

const at = { file: 'cloud.yml', line: 3, column: 5 };
const live = (settings: ServiceDetail['settings']) => ({ live: liveState(serviceDetail({ settings })) });

it.each<[string, Partial<SourceRequest>, Partial<ServiceFacts>]>([
  ['nothing', {}, { port: undefined, hasVpc: false, hasCommand: false, env: [], target: 'main' }],
  ['the config’s port', { config: serviceConfig({ Port: 80 }), ...live({ Port: 90 }) }, { port: 80 }],
  ['the live port', live({ Port: 90 }), { port: 90 }],
  ['no live port', live({ Port: 0 }), { port: undefined }],
  ['the one port of functions', { found: foundProject(functionProject()) }, { port: 3000 }],
  [
    'the config’s network',
    { config: serviceConfig({ VpcConf: { VpcId: 'v', SubnetId: 's' } }) },
    { hasVpc: true },
  ],
  ['the live network', live({ VpcConf: { VpcId: 'v' } }), { hasVpc: true }],
  ['an empty live network', live({ VpcConf: { VpcId: '' } }), { hasVpc: false }],
  ['the config’s command', { config: serviceConfig({ Cmd: ['a'] }) }, { hasCommand: true }],
  ['the live command', live({ EntryPoint: 'a' }), { hasCommand: true }],
  ['no live command', live({ Cmd: [], EntryPoint: '' }), { hasCommand: false }],
  ['another target', { config: serviceConfig({ EnvParams: { FUNCTION_TARGET: 'run' } }) }, { target: 'run' }],
  ['own modules', { config: serviceConfig({ InstallDependency: false }) }, { isInstalledByPlatform: false }],
])('knows %s of the service', async (_name, given, facts) => {
  expect((await read({ Dockerfile: 'FROM a' }, given)).service).toMatchObject(facts);
});

it('knows the env vars of the config where no other stage looks at them', async () => {
  const settings = { EnvParams: { DB_HOST: 'db', OLD: null } };
  const config = { ...serviceConfig(settings), positions: { 'EnvParams.DB_HOST': at } };
  const envOf = async (isAlone: boolean) => (await read({}, { config, isAlone })).service.env;
  expect(await envOf(true)).toEqual([{ name: 'DB_HOST', value: 'db', at }]);
  expect(await envOf(false)).toEqual([]);
});

it('knows what a build may still make, where lint runs alone', async () => {
  const nodes = { '.gitignore': 'out/\n', 'app/.gitignore': '/dist\n', 'app/index.js': '' };
  const found = foundProject(functionProject({ folder: `${root}/app` }));
  const unbuilt = async (isAlone: boolean, paths: readonly string[]): Promise<boolean[]> =>
    paths.map((await read(nodes, { found, isAlone })).isUnbuilt);
  expect(await unbuilt(true, ['dist/index.js', 'out/a.js', 'lib/out/b', 'lib/dist/a', 'out'])).toEqual([
    ...[true, true, true, false, true],
  ]);
  expect(await unbuilt(false, ['dist/index.js'])).toEqual([false]);
});

it('stands in the folder of the project', async () => {
  const found = foundProject(containerProject({ folder: `${root}/app` }));
  const { entries } = await read({ 'app/Dockerfile': 'FROM a', 'other.js': '' }, { found });
  expect([...entries.keys()]).toEqual(['Dockerfile']);
});
