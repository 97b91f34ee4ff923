import { join, posix, relative, resolve } from 'node:path';

import { InputError } from '../../errors.ts';
import { cutAfterStage } from '../../lint/dockerfile/tree.ts';
import type { Files, Log } from '../../ports.ts';
import { configProblem } from '../../service-config/rules.ts';
import { parseExposedPort } from './expose.ts';
import { generateDockerfile } from './generate.ts';
import { findDockerfile, type ProjectRequest } from './mode.ts';

/** What container mode needs to know of a project. */
export interface ContainerFacts {
  /** Relative to the build folder, as the API takes it. */
  readonly dockerfile: string;
  /** Relative to the source folder; `.` for the source folder itself. The build sees nothing outside it. */
  readonly buildFolder: string;
  readonly dockerfileText: string;
}

/** Where the Dockerfile stands or should stand. */
export interface DockerfileLocation extends Omit<ContainerFacts, 'dockerfileText'> {
  /** True where the config or the live service names it. */
  readonly isNamed: boolean;
  /** The stage that is built; empty for the last one. */
  readonly target: string;
}

/** Finds the Dockerfile: the config's, else the live service's, else what the build folder holds. */
export async function locateDockerfile(request: ProjectRequest, files: Files): Promise<DockerfileLocation> {
  const { folder, config } = request;
  const { settings } = config;
  const buildFolder = settings.BuildDir ?? liveText(request, 'BuildDir') ?? '.';
  const context = resolve(folder, buildFolder);
  refuseOutside(request, 'BuildDir', { folder, value: buildFolder });
  const named = settings.Dockerfile ?? liveText(request, 'Dockerfile');
  const dockerfile = named ?? (await findDockerfile(context, files)) ?? 'Dockerfile';
  refuseOutside(request, 'Dockerfile', { folder: context, value: dockerfile });
  return {
    dockerfile: posix.normalize(dockerfile),
    buildFolder: posix.normalize(buildFolder),
    isNamed: named !== undefined,
    target: request.target ?? '',
  };
}

/** The port of a container service for which nobody names one (manager-node, deploy). */
const platformPort = 80;

/** Writes a Dockerfile where there is none and the input asks for it; what cannot be written is an InputError. */
export async function writeMissingDockerfile(
  request: ProjectRequest,
  { buildFolder, dockerfile, isNamed }: DockerfileLocation,
  ports: { files: Files; log: Log },
): Promise<void> {
  const { folder, config, generatesDockerfile = false } = request;
  if (!generatesDockerfile || isNamed) return;
  if ((await ports.files.kindOf(join(folder, buildFolder, dockerfile))) !== undefined) return;
  const port = config.settings.Port ?? livePort(request);
  const generated = await generateDockerfile({ folder, buildFolder, port }, ports);
  if (generated.kind === 'refused') throw new InputError(generated.problems);
}

/** Reads the Dockerfile and settles the port: the config's, else the live service's, else the single EXPOSE. */
export async function readContainer(
  request: ProjectRequest,
  { isNamed, target, ...location }: DockerfileLocation,
  ports: { files: Files; log: Log },
): Promise<ContainerFacts & { readonly port: number }> {
  const { folder, config, isPortOptional = false } = request;
  const { buildFolder, dockerfile } = location;
  const path = join(folder, buildFolder, dockerfile);
  const given = config.settings.Port ?? livePort(request);
  const dockerfileText = await ports.files.readText(path);
  if (dockerfileText === undefined) refuseMissing(request, posix.join(buildFolder, dockerfile));
  if (!isNamed && dockerfile !== 'Dockerfile') {
    ports.log.warning(
      `The Dockerfile is called "${dockerfile}": rename it to "Dockerfile", the name that tools expect.`,
    );
  }
  const port =
    given ??
    (isPortOptional ? platformPort : parseExposedPort(cutAfterStage(dockerfileText, target), dockerfile));
  return { ...location, dockerfileText, port };
}

/** The port of an existing image: the config's, else the live service's. */
export function readImagePort(request: ProjectRequest): number {
  const port = request.config.settings.Port ?? livePort(request);
  if (port !== undefined) return port;
  const message =
    'is missing: with an existing image, server-config has to name the port on which it listens.';
  throw new InputError([configProblem('Port', message, undefined)]);
}

function liveText({ live }: ProjectRequest, setting: string): string | undefined {
  const value = live?.service?.settings[setting];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuseOutside(
  { config }: ProjectRequest,
  key: 'BuildDir' | 'Dockerfile',
  { folder, value }: { readonly folder: string; readonly value: string },
): void {
  const inside = relative(folder, resolve(folder, value));
  if (!inside.startsWith('..') && !inside.startsWith('/')) return;
  const message = `must lie inside the source folder, not "${value}".`;
  throw new InputError([configProblem(key, message, config.positions[key])]);
}

function refuseMissing(request: ProjectRequest, path: string): never {
  const { requestedMode, config } = request;
  const isLive = config.settings.Dockerfile === undefined && liveText(request, 'Dockerfile') !== undefined;
  if (isLive) {
    const message =
      `the live service is built from "${path}", which is not in the source. ` +
      'Add it, or name another one with the settings Dockerfile and BuildDir.';
    throw new InputError([{ subject: 'source', message }]);
  }
  throw new InputError([
    {
      subject: requestedMode === 'container' ? 'mode' : 'source',
      message:
        `container mode needs a Dockerfile, and there is none at "${path}" in the source. ` +
        'Add one, name it with the settings Dockerfile and BuildDir, or use mode "function" for Node.js functions.',
    },
  ]);
}

function livePort({ live }: ProjectRequest): number | undefined {
  const port = Number(live?.service?.settings['Port'] ?? 0);
  return port > 0 ? port : undefined;
}
