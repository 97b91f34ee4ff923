import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Each line names every living group; the input ends when its writer is gone, however that came about. */
const SCRIPT =
  'while read -r line; do groups=$line; done; for group in $groups; do kill -s KILL -- "-$group"; done';

/** Ends process groups together with this process, also when this process is killed by force. */
export interface Watchdog {
  /** Minds a child that leads a process group, until it is released. */
  watch(child: ChildProcess): void;
  release(child: ChildProcess): void;
}

/**
 * A watchdog that is a process only while it minds something: a shell in a session of its own, which reads what lives
 * from a pipe and acts when the pipe ends. Nothing is asked of the children, and nothing is added to what they see.
 */
export function createWatchdog(): Watchdog {
  const groups = new Set<number>();
  let input: Writable | undefined;
  return {
    watch({ pid }) {
      if (pid === undefined) return;
      groups.add(pid);
      input ??= startShell();
      tell(input, groups);
    },
    release({ pid }) {
      if (pid === undefined || !groups.delete(pid) || input === undefined) return;
      tell(input, groups);
      if (groups.size > 0) return;
      input.end();
      input = undefined;
    },
  };
}

function startShell(): Writable {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell, or when someone ends it, children may outlive a killed emulator, and nothing else is lost.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return shell.stdin;
}

function tell(input: Writable, groups: ReadonlySet<number>): void {
  input.write(`${[...groups].join(' ')}\n`);
}
