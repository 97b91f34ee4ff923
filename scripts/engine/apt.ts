import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun, run } from './run.ts';

/** Packages of a Debian release (none: of what this machine's own sources have), to be unpacked into `into` without installing them. */
export interface Download {
  release?: string;
  packages: string[];
  into: string;
}

/** The sources line of a Debian release on the mirror that this machine uses. */
export async function sourcesLine(release: string): Promise<string> {
  const site = (await mirrorSite()) ?? (await updateLists(), await mirrorSite());
  if (site === undefined) throw new Error('apt knows no Debian mirror');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return `deb [signed-by=${keyring} check-valid-until=no] ${site} ${release} main`;
}

/** The code name of the Debian release that this machine runs, as in `bookworm`. */
export function ownRelease(): string {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}

/** Installs Debian packages unless they are installed; finishes what a killed installation left half done. */
export async function installPackages(names: string[]): Promise<void> {
  const missing = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  await run('dpkg', ['--configure', '-a']);
  const args = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...missing];
  await aptGet(args);
}

/** Unpacks a package of this machine's own Debian release below a work folder; hands back the root it fills. */
export async function unpackOwnPackage(name: string, work: string): Promise<string> {
  const folder = await mkdtemp(join(work, `${name}-`));
  await aptGet(['-q', 'download', name], folder);
  return unpackAll(folder);
}

/** True when this machine's package lists know a package of that name. */
export async function isKnownPackage(name: string): Promise<boolean> {
  return (await run('apt-cache', ['show', '--no-all-versions', name])).ok;
}

/** Downloads packages with an apt configuration of their own and unpacks them; `into` appears only complete. */
export async function unpackPackages(download: Download): Promise<void> {
  await mkdir(dirname(download.into), { recursive: true });
  const work = await mkdtemp(`${download.into}.partial-`);
  try {
    await downloadTo(work, download);
    const root = await unpackAll(work);
    await rm(download.into, { recursive: true, force: true });
    await rename(root, download.into);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadTo(work: string, download: Download): Promise<void> {
  const lists = join(work, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  const settings = {
    ...(download.release === undefined ? {} : await writeSources(work, download.release)),
    'Dir::State::lists': lists,
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await mustRun('apt-get', [...options, '-q', 'update'], { timeoutMs: 120_000 });
  await mustRun('apt-get', [...options, '-q', 'download', ...download.packages], { cwd: work });
}

async function writeSources(work: string, release: string): Promise<Record<string, string>> {
  const file = join(work, 'sources.list');
  await writeFile(file, `${await sourcesLine(release)}\n`);
  return { 'Dir::Etc::sourcelist': file, 'Dir::Etc::sourceparts': '-' };
}

async function unpackAll(folder: string): Promise<string> {
  const root = join(folder, 'root');
  for (const file of await readdir(folder)) {
    if (file.endsWith('.deb')) await mustRun('dpkg-deb', ['-x', join(folder, file), root]);
  }
  return root;
}

/** Runs apt-get with the machine's own settings; out-of-date package lists are renewed and it is tried again. */
async function aptGet(args: string[], cwd = '/'): Promise<void> {
  const options = ['-o', 'APT::Sandbox::User=root', ...args];
  if ((await run('apt-get', options, { cwd })).ok) return;
  await updateLists();
  await mustRun('apt-get', options, { cwd });
}

async function mirrorSite(): Promise<string | undefined> {
  const format = '$(RELEASE) $(SITE)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const pairs = stdout.split('\n').map((line) => line.split(' '));
  const own = pairs.find(([release]) => release === ownRelease()) ?? pairs[0];
  return own?.[1];
}

async function updateLists(): Promise<void> {
  await run('apt-get', ['-q', 'update'], { timeoutMs: 180_000 });
}

async function isInstalled(name: string): Promise<boolean> {
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Status}', name]);
  return stdout === 'install ok installed';
}
