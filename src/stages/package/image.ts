import type { Docker } from '../../docker-port.ts';
import { MissingProgramError, ProjectError } from '../../errors.ts';
import { describeRegistry, registryOf } from '../../image-fields.ts';
import type { Log, State } from '../../ports.ts';
import type { Built, Image } from '../build/built.ts';
import type { ImageProject } from '../project/project.ts';
import type { ImageReference, PackageRequest } from './artifact.ts';

interface ImagePorts {
  readonly docker: Docker;
  readonly log: Log;
  readonly state: State;
}

/** Pushes the image by a tag that never moves, and by those that the user wants besides. */
export async function pushImage(
  image: Image,
  { delivery, sha }: PackageRequest,
  ports: ImagePorts,
): Promise<ImageReference> {
  const { repository, tags, referenceBy } = delivery;
  refuseArchitecture(image);
  const [fixed, isThere] = await findFreeTag(image, { repository, sha }, ports.docker);
  const taken = sha === '' || fixed === `${repository}:${sha}` ? undefined : `${repository}:${sha}`;
  if (taken !== undefined)
    ports.log.info(`"${taken}" is another image already, and stays it: a release may serve by this tag.`);
  const wanted = tags.map((tag) => `${repository}:${tag}`).filter((reference) => reference !== taken);
  const references = [...new Set([fixed, ...wanted])];
  ports.state.save('images', (await listUnknown(references, ports.docker)).join(' '));
  for (const reference of references) {
    if (reference === fixed && isThere) {
      ports.log.info(`"${reference}" is this very image already.`);
      continue;
    }
    ports.log.info(`Push "${reference}".`);
    await ports.docker.tag(image.reference, reference);
    await ports.docker.push(reference, (line) => {
      if (!isWaiting.test(line)) ports.log.output(line);
    });
  }
  const manifest = await ports.docker.readManifest(fixed);
  if (manifest === undefined || !isSame(image, manifest)) throw otherImage(fixed);
  await refuseUnreadable(fixed, ports);
  const reference = referenceBy === 'digest' ? `${repository}@${manifest.digest}` : fixed;
  return { kind: 'image', reference, digest: manifest.digest, isProven: true };
}

/** Names that the engine had before this step are not the step's to remove. */
async function listUnknown(references: readonly string[], docker: Docker): Promise<string[]> {
  const known = await Promise.all(references.map((reference) => docker.readImage(reference)));
  return references.filter((_, at) => known[at] === undefined);
}

/** A line for each layer that docker has not got to yet. */
const isWaiting = /^[0-9a-f]{12}: (Preparing|Waiting)$/;

type Found = Awaited<ReturnType<Docker['readManifest']>>;

/** The engine names an image by the digest of its config or, in the containerd store, of its manifest. */
function isSame({ facts }: Image, { digest, configDigest }: NonNullable<Found>): boolean {
  return facts.id === configDigest || facts.id === digest;
}

/** The commit, or with the image's own id where that tag is another image's: what serves by it must not change. */
async function findFreeTag(
  image: Image,
  { repository, sha }: { readonly repository: string; readonly sha: string },
  docker: Docker,
): Promise<[reference: string, isThere: boolean]> {
  const id = image.facts.id.replace('sha256:', '').slice(0, 12);
  const last = `${repository}:${sha === '' ? id : `${sha}-${id}`}`;
  for (const reference of sha === '' ? [last] : [`${repository}:${sha}`, last]) {
    const found = await docker.readManifest(reference);
    if (found === undefined) return [reference, false];
    if (isSame(image, found)) return [reference, true];
  }
  throw otherImage(last);
}

/** Without a local run nobody else looks. */
function refuseArchitecture({ facts }: Image): void {
  const { os, architecture } = facts;
  if (os === 'linux' && architecture === 'amd64') return;
  throw new ProjectError(`The image is for ${os}/${architecture}, and CloudBase Run runs linux/amd64.`, {
    kind: 'architecture',
    advice: 'Build the image for linux/amd64, on base images for it.',
  });
}

function otherImage(reference: string): ProjectError {
  return new ProjectError(
    `The registry holds another image under "${reference}" than the one on this machine.`,
    {
      kind: 'conflict',
      advice:
        'Run again. If it happens again, somebody else pushes to the same tag: use a repository of its own.',
    },
  );
}

/** What cannot be pulled without a login, the platform cannot pull either, but for its own registries. */
async function refuseUnreadable(reference: string, { docker, log }: ImagePorts): Promise<void> {
  const { isOfPlatform, doubt } = describeRegistry(registryOf(reference));
  if (isOfPlatform) return;
  const isPublic = await docker.isPublic(reference).catch((error: unknown) => {
    if (error instanceof MissingProgramError) return undefined;
    throw error;
  });
  if (isPublic === undefined)
    log.warning(
      `Nobody knows whether CloudBase Run can pull "${reference}": the registry gives no clear answer without a login.`,
    );
  if (isPublic !== false) return;
  throw new ProjectError(
    `CloudBase Run cannot pull "${reference}": it pulls without a login, and the registry refuses that.`,
    {
      kind: 'image-pull',
      advice:
        doubt ?? 'Push to a registry of Tencent Cloud in the same account, or make the repository public.',
    },
  );
}

/** An image that exists: what is known of it. One that the platform cannot pull is refused. */
export async function describeExisting(
  { reference }: ImageProject,
  built: Built,
  ports: ImagePorts,
): Promise<ImageReference> {
  await refuseUnreadable(reference, ports);
  if (built.kind !== 'image') return { kind: 'image', reference, digest: undefined, isProven: false };
  refuseArchitecture(built);
  const manifest = await ports.docker.readManifest(reference);
  const isProven = manifest !== undefined && isSame(built, manifest);
  if (manifest !== undefined && !isProven) throw otherImage(reference);
  return { kind: 'image', reference, digest: manifest?.digest, isProven };
}
