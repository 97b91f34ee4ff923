import { constants } from 'node:os';

import { MissingProgramError, ProjectError } from '../../errors.ts';
import type { Command } from '../../process-port.ts';

/** How a program ended, as a shell counts it. */
export function exitCodeOf({ exitCode, signal }: Readonly<{ exitCode?: number; signal?: string }>): number {
  if (exitCode !== undefined) return exitCode;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return signal === undefined ? 1 : 128 + (numbers[signal] ?? constants.signals.SIGTERM);
}

/** Throws what a program that did not even start means. */
export function refuseStart({ file }: Command, code: string, message: string | undefined): never {
  if (code === 'ENOENT') throw new MissingProgramError(file);
  throw new ProjectError(`The program "${file}" cannot be started: ${message ?? code}.`, {
    kind: 'build',
    advice: `Check that "${file}" can be executed on this machine.`,
  });
}

/** Sends a signal to a process group. */
export function signalGroup(leader: number, name: 'SIGTERM' | 'SIGKILL'): void {
  sendSignal(-leader, name);
}

/** Sends a signal to a process, where it is still there. */
export function sendSignal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // No such process is left: that is what was wanted.
  }
}
