import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { ensureBaseImages } from './engine/base-images.ts';
import type { BaseImage } from './engine/base-images.ts';
import { runningDaemon, startDaemon, stopDaemon } from './engine/daemon.ts';
import { findEngine, privateEnv } from './engine/find.ts';
import type { FoundEngine } from './engine/find.ts';
import { engineSources } from './engine/install.ts';
import { withLock } from './engine/lock.ts';
import { engineFolder } from './engine/place.ts';
import { ensureRegistry } from './engine/registry.ts';
import { clearEngine } from './engine/sweep.ts';

/** A Docker engine that answers. */
export interface Engine {
  /** What to add to a child's environment to reach it. */
  env: Record<string, string>;
  /** True when it is the project's own, started on a machine that had none. */
  isPrivate: boolean;
  /** Stops it if this call started it; otherwise does nothing. */
  stop(): Promise<void>;
}

/** What the engine must have, and where progress is told. */
export interface EngineOptions {
  baseImages?: BaseImage[];
  /** The program of an image registry too; without it the engine is handed back all the same, and the log says why. */
  registry?: boolean;
  log?: (line: string) => void;
}

/** Hands back a Docker engine, started if need be, with the base images asked for; or why there is none. */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine | { reason: string }> {
  const log = options.log ?? (() => undefined);
  try {
    const found = findEngine();
    const engine = found === undefined ? await startOnce(log) : { ...found, stop: () => Promise.resolve() };
    await ensureBaseImages(engine.env, options.baseImages ?? [], log);
    if (options.registry === true) await ensureRegistry(log).catch(tellNoRegistry(log));
    return engine;
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Why a private engine cannot be had here; undefined when it can. */
export function reasonAgainstPrivate(): string | undefined {
  const none = 'no Docker engine with buildx answers, and a private one';
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${none} needs Linux on x64`;
  if (!existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) return `${none} needs Debian`;
  if (process.getuid?.() !== 0) return `${none} needs root`;
  if (engineFolder().length > 70) return `${none} needs a cache folder with a shorter path`;
  return undefined;
}

function tellNoRegistry(log: (line: string) => void): (error: unknown) => void {
  return (error) => {
    log(`No image registry can be had: ${error instanceof Error ? error.message : String(error)}`);
  };
}

async function startOnce(log: (line: string) => void): Promise<Engine> {
  const reason = reasonAgainstPrivate();
  if (reason !== undefined) throw new Error(reason);
  return withLock(log, async () => {
    const running = runningDaemon();
    if (running !== undefined) return reuse({ env: privateEnv(running), isPrivate: true });
    return startFirst(log);
  });
}

async function startFirst(log: (line: string) => void): Promise<Engine> {
  const folder = engineFolder();
  await mkdir(folder, { recursive: true });
  const failures: string[] = [];
  for (const source of engineSources(folder)) {
    log(`Starting a private Docker engine (${source.name}).`);
    try {
      const programs = await source.prepare();
      const installed = findEngine();
      if (installed !== undefined) return reuse(installed);
      const pointer = await startDaemon(folder, programs);
      await clearEngine(privateEnv(pointer));
      return { env: privateEnv(pointer), isPrivate: true, stop: () => stopDaemon().then(() => undefined) };
    } catch (error) {
      failures.push(`${source.name}: ${error instanceof Error ? error.message : String(error)}`);
      log(failures.at(-1) ?? '');
    }
  }
  throw new Error(`no private Docker engine could be started. ${failures.join('\n')}`);
}

function reuse(engine: FoundEngine): Engine {
  return { ...engine, stop: () => Promise.resolve() };
}

const commands: Record<string, () => Promise<number>> = { up, down, status, env };

async function up(): Promise<number> {
  const engine = await ensureEngine({ baseImages: ['node', 'python'], registry: true, log: console.error });
  if ('reason' in engine) {
    console.error(engine.reason);
    return 1;
  }
  return status();
}

async function down(): Promise<number> {
  const stopped = await withLock(console.error, stopDaemon);
  console.log(stopped ? 'The private Docker engine is stopped.' : 'No private Docker engine was running.');
  return 0;
}

function status(): Promise<number> {
  const engine = findEngine();
  if (engine === undefined) console.log('No Docker engine with buildx answers.');
  else if (engine.isPrivate)
    console.log(`A private Docker engine answers at ${engine.env['DOCKER_HOST'] ?? ''}.`);
  else console.log("The machine's own Docker engine answers.");
  return Promise.resolve(engine === undefined ? 1 : 0);
}

function env(): Promise<number> {
  const engine = findEngine();
  for (const [name, value] of Object.entries(engine?.env ?? {})) {
    console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
  }
  return Promise.resolve(engine === undefined ? 1 : 0);
}

if (import.meta.main) {
  const command = commands[process.argv[2] ?? ''];
  if (command === undefined) console.error('Usage: node scripts/engine.ts up|down|status|env');
  process.exitCode = command === undefined ? 2 : await command();
}
