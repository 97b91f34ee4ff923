import type { Docker, ImageLayer } from '../../docker-port.ts';
import { adviceFor } from '../../diagnosis/advice.ts';
import type { Image } from '../build/built.ts';
import { failed, passed, warned, type Check } from './check.ts';

/** Whether the platform can run the image at all. */
export function checkArchitecture({ facts }: Image): Check {
  const system = `${facts.os}/${facts.architecture}`;
  if (system === 'linux/amd64') return passed('architecture', system);
  const detail = `has an image for ${system}, and the platform runs linux/amd64`;
  const advice = adviceFor.architecture ?? '';
  return failed('architecture', { kind: 'architecture', detail, advice });
}

/** Whether the program has more rights than it needs. */
export function checkUser(image: Image): Check {
  const user = image.facts.user.split(':')[0] ?? '';
  return user === '' || user === 'root' || user === '0'
    ? warned('user', 'runs as root: name another USER in the Dockerfile')
    : passed('user', `runs as "${user}"`);
}

const MiB = 1024 * 1024;
/** Vendors' build logs advise to make smaller what is larger. */
const largeBytes = 1024 * MiB;
const shownLayers = 3;

/** How large the image is, and by what. */
export async function checkImageSize({ reference, facts, engine }: Image, docker: Docker): Promise<Check> {
  const layers = await docker.listLayers(reference);
  const largest = [...layers].sort((left, right) => right.bytes - left.bytes).slice(0, shownLayers);
  const by = largest.filter(({ bytes }) => bytes >= shownBytes).map(describeLayer);
  const size = `${inMiB(facts.bytes)} in the ${engine.store} store`;
  const most = by.length === 0 ? '' : `; largest layers: ${by.join(', ')}`;
  return facts.bytes > largeBytes
    ? warned('image-size', `has an image of ${size}, which is slow to pull on a cold start${most}`)
    : passed('image-size', `${size}${most}`);
}

const shownCommand = 60;
/** Smaller layers are nothing to save at. */
const shownBytes = 0.1 * MiB;

function describeLayer({ bytes, command }: ImageLayer): string {
  const text = readCommand(command);
  const short = text.length > shownCommand ? `${text.slice(0, shownCommand)}…` : text;
  return short === '' ? `${inMiB(bytes)} that the base image brings` : `${inMiB(bytes)} by "${short}"`;
}

/** The instruction as its author wrote it; the values of build args, which Docker puts before it, stay out. */
function readCommand(command: string): string {
  return command
    .replace(/\s*# buildkit$/, '')
    .replace(/^(RUN )?(\|\d+ .*?)?\/bin\/\w+ (-[\w-]+ |pipefail )*?-\w*c (#\(nop\) )?/s, '$1')
    .replace(/^(RUN )?\|\d+ .*$/s, '$1…')
    .replace(/\s+/g, ' ')
    .trim();
}

function inMiB(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}
