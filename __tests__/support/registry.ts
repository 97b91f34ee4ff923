import { afterAll, beforeAll, describe, it } from '@jest/globals';
import {
  findRegistry,
  startRegistry,
  type Registry,
  type RegistryOptions,
  type RegistryUser,
} from '../../scripts/engine/registry.ts';
import { describeWithEngine, type TestEngine } from './engine.ts';

/** A registry that runs while the tests of its block run. */
export interface TestRegistry {
  /** As in `127.0.0.1:41234`; known once the tests run, not while they are registered. */
  readonly address: string;
  readonly user?: RegistryUser;
}

/** A registry, by its address alone where everyone may read. */
export type RegistryPlace = string | Pick<TestRegistry, 'address' | 'user'>;

/** What a registry says of an image. */
export interface ReadManifest {
  /** Of the manifest, or of the list of manifests, that the reference names. */
  readonly digest: string;
  /** Of the configuration of the image for linux/amd64: what the classic image store calls the image's id. */
  readonly configDigest: string;
}

const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];
const missing = 'no image registry is installed; "npm run engine -- up" installs it';

/**
 * Registers tests that need a Docker engine and a real image registry, which is started before them and ended after
 * them. Where either cannot be had they are skipped under a name that says why; with CI=true they fail instead.
 */
export function describeWithRegistry(
  name: string,
  tests: (context: { engine: TestEngine; registry: TestRegistry }) => void,
  options: RegistryOptions = {},
): void {
  describeWithEngine(name, (engine) => {
    const isInstalled = findRegistry() !== undefined;
    if (!isInstalled && process.env['CI'] === 'true') {
      it('has an image registry', () => {
        throw new Error(`No image registry: ${missing}`);
      });
      return;
    }
    const { registry, start, stop } = prepareRegistry(options);
    if (isInstalled) {
      beforeAll(start);
      afterAll(stop);
      tests({ engine, registry });
      return;
    }
    describe.skip(`with a registry (skipped: ${missing})`, () => {
      tests({ engine, registry });
    });
  });
}

/** Reads what a registry has under a tag or a digest; throws the status of its answer when it has nothing. */
export async function readManifest(
  place: RegistryPlace,
  repository: string,
  reference: string,
): Promise<ReadManifest> {
  const response = await ask(place, `${repository}/manifests/${reference}`);
  const digest = response.headers.get('docker-content-digest') ?? '';
  const { config, manifests } = (await response.json()) as Manifest;
  if (config !== undefined) return { digest, configDigest: config.digest };
  const own = manifests?.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  );
  if (own === undefined) throw new Error(`${repository}:${reference} has no image for linux/amd64`);
  return { digest, configDigest: (await readManifest(place, repository, own.digest)).configDigest };
}

/** The tags of a repository; none when the registry does not know it. */
export async function listTags(place: RegistryPlace, repository: string): Promise<string[]> {
  const response = await request(place, `${repository}/tags/list`);
  if (response.status === 404) return [];
  const { tags } = (await accepted(response).json()) as { tags: string[] | null };
  return [...(tags ?? [])].sort();
}

interface Manifest {
  config?: { digest: string };
  manifests?: { digest: string; platform?: { os: string; architecture: string } }[];
}

interface Prepared {
  readonly registry: TestRegistry;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function prepareRegistry(options: RegistryOptions): Prepared {
  let started: Registry | undefined;
  const registry = {
    // Read when it is asked for: the port is not known before.
    get address() {
      if (started === undefined) throw new Error('the registry has no address before the tests run');
      return started.address;
    },
    ...(options.user === undefined ? {} : { user: options.user }),
  };
  return {
    registry,
    start: async () => {
      started = await startRegistry(options);
    },
    stop: async () => {
      await started?.stop();
    },
  };
}

async function ask(place: RegistryPlace, path: string): Promise<Response> {
  return accepted(await request(place, path));
}

function request(place: RegistryPlace, path: string): Promise<Response> {
  const { address, user } = typeof place === 'string' ? { address: place } : place;
  const headers = new Headers({ accept: manifestTypes.join(', ') });
  if (user !== undefined) {
    headers.set('authorization', `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`);
  }
  return fetch(`http://${address}/v2/${path}`, { headers });
}

function accepted(response: Response): Response {
  if (!response.ok) throw new Error(`the registry answered ${response.status} to ${response.url}`);
  return response;
}
