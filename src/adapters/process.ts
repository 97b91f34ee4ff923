import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { execa } from 'execa';

import type { Command, Exec, Finished } from '../process-port.ts';
import { exitCodeOf, refuseStart, sendSignal, signalGroup } from './process/ending.ts';
import { start } from './process/start.ts';

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
    start: (command, logFile) => start(command, { env: environmentOf(command), logFile, signal }),
    readPeakMemory: (pid) => readPeakMemory(pid, signal),
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
    if (result.code !== undefined) refuseStart(command, result.code, result.originalMessage);
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

async function readPeakMemory(pid: number, signal: AbortSignal): Promise<number | undefined> {
  signal.throwIfAborted();
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
