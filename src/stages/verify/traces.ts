import type { Docker, ImageLayer } from '../../docker-port.ts';
import type { Image } from '../build/build.ts';
import type { Served } from '../serve/serve.ts';
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
  return peak >= limit * nearlyFull
    ? warned('memory', `uses up to ${figures}, which leaves little for requests: raise Cpu and Mem together`)
    : passed('memory', `up to ${figures} in use`);
}

const shownFiles = 5;

/** Which files were written outside /tmp: other instances do not see them, and they are gone with the instance. */
export async function checkFiles(served: Served): Promise<Check> {
  const files = await served.listWrites();
  if (files.length === 0) return passed('files', 'none written outside /tmp');
  const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : '';
  return warned(
    'files',
    `writes ${files.slice(0, shownFiles).join(', ')}${more}, which no other instance sees and which go with the instance`,
  );
}

export function checkUser(image: Image): Check {
  const user = image.facts.user.split(':')[0] ?? '';
  return user === '' || user === 'root' || user === '0'
    ? warned('user', 'runs as root: name another USER in the Dockerfile')
    : passed('user', `runs as "${user}"`);
}

/** Vendors' build logs advise to make smaller what is larger. */
const largeBytes = 1024 * MiB;
const shownLayers = 3;

/** How large the image is, and by what. */
export async function checkImageSize({ reference, facts, engine }: Image, docker: Docker): Promise<Check> {
  const layers = await docker.listLayers(reference);
  const largest = [...layers].sort((left, right) => right.bytes - left.bytes).slice(0, shownLayers);
  const by = largest.filter(({ bytes }) => bytes > 0).map(describeLayer);
  const size = `${inMiB(facts.bytes)} in the ${engine.store} store`;
  const most = by.length === 0 ? '' : `; largest layers: ${by.join(', ')}`;
  return facts.bytes > largeBytes
    ? warned('image-size', `has an image of ${size}, which is slow to pull on a cold start${most}`)
    : passed('image-size', `${size}${most}`);
}

const shownCommand = 60;

function describeLayer({ bytes, command }: ImageLayer): string {
  const text = command
    .replace(/^\/bin\/sh -c (#\(nop\) )?|\s*# buildkit$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const short = text.length > shownCommand ? `${text.slice(0, shownCommand)}…` : text;
  return `${inMiB(bytes)} by "${short}"`;
}

function inMiB(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
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
