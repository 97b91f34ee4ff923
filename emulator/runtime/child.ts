import { spawn, type ChildProcess } from 'node:child_process';
import { createWatchdog } from './watchdog.ts';

const OUTPUT_LIMIT = 64 * 1024;
const STOP_GRACE_MS = 2000;

/** Minds the children of this process, so that none of them outlives it when it ends without closing the emulator. */
const watchdog = createWatchdog();

/** A command with an environment of its own; nothing of the emulator's environment reaches it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A child process in a process group of its own. */
export interface Child {
  /** Resolves with the exit code, or 1 after a signal or a failed start; never rejects. */
  readonly exited: Promise<number>;
  hasExited(): boolean;
  /** The last 64 KB of stdout and stderr in the order of arrival. */
  output(): string;
  /** Ends the whole group, by force after two seconds. */
  stop(): Promise<void>;
}

/** What a command left behind. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** The part of the parent's environment that tools need to work at all: no inputs, no tokens. */
export function toolEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS', 'npm_config_registry'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Runs a command to its end, line by line; an abort ends it with everything it started. */
export async function runCommand(
  command: Command,
  options: { readonly signal: AbortSignal; readonly onLine?: (line: string) => void },
): Promise<Result> {
  options.signal.throwIfAborted();
  const child = startChild(command, options.onLine);
  const abort = (): void => void child.stop();
  options.signal.addEventListener('abort', abort);
  const code = await child.exited;
  options.signal.removeEventListener('abort', abort);
  options.signal.throwIfAborted();
  return { code, output: child.output() };
}

/** Starts a command that goes on until it is stopped. */
export function startChild(command: Command, onLine?: (line: string) => void): Child {
  const child = spawn(command.file, command.args, {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: command.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let exited = false;
  const collect = createLineSplitter(onLine);
  const add = (chunk: string): void => {
    output = (output + chunk).slice(-OUTPUT_LIMIT);
    collect(chunk);
  };
  child.stdout.setEncoding('utf8').on('data', add);
  child.stderr.setEncoding('utf8').on('data', add);
  watchdog.watch(child);
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      add(`${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  }).finally(() => {
    exited = true;
    watchdog.release(child);
  });
  return {
    exited: ended,
    hasExited: () => exited,
    output: () => output,
    stop: () => stopGroup(child, ended),
  };
}

async function stopGroup(child: ChildProcess, ended: Promise<number>): Promise<void> {
  kill(child, 'SIGTERM');
  const timer = setTimeout(() => {
    kill(child, 'SIGKILL');
  }, STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
  kill(child, 'SIGKILL');
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already gone.
  }
}

function createLineSplitter(onLine?: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
}
