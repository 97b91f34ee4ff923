import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cgroupParent } from './place.ts';
import { run } from './run.ts';
import type { Ran } from './run.ts';

const daemons = new Set([
  'dockerd',
  'containerd',
  'containerd-shim-runc-v2',
  'docker-proxy',
  'runc',
  'tini-static',
]);

/** Ends every process and mount that a private engine in `folder` left behind. */
export async function sweepEngine(folder: string): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const left = engineProcesses(folder);
    if (left.length === 0) break;
    for (const pid of left) kill(pid, 'SIGKILL');
    await delay(100);
  }
  for (const point of engineMounts(folder)) await run('umount', ['-l', point]);
}

/** Removes the containers and images that killed runs left in a private engine; right after its start nothing is in use. */
export async function clearEngine(env: Record<string, string>): Promise<void> {
  const listed = await run('docker', ['ps', '--all', '--quiet'], { env });
  const images = await run('docker', ['images', '--quiet', '--filter', 'reference=cloudbase-run-*'], { env });
  const idsIn = ({ stdout }: Ran): string[] => [...new Set(stdout.split('\n').filter(Boolean))];
  for (const [command, ids] of [
    [['rm', '--force', '--volumes'], idsIn(listed)],
    [['rmi', '--force'], idsIn(images)],
  ] as const) {
    if (ids.length > 0) await run('docker', [...command, ...ids], { env });
  }
}

/** The processes of a private engine in `folder`: its daemons, and whatever runs in its containers. */
export function engineProcesses(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isDaemon(pid, folder) || readProc(pid, 'cgroup').includes(`/${cgroupParent}/`))
    .map(Number);
}

/** The mount points below `folder`, innermost first. */
export function engineMounts(folder: string): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse();
}

/** Sends a signal to a process that may be gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

function isDaemon(pid: string, folder: string): boolean {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`);
    if (!daemons.has(basename(program))) return false;
    return program.startsWith(`${folder}/`) || readProc(pid, 'cmdline').includes(`${folder}/`);
  } catch {
    return false;
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
