import type { Served } from '../serve/served.ts';
import { passed, skipped, warned, type Check } from './check.ts';

const MiB = 1024 * 1024;
/** From this part of Mem on, a little more load ends the process. */
const nearlyFull = 0.9;

/** How near the memory came to Mem (GiB). The working set is what Kubernetes counts: file cache that can go is not in it. */
export async function checkMemory(served: Served, memory: number): Promise<Check> {
  const peak = await served.readPeakMemory();
  if (peak === undefined) return skipped('memory', 'the memory of the service cannot be seen from here');
  const limit = memory * 1024 * MiB;
  const figures = `${Math.ceil(peak / MiB)} MiB of ${limit / MiB} MiB`;
  if (peak > limit)
    return warned(
      'memory',
      `uses up to ${figures}, which the platform does not give it: raise Cpu and Mem together`,
    );
  return peak >= limit * nearlyFull
    ? warned('memory', `uses up to ${figures}, which leaves little for requests: raise Cpu and Mem together`)
    : passed('memory', `up to ${figures} in use`);
}

const shownFiles = 5;

/**
 * Which files were written where nothing lasts: other instances do not see them, and they are gone with the instance.
 * `where` says which place was looked at.
 */
export async function checkFiles(served: Served, where: 'outside /tmp' | 'in its folder'): Promise<Check> {
  const files = await served.listWrites();
  if (files.length === 0) return passed('files', `none written ${where}`);
  const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : '';
  return warned(
    'files',
    `writes ${files.slice(0, shownFiles).join(', ')}${more}, which no other instance sees and which go with the instance`,
  );
}

const endSeconds = 10;

/** Whether it ends when it is asked to: the platform takes old versions down so, with requests under way. */
export async function checkShutdown(served: Served): Promise<Check> {
  return (await served.end(endSeconds))
    ? passed('shutdown', 'ends when it is asked to (SIGTERM)')
    : warned(
        'shutdown',
        `does not end within ${endSeconds} s after SIGTERM, and requests under way are cut off: handle the signal, and start the program itself, not by a shell`,
      );
}
