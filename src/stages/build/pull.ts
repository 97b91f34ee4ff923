import type { Docker, DockerEngine } from '../../docker-port.ts';
import { ProjectError, type FailureKind } from '../../errors.ts';
import { describeRegistry, registryOf } from '../../image-fields.ts';
import type { ImageProject } from '../project/project.ts';
import type { BuildPorts, BuildRequest, Built } from './built.ts';

interface PullRequest {
  readonly engine: DockerEngine;
  readonly request: BuildRequest;
}

/**
 * Pulls the image that is to be deployed; the post part takes its name from an engine that did not have it. One that this
 * machine cannot have is skipped with the reason; whether the platform can have it is asked when it is packaged.
 */
export async function pullImage(
  { reference }: ImageProject,
  { engine, request }: PullRequest,
  { docker, log, state }: BuildPorts,
): Promise<Built> {
  // Said before the pull: a killed one may still come to its end in the engine.
  if ((await docker.readImage(reference)) === undefined) state.save('images', reference);
  try {
    await docker.pull(reference, (line) => {
      log.output(line);
    });
  } catch (error) {
    if (!(error instanceof ProjectError) || request.isNeededBy !== undefined) throw error;
    if (isPlatformRefused(error.kind, reference) || (await isMissing(reference, docker))) throw error;
    return { kind: 'skipped', reason: `this machine cannot pull the image: ${error.message}` };
  }
  const facts = await docker.readImage(reference);
  if (facts !== undefined) return { kind: 'image', reference, facts, engine };
  throw new ProjectError(`The image "${reference}" was pulled, but the engine does not have it.`, {
    kind: 'unexpected',
    advice: 'Check the Docker engine of this machine with "docker info".',
  });
}

/** Refusals that the platform meets as well; it has a login for its own registries alone. */
function isPlatformRefused(kind: FailureKind, reference: string): boolean {
  if (kind === 'auth') return !describeRegistry(registryOf(reference)).isOfPlatform;
  return kind === 'architecture';
}

/** The platform does not find it either; any other refusal may be one of this machine alone. */
async function isMissing(reference: string, docker: Docker): Promise<boolean> {
  try {
    return (await docker.readManifest(reference)) === undefined;
  } catch (error) {
    if (error instanceof ProjectError) return false;
    throw error;
  }
}
