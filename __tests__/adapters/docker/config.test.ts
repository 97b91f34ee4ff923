import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import type { RegistryAccess } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Command, Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec } from '../../support/fakes.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'docker-config-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const access: RegistryAccess = { registry: 'r.example:5000', username: 'me', password: 'canary' };

/** A docker whose machine keeps its configuration below the home folder, and that ends as `run` says. */
function start(run: (command: Command) => Partial<Finished> = () => ({}), env: Record<string, string> = {}) {
  const exec = createFakeExec(run);
  const cleanup = createFakeExec(run);
  const docker = createDocker(exec, cleanup, { HOME: root, TMPDIR: root, ...env });
  return { docker, exec, cleanup, made: join(root, 'run', 'login') };
}

async function writeMachine(folder: string, config: unknown): Promise<void> {
  await mkdir(join(root, folder, 'contexts'), { recursive: true });
  await writeFile(
    join(root, folder, 'config.json'),
    typeof config === 'string' ? config : JSON.stringify(config),
  );
}

async function readJson(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
}

it('hands the password to docker on standard input alone, with the configuration of the run', async () => {
  const { docker, exec, made } = start();
  await docker.login(access, made);
  expect(exec.commands).toEqual([
    {
      file: 'docker',
      args: ['login', '--username', 'me', '--password-stdin', 'r.example:5000'],
      env: { DOCKER_CONFIG: made },
      input: 'canary',
      timeoutMs: 60_000,
    },
  ]);
});

it('uses it for all that follows, beside what a call brings along', async () => {
  const { docker, exec, made } = start(() => ({ stdout: '{}' }));
  await docker.login(access, made);
  await docker.build({ args: ['buildx', 'build'], env: { A: '1' } }, () => undefined);
  await docker.check(['buildx', 'build']);
  await docker.push('r.example:5000/a:1', () => undefined);
  expect(exec.commands.slice(1).map(({ env }) => env)).toEqual([
    { DOCKER_CONFIG: made, A: '1' },
    { DOCKER_CONFIG: made },
    { DOCKER_CONFIG: made },
  ]);
});

it('does not need it to start and to clean up: it may be gone by then', async () => {
  const { docker, cleanup, made } = start(() => ({ stdout: '{}' }));
  await docker.login(access, made);
  await docker.start(['run', 'a:1'], { inherited: { A: '1' }, lines: [] });
  await docker.stop('id', 1);
  await docker.removeContainers('a=1');
  await docker.removeImages(['a:1']);
  expect(cleanup.commands.map(({ args, env }) => [args[0], env])).toEqual([
    ['run', { A: '1' }],
    ['stop', undefined],
    ['ps', undefined],
    ['rm', undefined],
    ['rmi', undefined],
  ]);
});

it('keeps the login of the machine in use when the new one fails', async () => {
  const lines = [
    'Error response from daemon: login attempt to https://r/ failed with status: 401 Unauthorized',
  ];
  const { docker, exec, made } = start(({ args }) => (args[0] === 'login' ? { exitCode: 1, lines } : {}));
  await failureOf(ProjectError, () => docker.login(access, made));
  await docker.push('a:1', () => undefined);
  expect(exec.commands.map(({ args, env }) => [args[0], env !== undefined])).toEqual([
    ['login', true],
    ['push', false],
  ]);
});

it.each([
  ['.docker', {}],
  ['elsewhere', { DOCKER_CONFIG: 'elsewhere' }],
  ['.docker', { DOCKER_CONFIG: '' }],
])('begins with the configuration in %s for %j', async (folder, given) => {
  await writeMachine(folder, { auths: { a: {} }, currentContext: 'far', credHelpers: { b: 'helper' } });
  await writeFile(join(root, folder, '.token_seed'), '');
  const env = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value === '' ? '' : join(root, value)]),
  );
  const { docker, made } = start(undefined, env);
  await docker.login(access, made);
  expect(await readJson(made)).toEqual({
    auths: { a: {} },
    currentContext: 'far',
    credHelpers: { b: 'helper', 'r.example:5000': '' },
  });
  expect((await readdir(made)).sort()).toEqual(['config.json', 'contexts']);
  expect(await readlink(join(made, 'contexts'))).toBe(join(root, folder, 'contexts'));
  expect((await stat(join(made, 'config.json'))).mode & 0o777).toBe(0o600);
});

it.each(['no json', '[]', 'null'])(
  'begins with nothing where the configuration is %s, as docker does',
  async (text) => {
    await writeMachine('.docker', text);
    const { docker, made } = start();
    await docker.login({ ...access, registry: 'docker.io' }, made);
    expect(await readJson(made)).toEqual({ credHelpers: { 'https://index.docker.io/v1/': '' } });
  },
);

it('keeps the first login when there is a second', async () => {
  await writeMachine('.docker', {});
  const { docker, made } = start();
  await docker.login(access, made);
  await writeFile(join(made, 'config.json'), JSON.stringify({ auths: { 'r.example:5000': { auth: 'x' } } }));
  await docker.login({ ...access, registry: 's.example' }, made);
  expect(await readJson(made)).toEqual({
    auths: { 'r.example:5000': { auth: 'x' } },
    credHelpers: { 's.example': '' },
  });
  expect(await readlink(join(made, 'contexts'))).toBe(join(root, '.docker', 'contexts'));
});

it('asks without any login, and leaves nothing of that', async () => {
  await writeMachine('.docker', {
    auths: { a: { auth: 'canary' } },
    credsStore: 'keychain',
    credHelpers: { b: 'helper' },
    HttpHeaders: { 'X-Token': 'canary' },
    cliPluginsExtraDirs: ['/plugins'],
  });
  const seen: string[] = [];
  let config: unknown;
  const { docker } = start(({ env }) => {
    const folder = env?.['DOCKER_CONFIG'] ?? '';
    seen.push(folder);
    config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
    return { stdout: '{}' };
  });
  expect(await docker.isPublic('a/b:1', join(root, 'step'))).toBe(true);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatch(new RegExp(`^${root}/step/docker-anonymous-`));
  expect(config).toEqual({
    cliPluginsExtraDirs: ['/plugins'],
    credHelpers: { 'https://index.docker.io/v1/': '' },
  });
  expect([await readdir(join(root, 'step')), (await readdir(root)).sort()]).toEqual([
    [],
    ['.docker', 'step'],
  ]);
});
