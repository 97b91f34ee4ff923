import { describe, expect, it } from '@jest/globals';

import type { CheckInputs } from '../../../src/inputs.ts';
import type { HttpReply, HttpRequest, NoAnswer } from '../../../src/ports.ts';
import {
  checkAnswers,
  checkBurst,
  checkSecrets,
  checkWebSocket,
  type Asked,
} from '../../../src/stages/verify/answers.ts';
import { createFakeClock, createFakeHttp } from '../../support/fakes.ts';
import { checkInputs } from '../../support/samples.ts';

type Answer = HttpReply | NoAnswer;

const reply = (status: number, given: Partial<HttpReply> = {}): HttpReply => ({
  status,
  headers: {},
  body: '',
  ...given,
});
const askedOf = (checks: Partial<CheckInputs> = {}, paths: readonly string[] = ['/']): Asked => ({
  url: 'http://127.0.0.1:1',
  paths,
  checks: { ...checkInputs, ...checks },
  canaries: { env: 'canary-env-1', header: 'canary-header-1' },
});

/** The answer to each request in turn; the last one stays. */
function start(answers: readonly Answer[]) {
  const requests: HttpRequest[] = [];
  const clock = createFakeClock();
  const http = createFakeHttp({
    request: async (request) => {
      requests.push(request);
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? 'refused';
      if (answer === 'silent') await clock.sleep(request.timeoutMs);
      return answer;
    },
  });
  const since = clock.now();
  return { requests, ports: { http, clock }, waitedMs: () => clock.now() - since };
}

describe('the answers', () => {
  it.each<[Answer, string, string]>([
    [reply(200), 'passed', '"GET /" answers 200'],
    [reply(302), 'passed', '"GET /" answers 302'],
    [reply(404), 'passed', '"GET /" answers 404'],
    [reply(499), 'passed', '"GET /" answers 499'],
    [reply(500), 'warned', 'answers "GET /" with 500'],
    [reply(503), 'warned', 'answers "GET /" with 503'],
    ['refused', 'warned', 'gives no HTTP answer to "GET /"'],
    ['silent', 'warned', 'gives no HTTP answer to "GET /" within 10 s'],
  ])('where none is demanded, %j has %s, after one request', async (answer, result, detail) => {
    const { requests, ports } = start([answer]);
    expect(await checkAnswers(askedOf(), ports)).toEqual([{ name: 'http', result, detail }]);
    expect(requests).toEqual([{ method: 'GET', url: 'http://127.0.0.1:1/', timeoutMs: 10_000 }]);
  });

  const path = { isPathGiven: true };
  const good = {
    statuses: [
      { from: 200, to: 299 },
      { from: 404, to: 404 },
    ],
  };
  const failing = { statuses: [{ from: 500, to: 503 }] };

  it.each<[Partial<CheckInputs>, Answer, object]>([
    [path, reply(404), { result: 'passed' }],
    [path, reply(500), { result: 'failed', kind: 'smoke', detail: 'answers "GET /" with 500' }],
    [path, 'refused', { result: 'failed', kind: 'not-http', detail: 'gives no HTTP answer to "GET /"' }],
    [good, reply(200), { result: 'passed' }],
    [good, reply(299), { result: 'passed' }],
    [good, reply(404), { result: 'passed' }],
    [good, reply(199), { result: 'failed', kind: 'smoke' }],
    [good, reply(403), { result: 'failed', detail: 'answers "GET /" with 403, not 200-299 or 404' }],
    [good, reply(500), { result: 'failed', kind: 'smoke' }],
    [good, 'silent', { result: 'failed', kind: 'not-http' }],
    [failing, reply(503), { result: 'passed', detail: '"GET /" answers 503' }],
    [failing, reply(200), { result: 'failed', detail: 'answers "GET /" with 200, not 500-503' }],
  ])('where %j is demanded: %j is %j', async (checks, answer, expected) => {
    const [row, ...more] = await checkAnswers(askedOf(checks), start([answer]).ports);
    expect([row, more]).toEqual([expect.objectContaining({ name: 'http', ...expected }), []]);
    if (row?.result === 'failed') expect(row.advice).not.toBe('');
  });

  it('that are demanded may take a few seconds, and no more', async () => {
    const late = start([...Array.from({ length: 9 }, () => reply(503)), reply(200)]);
    expect(await checkAnswers(askedOf(path), late.ports)).toMatchObject([{ result: 'passed' }]);
    const never = start([reply(503)]);
    expect(await checkAnswers(askedOf(path), never.ports)).toMatchObject([{ result: 'failed' }]);
    expect([late.waitedMs(), never.waitedMs()]).toEqual([4_500, 5_000]);
  });

  it('of every path are rows of their own', async () => {
    const { requests, ports } = start([reply(200), reply(500), 'refused']);
    const rows = await checkAnswers(askedOf({}, ['/orders', '/people', '/x']), ports);
    expect(rows.map(({ result }) => result)).toEqual(['passed', 'warned', 'warned']);
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual(['/orders', '/people', '/x']);
  });

  it('of functions without a path are not known', async () => {
    const rows = await checkAnswers(askedOf({}, []), start([]).ports);
    expect(rows).toEqual([
      { name: 'http', result: 'warned', detail: 'names no path for any function, so none was called' },
    ]);
  });
});

