import type { Listener } from '../../diagnosis/local.ts';
import type { Docker } from '../../docker-port.ts';
import type { Exec } from '../../process-port.ts';
import type { Clock, Files, Http, Log, ToolCache } from '../../ports.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { LiveState } from '../look.ts';

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

/** The value of the state by which the post part of the step finds the service (a ServedHandle as JSON). */
export const servedState = 'served';

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
