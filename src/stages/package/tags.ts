import type { Docker, Manifest } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { Image } from '../build/built.ts';
import type { PackageRequest } from './artifact.ts';

interface TagPorts {
  readonly docker: Docker;
  readonly log: Log;
}

interface Tags {
  readonly fixed: string;
  readonly isThere: boolean;
  readonly others: readonly string[];
}

/** The tag that never moves, and those that the user wants besides. */
export async function findTags(
  image: Image,
  { delivery, sha }: PackageRequest,
  { docker, log }: TagPorts,
): Promise<Tags> {
  const { repository, tags } = delivery;
  const [fixed, isThere] = await findFreeTag(image, { repository, sha }, { docker, log });
  if (isThere) log.info(`"${fixed}" is this very image already.`);
  const taken = sha === '' || fixed === `${repository}:${sha}` ? undefined : `${repository}:${sha}`;
  if (taken !== undefined)
    log.info(`"${taken}" is another image already, and stays it: a release may serve by this tag.`);
  const wanted = new Set(tags.map((tag) => `${repository}:${tag}`));
  return { fixed, isThere, others: [...wanted].filter((name) => name !== taken && name !== fixed) };
}

/** The commit, or with the image's own id where that tag is another image's: what serves by it must not change. */
async function findFreeTag(
  image: Image,
  { repository, sha }: { readonly repository: string; readonly sha: string },
  { docker, log }: TagPorts,
): Promise<[reference: string, isThere: boolean]> {
  const id = image.facts.id.replace('sha256:', '').slice(0, 12);
  const last = `${repository}:${sha === '' ? id : `${sha}-${id}`}`;
  for (const reference of sha === '' ? [last] : [`${repository}:${sha}`, last]) {
    const found = await lookUp(reference, docker);
    if (found instanceof ProjectError)
      log.info(
        `The registry refuses to say what "${reference}" is, as many do of a repository that is not there yet. It counts as free.`,
      );
    if (found === undefined || found instanceof ProjectError) return [reference, false];
    if (isSame(image, found)) return [reference, true];
  }
  throw otherImage(last);
}

/** What the registry holds under the reference; the error where it refuses to say. */
export function lookUp(reference: string, docker: Docker): Promise<Manifest | undefined | ProjectError> {
  return docker.readManifest(reference).catch((error: unknown) => {
    if (error instanceof ProjectError && error.kind === 'auth') return error;
    throw error;
  });
}

/** The engine names an image by the digest of its config or, in the containerd store, of its manifest. */
export function isSame({ facts }: Image, { digest, configDigest }: Manifest): boolean {
  return facts.id === configDigest || facts.id === digest;
}

/** The registry and the engine mean two images by one name. */
export function otherImage(reference: string): ProjectError {
  return new ProjectError(
    `The registry holds another image under "${reference}" than the one on this machine.`,
    {
      kind: 'conflict',
      advice:
        'Run again. If it happens again, somebody else pushes to the same tag: use a repository of its own.',
    },
  );
}
