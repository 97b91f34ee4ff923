import { describe, expect, it } from '@jest/globals';

import type { HttpReply, HttpRequest, NoAnswer } from '../../../src/ports.ts';
import { awaitReady, platformWindowMs, type ReadyRequest } from '../../../src/stages/serve/ready.ts';
import type { Served, ServedState } from '../../../src/stages/serve/served.ts';
import { createFakeClock, createFakeLog, createFakeHttp } from '../../support/fakes.ts';
import { createFakeServed } from '../../support/served.ts';

type Answer = HttpReply | NoAnswer;

interface Case {
  /** The state at each look; the last one stays. */
  readonly states?: readonly Partial<ServedState>[];
  /** The answer to each request in turn; the last one stays. */
  readonly answers?: readonly Answer[];
  /** Whether the published port is open, at each look; the last one stays. */
  readonly opens?: readonly boolean[];
  readonly served?: Partial<Served>;
  readonly request?: Partial<ReadyRequest>;
}

function start({ states = [{}], answers = [], opens = [], served = {}, request = {} }: Case) {
  const requests: Pick<HttpRequest, 'method' | 'url'>[] = [];
  const ports: number[] = [];
  const clock = createFakeClock();
  const http = createFakeHttp({
    request: async ({ method, url, timeoutMs }) => {
      requests.push({ method, url });
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? 'refused';
      if (answer === 'silent') await clock.sleep(timeoutMs);
      return answer;
    },
    accepts: (port) => {
      ports.push(port);
      return Promise.resolve(opens[Math.min(ports.length, opens.length) - 1] ?? true);
    },
  });
  const service = createFakeServed({ startedAt: clock.now(), states, ...served });
  const known = { windowMs: platformWindowMs(0), platformEnv: [], architecture: 'amd64', ...request };
  const since = clock.now();
  const log = createFakeLog();
  const work = awaitReady(service, known, { http, clock, log });
  return { work, log, requests, ports, waitedMs: () => clock.now() - since };
}

const ok: HttpReply = { status: 200, headers: {}, body: '' };
const at = (address: string, port: number): Partial<ServedState> => ({ listeners: [{ address, port }] });
const open = at('0.0.0.0', 8080);
const loopback = at('127.0.0.1', 8080);
const elsewhere = at('0.0.0.0', 3000);
const nowhere = { listeners: [] };
const unseen = { listeners: undefined };
const asFunction = { healthPath: '/_healthz' };
const times = (count: number, state: Partial<ServedState>): Partial<ServedState>[] =>
  Array.from({ length: count }, () => state);

it.each([
  [0, 150_000],
  [30, 180_000],
])('gives InitialDelaySeconds of %s and the time of 30 probes', (seconds, ms) => {
  expect(platformWindowMs(seconds)).toBe(ms);
});

describe('a service that comes up', () => {
  it.each<[string, Case, number]>([
    ['at once', { states: [open] }, 0],
    ['on IPv6', { states: [at('::', 8080)] }, 0],
    ['after it was elsewhere', { states: [nowhere, elsewhere, open] }, 100],
    [
      'on the loopback interface besides',
      { states: [{ listeners: [...(loopback.listeners ?? []), ...(open.listeners ?? [])] }] },
      0,
    ],
    ['after nine seconds on the loopback interface', { states: [...times(180, loopback), open] }, 9_000],
    [
      'after several short times there',
      { states: [...times(150, loopback), nowhere, ...times(150, loopback), open] },
      15_050,
    ],
    ['late, with a socket elsewhere all the while', { states: [...times(2_900, elsewhere), open] }, 145_000],
  ])('%s is ready, as its sockets say, and is asked nothing', async (_name, given, timeToListenMs) => {
    const { work, requests, ports } = start(given);
    expect(await work).toEqual({ status: 'ready', timeToListenMs });
    expect([requests, ports]).toEqual([[], []]);
  });

  it.each<[string, Answer, number]>([
    ['answers 404', { ...ok, status: 404 }, 100],
    ['answers 500', { ...ok, status: 500 }, 100],
    ['keeps the connection open without an answer', 'silent', 100],
  ])(
    'is asked where its sockets cannot be seen: one that %s listens',
    async (_name, answer, timeToListenMs) => {
      const { work, requests } = start({ states: [unseen], answers: ['refused', 'refused', answer] });
      expect(await work).toEqual({ status: 'ready', timeToListenMs });
      expect(requests.at(-1)).toEqual({ method: 'GET', url: 'http://127.0.0.1:49152/' });
    },
  );

  it('late is told of every 15 s, with where it listens meanwhile', async () => {
    const { work, log } = start({ states: [...times(400, nowhere), ...times(400, elsewhere), open] });
    await work;
    expect(log.lines).toEqual([
      'info: 15 s: waiting for the service on port 8080; nothing listens yet.',
      'info: 30 s: waiting for the service on port 8080; it listens on 3000.',
    ]);
  });

  it('as a function is asked for its health', async () => {
    const { work, requests } = start({ states: [unseen], answers: ['refused', ok], served: asFunction });
    expect(await work).toEqual({ status: 'ready', timeToListenMs: 50 });
    expect(requests.at(-1)).toEqual({ method: 'HEAD', url: 'http://127.0.0.1:49152/_healthz' });
  });

  it('as a function may take long: its port is closed until it listens', async () => {
    const answers = [...Array.from({ length: 600 }, () => 'refused' as const), ok];
    const { work } = start({ states: [unseen], answers, opens: [false], served: asFunction });
    expect(await work).toEqual({ status: 'ready', timeToListenMs: 30_000 });
  });
});

