import { diagnoseStart, isLoopback, type Diagnosis } from '../../diagnosis/local.ts';
import type { Clock, Http, Log } from '../../ports.ts';
import type { Served, ServedState } from './served.ts';

/** How a start went. Times are milliseconds. */
export type Readiness =
  | { readonly status: 'ready'; readonly timeToListenMs: number }
  | FailedStart
  /** It runs where this machine cannot reach it. */
  | { readonly status: 'unreachable'; readonly reason: string };

/** A start that failed, or a service that did not stay up. */
export interface FailedStart {
  readonly status: 'failed';
  readonly diagnosis: Diagnosis;
  /** False when its process has ended. */
  readonly isRunning: boolean;
  readonly logTail: readonly string[];
}

export interface ReadyRequest {
  /** How long after its start it has to listen. */
  readonly windowMs: number;
  /** Names of env vars that are set on the platform and not here. */
  readonly platformEnv: readonly string[];
  /** Of the image; undefined for a function. */
  readonly architecture: string | undefined;
  /** True when it has been seen to listen before. */
  readonly hasListened?: boolean;
}

interface ReadyPorts {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: Log;
}

const pauseMs = 50;
/** A service that binds its own port to the loopback interface for so long will not bind it elsewhere. */
const loopbackMs = 10_000;
/** The engine opens a published port as the container starts; one that stays closed so long is another machine's. */
const unreachableMs = 5_000;
const requestMs = 10_000;
const heartbeatMs = 15_000;

/** After InitialDelaySeconds the platform probes about 30 times, 5 s apart, before it gives up (vendor's guide). */
export function platformWindowMs(initialDelaySeconds: number): number {
  return (initialDelaySeconds + 150) * 1000;
}

/** Waits until a service listens, it ends, or its time is over. */
export async function awaitReady(
  served: Served,
  request: ReadyRequest,
  ports: ReadyPorts,
): Promise<Readiness> {
  const { clock } = ports;
  const since = (start: number | undefined): number => (start === undefined ? 0 : clock.now() - start);
  let bound: number | undefined;
  let closed: number | undefined;
  let told = 0;
  for (;;) {
    const state = await served.readState();
    if (state.exitCode !== undefined) return describeFailure(served, state, request);
    // An answer may take long: what counts is when it was asked for.
    const timeToListenMs = since(served.startedAt);
    if (await isListening(served, state, ports)) return { status: 'ready', timeToListenMs };
    const sockets = lookAtSockets(state, served.port);
    bound = sockets === 'loopback' ? (bound ?? clock.now()) : undefined;
    closed = (await isClosed(served, sockets, ports)) ? (closed ?? clock.now()) : undefined;
    if (since(closed) >= unreachableMs) return { status: 'unreachable', reason: elsewhere };
    if (since(served.startedAt) >= request.windowMs || since(bound) >= loopbackMs)
      return describeFailure(served, state, request);
    const toTell = Math.floor(since(served.startedAt) / heartbeatMs);
    if (toTell > told) ports.log.info(describeWait(served, state, since(served.startedAt)));
    told = toTell;
    await clock.sleep(pauseMs);
  }
}

function describeWait({ port }: Served, { listeners = [] }: ServedState, waitedMs: number): string {
  const others = [...new Set(listeners.map((each) => each.port))].join(', ');
  const seen = others === '' ? 'nothing listens yet' : `it listens on ${others}`;
  return `${Math.round(waitedMs / 1000)} s: waiting for the service on port ${port}; ${seen}.`;
}

const elsewhere =
  'its published port cannot be reached from here: the engine runs containers on another machine, or this job runs in a container';

/** What a service that runs no more, or does not listen, tells of itself. */
async function describeFailure(
  served: Served,
  state: ServedState,
  { platformEnv, architecture, hasListened = false }: ReadyRequest,
): Promise<FailedStart> {
  const logTail = await served.readLog(50);
  const evidence = { ...state, port: served.port, hasListened, logTail, platformEnv, architecture };
  const isRunning = state.exitCode === undefined;
  return { status: 'failed', diagnosis: diagnoseStart(evidence), isRunning, logTail: logTail.slice(-20) };
}

/**
 * The platform tries a TCP connection, whatever is spoken over it. Docker's own proxy accepts connections for a service
 * that does not listen: where the sockets cannot be seen, somebody has to answer or keep the connection open.
 */
async function isListening(served: Served, state: ServedState, { http }: ReadyPorts): Promise<boolean> {
  const { url, port, healthPath } = served;
  const sockets = lookAtSockets(state, port);
  if (sockets !== 'unknown') return sockets === 'open';
  const method = healthPath === undefined ? 'GET' : 'HEAD';
  return (
    (await http.request({ method, url: `${url}${healthPath ?? '/'}`, timeoutMs: requestMs })) !== 'refused'
  );
}

/** Nobody at all behind a published port. A function has none: its own port is closed until it listens. */
async function isClosed(
  { url, healthPath }: Served,
  sockets: ReturnType<typeof lookAtSockets>,
  { http }: ReadyPorts,
): Promise<boolean> {
  if (sockets !== 'unknown' || healthPath !== undefined) return false;
  return !(await http.accepts(Number(new URL(url).port)));
}

function lookAtSockets({ listeners }: ServedState, port: number): 'open' | 'loopback' | 'closed' | 'unknown' {
  if (listeners === undefined) return 'unknown';
  const onPort = listeners.filter((listener) => listener.port === port);
  if (onPort.length === 0) return 'closed';
  return onPort.every(({ address }) => isLoopback(address)) ? 'loopback' : 'open';
}
