import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { hash } from 'bcryptjs';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { unpackPackages } from './apt.ts';
import { withLock } from './lock.ts';
import { engineFolder } from './place.ts';
import { childEnv, lastLines } from './run.ts';

/** Who may push to a registry and pull from it. */
export interface RegistryUser {
  name: string;
  password: string;
}

/** What a registry is to be; without options everyone may push and pull. */
export interface RegistryOptions {
  user?: RegistryUser;
  /** The address of another registry, as in `http://127.0.0.1:5000`, whose images this one serves; it takes no pushes then. */
  mirrorOf?: string;
  /** Where the folder of its storage is made; the system's folder for temporary files when it is left out. */
  parent?: string;
}

/** An image registry on loopback, which engines on this machine reach without TLS. */
export interface Registry {
  /** As in `127.0.0.1:41234`: the first part of the names of its images. */
  address: string;
  /** Ends it and removes all that it holds. */
  stop(): Promise<void>;
}

const packageName = 'docker-registry';
const startMs = 15_000;
const pollMs = 20;

// The registry lives until the shell's input ends, however the process that writes it came to its end. What cleans up
// holds the shell's stderr: who waits for that to close waits for the cleaning.
const script = `
exec 3<&0
"$0" serve "$1/config.json" 3<&- &
registry=$!
{ read -r _ <&3; kill "$registry" 2>/dev/null; rm -rf "$1"; } >/dev/null &
exec 3<&-
wait "$registry"
`;

/** Starts a registry with an empty storage of its own on a free port; installs its program first where there is none. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const program = await ensureRegistry();
  const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'registry-'));
  try {
    await writeFile(join(folder, 'config.json'), JSON.stringify(await buildConfig(folder, options)));
    return await launch(program, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Hands back the registry's program, downloaded and unpacked on the first call; throws when it cannot be had. */
export async function ensureRegistry(log: (line: string) => void = () => undefined): Promise<string> {
  return findRegistry() ?? withLock(log, () => install(log));
}

/** The registry's program, if this machine has been given one. */
export function findRegistry(): string | undefined {
  const names = ['docker-registry', 'registry'];
  return names.map((name) => join(packageRoot(), 'usr', 'bin', name)).find((file) => existsSync(file));
}

async function install(log: (line: string) => void): Promise<string> {
  const found = findRegistry();
  if (found !== undefined) return found;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(`the image registry is Debian's package ${packageName}, and there is no apt-get here`);
  log('Downloading an image registry.');
  await unpackPackages({ packages: [packageName], into: packageRoot() });
  const program = findRegistry();
  if (program === undefined) throw new Error(`the package ${packageName} has no program "docker-registry"`);
  return program;
}

function packageRoot(): string {
  return join(engineFolder(), 'packages', packageName);
}

async function buildConfig(folder: string, { user, mirrorOf }: RegistryOptions): Promise<object> {
  const storage = join(folder, 'storage');
  await mkdir(storage);
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0' },
    ...(user === undefined ? {} : { auth: { htpasswd: await writeUsers(folder, user) } }),
    ...(mirrorOf === undefined ? {} : { proxy: { remoteurl: mirrorOf } }),
  };
}

async function writeUsers(folder: string, user: RegistryUser): Promise<object> {
  const path = join(folder, 'htpasswd');
  await writeFile(path, `${user.name}:${await hash(user.password, 4)}\n`, { mode: 0o600 });
  return { realm: 'registry', path };
}

async function launch(program: string, folder: string): Promise<Registry> {
  const child = spawn('/bin/sh', ['-c', script, program, folder], {
    cwd: '/',
    env: childEnv(),
    stdio: ['pipe', 'ignore', 'pipe'],
    // A signal to this process's group, as Ctrl+C is, must not end what cleans up.
    detached: true,
  });
  const registry = follow(child);
  const handles = [child, ...[child.stdin, child.stderr].filter((pipe) => pipe instanceof Socket)];
  const stop = async (): Promise<void> => {
    for (const each of handles) each.ref();
    child.stdin.end();
    await registry.ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = await waitUntilReady(registry);
    // Who forgets to stop it can end nevertheless, and the registry ends with it.
    for (const each of handles) each.unref();
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Followed {
  log(): string;
  hasEnded(): boolean;
  /** Resolves when the registry and what minds it have ended. */
  ended: Promise<void>;
}

function follow(child: ChildProcessByStdio<Writable, null, Readable>): Followed {
  let log = '';
  let hasEnded = false;
  child.stdin.on('error', () => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-65_536)));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
    child.once('exit', () => (hasEnded = true));
  });
  return { log: () => log, hasEnded: () => hasEnded, ended };
}

async function waitUntilReady(registry: Followed): Promise<string> {
  const deadline = Date.now() + startMs;
  let address: string | undefined;
  while (Date.now() < deadline && !registry.hasEnded()) {
    address ??= /listening on (127\.0\.0\.1:\d+)/.exec(registry.log())?.[1];
    if (address !== undefined && (await answers(address))) return address;
    await delay(pollMs);
  }
  throw new Error(`the image registry did not start:\n${lastLines(registry.log())}`);
}

async function answers(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(1000) });
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}
