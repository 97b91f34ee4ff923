import { InputError } from '../../errors.ts';
import type { Archive, Files, Log, State } from '../../ports.ts';
import type { Docker } from '../../docker-port.ts';
import type { Project } from '../project/project.ts';
import type { Artifact, PackageRequest } from './artifact.ts';
import { describeExisting, pushImage } from './image.ts';
import { packageSource } from './source.ts';

export interface PackagePorts {
  readonly archive: Archive;
  readonly docker: Docker;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}

/** Makes what the platform gets: the image in a registry, or a package of the source. */
export async function packageProject(
  project: Project,
  request: PackageRequest,
  ports: PackagePorts,
): Promise<Artifact> {
  const { built, delivery } = request;
  if (project.kind === 'image') return describeExisting(project, request, ports);
  if (delivery.repository === '') {
    if (project.kind === 'container')
      ports.log.info(
        'The platform builds the image again from the same source. To ship the image that was built here, set image-repository.',
      );
    return packageSource(project, request, ports);
  }
  if (built.kind === 'image') return pushImage(built, request, ports);
  const message = `is given, but mode "${project.mode}" deploys source alone. Leave it out, or use mode "container".`;
  throw new InputError([{ subject: 'image-repository', message }]);
}
