import { adviceFor } from '../../diagnosis/advice.ts';
import type { CheckInputs, StatusRange } from '../../inputs.ts';
import type { Clock, Http, HttpReply, HttpRequest, NoAnswer } from '../../ports.ts';
import { failed, passed, skipped, warned, type Check, type CheckName } from './check.ts';

/** A service that listens, and what it is asked. */
export interface Asked {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The paths of which each is asked by GET. */
  readonly paths: readonly string[];
  readonly checks: CheckInputs;
  /** Values that must not come back: one that it has as an env var, one that a request carries. */
  readonly canaries: { readonly env: string; readonly header: string };
}

export interface AskPorts {
  readonly http: Http;
  readonly clock: Clock;
}

/** How long one request may take until its answer is there. */
const requestMs = 10_000;
/** How long a service is asked again for the status that it has to answer. */
const patienceMs = 5_000;
const pauseMs = 500;
const bodyLimit = 64 * 1024;

/** Asks each path once; what a path has to answer is asked for a few seconds more. */
export async function checkAnswers(asked: Asked, ports: AskPorts): Promise<Check[]> {
  if (asked.paths.length === 0) return [warned('http', 'names no path for any function, so none was called')];
  const rows: Check[] = [];
  for (const path of asked.paths) {
    const until = ports.clock.now() + patienceMs;
    let row = await askPath(asked, path, ports);
    while (row.result === 'failed' && ports.clock.now() < until) {
      await ports.clock.sleep(pauseMs);
      row = await askPath(asked, path, ports);
    }
    rows.push(row);
  }
  return rows;
}

async function askPath({ url, checks }: Asked, path: string, { http }: AskPorts): Promise<Check> {
  const { statuses } = checks;
  const isDemanded = checks.isPathGiven || statuses.length > 0;
  const answer = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: requestMs });
  if (typeof answer === 'string') {
    const detail = describeNoAnswer(`GET ${path}`, answer);
    if (!isDemanded) return warned('http', detail);
    return failed('http', { kind: 'not-http', detail, advice: adviceFor['not-http'] ?? '' });
  }
  const { status } = answer;
  const isWanted = statuses.length > 0 ? isAmong(status, statuses) : status < 500;
  if (isWanted) return passed('http', `"GET ${path}" answers ${status}`);
  const detail = `answers "GET ${path}" with ${status}`;
  if (!isDemanded) return warned('http', detail);
  const wanted = statuses.length > 0 ? `, not ${describeStatuses(statuses)}` : '';
  return failed('http', { kind: 'smoke', detail: `${detail}${wanted}`, advice: adviceFor.smoke ?? '' });
}

function isAmong(status: number, ranges: readonly StatusRange[]): boolean {
  return ranges.some(({ from, to }) => status >= from && status <= to);
}

function describeStatuses(ranges: readonly StatusRange[]): string {
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(' or ');
}

function describeNoAnswer(request: string, answer: NoAnswer): string {
  return answer === 'refused'
    ? `gives no HTTP answer to "${request}"`
    : `gives no HTTP answer to "${request}" within ${requestMs / 1000} s`;
}

/**
 * Sends the header in which the platform hands credentials to the service, and looks for it, and for an env var, in
 * what comes back: whoever may call the service could read both.
 */
export async function checkSecrets(asked: Asked, { http }: AskPorts): Promise<Check[]> {
  const { url, canaries } = asked;
  const headers = { 'x-cloudbase-context': canaries.header };
  for (const path of asked.paths.length > 0 ? asked.paths : ['/']) {
    const request = {
      method: 'GET',
      url: `${url}${path}`,
      timeoutMs: requestMs,
      headers,
      bodyLimit,
    } as const;
    const answer = await http.request(request);
    if (typeof answer === 'string') continue;
    const told = whatIsTold(answer, canaries);
    if (told === undefined) continue;
    return [
      failed('secrets', {
        kind: 'smoke',
        detail: `sends back ${told} in its answer to "GET ${path}"`,
        advice:
          'Answer with what the caller needs, never with whole headers or the whole environment: both hold secrets.',
      }),
    ];
  }
  return [passed('secrets', 'no answer holds the header x-cloudbase-context or an env var')];
}

function whatIsTold({ headers, body }: HttpReply, { env, header }: Asked['canaries']): string | undefined {
  const text = [...Object.values(headers), body].join('\n');
  if (text.includes(header)) return 'the header x-cloudbase-context, which carries credentials';
  return text.includes(env) ? 'its environment variables' : undefined;
}

