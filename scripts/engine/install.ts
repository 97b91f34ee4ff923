import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages, isKnownPackage, ownRelease, unpackPackages } from './apt.ts';
import { run } from './run.ts';

/** One way to have an engine: a name for the log, and a step that makes its programs ready to run. */
export interface Source {
  name: string;
  /** Installs what is missing and hands back the folders that come first in PATH (none: the system's). */
  prepare(): Promise<string[]>;
}

const newerReleases = ['forky', 'trixie'];
const packages = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd', 'tini-static'];

/** The ways to get an engine on this Debian, best first: a newer release's packages, then its own. */
export function engineSources(folder: string, releases: string[] = newerReleases): Source[] {
  const newer = releases.slice(
    0,
    releases.includes(ownRelease()) ? releases.indexOf(ownRelease()) : undefined,
  );
  return [
    ...newer.map((release) => ({ name: `Debian ${release}`, prepare: () => prepareNewer(folder, release) })),
    { name: `Debian ${ownRelease()}`, prepare: () => prepareOwn(folder) },
  ];
}

async function prepareNewer(folder: string, release: string): Promise<string[]> {
  const root = packageRoot(folder, release);
  await removePartial(folder);
  await Promise.all([
    installPackages(['runc', 'iptables']),
    existsSync(root) ? undefined : unpackPackages({ release, packages, into: root }),
  ]);
  await linkPlugin(folder, join(root, 'usr/libexec/docker/cli-plugins/docker-buildx'));
  return [join(root, 'usr/bin'), join(root, 'usr/sbin')];
}

async function prepareOwn(folder: string): Promise<string[]> {
  const optional = [];
  for (const name of ['docker-cli', 'docker-buildx']) if (await isKnownPackage(name)) optional.push(name);
  await installPackages(['runc', 'iptables', 'docker.io', ...optional]);
  await rm(join(folder, 'config', 'cli-plugins'), { recursive: true, force: true });
  if ((await run('docker', ['buildx', 'version'])).ok) return [];
  await linkPlugin(folder, await newerPlugin(folder));
  return [];
}

async function newerPlugin(folder: string): Promise<string> {
  const root = packageRoot(folder, 'buildx');
  if (!existsSync(root)) {
    const release = newerReleases.at(0) ?? ownRelease();
    await unpackPackages({ release, packages: ['docker-buildx'], into: root });
  }
  return join(root, 'usr/libexec/docker/cli-plugins/docker-buildx');
}

async function linkPlugin(folder: string, plugin: string): Promise<void> {
  const plugins = join(folder, 'config', 'cli-plugins');
  await mkdir(plugins, { recursive: true });
  await rm(join(plugins, 'docker-buildx'), { force: true });
  await symlink(plugin, join(plugins, 'docker-buildx'));
}

async function removePartial(folder: string): Promise<void> {
  const parent = join(folder, 'packages');
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent)) {
    if (name.includes('.partial-')) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function packageRoot(folder: string, name: string): string {
  return join(folder, 'packages', name);
}
