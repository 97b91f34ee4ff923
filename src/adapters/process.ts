import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { execa } from 'execa';

import { MissingProgramError, ProjectError } from '../errors.ts';
import type { Command, Exec, Finished, RunningProcess } from '../ports.ts';

const keptLines = 1_000;
const graceMs = 2_000;

/**
 * Runs programs with the given environment and what the command adds, never with the environment of this process.
 * Each program leads a process group of its own, so that an aborted run ends all that it started.
 */
export function createExec(baseEnv: Readonly<Record<string, string>>, signal: AbortSignal): Exec {
  const environmentOf = (command: Command): Record<string, string> => ({ ...baseEnv, ...command.env });
  return {
    capture: (command, onLine) => capture(command, { env: environmentOf(command), signal, onLine }),
    stream: async ({ file, args, cwd, ...command }) => {
      signal.throwIfAborted();
      const { exec } = await import('@actions/exec');
      const env = environmentOf({ file, args, ...command });
      return exec(file, [...args], { env, ignoreReturnCode: true, ...(cwd === undefined ? {} : { cwd }) });
    },
    start: (command) => start(command, environmentOf(command), signal),
    stopMarked,
  };
}

interface Surroundings {
  readonly env: Record<string, string>;
  readonly signal: AbortSignal;
  readonly onLine: ((line: string) => void) | undefined;
}

type Child = ReturnType<typeof spawn>;

function spawn(
  run: typeof execa,
  { file, args, cwd = process.cwd(), input = '' }: Command,
  env: Record<string, string>,
) {
  return run(file, args, {
    env,
    cwd,
    input,
    extendEnv: false,
    all: true,
    buffer: { stdout: true, stderr: false, all: false },
    reject: false,
    detached: true,
  });
}

async function capture(command: Command, { env, signal, onLine }: Surroundings): Promise<Finished> {
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const child = spawn(execa, command, env);
  const abort = (): void => void endGroup(child);
  signal.addEventListener('abort', abort, { once: true });
  const limit = startLimit(command, abort);
  try {
    const lines: string[] = [];
    for await (const line of child.iterable({ from: 'all' })) {
      keep(lines, line);
      onLine?.(line);
    }
    const result = await child;
    signal.throwIfAborted();
    refuseMissingProgram(command, result.code, result.originalMessage);
    return { exitCode: limit.isOver() ? 124 : exitCodeOf(result), lines, stdout: result.stdout };
  } finally {
    limit.clear();
    signal.removeEventListener('abort', abort);
  }
}

function startLimit({ timeoutMs }: Command, end: () => void) {
  let isOver = false;
  const expire = (): void => {
    isOver = true;
    end();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
  return {
    isOver: () => isOver,
    clear: () => {
      clearTimeout(timer);
    },
  };
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > keptLines) lines.shift();
}

function exitCodeOf({ exitCode, signal }: { exitCode?: number; signal?: string }): number {
  return exitCode ?? (signal === undefined ? 1 : 128 + (signal === 'SIGKILL' ? 9 : 15));
}

function refuseMissingProgram(
  { file }: Command,
  code: string | undefined,
  message: string | undefined,
): void {
  if (code === undefined) return;
  if (code === 'ENOENT') throw new MissingProgramError(file);
  throw new ProjectError(`The program "${file}" cannot be started: ${message ?? code}.`, {
    kind: 'build',
    advice: `Check that "${file}" can be executed on this machine.`,
  });
}

async function start(
  command: Command,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<RunningProcess> {
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const child = spawn(execa, command, env);
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of child.iterable({ from: 'all' })) keep(lines, line);
  })();
  let exitCode: number | undefined;
  const ended = child.then(async (result) => {
    await reading.catch(() => undefined);
    exitCode = exitCodeOf(result);
  });
  if (child.pid === undefined) {
    const { code, originalMessage } = await child;
    refuseMissingProgram(command, code ?? 'unknown', originalMessage);
  }
  return {
    pid: child.pid ?? 0,
    exitCode: () => exitCode,
    logTail: (count) => lines.slice(-count),
    stop: async () => {
      if (exitCode === undefined) await endGroup(child);
      await ended;
    },
  };
}

/** Asks the whole group to end, and ends it when it does not within two seconds. */
async function endGroup(child: Child): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
  }, graceMs);
  await child;
  clearTimeout(timer);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  sendSignal(-pid, name);
}

function sendSignal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // No such process is left: that is what was wanted.
  }
}

/** Looks again after each round: what was just being started escapes the first one, and ending takes a moment. */
async function stopMarked(marker: string): Promise<boolean> {
  for (let round = 0; round < 100; round++) {
    const found = await findMarked(marker);
    if (found.length === 0) return round > 0;
    for (const pid of found) sendSignal(pid, 'SIGKILL');
    await wait(50);
  }
  return true;
}

async function findMarked(marker: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const isMarked = await Promise.all(
    pids.map(async (pid) =>
      (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).includes(marker),
    ),
  );
  return pids.filter((_, index) => isMarked[index]);
}