describe('what must not come back', () => {
  const good = 'no answer holds the header x-cloudbase-context or an env var';

  it.each<[string, Answer, object]>([
    ['nothing', reply(200, { body: 'hello', headers: { a: 'b' } }), { result: 'passed', detail: good }],
    [
      'the header in the body',
      reply(200, { body: '{"h":"canary-header-1"}' }),
      { result: 'failed', kind: 'smoke' },
    ],
    ['the header in a header', reply(200, { headers: { echo: 'x, canary-header-1' } }), { result: 'failed' }],
    ['the header in an error page', reply(500, { body: '<pre>canary-header-1' }), { result: 'failed' }],
    [
      'the env var',
      reply(200, { body: 'x=canary-env-1;' }),
      { result: 'failed', detail: 'sends back its environment variables in its answer to "GET /"' },
    ],
    ['the env var in a header', reply(404, { headers: { env: 'canary-env-1' } }), { result: 'failed' }],
    ['no answer', 'refused', { result: 'skipped', detail: 'the service gives no HTTP answer' }],
  ])('%s', async (_name, answer, expected) => {
    const { requests, ports } = start([answer]);
    const rows = await checkSecrets(askedOf(), ports);
    expect(rows).toEqual([expect.objectContaining({ name: 'secrets', ...expected })]);
    expect(requests[0]?.headers).toEqual({ 'x-cloudbase-context': 'canary-header-1' });
    expect(requests[0]?.bodyLimit).toBeGreaterThan(10_000);
    expect(JSON.stringify(rows)).not.toContain('canary-');
  });

  it.each<[readonly Answer[], string]>([
    [['silent', reply(200), reply(200, { body: 'canary-env-1' })], 'failed'],
    [['silent', 'refused', reply(200)], 'passed'],
    [['silent', 'refused', 'refused'], 'skipped'],
  ])('is looked for on every path: %j is %s', async (answers, result) => {
    const { ports } = start(answers);
    expect(await checkSecrets(askedOf({}, ['/a', '/b', '/c']), ports)).toMatchObject([{ result }]);
  });

  it('is looked for at / where there is no path', async () => {
    const { requests, ports } = start([reply(404)]);
    expect(await checkSecrets(askedOf({}, []), ports)).toMatchObject([{ result: 'passed' }]);
    expect(requests.map(({ url }) => url)).toEqual(['http://127.0.0.1:1/']);
  });
});

describe('a WebSocket', () => {
  it.each<['open' | { status: number } | NoAnswer, object]>([
    ['open', { result: 'passed', detail: 'opens at /ws' }],
    [
      { status: 404 },
      { result: 'failed', kind: 'smoke', detail: 'opens no WebSocket at /ws: it answers 404' },
    ],
    ['refused', { result: 'failed', kind: 'smoke', detail: 'opens no WebSocket at /ws' }],
    ['silent', { result: 'failed', kind: 'smoke', detail: 'opens no WebSocket at /ws' }],
  ])('that is %j is %j', async (answer, expected) => {
    const urls: string[] = [];
    const http = createFakeHttp({
      openWebSocket: (url) => {
        urls.push(url);
        return Promise.resolve(answer);
      },
    });
    const rows = await checkWebSocket(askedOf({ webSocketPath: '/ws' }), { http, clock: createFakeClock() });
    expect(rows).toEqual([expect.objectContaining({ name: 'websocket', ...expected })]);
    expect(urls).toEqual(['ws://127.0.0.1:1/ws']);
  });

  it('is not opened unless asked', async () => {
    expect(await checkWebSocket(askedOf(), start([]).ports)).toEqual([]);
  });
});

describe('a burst', () => {
  const bad = (good: number) =>
    `answers ${good} of 3 requests to "GET /" that come at once, within 10 s and without a status of 500 and more`;

  it.each<[readonly Answer[], object]>([
    [[reply(200), reply(404), reply(302)], { result: 'passed' }],
    [[reply(200), reply(500), reply(200)], { result: 'failed', kind: 'smoke', detail: bad(2) }],
    [[reply(200), 'refused', reply(200)], { result: 'failed', detail: bad(2) }],
    [['silent', 'silent', 'silent'], { result: 'failed', detail: bad(0) }],
  ])('with the answers %j is %j', async (answers, expected) => {
    const rows = await checkBurst(askedOf({ burst: 3 }), start(answers).ports);
    expect(rows).toEqual([expect.objectContaining({ name: 'burst', ...expected })]);
  });

  it('comes at once, and goes to the first path', async () => {
    const waiting: (() => void)[] = [];
    const urls: string[] = [];
    const clock = createFakeClock();
    const http = createFakeHttp({
      request: ({ url }) => {
        urls.push(url);
        return new Promise((resolve) => {
          waiting.push(() => {
            resolve(reply(200));
          });
        });
      },
    });
    const work = checkBurst(askedOf({ burst: 500 }, ['/a', '/b']), { http, clock });
    expect(waiting).toHaveLength(500);
    await clock.sleep(70);
    for (const release of waiting) release();
    expect(await work).toMatchObject([
      { result: 'passed', detail: '500 requests at once, the last answered after 70 ms' },
    ]);
    expect(new Set(urls)).toEqual(new Set(['http://127.0.0.1:1/a']));
  });

  it('does not come unless asked', async () => {
    expect(await checkBurst(askedOf(), start([]).ports)).toEqual([]);
  });
});
