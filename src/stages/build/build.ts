import type { Docker, DockerEngine, ImageFacts } from '../../docker-port.ts';
import { InputError } from '../../errors.ts';
import type { ImageInputs } from '../../inputs.ts';
import type { Exec, Files, Log, State } from '../../ports.ts';
import type { Project } from '../project/project.ts';
import { copyFunction } from './function.ts';
import { buildImage } from './image.ts';
import { pullImage } from './pull.ts';

/** An image that the engine of this machine has. */
export interface Image {
  readonly kind: 'image';
  /** By which the engine knows it. */
  readonly reference: string;
  readonly facts: ImageFacts;
  readonly engine: DockerEngine;
}

/** A copy of a function's files with its dependencies installed. */
export interface FunctionCopy {
  readonly kind: 'function-copy';
  readonly folder: string;
}

/** What was built, or the reason why nothing was. */
export type Built = Image | FunctionCopy | { readonly kind: 'skipped'; readonly reason: string };

export interface BuildRequest {
  /** What cannot do without it: an input, or the command. Undefined where it may be skipped. */
  readonly isNeededBy: Need | undefined;
  readonly inputs: ImageInputs;
  /** Ids of BuildKit secrets with their values. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** The image's OCI labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute path of the repository: files of a failure are relative to it. */
  readonly repository: string;
  readonly stepLabel: string;
  /** A folder of this step's own, removed when it ends. */
  readonly tempFolder: string;
  /** What package managers may know besides (context.ts). */
  readonly installEnv: Readonly<Record<string, string>>;
  /** What a build may know besides to reach GitHub's cache (context.ts). */
  readonly cacheEnv: Readonly<Record<string, string>>;
}

export type Need = 'command' | 'image-repository' | 'verify';

export interface BuildPorts {
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}

/** Makes what runs on this machine and, where it is pushed or brings its dependencies, what is released. */
export async function build(project: Project, request: BuildRequest, ports: BuildPorts): Promise<Built> {
  if (project.kind === 'function') {
    const isShipped = !project.isInstalledByPlatform;
    return isDeclined(request) && !isShipped ? declined : copyFunction(project, request, ports);
  }
  if (isDeclined(request)) return declined;
  const engine = await ports.docker.readEngine();
  if ('reason' in engine) return refuseEngine(engine.reason, request);
  ports.state.save('engine', engine.version);
  const { access } = request.inputs.delivery;
  if (access !== undefined) await ports.docker.login(access, request.tempFolder);
  return project.kind === 'image'
    ? pullImage(project, { engine, request }, ports)
    : buildImage(project, { engine, request }, ports);
}

const declined = { kind: 'skipped', reason: 'input "verify" is false' } as const;

function isDeclined({ inputs, isNeededBy }: BuildRequest): boolean {
  return isNeededBy === undefined && inputs.local.verify === 'false';
}

function refuseEngine(reason: string, { isNeededBy }: BuildRequest): Built {
  if (isNeededBy === undefined) return { kind: 'skipped', reason };
  const advice = {
    command: 'is "run", which needs Docker with buildx for a container',
    'image-repository': 'is given, and an image is built and pushed with Docker and buildx',
    verify: 'is "true"',
  }[isNeededBy];
  const else_ = isNeededBy === 'verify' ? ', or "auto" to verify only where there is one' : '';
  const message = `${advice}, but ${reason}. Use a runner with Docker and buildx${else_}.`;
  throw new InputError([{ subject: isNeededBy, message }]);
}
