import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { configNumber } from '../state/config.ts';
import {
  buildBuildArgs,
  buildPaths,
  buildRunArgs,
  containerEnvironment,
  docker,
  type Engine,
} from './docker.ts';
import type { Result } from './child.ts';
import { reasonOf } from './function.ts';
import { nameImage } from './image.ts';
import { BuildFailure, StartFailure, type Instance, type Plan } from './instance.ts';
import { waitForPort } from './probe.ts';

const NEVER = new AbortController().signal;

/** Builds the image of an unpacked package and returns its name. */
export async function buildImage(engine: Engine, dir: string, plan: Plan): Promise<string> {
  const paths = buildPaths(plan.config, engine.dockerfile);
  const context = resolve(dir, paths.context);
  const dockerfile = resolve(dir, paths.dockerfile);
  if (![context, dockerfile].every((path) => path === dir || path.startsWith(dir + sep))) {
    throw new BuildFailure('BuildDir or Dockerfile leads out of the package');
  }
  if (!existsSync(dockerfile))
    throw new BuildFailure(`failed to read dockerfile: ${paths.dockerfile}: no such file`);
  const tag = nameImage(engine, plan);
  const args = buildBuildArgs(engine, tag, { context, dockerfile });
  const result = await docker(engine, args, { signal: plan.signal, onLine: plan.log });
  if (result.code !== 0) throw new BuildFailure(`docker build failed with exit code ${result.code}`);
  return tag;
}

/** Starts a container and waits until its port listens; a container that ends or stays silent is removed again. */
export async function startContainer(
  engine: Engine,
  image: string,
  plan: Plan & { windowMs: number },
): Promise<Instance> {
  const runPlan = { image, port: configNumber(plan.config, 'Port'), config: plan.config };
  const env = containerEnvironment(runPlan);
  const started = await docker(engine, buildRunArgs(engine, runPlan), { signal: plan.signal, env });
  const id = started.output.trim().split('\n').at(-1) ?? '';
  if (started.code !== 0) throw new StartFailure('failed to start container', started.output);
  const container = createContainer(engine, id);
  try {
    const port = await container.publishedPort(runPlan.port);
    const result = await waitForPort(port, {
      windowMs: plan.windowMs,
      hasExited: container.hasExited,
      signal: plan.signal,
    });
    if (result !== 'listening') throw new StartFailure(reasonOf(result), await container.output());
    return { port, output: container.output, stop: container.stop };
  } catch (error) {
    await container.stop();
    throw error;
  }
}

interface Container {
  readonly publishedPort: (port: number) => Promise<number>;
  readonly hasExited: () => Promise<boolean>;
  readonly output: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

function createContainer(engine: Engine, id: string): Container {
  const run = (args: readonly string[]): Promise<Result> => docker(engine, args, { signal: NEVER });
  const output = async (): Promise<string> => (await run(['logs', '--tail', '200', id])).output;
  return {
    output,
    publishedPort: async (port) => {
      const published = Number(/:(\d+)\s*$/m.exec((await run(['port', id, String(port)])).output)?.[1]);
      if (published > 0) return published;
      throw new StartFailure(reasonOf('exited'), await output());
    },
    hasExited: async () => {
      const { code, output: state } = await run(['inspect', '--format', '{{.State.Running}}', id]);
      return code !== 0 || state.trim() !== 'true';
    },
    stop: async () => {
      await run(['rm', '--force', '--volumes', id]);
    },
  };
}
