import { describe, expect, it } from '@jest/globals';

import type { HttpAnswer } from '../../../src/ports.ts';
import type { ServedState } from '../../../src/stages/serve.ts';
import { probe } from '../../../src/stages/verify/probe.ts';
import { createFakeClock, createFakeHttp } from '../../support/fakes.ts';

interface Case {
  /** The answer to each request in turn; the last one stays. */
  readonly answers?: readonly HttpAnswer[];
  /** The state at each look; the last one stays. */
  readonly states?: readonly Partial<ServedState>[];
  readonly healthPath?: string;
  readonly paths?: readonly string[];
  readonly log?: readonly string[];
}

function start({ answers = ['refused'], states = [{}], healthPath, paths = ['/'], log = [] }: Case) {
  const asked: string[] = [];
  let look = -1;
  const clock = createFakeClock();
  const http = createFakeHttp({
    request: (method, url) => {
      asked.push(`${method} ${url}`);
      return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? 'refused');
    },
  });
  const served = {
    url: 'http://127.0.0.1:1',
    port: 8080,
    readState: () => {
      look++;
      const state = states[Math.min(look, states.length - 1)];
      return Promise.resolve({ exitCode: undefined, isOutOfMemory: false, listeners: [], ...state });
    },
    readLog: () => Promise.resolve(log),
    stop: () => Promise.resolve(),
  };
  const started = clock.now();
  const work = probe(served, { healthPath, paths, started, deadline: started + 150_000 }, { http, clock });
  return { asked, work, waited: () => clock.now() - started };
}

const ok = { status: 200 };
const open = { listeners: [{ address: '0.0.0.0', port: 8080 }] };
const loopback = { listeners: [{ address: '127.0.0.1', port: 8080 }] };
const elsewhere = { listeners: [{ address: '0.0.0.0', port: 3000 }] };
const unseen = { listeners: undefined };

describe('a service that comes up', () => {
  it('starts, listens and answers', async () => {
    const { work, asked } = start({ states: [{}, elsewhere, open], answers: [ok], paths: ['/', '/b'] });
    expect(await work).toEqual({
      timeToListenMs: 100,
      checks: [
        { name: 'starts', result: 'passed', detail: 'the process keeps running' },
        { name: 'listens', result: 'passed', detail: 'on port 8080 after 100 ms' },
        { name: 'answers', result: 'passed', detail: '"GET /" answers 200' },
        { name: 'answers', result: 'passed', detail: '"GET /b" answers 200' },
      ],
    });
    expect(asked).toEqual(['GET http://127.0.0.1:1/', 'GET http://127.0.0.1:1/b']);
  });

  it('is asked for its health where it has a path for it', async () => {
    const answers: HttpAnswer[] = ['refused', 'silent', ok, ok];
    const { work, asked } = start({ answers, healthPath: '/_healthz' });
    await work;
    const health = 'HEAD http://127.0.0.1:1/_healthz';
    expect(asked).toEqual([health, health, health, 'GET http://127.0.0.1:1/']);
  });

  it('is asked where its sockets cannot be seen', async () => {
    const { work } = start({ states: [unseen], answers: ['refused', 'refused', 'silent', ok] });
    expect((await work).timeToListenMs).toBe(100);
  });

  it('may take long, and use another address or port first', async () => {
    const first = Array.from({ length: 650 }, (_, index) => (index < 150 ? loopback : elsewhere));
    const { work } = start({ states: [...first, open], answers: [ok] });
    expect((await work).timeToListenMs).toBe(32_500);
  });

  it.each([
    ['another port', elsewhere],
    ['another port of the loopback interface', { listeners: [{ address: '127.0.0.11', port: 40_000 }] }],
  ])('may take as long as the platform waits, with a socket on %s all the while', async (_name, state) => {
    const slow = Array.from({ length: 2_900 }, () => state);
    const listeners = [...state.listeners, ...open.listeners];
    const { work } = start({ states: [...slow, { listeners }], answers: [ok] });
    expect(await work).toMatchObject({ timeToListenMs: 145_000, checks: [{}, {}, { result: 'passed' }] });
  });

  it('may bind its port to the loopback interface for a moment, however late', async () => {
    const before = Array.from({ length: 500 }, (_, index) => (index < 400 ? elsewhere : loopback));
    const { work } = start({ states: [...before, open], answers: [ok] });
    expect((await work).timeToListenMs).toBe(25_000);
  });

  it('may bind its port to the loopback interface besides', async () => {
    const listeners = [...loopback.listeners, { address: '::', port: 8080 }];
    expect((await start({ states: [{ listeners }], answers: [ok] }).work).failure).toBeUndefined();
  });

  it('as a function that is silent on its own path is warned of, not failed', async () => {
    const answers: HttpAnswer[] = [ok, 'silent'];
    const { checks, failure } = await start({ states: [unseen], answers, healthPath: '/_healthz' }).work;
    expect(failure).toBeUndefined();
    expect(checks.map(({ result }) => result)).toEqual(['passed', 'passed', 'warned']);
  });

  it.each<[HttpAnswer, string, string]>([
    [{ status: 404 }, 'passed', '"GET /" answers 404'],
    [{ status: 500 }, 'warned', '"GET /" answers 500'],
    ['refused', 'warned', '"GET /" gets no HTTP answer'],
    ['silent', 'warned', '"GET /" gets no HTTP answer within 10 s'],
  ])('and answers with %j has %s', async (answer, result, detail) => {
    const { checks, failure } = await start({ states: [open], answers: [answer] }).work;
    expect(failure).toBeUndefined();
    expect(checks.at(-1)).toEqual({ name: 'answers', result, detail });
  });
});

describe('a service that does not come up', () => {
  it.each<[Partial<ServedState>, string, number]>([
    [{ exitCode: 3 }, 'exit-on-start', 0],
    [{ exitCode: 137, isOutOfMemory: true }, 'out-of-memory', 0],
    [loopback, 'loopback-bind', 10_000],
    [{ listeners: [{ address: '::1', port: 8080 }] }, 'loopback-bind', 10_000],
    [elsewhere, 'wrong-port', 150_000],
    [{ listeners: [] }, 'slow-start', 150_000],
    [unseen, 'slow-start', 150_000],
  ])('with %j is %s after %s ms', async (state, kind, waitedMs) => {
    const { work, waited } = start({ states: [state] });
    const { checks, failure } = await work;
    expect(failure?.kind).toBe(kind);
    expect(failure?.advice).not.toBe('');
    expect(checks).toEqual([]);
    expect(waited()).toBe(waitedMs);
  });

  it('is judged by its log', async () => {
    const { failure } = await start({ states: [{ exitCode: 1 }], log: ['exec format error'] }).work;
    expect(failure?.kind).toBe('architecture');
  });

  it('may end right after its first answer', async () => {
    const { failure } = await start({ states: [open, { exitCode: 1 }], answers: [ok] }).work;
    expect(failure).toMatchObject({
      kind: 'exit-on-start',
      finding: 'ended with exit code 1 soon after it listened',
    });
  });
});
