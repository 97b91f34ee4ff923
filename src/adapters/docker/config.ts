import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { asObject, parseObject, type DockerClient } from './client.ts';

const file = 'config.json';
const hubKey = 'https://index.docker.io/v1/';
/** What leads docker to its engine and its plugins, and holds no credentials. */
const plainKeys = ['proxies', 'currentContext', 'cliPluginsExtraDirs', 'plugins'];

/**
 * Makes a configuration like the machine's in a folder, in which a login to this registry stays in its own file. The
 * empty helper is what makes docker leave its keychain alone for that registry (docker/cli,
 * getConfiguredCredentialStore).
 */
export async function makeLoginConfig(registry: string, target: string, client: DockerClient): Promise<void> {
  const source = currentFolder(client);
  const config = await readConfig(source);
  await mkdir(target, { recursive: true, mode: 0o700 });
  if (source !== target) await linkRest(source, target);
  const key = credentialsKey(registry);
  const credHelpers = { ...asObject(config['credHelpers']), [key]: '' };
  await writeConfig(target, { ...config, credHelpers });
}

/** Does work with a configuration in this folder that knows no login, and removes it afterwards. */
export async function withoutLogin<T>(
  inFolder: string,
  client: DockerClient,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(inFolder, { recursive: true });
  const target = await mkdtemp(join(inFolder, 'docker-anonymous-'));
  try {
    const source = currentFolder(client);
    const config = await readConfig(source);
    const plain = Object.entries(config).filter(([key]) => plainKeys.includes(key));
    await linkRest(source, target);
    // Without any entry docker would look for a keychain on this machine by itself.
    await writeConfig(target, { ...Object.fromEntries(plain), credHelpers: { [hubKey]: '' } });
    return await work(target);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

function currentFolder({ configFolder, env }: DockerClient): string {
  const given = configFolder() ?? env['DOCKER_CONFIG'] ?? '';
  return resolve(given === '' ? join(env['HOME'] ?? homedir(), '.docker') : given);
}

/** A file that is not there or no JSON counts as empty, as it does for docker. */
async function readConfig(folder: string): Promise<Record<string, unknown>> {
  return parseObject(await readFile(join(folder, file), 'utf8').catch(() => ''));
}

/** Plugins, contexts, builders and certificates stay where they are; hidden files are buildx's own and made anew. */
async function linkRest(source: string, target: string): Promise<void> {
  const names = await readdir(source).catch(() => []);
  const rest = names.filter((name) => name !== file && !name.startsWith('.'));
  await Promise.all(rest.map((name) => linkOnce(join(source, name), join(target, name))));
}

async function linkOnce(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await symlink(from, to);
}

async function writeConfig(folder: string, config: Record<string, unknown>): Promise<void> {
  const path = join(folder, file);
  await rm(path, { force: true });
  await writeFile(path, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Docker keeps the login to Docker Hub under the address of its first index. */
function credentialsKey(registry: string): string {
  return registry === 'docker.io' ? hubKey : registry;
}
