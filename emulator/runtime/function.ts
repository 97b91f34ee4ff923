import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readEnvParams } from '../state/config.ts';
import { startChild } from './child.ts';
import { StartFailure, type Instance, type Plan } from './instance.ts';
import { findFreePort, waitForPort } from './probe.ts';

/** Where the vendor's functions framework, a development dependency of this project, keeps its command. */
export function findFramework(): string {
  const entry = createRequire(import.meta.url).resolve('@cloudbase/functions-framework');
  return join(dirname(entry), '..', 'bin', 'tcb-ff.js');
}

/**
 * Starts an unpacked function with the functions framework and waits until it listens. It sees PATH, a HOME of its own,
 * PORT and the service's env vars, and nothing of the emulator's environment.
 */
export async function startFunction(dir: string, plan: Plan, windowMs: number): Promise<Instance> {
  const port = await findFreePort();
  const child = startChild({
    file: process.execPath,
    args: [findFramework()],
    cwd: dir,
    env: { ...baseEnvironment(dir), ...readEnvParams(plan.config), PORT: String(port) },
  });
  const hasExited = (): Promise<boolean> => Promise.resolve(child.hasExited());
  try {
    const result = await waitForPort(port, { windowMs, hasExited, signal: plan.signal });
    if (result !== 'listening') throw new StartFailure(reasonOf(result), child.output());
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { port, output: () => Promise.resolve(child.output()), stop: () => child.stop() };
}

/** The reason that the process log gives for a version that does not serve. */
export function reasonOf(result: 'exited' | 'silent'): string {
  return result === 'exited'
    ? 'Back-off restarting failed container'
    : 'Readiness probe failed: dial tcp: connect: connection refused';
}

function baseEnvironment(dir: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: dir };
}
