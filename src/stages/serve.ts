import type { ContainerEnv, Docker, Exec, Files, Http, Log, RunningProcess, ToolCache } from '../ports.ts';
import type { Listener } from '../diagnosis/local.ts';
import type { Image } from './build.ts';

/** A service that runs on this machine. */
export interface Served {
  /** Where it is asked: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The port that it has to listen on, as it sees it. */
  readonly port: number;
  readState(): Promise<ServedState>;
  readLog(lines: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface ServedState {
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  readonly isOutOfMemory: boolean;
  /** Undefined where the sockets cannot be seen. */
  readonly listeners: readonly Listener[] | undefined;
}

export interface ServePorts {
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly http: Http;
  readonly log: Log;
  readonly toolCache: ToolCache;
}

export interface ContainerRequest {
  readonly image: Image;
  readonly port: number;
  readonly cpu: number;
  /** GiB. */
  readonly memory: number;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stepLabel: string;
}

/** Starts a container as the platform would, reachable on a loopback port that the engine picks. */
export async function serveContainer(request: ContainerRequest, docker: Docker): Promise<Served> {
  const env = splitEnv({ ...request.env, PORT: String(request.port) });
  // What cannot be removed now, the post part of the step removes, or warns of.
  const stop = async (): Promise<void> => {
    await docker.removeLabelled(request.stepLabel);
  };
  try {
    const id = await docker.start(buildDockerRunArgs(request, env), env);
    const { pid } = await docker.readContainer(id);
    const hostPort = await docker.readHostPort(id, request.port);
    return {
      url: `http://127.0.0.1:${hostPort}`,
      port: request.port,
      readState: () => readContainerState(id, pid, docker),
      readLog: (lines) => docker.readLogs(id, lines),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** While the process can be seen, its sockets tell all there is to know, without asking the engine. */
async function readContainerState(id: string, firstPid: number, docker: Docker): Promise<ServedState> {
  const listeners = await docker.readListeners(id, firstPid);
  if (listeners !== undefined) return { exitCode: undefined, isOutOfMemory: false, listeners };
  const { isRunning, exitCode, isOutOfMemory } = await docker.readContainer(id);
  return { exitCode: isRunning ? undefined : exitCode, isOutOfMemory, listeners: undefined };
}

/** Variables that the docker command itself would obey if it inherited them. */
const clientNames =
  /^(PATH|HOME|USER|LANG|TMPDIR|XDG_.+|LD_.+|SSL_CERT_.+|DOCKER_.+|BUILDX_.+|BUILDKIT_.+|OTEL_.+|GO[A-Z]+|.+_PROXY)$/i;

/** Splits the env vars of a container by the way on which they reach it; see ContainerEnv. */
export function splitEnv(env: Readonly<Record<string, string>>): ContainerEnv {
  const isLine = ([name, value]: [string, string]): boolean =>
    clientNames.test(name) && !/[\r\n]/.test(value);
  const entries = Object.entries(env);
  return {
    inherited: Object.fromEntries(entries.filter((entry) => !isLine(entry))),
    lines: entries.filter(isLine).map(([name, value]) => `${name}=${value}`),
  };
}

/**
 * The argv of `docker` for the run. Local Docker lets anyone bind low ports, the platform does not; values of env vars
 * stay off the argv.
 */
export function buildDockerRunArgs(request: ContainerRequest, env: ContainerEnv): string[] {
  const [entryPoint, ...entryArgs] = request.entryPoint;
  return [
    ...['run', '--detach', '--platform', 'linux/amd64', '--label', request.stepLabel],
    ...['--publish', `127.0.0.1::${request.port}`],
    ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
    ...['--cpus', String(Math.min(request.cpu, request.image.engineCpus))],
    ...['--memory', `${request.memory * 1024}m`, '--memory-swap', `${request.memory * 1024}m`],
    ...Object.keys(env.inherited).flatMap((name) => ['--env', name]),
    ...(env.lines.length === 0 ? [] : ['--env-file', '/dev/stdin']),
    ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
    ...[request.image.tag, ...entryArgs, ...request.command],
  ];
}

export interface FunctionRequest {
  readonly folder: string;
  /** Absolute paths. */
  readonly node: string;
  readonly framework: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a function with the functions framework on a free loopback port. */
export async function serveFunction(request: FunctionRequest, ports: ServePorts): Promise<Served> {
  const port = await ports.http.freePort();
  const env = { ...request.env, PORT: String(port) };
  const args = [request.framework, `--port=${port}`];
  const process = await ports.exec.start({ file: request.node, args, cwd: request.folder, env });
  return { url: `http://127.0.0.1:${port}`, port, ...describeProcess(process) };
}

function describeProcess(process: RunningProcess): Pick<Served, 'readState' | 'readLog' | 'stop'> {
  return {
    readState: () =>
      Promise.resolve({ exitCode: process.exitCode(), isOutOfMemory: false, listeners: undefined }),
    readLog: (lines) => Promise.resolve(process.logTail(lines)),
    stop: () => process.stop(),
  };
}
