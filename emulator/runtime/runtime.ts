import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { toolEnvironment } from './child.ts';
import { buildImage, startContainer } from './container.ts';
import { installDependencies } from './dependencies.ts';
import { docker, type Engine } from './docker.ts';
import { startFunction } from './function.ts';
import { BuildFailure, StartFailure, type Artifact, type Instance, type Plan } from './instance.ts';
import { nameOwner } from './owner.ts';
import { createPuller } from './pull.ts';
import { removeOrphans, removeOwn } from './remove.ts';
import { unpack } from './unpack.ts';

const NO_ENGINE =
  'no Docker engine: the emulator was started without dockerEnv, or the engine does not answer';
const ENGINE_TIMEOUT_MS = 15_000;

/** Builds and runs what is deployed, for real. */
export interface Runtime {
  /** Turns an uploaded zip into something that can be started; throws BuildFailure. */
  buildPackage(zipFile: string, plan: Plan): Promise<Artifact>;
  /** Pulls an image from its registry; throws StartFailure, for the platform has no build to fail here. */
  pull(reference: string, plan: Plan): Promise<Artifact>;
  /** Starts an artifact and waits until it listens; throws StartFailure. */
  start(artifact: Artifact, plan: Plan): Promise<Instance>;
  /** Removes the containers and images of emulators that were killed before they could. */
  removeOrphans(): Promise<void>;
  /** Stops and removes everything that was started or built. */
  close(): Promise<void>;
}

/** What a runtime needs; without `dockerEnv` it runs functions only. */
export interface RuntimeOptions {
  readonly dataDir: string;
  readonly probeWindowMs: number;
  readonly dockerEnv?: Readonly<Record<string, string>>;
  readonly dockerfile: Engine['dockerfile'];
}

/** A runtime that keeps its files in `dataDir` and marks its containers and images with a label of its own. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const id = randomBytes(6).toString('hex');
  const running = new Set<Instance>();
  const puller = createPuller(options.dataDir);
  const engine = once(() => readEngine(options, id));
  return {
    async buildPackage(zipFile, plan) {
      const dir = join(options.dataDir, 'versions', `${plan.versionName}-${randomBytes(4).toString('hex')}`);
      await unpack(zipFile, dir);
      if (plan.mode === 'container') {
        const found = await engine();
        if (found === undefined) throw new BuildFailure(NO_ENGINE);
        return { kind: 'image', image: await buildImage(found, dir, plan) };
      }
      await installDependencies(dir, plan);
      return { kind: 'function', dir };
    },
    async pull(reference, plan) {
      const found = await engine();
      if (found === undefined) throw new StartFailure(NO_ENGINE, '');
      return { kind: 'image', image: await puller.pull(found, reference, plan) };
    },
    async start(artifact, plan) {
      const instance = await startArtifact(artifact, { ...plan, windowMs: options.probeWindowMs }, engine);
      running.add(instance);
      return {
        ...instance,
        async stop() {
          running.delete(instance);
          await instance.stop();
        },
      };
    },
    async removeOrphans() {
      const found = await engine();
      if (found !== undefined) await removeOrphans(found);
    },
    async close() {
      await Promise.all([...running].map((instance) => instance.stop()));
      const found = await engine();
      if (found !== undefined) await removeOwn(found);
    },
  };
}

async function startArtifact(
  artifact: Artifact,
  plan: Plan & { windowMs: number },
  engine: EngineLookup,
): Promise<Instance> {
  if (artifact.kind === 'function') return startFunction(artifact.dir, plan, plan.windowMs);
  const found = await engine();
  if (found === undefined) throw new StartFailure(NO_ENGINE, '');
  return startContainer(found, artifact.image, plan);
}

type EngineLookup = () => Promise<Engine | undefined>;

function once(look: EngineLookup): EngineLookup {
  let found: Promise<Engine | undefined> | undefined;
  return () => (found ??= look());
}

async function readEngine(options: RuntimeOptions, id: string): Promise<Engine | undefined> {
  const { dockerEnv: env, dockerfile } = options;
  if (env === undefined) return undefined;
  const full = { ...toolEnvironment(), ...env };
  const signal = AbortSignal.timeout(ENGINE_TIMEOUT_MS);
  const ask = docker({ env: full }, ['info', '--format', '{{.NCPU}}'], { signal });
  const info = await ask.catch(() => ({ code: 1, output: '' }));
  const cpus = Number(info.output.trim());
  return info.code === 0 && cpus > 0 ? { env: full, id, owner: nameOwner(), cpus, dockerfile } : undefined;
}
