import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, privateEnv, readPointer } from './find.ts';
import type { Pointer } from './find.ts';
import { cgroupParent, engineFolder, pointerFile } from './place.ts';
import { childEnv, lastLines } from './run.ts';
import { engineProcesses, kill, sweepEngine } from './sweep.ts';

/** Starts a daemon on the programs in these folders and waits until it answers; throws the end of its log. */
export async function startDaemon(folder: string, programs: string[]): Promise<Pointer> {
  await sweepEngine(folder);
  const paths = daemonPaths(folder);
  for (const stale of [paths.pid, paths.socket, paths.exec])
    await rm(stale, { recursive: true, force: true });
  for (const made of [paths.config, dirname(pointerFile)]) await mkdir(made, { recursive: true });
  await writeFile(paths.settings, '{}\n');
  const child = spawnDaemon(folder, programs);
  if (child.pid === undefined) throw new Error('there is no program "dockerd"');
  const pointer = { folder, pid: child.pid, socket: paths.socket, config: paths.config, programs };
  await writeFile(pointerFile, JSON.stringify(pointer));
  if (await isReady(child, pointer)) return pointer;
  await stopDaemon();
  throw new Error(`the Docker daemon did not start:\n${lastLines(readFileSync(paths.log, 'utf8'))}`);
}

/** Stops the private engine, its containers and its mounts; false when none was running. */
export async function stopDaemon(): Promise<boolean> {
  const pointer = readPointer();
  const folder = pointer?.folder ?? engineFolder();
  const running = engineProcesses(folder);
  if (pointer !== undefined && running.includes(pointer.pid)) {
    kill(pointer.pid, 'SIGTERM');
    await waitFor(() => !existsSync(`/proc/${pointer.pid}`), 25_000);
  }
  await sweepEngine(folder);
  for (const file of [pointerFile, daemonPaths(folder).socket]) await rm(file, { force: true });
  return running.length > 0;
}

/** The private engine that answers now, if any. */
export function runningDaemon(): Pointer | undefined {
  const pointer = readPointer();
  return pointer !== undefined && answers(privateEnv(pointer)) ? pointer : undefined;
}

function spawnDaemon(folder: string, programs: string[]): ChildProcess {
  const paths = daemonPaths(folder);
  const log = openSync(paths.log, 'w');
  const path = [...programs, process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  const child = spawn('dockerd', buildDaemonArgs(folder), {
    detached: true,
    stdio: ['ignore', log, log],
    env: childEnv({ PATH: path }),
  });
  closeSync(log);
  child.once('error', () => undefined).unref();
  return child;
}

/** The daemon's arguments: everything in `folder`, nothing read from the machine's own settings. */
export function buildDaemonArgs(folder: string): string[] {
  const paths = daemonPaths(folder);
  return [
    `--config-file=${paths.settings}`,
    `--data-root=${paths.data}`,
    `--exec-root=${paths.exec}`,
    `--pidfile=${paths.pid}`,
    `--host=unix://${paths.socket}`,
    `--cgroup-parent=${cgroupParent}`,
    '--exec-opt=native.cgroupdriver=cgroupfs',
  ];
}

function daemonPaths(folder: string) {
  const at = (name: string) => join(folder, name);
  return {
    data: at('data'),
    exec: at('exec'),
    pid: at('pid'),
    socket: at('docker.sock'),
    config: at('config'),
    settings: at('daemon.json'),
    log: at('daemon.log'),
  };
}

async function isReady(child: ChildProcess, pointer: Pointer): Promise<boolean> {
  const env = privateEnv(pointer);
  return waitFor(() => (existsSync(pointer.socket) && answers(env)) || child.exitCode !== null, 30_000).then(
    (settled) => settled && child.exitCode === null,
  );
}

async function waitFor(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (isTrue()) return true;
    await delay(50);
  }
  return isTrue();
}
