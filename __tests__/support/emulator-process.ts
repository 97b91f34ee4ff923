import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createClient, waitFor, type CloudClient } from './cloud-client.ts';

const MAIN = join(import.meta.dirname, '../../emulator/main.ts');

/** `npm run emulator` as a process of its own. */
export interface EmulatorProcess {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly printed: () => string;
  /** A setting that it printed, such as `env-id`. */
  readonly setting: (name: string) => string;
  /** A client with the settings that it prints when it is ready. */
  readonly connect: () => Promise<CloudClient>;
}

/** Starts the emulator's command with an environment of the given variables, PATH and HOME. */
export function startEmulatorProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): EmulatorProcess {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  child.stderr.on('data', (chunk) => (printed += String(chunk)));
  const setting = (name: string): string => new RegExp(`^ {2}${name}: (.+)$`, 'm').exec(printed)?.[1] ?? '';
  return {
    child,
    setting,
    printed: () => printed,
    connect: async () => {
      await waitFor(
        () => Promise.resolve(printed),
        (text) => text.includes('Press Ctrl-C'),
      );
      const credential = { secretId: setting('secret-id'), secretKey: setting('secret-key') };
      return createClient({ apiEndpoint: setting('api-endpoint'), credential }, setting('env-id'));
    },
  };
}

/** Whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
