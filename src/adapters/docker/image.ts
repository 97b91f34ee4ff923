import type { ImageFacts, ImageLayer } from '../../docker-port.ts';
import { asObject, engineFailure, parseObject, type Run } from './client.ts';

/** What the engine knows of an image; undefined when it has none of this name. */
export async function readImage(reference: string, run: Run): Promise<ImageFacts | undefined> {
  const finished = await run({ args: ['image', 'inspect', '--format', '{{json .}}', reference] });
  if (finished.exitCode !== 0) {
    if (/no such image|no such object/i.test(finished.lines.join('\n'))) return undefined;
    throw engineFailure(`The image "${reference}" cannot be looked at`, finished);
  }
  const image = parseObject(finished.stdout);
  const config = asObject(image['Config']);
  const ports = Object.keys(asObject(config['ExposedPorts']));
  return {
    id: textOf(image['Id']),
    architecture: textOf(image['Architecture']),
    os: textOf(image['Os']),
    user: textOf(config['User']),
    exposedPorts: ports.flatMap(parseTcpPort).sort((a, b) => a - b),
    bytes: typeof image['Size'] === 'number' ? image['Size'] : 0,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseTcpPort(port: string): number[] {
  const number = /^(\d+)(?:\/tcp)?$/.exec(port)?.[1];
  return number === undefined ? [] : [Number(number)];
}

/** The layers of an image, the newest first; instructions that add no bytes are among them. */
export async function listLayers(reference: string, run: Run): Promise<readonly ImageLayer[]> {
  const format = ['--no-trunc', '--human=false', '--format', '{{json .}}'];
  const finished = await run({ args: ['history', ...format, reference] });
  if (finished.exitCode !== 0)
    throw engineFailure(`The layers of the image "${reference}" cannot be listed`, finished);
  return finished.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const layer = parseObject(line);
      return { bytes: Number(layer['Size'] ?? 0), command: textOf(layer['CreatedBy']) };
    });
}

/** Gives an image another name. */
export async function tag(image: string, reference: string, run: Run): Promise<void> {
  const finished = await run({ args: ['tag', image, reference] });
  if (finished.exitCode !== 0)
    throw engineFailure(`The image "${image}" cannot be named "${reference}"`, finished);
}
