import type { Docker } from '../../docker-port.ts';
import type { Listener } from '../../diagnosis/local.ts';
import type { Clock, Exec, Files, Http, Log, ToolCache } from '../../ports.ts';
import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { FunctionCopy, Image } from '../build/build.ts';
import type { LiveState } from '../look.ts';
import type { Project } from '../project/project.ts';
import { serveContainer } from './container.ts';
import { serveFunction } from './function.ts';

/** A service that runs on this machine. */
export interface Served {
  /** Where it is asked: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The port that it has to listen on, as it sees it. */
  readonly port: number;
  /** Milliseconds since 1970, when its process was there. */
  readonly startedAt: number;
  /** A path that the runtime itself answers as soon as it listens; without one the sockets tell. */
  readonly healthPath: string | undefined;
  /** By which the post part of the step finds it again. */
  readonly handle: ServedHandle;
  readState(): Promise<ServedState>;
  readLog(lines: number): Promise<readonly string[]>;
  /** The most memory that was seen in use, in bytes: samples of a container's working set, a process's own peak. */
  readPeakMemory(): Promise<number | undefined>;
  /** The files that it has written, but for those that every start writes. */
  listWrites(): Promise<readonly string[]>;
  /** Asks it to end as the platform does. Resolves to whether it did within these seconds; else it is killed. */
  end(seconds: number): Promise<boolean>;
  /** Stops it at once, and removes its container. */
  remove(): Promise<void>;
}

/** A container by its id, a process by the file that holds its log. */
export type ServedHandle =
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'process'; readonly logFile: string };

export interface ServedState {
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  readonly isOutOfMemory: boolean;
  /** Undefined where the sockets cannot be seen. */
  readonly listeners: readonly Listener[] | undefined;
}

export interface ServePorts {
  readonly clock: Clock;
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly http: Http;
  readonly log: Log;
  readonly toolCache: ToolCache;
}

/** How a service is started on this machine. */
export interface ServeRequest {
  readonly settings: Settings;
  readonly live: LiveState | undefined;
  /** Names of env vars whose values come from the step's environment; they are for the platform alone. */
  readonly envFrom: readonly string[];
  /** Env vars of the local run, over those that the config spells out. */
  readonly env: Readonly<Record<string, string>>;
  /** The port of the loopback interface; any free one by default. */
  readonly hostPort: number | undefined;
  readonly stepLabel: string;
  /** A folder of this step's own, removed when it ends. */
  readonly tempFolder: string;
  /** What package managers may know besides (context.ts). */
  readonly installEnv: Readonly<Record<string, string>>;
}

/** Starts what was built as the platform would. A program that cannot be started is a ProjectError. */
export async function serve(
  project: Project,
  { built, request }: { readonly built: Image | FunctionCopy; readonly request: ServeRequest },
  ports: ServePorts,
): Promise<Served> {
  const env = { ...literalEnv(request.settings), ...request.env };
  if (built.kind === 'image') {
    const { port } = project;
    const { hostPort, stepLabel } = request;
    return serveContainer({ image: built, port, hostPort, env, stepLabel, ...sizeOf(request) }, ports);
  }
  return serveFunction(project, { built, env, request }, ports);
}

/** Env vars that the config spells out; secrets, live or of the step's environment, stay out of a CI run. */
function literalEnv({ EnvParams = {} }: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(EnvParams).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function sizeOf(request: ServeRequest) {
  const { settings, live } = request;
  const known = live?.service?.settings ?? {};
  return {
    cpu: cpuOf(request),
    memory: memoryOf(request),
    entryPoint: settings.EntryPoint ?? listOf(known['EntryPoint']),
    command: settings.Cmd ?? listOf(known['Cmd']),
  };
}

type Size = Pick<ServeRequest, 'settings' | 'live'>;

function cpuOf({ settings, live }: Size): number {
  return settings.Cpu ?? numberOf(live?.service?.settings['Cpu']) ?? 0.5;
}

/** The service's Mem in GiB: the config's, else the live service's, else the double of its CPUs. */
export function memoryOf(size: Size): number {
  const { settings, live } = size;
  return settings.Mem ?? numberOf(live?.service?.settings['Mem']) ?? cpuOf(size) * 2;
}

function numberOf(value: unknown): number | undefined {
  return Number(value) > 0 ? Number(value) : undefined;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The env vars that the service has on the platform and not in a local run, in alphabetical order. */
export function listPlatformEnv({ settings, live, env, envFrom }: ServeRequest): string[] {
  const names = [...envFrom, ...Object.keys(parseLiveEnv(live?.service?.settings ?? {}))];
  const isHere = (name: string): boolean =>
    name === fingerprintName || Object.hasOwn(settings.EnvParams ?? {}, name) || Object.hasOwn(env, name);
  return [...new Set(names)].filter((name) => !isHere(name)).sort();
}