/** Whether server-sent events come one by one. */
export async function checkEventStream({ url, checks }: Asked, { http }: AskPorts): Promise<Check[]> {
  const { ssePath } = checks;
  if (ssePath === '') return [];
  const request = { method: 'GET', url: `${url}${ssePath}`, timeoutMs: requestMs } as const;
  const fault = await findStreamFault(request, http);
  return [demand('event-stream', fault, `"GET ${ssePath}" streams events`)];
}

/** Whether an agent answers a message as the platform's clients expect it (`@cloudbase/aiagent-framework`). */
export async function checkAgent(
  { url, checks }: Asked,
  isAgent: boolean,
  { http }: AskPorts,
): Promise<Check[]> {
  if (!isAgent) return [];
  if (checks.botId === '') return [skipped('agent', 'input "bot-id" is not given')];
  const path = `/v1/aibot/bots/${checks.botId}/send-message`;
  const request: HttpRequest = {
    method: 'POST',
    url: `${url}${path}`,
    timeoutMs: requestMs,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ msg: 'hi' }),
  };
  const fault = await findStreamFault(request, http);
  return [demand('agent', fault, `"POST ${path}" streams events`)];
}

function demand(name: CheckName, fault: string | undefined, good: string): Check {
  if (fault === undefined) return passed(name, good);
  return failed(name, { kind: 'smoke', detail: fault, advice: streamAdvice });
}

const streamAdvice =
  'Answer with "content-type: text/event-stream", and write and flush each event as soon as there is one.';

/** Events that all come in the end, a second and more after the request, were kept back. */
const heldBackMs = 1_000;
const burstMs = 50;

async function findStreamFault(request: HttpRequest, http: Http): Promise<string | undefined> {
  const shown = `${request.method} ${new URL(request.url).pathname}`;
  const answer = await http.readEvents(request);
  if (typeof answer === 'string') return describeNoAnswer(shown, answer);
  const { status, headers, eventTimesMs, isEnded } = answer;
  if (status < 200 || status > 299) return `answers "${shown}" with ${status} instead of a stream of events`;
  const type = headers['content-type'] ?? 'no content type';
  if (!type.startsWith('text/event-stream'))
    return `answers "${shown}" with ${type} instead of text/event-stream`;
  const [first] = eventTimesMs;
  if (first === undefined) return `sends no event in answer to "${shown}" within ${requestMs / 1000} s`;
  const last = eventTimesMs.at(-1) ?? first;
  const isHeldBack = isEnded && eventTimesMs.length > 1 && first > heldBackMs && last - first < burstMs;
  return isHeldBack ? `sends all events of "${shown}" at once, after ${first} ms` : undefined;
}

/** Whether a WebSocket opens and answers a ping. */
export async function checkWebSocket({ url, checks }: Asked, { http }: AskPorts): Promise<Check[]> {
  const { webSocketPath: path } = checks;
  if (path === '') return [];
  const answer = await http.openWebSocket(`${url.replace(/^http/, 'ws')}${path}`, requestMs);
  if (answer === 'open') return [passed('websocket', `opens at ${path}`)];
  const seen = typeof answer === 'object' ? `: it answers ${answer.status}` : '';
  return [
    failed('websocket', {
      kind: 'smoke',
      detail: `opens no WebSocket at ${path}${seen}`,
      advice: 'Answer the upgrade request with 101 and keep the connection open.',
    }),
  ];
}

/** Whether it answers many requests at once. */
export async function checkBurst({ url, paths, checks }: Asked, { http, clock }: AskPorts): Promise<Check[]> {
  const { burst } = checks;
  if (burst === 0) return [];
  const path = paths[0] ?? '/';
  const started = clock.now();
  const times: number[] = [];
  const ask = async (): Promise<boolean> => {
    const answer = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: requestMs });
    times.push(clock.now() - started);
    return typeof answer === 'object' && answer.status < 500;
  };
  const answers = await Promise.all(Array.from({ length: burst }, ask));
  const good = answers.filter(Boolean).length;
  const last = Math.max(...times);
  if (good === burst)
    return [passed('burst', `${burst} requests at once, the last answered after ${last} ms`)];
  return [
    failed('burst', {
      kind: 'smoke',
      detail: `answers ${good} of ${burst} requests to "GET ${path}" that come at once, within ${requestMs / 1000} s and without a status of 500 and more`,
      advice: 'Look at its log for what gave way, or lower verify-burst to what one instance has to bear.',
    }),
  ];
}
