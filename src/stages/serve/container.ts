import { isDockerVariable } from '../../context.ts';
import { diagnoseStart } from '../../diagnosis/local.ts';
import type { ContainerEnv, Docker, FileChange } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { Image } from '../build/built.ts';
import type { Served, ServedState } from './served.ts';
import { StartError } from './start-error.ts';

export interface ContainerRequest {
  readonly image: Image;
  readonly port: number;
  /** The port of the loopback interface; any free one by default. */
  readonly hostPort: number | undefined;
  readonly cpu: number;
  /** GiB. */
  readonly memory: number;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  /** Where the platform mounts storage. */
  readonly mounts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stepLabel: string;
}

interface ContainerPorts {
  readonly clock: Clock;
  readonly docker: Docker;
}

/** Starts a container as the platform would, reachable on a port of the loopback interface. */
export async function serveContainer(
  request: ContainerRequest,
  { clock, docker }: ContainerPorts,
): Promise<Served> {
  const { mounts } = request;
  const env = splitEnv({ ...request.env, PORT: String(request.port) });
  // What cannot be removed now, the post part of the step removes, or warns of.
  const remove = async (): Promise<void> => {
    await docker.removeContainers(request.stepLabel);
  };
  try {
    const id = await docker.start(buildDockerRunArgs(request, env), env);
    const startedAt = clock.now();
    const [{ pid }, hostPort] = await Promise.all([
      docker.readContainer(id),
      docker.readHostPort(id, request.port),
    ]);
    return {
      url: `http://127.0.0.1:${hostPort}`,
      port: request.port,
      startedAt,
      healthPath: undefined,
      handle: { kind: 'container', id },
      ...watch(id, pid, docker),
      readLog: (lines) => docker.readLogs(id, lines),
      listWrites: async () => findWrites(await docker.listChanges(id), mounts),
      end: (seconds) => docker.stop(id, seconds),
      remove,
    };
  } catch (error) {
    await remove();
    throw explainStart(error, request);
  }
}

/** Docker ends with 126 or 127 where the program of the image cannot be run; all else is said of the engine. */
function explainStart(error: unknown, { port }: ContainerRequest): unknown {
  if (!(error instanceof ProjectError)) return error;
  const { exitCode, logTail } = error;
  if (exitCode !== 126 && exitCode !== 127) return error;
  const seen = { port, exitCode, logTail, isOutOfMemory: false, hasListened: false, listeners: undefined };
  return new StartError(diagnoseStart(seen), error);
}

/** Each look at the state takes a sample of the memory with it. */
function watch(id: string, pid: number, docker: Docker): Pick<Served, 'readState' | 'readPeakMemory'> {
  let peak: number | undefined;
  const sample = async (): Promise<void> => {
    const bytes = await docker.readWorkingSet(pid);
    if (bytes !== undefined) peak = Math.max(peak ?? 0, bytes);
  };
  return {
    readState: async () => {
      const [state] = await Promise.all([readContainerState(id, pid, docker), sample()]);
      return state;
    },
    readPeakMemory: async () => {
      await sample();
      return peak;
    },
  };
}

/** While the process can be seen, its sockets tell all there is to know, without asking the engine. */
async function readContainerState(id: string, firstPid: number, docker: Docker): Promise<ServedState> {
  const listeners = await docker.readListeners(id, firstPid);
  if (listeners !== undefined) return { exitCode: undefined, isOutOfMemory: false, listeners };
  const { isRunning, exitCode, isOutOfMemory } = await docker.readContainer(id);
  return { exitCode: isRunning ? undefined : exitCode, isOutOfMemory, listeners: undefined };
}

/** Places that are meant to be written to, that Docker itself writes, and caches of interpreters and package managers. */
const expected = [
  /^\/(tmp|run|dev|proc|sys|var\/(tmp|run|cache|lock))(\/|$)/,
  /^\/etc\/(hosts|hostname|resolv\.conf|mtab)$/,
  /\/(__pycache__|\.cache|\.npm|\.config)(\/|$)/,
];

/** The files that a container has written where nothing lasts, without the folders that hold them, and its mounts. */
export function findWrites(changes: readonly FileChange[], mounts: readonly string[]): string[] {
  const isMounted = (path: string): boolean => mounts.some((mount) => `${path}/`.startsWith(`${mount}/`));
  const paths = changes
    .filter(({ kind, path }) => kind !== 'deleted' && !expected.some((form) => form.test(path)))
    .map(({ path }) => path)
    .filter((path) => !isMounted(path));
  return paths.filter(
    (path) => !changes.some((other) => other.path !== path && other.path.startsWith(`${path}/`)),
  );
}

/** Splits the env vars of a container by the way on which they reach it; see ContainerEnv. */
export function splitEnv(env: Readonly<Record<string, string>>): ContainerEnv {
  const isLine = ([name, value]: [string, string]): boolean =>
    isDockerVariable(name) && !/[\r\n]/.test(value);
  const entries = Object.entries(env);
  return {
    inherited: Object.fromEntries(entries.filter((entry) => !isLine(entry))),
    lines: entries.filter(isLine).map(([name, value]) => `${name}=${value}`),
  };
}

/**
 * The argv of `docker` for the run. Local Docker lets anyone bind low ports, the platform does not; values of env vars
 * stay off the argv. In place of storage there are empty volumes without a name, removed with the container. Databases of the job are reached by the name that Docker Desktop gives the machine.
 */
export function buildDockerRunArgs(request: ContainerRequest, env: ContainerEnv): string[] {
  const [entryPoint, ...entryArgs] = request.entryPoint;
  const { image, hostPort = '' } = request;
  return [
    ...['run', '--detach', '--platform', 'linux/amd64', '--label', request.stepLabel],
    ...['--publish', `127.0.0.1:${hostPort}:${request.port}`],
    ...['--add-host', 'host.docker.internal:host-gateway'],
    ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
    ...['--cpus', String(Math.min(request.cpu, image.engine.cpus))],
    ...['--memory', `${request.memory * 1024}m`, '--memory-swap', `${request.memory * 1024}m`],
    ...request.mounts.flatMap((mount) => ['--mount', spellMount(mount)]),
    ...Object.keys(env.inherited).flatMap((name) => ['--env', name]),
    ...(env.lines.length === 0 ? [] : ['--env-file', '/dev/stdin']),
    ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
    ...[image.reference, ...entryArgs, ...request.command],
  ];
}

/** A plain volume on a path that the image does not have would be root's alone, and many services run as another user. */
function spellMount(path: string): string {
  const options = ['type=tmpfs', 'device=tmpfs', 'o=mode=1777'].map((option) => `volume-opt=${option}`);
  return ['type=volume', `destination=${path}`, ...options].join(',');
}
