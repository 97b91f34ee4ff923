import type { Docker } from '../../docker-port.ts';
import { MissingProgramError, ProjectError } from '../../errors.ts';
import { describeRegistry, registryOf } from '../../image-fields.ts';
import type { Log, State } from '../../ports.ts';
import type { Image } from '../build/built.ts';
import type { ImageProject } from '../project/project.ts';
import type { ImageReference, PackageRequest } from './artifact.ts';
import { findTags, isSame, lookUp, otherImage } from './tags.ts';

interface ImagePorts {
  readonly docker: Docker;
  readonly log: Log;
  readonly state: State;
}

/**
 * Pushes the image by a tag that never moves and, once it is proven that the platform can pull this very image by it, by
 * those that the user wants besides. Names that this machine had before mean afterwards what they meant.
 */
export async function pushImage(
  image: Image,
  request: PackageRequest,
  ports: ImagePorts,
): Promise<ImageReference> {
  const { repository, referenceBy } = request.delivery;
  refuseArchitecture(image);
  const { fixed, isThere, others } = await findTags(image, request, ports);
  const before = await readNames([fixed, ...others], ports.docker);
  ports.state.save('images', [...before].flatMap(([name, id]) => (id === undefined ? [name] : [])).join(' '));
  try {
    const told = isThere ? undefined : await push(image, fixed, ports);
    const digest = await prove(image, { reference: fixed, told }, ports.docker);
    await refuseUnreadable({ reference: fixed, folder: request.tempFolder }, ports);
    for (const reference of others) await push(image, reference, ports);
    const reference = referenceBy === 'digest' ? `${repository}@${digest}` : fixed;
    return { kind: 'image', reference, digest, isProven: true };
  } finally {
    await restoreNames(image, before, ports);
  }
}

/** The ids of what the engine knows by these names, undefined for what it does not know. */
async function readNames(
  references: readonly string[],
  docker: Docker,
): Promise<ReadonlyMap<string, string | undefined>> {
  const found = references.map(async (name) => [name, (await docker.readImage(name))?.id] as const);
  return new Map(await Promise.all(found));
}

/** A line for each layer that docker has not got to yet. */
const isWaiting = /^[0-9a-f]{12}: (Preparing|Waiting)$/;
const isPushed = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+$/;

/** Resolves to the digest that docker tells. */
async function push(
  image: Image,
  reference: string,
  { docker, log }: ImagePorts,
): Promise<string | undefined> {
  let digest: string | undefined;
  log.info(`Push "${reference}".`);
  await docker.tag(image.reference, reference);
  await docker.push(reference, (line) => {
    digest = isPushed.exec(line)?.[1] ?? digest;
    if (!isWaiting.test(line)) log.output(line);
  });
  return digest;
}

/**
 * The digest under which the registry holds this very image. One that refuses to say is believed what docker told when it
 * pushed, as long as the engine still knows this image by the name that was pushed.
 */
async function prove(
  image: Image,
  { reference, told }: { readonly reference: string; readonly told: string | undefined },
  docker: Docker,
): Promise<string> {
  const found = await lookUp(reference, docker);
  if (!(found instanceof ProjectError)) {
    if (found === undefined || !isSame(image, found)) throw otherImage(reference);
    return found.digest;
  }
  const now = told === undefined ? undefined : await docker.readImage(reference);
  if (told !== undefined && now?.id === image.facts.id) return told;
  const message = `Nobody can prove that the registry holds this very image under "${reference}". ${found.message}`;
  const { advice, logTail } = found;
  throw new ProjectError(message, { kind: 'auth', advice, logTail });
}

/** A name that cannot be put back is a warning: it changes nothing of what was pushed. */
async function restoreNames(
  { facts }: Image,
  before: ReadonlyMap<string, string | undefined>,
  { docker, log }: ImagePorts,
): Promise<void> {
  for (const [name, id] of before) {
    if (id === undefined || id === facts.id) continue;
    await docker.tag(id, name).catch((error: unknown) => {
      log.warning(`On this machine "${name}" may now be the image of this run: ${String(error)}`);
    });
  }
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

/** What cannot be pulled without a login, the platform cannot pull either, but for its own registries. */
async function refuseUnreadable(
  { reference, folder }: { readonly reference: string; readonly folder: string },
  { docker, log }: ImagePorts,
): Promise<void> {
  const { isOfPlatform, doubt } = describeRegistry(registryOf(reference));
  if (isOfPlatform) return;
  const isPublic = await docker.isPublic(reference, folder).catch((error: unknown) => {
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
  { built, tempFolder }: Pick<PackageRequest, 'built' | 'tempFolder'>,
  ports: ImagePorts,
): Promise<ImageReference> {
  await refuseUnreadable({ reference, folder: tempFolder }, ports);
  if (built.kind !== 'image') return { kind: 'image', reference, digest: undefined, isProven: false };
  refuseArchitecture(built);
  const manifest = await ports.docker.readManifest(reference);
  const isProven = manifest !== undefined && isSame(built, manifest);
  if (manifest !== undefined && !isProven) throw otherImage(reference);
  return { kind: 'image', reference, digest: manifest?.digest, isProven };
}