describe('a service that does not come up', () => {
  it.each<[Partial<ServedState>, string, boolean, number]>([
    [{ ...open, exitCode: 3 }, 'exit-on-start', false, 0],
    [{ ...nowhere, exitCode: 137, isOutOfMemory: true }, 'out-of-memory', false, 0],
    [loopback, 'loopback-bind', true, 10_000],
    [at('::1', 8080), 'loopback-bind', true, 10_000],
    [elsewhere, 'wrong-port', true, 150_000],
    [nowhere, 'slow-start', true, 150_000],
    [unseen, 'slow-start', true, 150_000],
  ])('with %j is %s (running: %s) after %s ms', async (...[state, kind, isRunning, waited]) => {
    const { work, waitedMs } = start({ states: [state] });
    expect(await work).toMatchObject({ status: 'failed', isRunning, diagnosis: { kind } });
    expect(waitedMs()).toBe(waited);
  });

  it('as a function that never listens is no service on another machine', async () => {
    const { work } = start({ states: [unseen], opens: [false], served: asFunction });
    expect(await work).toMatchObject({ status: 'failed', diagnosis: { kind: 'slow-start' } });
  });

  it('has no more time than it is given', async () => {
    const { work, waitedMs } = start({ states: [nowhere], request: { windowMs: 20_000 } });
    expect(await work).toMatchObject({ status: 'failed' });
    expect(waitedMs()).toBe(20_000);
  });

  it('is judged by its log, of which the last 20 lines are kept', async () => {
    const log = [
      ...Array.from({ length: 30 }, (_, index) => `line ${index}`),
      'Error: Missing required environment variable: API_KEY',
    ];
    const readLog = (lines: number) => Promise.resolve(log.slice(-lines));
    const { work } = start({
      states: [{ exitCode: 1 }],
      served: { readLog },
      request: { platformEnv: ['API_KEY'] },
    });
    expect(await work).toMatchObject({
      diagnosis: { kind: 'missing-env', isOnlyHere: true },
      logTail: log.slice(-20),
    });
  });

  it('is judged by the architecture of its image', async () => {
    const { work } = start({ states: [{ exitCode: 1 }], request: { architecture: 'arm64' } });
    expect(await work).toMatchObject({ diagnosis: { kind: 'architecture' } });
  });

  it.each([
    [undefined, 'ended with exit code 1 before it listened'],
    [true, 'ended with exit code 1 soon after it listened'],
  ])('is told of as one that has listened (%s), or not', async (hasListened, finding) => {
    const request = hasListened === undefined ? {} : { hasListened };
    expect(await start({ states: [{ exitCode: 1 }], request }).work).toMatchObject({
      diagnosis: { finding },
    });
  });
});

describe('a container whose published port is closed', () => {
  const reason =
    'its published port cannot be reached from here: the engine runs containers on another machine, or this job runs in a container';

  it('for five seconds runs where it cannot be asked', async () => {
    const { work, ports, waitedMs } = start({ states: [unseen], opens: [false] });
    expect(await work).toEqual({ status: 'unreachable', reason });
    expect([ports[0], waitedMs()]).toEqual([49_152, 5_000]);
  });

  it('now and then is one of this machine', async () => {
    const opens = [...Array.from({ length: 99 }, () => false), true, false, true];
    const { work } = start({ states: [unseen], opens });
    expect(await work).toMatchObject({ status: 'failed', diagnosis: { kind: 'slow-start' } });
  });

  it('but ends is one that ended', async () => {
    const { work } = start({ states: [...times(50, unseen), { exitCode: 1 }], opens: [false] });
    expect(await work).toMatchObject({ status: 'failed', diagnosis: { kind: 'exit-on-start' } });
  });

  it('is not looked at while its sockets are seen', async () => {
    const { work, ports } = start({ states: [nowhere], opens: [false], request: { windowMs: 6_000 } });
    expect(await work).toMatchObject({ status: 'failed' });
    expect(ports).toEqual([]);
  });
});
