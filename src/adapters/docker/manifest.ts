import type { Manifest } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import { asObject, parseObject, type DockerClient } from './client.ts';
import { withoutLogin } from './config.ts';
import { diagnose, failure, insist, type Deed } from './registry.ts';

const limitMs = 60_000;
const inspect = ['buildx', 'imagetools', 'inspect'];

/**
 * Reads the digests of what a registry holds under a reference; undefined when it holds nothing there. The digest is
 * asked for, and all else is read under it, so that a tag that moves meanwhile does not mix two images.
 */
export async function readManifest(reference: string, client: DockerClient): Promise<Manifest | undefined> {
  const deed = buildDeed(reference, ['--format', '{{json .Manifest}}', reference]);
  const found = await insist(deed, client).catch((error: unknown) => {
    if (error instanceof ProjectError && error.kind === 'image-pull' && isAbsent(error.logTail))
      return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const { digest, manifests } = parseObject(found.stdout);
  if (typeof digest !== 'string') throw unreadable(reference, found.lines);
  const own = Array.isArray(manifests) ? findAmd64(manifests, reference) : digest;
  const name = `${parseRepository(reference)}@${own}`;
  const raw = await insist(buildDeed(reference, ['--raw', name]), client);
  const configDigest = asObject(parseObject(raw.stdout)['config'])['digest'];
  if (typeof configDigest !== 'string') throw unreadable(reference, raw.lines);
  return { digest, configDigest };
}

function buildDeed(reference: string, args: readonly string[]): Deed {
  return {
    action: 'read',
    subject: reference,
    call: { args: [...inspect, ...args], timeoutMs: limitMs },
  };
}

function isAbsent(lines: readonly string[]): boolean {
  return /not found|manifest unknown|name unknown/i.test(lines.at(-1) ?? '');
}

function findAmd64(manifests: readonly unknown[], reference: string): string {
  const digests = manifests.map(asObject).flatMap(({ platform, digest }) => {
    const { os, architecture } = asObject(platform);
    return os === 'linux' && architecture === 'amd64' && typeof digest === 'string' ? [digest] : [];
  });
  const [first] = digests;
  if (first !== undefined) return first;
  const lines = ['no matching manifest for linux/amd64 in the manifest list entries'];
  const finished = { exitCode: 1, lines, stdout: '' };
  throw failure(diagnose(buildDeed(reference, []), finished), finished);
}

function unreadable(reference: string, lines: readonly string[]): ProjectError {
  return new ProjectError(`The registry holds something else than an image under "${reference}".`, {
    kind: 'image-pull',
    logTail: lines.slice(-20),
    advice: 'Push an image under this name, in the format of OCI or of Docker (schema 2).',
  });
}

/** The reference without its tag and its digest. */
export function parseRepository(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/**
 * Whether everybody can read the reference. Undefined when the registry cannot be asked, and when it has nothing of this
 * name: some say so of what is private.
 */
export async function isPublic(
  reference: string,
  inFolder: string,
  client: DockerClient,
): Promise<boolean | undefined> {
  const { call, ...deed } = buildDeed(reference, ['--raw', reference]);
  return withoutLogin(inFolder, client, async (folder) => {
    const finished = await client.run({ ...call, env: { DOCKER_CONFIG: folder } });
    if (finished.exitCode === 0) return true;
    return diagnose({ ...deed, call }, finished).kind === 'auth' ? false : undefined;
  });
}
