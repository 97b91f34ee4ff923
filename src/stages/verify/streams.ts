import type { Http, HttpRequest } from '../../ports.ts';
import { describeNoAnswer, requestMs, type Asked } from './answers.ts';
import { failed, passed, skipped, warned, type Check } from './check.ts';

interface StreamPorts {
  readonly http: Http;
}

const headers = { accept: 'text/event-stream' };
const advice =
  'Answer with "content-type: text/event-stream", and write and flush each event as soon as there is one.';

/** Whether server-sent events come one by one. */
export async function checkEventStream({ url, checks }: Asked, { http }: StreamPorts): Promise<Check[]> {
  const { ssePath } = checks;
  if (ssePath === '') return [];
  const fault = await findFault(
    { method: 'GET', url: `${url}${ssePath}`, timeoutMs: requestMs, headers },
    http,
  );
  if (fault === undefined) return [passed('event-stream', `"GET ${ssePath}" streams events`)];
  return [failed('event-stream', { kind: 'smoke', detail: fault.detail, advice })];
}

/**
 * Whether an agent answers a message as the platform's clients expect it (`@cloudbase/aiagent-framework`). One that breaks
 * down where it lacks env vars of the platform, such as the key of a model, may well do so there.
 */
export async function checkAgent(
  { url, checks }: Asked,
  platformEnv: readonly string[],
  { http }: StreamPorts,
): Promise<Check> {
  if (checks.botId === '') return skipped('agent', 'input "bot-id" is not given');
  const path = `/v1/aibot/bots/${checks.botId}/send-message`;
  const request: HttpRequest = {
    method: 'POST',
    url: `${url}${path}`,
    timeoutMs: requestMs,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ msg: 'hi' }),
  };
  const fault = await findFault(request, http);
  if (fault === undefined) return passed('agent', `"POST ${path}" streams events`);
  const { detail, isBreakdown, isHeldBack = false } = fault;
  if (isHeldBack) return warned('agent', detail);
  if (!isBreakdown || platformEnv.length === 0) return failed('agent', { kind: 'smoke', detail, advice });
  const names = platformEnv.map((name) => `"${name}"`).join(', ');
  return warned('agent', `${detail}, but has no ${names} in this run; the platform has`);
}

interface Fault {
  /** Reads on after "The service". */
  readonly detail: string;
  /** True where it gives no answer of its own making. */
  readonly isBreakdown: boolean;
  /** True where the events are right, and came all at once. */
  readonly isHeldBack?: boolean;
}

/**
 * Many events that all come in the end, a second and more after the request, were kept back. A few may well be one
 * thought and the mark of the end.
 */
const heldBackMs = 1_000;
const burstMs = 50;
const manyEvents = 4;

async function findFault(request: HttpRequest, http: Http): Promise<Fault | undefined> {
  const shown = `"${request.method} ${new URL(request.url).pathname}"`;
  const answer = await http.readEvents(request);
  if (typeof answer === 'string') return { detail: describeNoAnswer(shown, answer), isBreakdown: true };
  const { status, headers, eventTimesMs, isEnded } = answer;
  const refuse = (detail: string): Fault => ({ detail, isBreakdown: status > 499 });
  if (status < 200 || status > 299)
    return refuse(`answers ${shown} with ${status} instead of a stream of events`);
  const type = headers['content-type'] ?? 'no content type';
  if (!/^text\/event-stream\b/i.test(type))
    return refuse(`answers ${shown} with ${type} instead of text/event-stream`);
  const [first] = eventTimesMs;
  const last = eventTimesMs.at(-1);
  if (first === undefined || last === undefined) {
    const when = isEnded ? '' : ` within ${requestMs / 1000} s`;
    return { detail: `sends no event in answer to ${shown}${when}`, isBreakdown: true };
  }
  const isMany = isEnded && eventTimesMs.length >= manyEvents;
  const isHeldBack = isMany && first > heldBackMs && last - first < burstMs;
  if (!isHeldBack) return undefined;
  return { ...refuse(`sends all events of ${shown} at once, after ${first} ms`), isHeldBack };
}
