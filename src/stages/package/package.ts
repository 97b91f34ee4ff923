import { InputError } from '../../errors.ts';
import type { DeliveryInputs } from '../../inputs.ts';
import type { Archive, Files, Log, State } from '../../ports.ts';
import type { Docker } from '../../docker-port.ts';
import type { Built } from '../build/build.ts';
import type { Project } from '../project/project.ts';
import { describeExisting, pushImage } from './image.ts';
import { packageSource } from './source.ts';

/** What the platform gets. */
export type Artifact = SourcePackage | ImageReference;

/** The source package on disk. */
export interface SourcePackage {
  readonly kind: 'package';
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly fileCount: number;
}

/** An image in a registry. */
export interface ImageReference {
  readonly kind: 'image';
  /** By which the platform pulls it. */
  readonly reference: string;
  /** Of its manifest; undefined where the registry could not be asked. */
  readonly digest: string | undefined;
  /** True when it is known to be the very image that this machine has built or pulled. */
  readonly isProven: boolean;
}

export interface PackageRequest {
  readonly built: Built;
  readonly delivery: DeliveryInputs;
  /** The commit that is released; empty outside a repository. */
  readonly sha: string;
  readonly tempFolder: string;
}

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
  if (project.kind === 'image') return describeExisting(project, built, ports);
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
