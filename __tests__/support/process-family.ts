import { readFile } from 'node:fs/promises';

import type { Command } from '../../src/process-port.ts';
import { waitFor } from './cloud-client.ts';

/** A program of Node.js that runs this code. */
export function node(code: string, given: Partial<Command> = {}): Command {
  return { file: process.execPath, args: ['-e', code], ...given };
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A program that starts another one, which ignores SIGTERM, and writes both process ids into a file. */
export function family(pidFile: string): Command {
  return node(`
    const child = require('child_process').spawn(process.execPath, ['-e',
      "process.on('SIGTERM', () => {}); process.stdout.write('deaf'); setInterval(() => {}, 1000)"],
      { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () =>
      require('fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid));
    setInterval(() => {}, 1000);`);
}

/** The process ids that are in such a file, as soon as they are. */
export async function pidsOf(pidFile: string): Promise<number[]> {
  const read = (): Promise<string> => readFile(pidFile, 'utf8').catch(() => '');
  return (await waitFor(read, (text) => / \d/.test(text))).split(' ').map(Number);
}

/** Waits until none of these processes is left. */
export async function waitForEnd(pids: readonly number[]): Promise<void> {
  await waitFor(
    () => Promise.resolve(pids.some(isAlive)),
    (isAny) => !isAny,
  );
}
