import { join } from 'node:path';

import { isDockerVariable } from '../../context.ts';
import type { DockerCommand } from '../../docker-port.ts';
import type { BuildInputs } from '../../inputs.ts';
import type { ContainerProject } from '../project/project.ts';

export interface BuildArgsRequest {
  readonly build: BuildInputs;
  /** Ids of BuildKit secrets with their values. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly cacheEnv: Readonly<Record<string, string>>;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** The name of the image in the engine. */
  readonly reference: string;
  readonly progress: 'rawjson' | 'plain';
}

/**
 * The docker command of the build, as the platform is assumed to build: `-f BuildDir/Dockerfile BuildDir`. Values of
 * build args and secrets travel in its environment; on its argv stand only those of names that docker obeys itself. An
 * attestation would tell build args, and make an index of the image.
 */
export function buildDockerBuild(project: ContainerProject, request: BuildArgsRequest): DockerCommand {
  const { build, labels, reference, progress } = request;
  const args = [
    ...['buildx', 'build', '--load', '--progress', progress, '--platform', 'linux/amd64'],
    ...['--provenance', 'false', '--sbom', 'false', '--tag', reference],
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...Object.entries(build.buildArgs).flatMap(([name, value]) => ['--build-arg', spellArg(name, value)]),
    ...Object.keys(request.buildSecrets).flatMap((id, at) => [
      '--secret',
      `id=${id},env=${secretVariable(at)}`,
    ]),
    ...(build.target === '' ? [] : ['--target', build.target]),
    ...build.cacheFrom.flatMap((cache) => ['--cache-from', cache]),
    ...build.cacheTo.flatMap((cache) => ['--cache-to', cache]),
    ...(build.builder === '' ? [] : ['--builder', build.builder]),
    ...['--file', request.dockerfile, join(project.folder, project.buildFolder)],
  ];
  return { args, env: buildEnv(request) };
}

/** docker takes the value of a bare name from its own environment. */
function spellArg(name: string, value: string): string {
  return isInherited(name) ? name : `${name}=${value}`;
}

/** False for names that docker obeys itself, and for those that this action gives it. */
function isInherited(name: string): boolean {
  return !isDockerVariable(name) && !/^(CLOUDBASE_RUN|ACTIONS)_/.test(name);
}

function secretVariable(index: number): string {
  return `CLOUDBASE_RUN_BUILD_SECRET_${index}`;
}

/** As buildx reads a spec: a line of CSV, names of fields in any case. */
const gitHubCache = /(^|,)"?\s*type\s*=\s*gha\s*"?(,|$)/i;

function buildEnv({ build, buildSecrets, cacheEnv }: BuildArgsRequest): Record<string, string> {
  const inherited = Object.entries(build.buildArgs).filter(([name]) => isInherited(name));
  const secrets = Object.values(buildSecrets).map((value, at) => [secretVariable(at), value] as const);
  const usesGitHub = [...build.cacheFrom, ...build.cacheTo].some((cache) => gitHubCache.test(cache));
  return {
    ...(usesGitHub ? cacheEnv : {}),
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(secrets),
  };
}

/** The folder of a step's own login to a registry; it goes when the main part of the step ends. */
export function loginFolder(tempFolder: string): string {
  return join(tempFolder, 'docker-config');
}

/** The name of the image that a step builds; the step's post part removes what has it. */
export function imageName(stepLabel: string): string {
  return `${stepLabel.toLowerCase()}:verify`;
}
