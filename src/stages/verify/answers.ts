import { adviceFor } from '../../diagnosis/advice.ts';
import type { CheckInputs, StatusRange } from '../../inputs.ts';
import type { Clock, Http, HttpReply, NoAnswer } from '../../ports.ts';
import { failed, passed, skipped, warned, type Check } from './check.ts';

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

/** How long one request may take until its answer is there, in milliseconds. */
export const requestMs = 10_000;
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
    const detail = describeNoAnswer(`"GET ${path}"`, answer);
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

/** What is wrong with a service that gives no answer to a request, which is quoted already. */
export function describeNoAnswer(request: string, answer: NoAnswer): string {
  const within = answer === 'refused' ? '' : ` within ${requestMs / 1000} s`;
  return `gives no HTTP answer to ${request}${within}`;
}

/**
 * Sends the header in which the platform hands credentials to the service, and looks for it, and for an env var, in
 * what comes back: whoever may call the service could read both.
 */
export async function checkSecrets(asked: Asked, { http }: AskPorts): Promise<Check[]> {
  const { url, canaries } = asked;
  const headers = { 'x-cloudbase-context': canaries.header };
  let isAnswered = false;
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
    isAnswered = true;
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
  return [
    isAnswered
      ? passed('secrets', 'no answer holds the header x-cloudbase-context or an env var')
      : skipped('secrets', 'the service gives no HTTP answer'),
  ];
}

function whatIsTold({ headers, body }: HttpReply, { env, header }: Asked['canaries']): string | undefined {
  const text = [...Object.values(headers), body].join('\n');
  if (text.includes(header)) return 'the header x-cloudbase-context, which carries credentials';
  return text.includes(env) ? 'its environment variables' : undefined;
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
