import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';

/** Where the kernel shows processes and control groups. */
export interface KernelFolders {
  readonly processes: string;
  readonly groups: string;
}

const kernelFolders: KernelFolders = { processes: '/proc', groups: '/sys/fs/cgroup' };

/**
 * The working set of the container that this process leads, in bytes: memory in use without the inactive file cache.
 * Undefined where its control group is not one of a container, or cannot be seen from here.
 */
export async function readWorkingSet(
  pid: number,
  { processes, groups }: KernelFolders = kernelFolders,
): Promise<number | undefined> {
  const lines = await read(join(processes, String(pid), 'cgroup'));
  const group = parseGroup(lines ?? '');
  if (group === undefined) return undefined;
  const folder = join(groups, group.path);
  const [usage, statistics] = await Promise.all([
    read(join(folder, group.usage)),
    read(join(folder, 'memory.stat')),
  ]);
  const used = usage === undefined ? NaN : parseInt(usage, 10);
  const inactive = new RegExp(`^${group.inactive} (\\d+)$`, 'm').exec(statistics ?? '')?.[1];
  if (Number.isNaN(used) || inactive === undefined) return undefined;
  return Math.max(0, used - Number(inactive));
}

interface Group {
  readonly path: string;
  readonly usage: string;
  readonly inactive: string;
}

/** The line for memory (version 1), else the one for all (version 2); see cgroups(7). */
function parseGroup(lines: string): Group | undefined {
  const first = /^\d+:(?:[^:]+,)?memory(?:,[^:]+)?:(\/.*)$/m.exec(lines)?.[1];
  const path = first ?? /^0::(\/.*)$/m.exec(lines)?.[1];
  // An id of a container: the same number may belong to another process where process ids are not those of the engine.
  if (path === undefined || !/[0-9a-f]{64}/.test(path)) return undefined;
  // Seen from inside another group the path begins with `/..`, and the group may still be shown below the root.
  const below = normalize(path);
  return first === undefined
    ? { path: below, usage: 'memory.current', inactive: 'inactive_file' }
    : { path: join('memory', below), usage: 'memory.usage_in_bytes', inactive: 'total_inactive_file' };
}

function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
