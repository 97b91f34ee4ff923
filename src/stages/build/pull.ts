import type { DockerEngine } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import type { ImageProject } from '../project/project.ts';
import type { BuildPorts, BuildRequest, Built } from './build.ts';

interface PullRequest {
  readonly engine: DockerEngine;
  readonly request: BuildRequest;
}

/** Refusals that the platform meets as well; any other may be one of this machine alone. */
const certain = ['image-pull', 'architecture'];

/** Pulls the image that is to be deployed. One that this machine cannot have is skipped with the reason. */
export async function pullImage(
  { reference }: ImageProject,
  { engine, request }: PullRequest,
  { docker, log }: BuildPorts,
): Promise<Built> {
  try {
    await docker.pull(reference, (line) => {
      log.output(line);
    });
  } catch (error) {
    const isMine = error instanceof ProjectError && !certain.includes(error.kind);
    if (!isMine || request.isNeededBy !== undefined) throw error;
    return { kind: 'skipped', reason: `this machine cannot pull the image: ${error.message}` };
  }
  const facts = await docker.readImage(reference);
  if (facts !== undefined) return { kind: 'image', reference, facts, engine };
  throw new ProjectError(`The image "${reference}" was pulled, but the engine does not have it.`, {
    kind: 'unexpected',
    advice: 'Check the Docker engine of this machine with "docker info".',
  });
}
