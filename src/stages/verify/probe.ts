import { adviceFor } from '../../diagnosis/advice.ts';
import { diagnoseStart, isLoopback, type Diagnosis } from '../../diagnosis/local.ts';
import type { Clock, Http } from '../../ports.ts';
import type { Served, ServedState } from '../serve.ts';

/** One row of "what was checked". */
export interface Check {
  readonly name: 'starts' | 'listens' | 'answers';
  readonly result: 'passed' | 'warned';
  readonly detail: string;
}

/** How the service came up, or (`failure`) why it did not. */
export interface ProbeResult {
  readonly checks: readonly Check[];
  readonly timeToListenMs: number;
  readonly failure?: Diagnosis & { readonly advice: string };
}

interface ProbeRequest {
  /** A path that the runtime itself answers as soon as it listens; without one the sockets tell. */
  readonly healthPath: string | undefined;
  /** The paths that are asked once it listens. */
  readonly paths: readonly string[];
  /** Milliseconds since 1970, both. */
  readonly started: number;
  readonly deadline: number;
}

interface ProbePorts {
  readonly http: Http;
  readonly clock: Clock;
}

const pauseMs = 50;
/** A service that binds its own port to the loopback interface for so long will not bind it elsewhere. */
const loopbackMs = 10_000;
/** How long one request may take until the head of its answer is there. */
const requestMs = 10_000;
/** A service that ends so soon after its first answer does not keep running. */
const settleMs = 250;

/** Waits until the service listens, it ends, or the platform's window is over; then asks its paths. */
export async function probe(served: Served, request: ProbeRequest, ports: ProbePorts): Promise<ProbeResult> {
  const { clock } = ports;
  const waited = (): number => clock.now() - request.started;
  let bound: number | undefined;
  for (;;) {
    const state = await served.readState();
    if (state.exitCode === undefined && (await isListening(served, state, { request, ports }))) break;
    bound = lookAtSockets(state, served.port) === 'loopback' ? (bound ?? clock.now()) : undefined;
    const isLate = clock.now() >= request.deadline;
    const isOnLoopback = bound !== undefined && clock.now() - bound >= loopbackMs;
    if (state.exitCode !== undefined || isLate || isOnLoopback)
      return fail(served, { state, timeMs: waited() });
    await clock.sleep(pauseMs);
  }
  const timeToListenMs = waited();
  const answers: Check[] =
    request.paths.length > 0 ? [] : [warned('no function names a path, so none was called')];
  for (const path of request.paths) answers.push(await askPath(served.url, path, ports));
  await clock.sleep(settleMs);
  const state = await served.readState();
  if (state.exitCode !== undefined) return fail(served, { state, timeMs: timeToListenMs, hasListened: true });
  return { checks: [...cameUp(served.port, timeToListenMs), ...answers], timeToListenMs };
}

/** Docker's own proxy accepts connections for a service that does not listen, so a connection alone says nothing. */
async function isListening(
  { url, port }: Served,
  state: ServedState,
  { request, ports }: { readonly request: ProbeRequest; readonly ports: ProbePorts },
): Promise<boolean> {
  if (request.healthPath !== undefined) {
    return typeof (await ports.http.request('HEAD', `${url}${request.healthPath}`, requestMs)) === 'object';
  }
  const sockets = lookAtSockets(state, port);
  if (sockets !== 'unknown') return sockets === 'open';
  return (await ports.http.request('GET', `${url}/`, requestMs)) !== 'refused';
}

function lookAtSockets({ listeners }: ServedState, port: number): 'open' | 'loopback' | 'closed' | 'unknown' {
  if (listeners === undefined) return 'unknown';
  const onPort = listeners.filter((listener) => listener.port === port);
  if (onPort.length === 0) return 'closed';
  return onPort.every(({ address }) => isLoopback(address)) ? 'loopback' : 'open';
}

function cameUp(port: number, timeToListenMs: number): Check[] {
  return [
    { name: 'starts', result: 'passed', detail: 'the process keeps running' },
    { name: 'listens', result: 'passed', detail: `on port ${port} after ${timeToListenMs} ms` },
  ];
}

async function askPath(url: string, path: string, { http }: ProbePorts): Promise<Check> {
  const answer = await http.request('GET', `${url}${path}`, requestMs);
  const request = `"GET ${path}"`;
  if (answer === 'refused') return warned(`${request} gets no HTTP answer`);
  if (answer === 'silent') return warned(`${request} gets no HTTP answer within ${requestMs / 1000} s`);
  if (answer.status >= 500) return warned(`${request} answers ${answer.status}`);
  return { name: 'answers', result: 'passed', detail: `${request} answers ${answer.status}` };
}

function warned(detail: string): Check {
  return { name: 'answers', result: 'warned', detail };
}

interface End {
  readonly state: ServedState;
  readonly timeMs: number;
  readonly hasListened?: boolean;
}

async function fail(served: Served, { state, timeMs, hasListened = false }: End): Promise<ProbeResult> {
  const logTail = await served.readLog(50);
  const diagnosis = diagnoseStart({ ...state, port: served.port, hasListened, logTail });
  const failure = { ...diagnosis, advice: adviceFor[diagnosis.kind] ?? '' };
  return { checks: [], timeToListenMs: timeMs, failure };
}
