import type { Assumptions } from '../options.ts';
import { configNumber, configText, configTexts, readEnvParams, type ServerConfig } from '../state/config.ts';
import { runCommand, type Result } from './child.ts';

/** The label that every container and image of an emulator carries; its value is the emulator's id. */
export const LABEL = 'deploy-cloudbase-run.emulator';

/** A second label; its value names the process of the emulator, so that a later one can tell whether it has ended. */
export const OWNER_LABEL = 'deploy-cloudbase-run.emulator.owner';

/** How to reach the engine: the environment of the docker CLI, and what marks what is ours. */
export interface Engine {
  readonly env: Readonly<Record<string, string>>;
  readonly id: string;
  readonly owner: string;
  /** CPUs that the engine has: `docker run` refuses more. */
  readonly cpus: number;
  readonly dockerfile: Assumptions['dockerfile'];
}

/** What a container is started with. */
export interface RunPlan {
  readonly image: string;
  readonly port: number;
  readonly config: ServerConfig;
}

/** Runs the docker CLI to its end. */
export function docker(
  engine: Pick<Engine, 'env'>,
  args: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly onLine?: (line: string) => void;
    readonly env?: Record<string, string>;
  },
): Promise<Result> {
  const env = { ...options.env, ...engine.env };
  return runCommand({ file: 'docker', args, env }, options);
}

/** The build of an unpacked package: `-f <BuildDir>/<Dockerfile> <BuildDir>`. */
export function buildBuildArgs(
  engine: Engine,
  tag: string,
  paths: { dockerfile: string; context: string },
): string[] {
  return [
    'buildx',
    'build',
    '--load',
    '--progress',
    'plain',
    ...buildLabelArgs(engine),
    '--tag',
    tag,
    '-f',
    paths.dockerfile,
    paths.context,
  ];
}

/**
 * The start of a container as the platform would: PORT and env vars, CPU and memory of the service, and no right for
 * other users than root to bind ports below 1024. Values travel in the CLI's environment, not in its arguments.
 */
export function buildRunArgs(engine: Engine, plan: RunPlan): string[] {
  const { config } = plan;
  const [entryPoint, ...entryArgs] = configTexts(config, 'EntryPoint');
  const memoryMb = Math.round(configNumber(config, 'Mem') * 1024);
  return [
    'run',
    '--detach',
    ...buildLabelArgs(engine),
    ...['--publish', `127.0.0.1::${plan.port}`],
    ...['--memory', `${memoryMb}m`],
    ...['--cpus', String(Math.min(configNumber(config, 'Cpu'), engine.cpus))],
    ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024'],
    ...['--security-opt', 'no-new-privileges'],
    ...buildEnvArgs(engine, plan),
    ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
    plan.image,
    ...entryArgs,
    ...configTexts(config, 'Cmd'),
  ];
}

/** The values that `buildRunArgs` names: what the container sees of the emulator is this and nothing else. */
export function containerEnvironment(plan: RunPlan): Record<string, string> {
  return { ...readEnvParams(plan.config), PORT: String(plan.port) };
}

/** Where a package's Dockerfile and build context are, relative to its root; where the Dockerfile is, is assumed. */
export function buildPaths(
  config: ServerConfig,
  dockerfileIs: Assumptions['dockerfile'],
): { readonly dockerfile: string; readonly context: string } {
  const context = configText(config, 'BuildDir') || '.';
  const name = configText(config, 'Dockerfile') || 'Dockerfile';
  return { context, dockerfile: dockerfileIs === 'in-build-dir' ? `${context}/${name}` : name };
}

function buildLabelArgs({ id, owner }: Engine): string[] {
  return ['--label', `${LABEL}=${id}`, '--label', `${OWNER_LABEL}=${owner}`];
}

function buildEnvArgs(engine: Engine, plan: RunPlan): string[] {
  return Object.entries(containerEnvironment(plan)).flatMap(([name, value]) => {
    const clash = name in engine.env;
    return ['--env', clash ? `${name}=${value}` : name];
  });
}
