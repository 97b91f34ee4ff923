import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { Command, RunningProcess } from '../../process-port.ts';
import { exitCodeOf, refuseStart, signalGroup } from './ending.ts';

/** How much of a log's end is looked at. */
const tailBytes = 256 * 1024;
const defaultGraceMs = 2_000;
const pauseMs = 20;
/** How long a killed program may take to be gone. */
const killedMs = 5_000;

interface Surroundings {
  readonly env: Record<string, string>;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/**
 * Starts a program that writes into a file by itself and does not keep this process alive; it goes on when this process
 * has ended. An abort ends it.
 */
export async function start(
  command: Command,
  { env, logFile, signal }: Surroundings,
): Promise<RunningProcess> {
  signal.throwIfAborted();
  const child = await spawnInto(logFile, command, env);
  const { pid = 0 } = child;
  const exitCode = (): number | undefined => readExit(child);
  let stopping: Promise<boolean> | undefined;
  const stop = (graceMs = defaultGraceMs): Promise<boolean> => (stopping ??= endAll(child, pid, graceMs));
  const abort = (): void => void stop();
  signal.addEventListener('abort', abort, { once: true });
  child.once('exit', () => {
    signal.removeEventListener('abort', abort);
  });
  if (signal.aborted) await stop();
  signal.throwIfAborted();
  return { pid, exitCode, logTail: (lines) => readTail(logFile, lines), stop };
}

async function spawnInto(
  logFile: string,
  command: Command,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;
  const log = await open(logFile, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600);
  try {
    const { file, args, cwd = process.cwd(), input } = command;
    const stdio = [input === undefined ? 'ignore' : 'pipe', log.fd, log.fd] as const;
    const child = spawn(file, [...args], { env, cwd, stdio: [...stdio], detached: true, windowsHide: true });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    // A program that reads none of it breaks the pipe, which is its own affair.
    child.stdin?.on('error', () => undefined).end(input);
    child.on('error', () => undefined).unref();
    return child;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return refuseStart(command, code, message);
  } finally {
    await log.close();
  }
}

function readExit({ exitCode, signalCode }: ChildProcess): number | undefined {
  if (exitCode !== null) return exitCodeOf({ exitCode });
  return signalCode === null ? undefined : exitCodeOf({ signal: signalCode });
}

/** The last lines of a file, as far as they are among its last bytes. */
async function readTail(path: string, lines: number): Promise<readonly string[]> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    const position = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - position), position });
    const all = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
    if (all.at(-1) === '') all.pop();
    if (position > 0 && all.length > 1) all.shift();
    return all.slice(Math.max(0, all.length - lines));
  } finally {
    await file.close();
  }
}

async function endAll(child: ChildProcess, leader: number, graceMs: number): Promise<boolean> {
  signalGroup(leader, 'SIGTERM');
  const isRunning = async (): Promise<boolean> =>
    readExit(child) === undefined || (await isGroupRunning(leader));
  const goneBy = async (deadline: number): Promise<boolean> => {
    while (await isRunning()) {
      if (performance.now() >= deadline) return false;
      await wait(pauseMs);
    }
    return true;
  };
  const isGone = await goneBy(performance.now() + graceMs);
  signalGroup(leader, 'SIGKILL');
  if (!isGone) await goneBy(performance.now() + killedMs);
  return isGone;
}

/** Where nobody collects them, ended processes stay in their group: these do not count. */
async function isGroupRunning(leader: number): Promise<boolean> {
  try {
    process.kill(-leader, 0);
  } catch {
    return false;
  }
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return true;
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')),
  );
  // After the name, which may hold anything: state, parent, group.
  const fields = states.map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '));
  return fields.some(([state, , group]) => Number(group) === leader && state !== 'Z' && state !== 'X');
}
