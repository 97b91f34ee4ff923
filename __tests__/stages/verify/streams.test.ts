import { describe, expect, it } from '@jest/globals';

import type { EventStream, HttpRequest, NoAnswer } from '../../../src/ports.ts';
import type { Asked } from '../../../src/stages/verify/answers.ts';
import { checkAgent, checkEventStream } from '../../../src/stages/verify/streams.ts';
import { createFakeHttp } from '../../support/fakes.ts';
import { checkInputs } from '../../support/samples.ts';

const stream = (given: Partial<EventStream> = {}): EventStream => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  eventTimesMs: [5, 200, 400],
  isEnded: true,
  ...given,
});
const asked: Asked = {
  url: 'http://127.0.0.1:1',
  paths: ['/'],
  checks: { ...checkInputs, ssePath: '/events', botId: 'ibot-a-b' },
  canaries: { env: 'e', header: 'h' },
};

function start(answer: EventStream | NoAnswer) {
  const requests: HttpRequest[] = [];
  const http = createFakeHttp({
    readEvents: (request) => {
      requests.push(request);
      return Promise.resolve(answer);
    },
  });
  return { requests, ports: { http } };
}

const json = { headers: { 'content-type': 'application/json' } };
const none = { eventTimesMs: [] };

describe('an event stream', () => {
  it.each<[string, EventStream]>([
    ['that comes one by one', stream()],
    ['that goes on', stream({ isEnded: false })],
    ['of one event', stream({ eventTimesMs: [3_000] })],
    ['whose events come together, and soon', stream({ eventTimesMs: [1_000, 1_000, 1_001] })],
    [
      'whose events come together after a while, and which goes on',
      stream({ eventTimesMs: [3_000, 3_000], isEnded: false }),
    ],
    ['whose events come late, one by one', stream({ eventTimesMs: [3_000, 3_050] })],
    ['whose type is written in capitals', stream({ headers: { 'content-type': 'Text/Event-Stream' } })],
    ['with another good status', stream({ status: 201 })],
  ])('%s passes', async (_name, answer) => {
    const { requests, ports } = start(answer);
    expect(await checkEventStream(asked, ports)).toEqual([
      { name: 'event-stream', result: 'passed', detail: '"GET /events" streams events' },
    ]);
    expect(requests).toEqual([
      {
        method: 'GET',
        url: 'http://127.0.0.1:1/events',
        timeoutMs: 10_000,
        headers: { accept: 'text/event-stream' },
      },
    ]);
  });

  it.each<[EventStream | NoAnswer, string]>([
    ['refused', 'gives no HTTP answer to "GET /events"'],
    ['silent', 'gives no HTTP answer to "GET /events" within 10 s'],
    [stream({ status: 404 }), 'answers "GET /events" with 404 instead of a stream of events'],
    [stream({ status: 302 }), 'answers "GET /events" with 302 instead of a stream of events'],
    [stream(json), 'answers "GET /events" with application/json instead of text/event-stream'],
    [
      stream({ headers: { 'content-type': 'text/event-streams' } }),
      'answers "GET /events" with text/event-streams instead of text/event-stream',
    ],
    [stream({ headers: {} }), 'answers "GET /events" with no content type instead of text/event-stream'],
    [stream(none), 'sends no event in answer to "GET /events"'],
    [stream({ ...none, isEnded: false }), 'sends no event in answer to "GET /events" within 10 s'],
    [
      stream({ eventTimesMs: [1_001, 1_002, 1_003, 1_050] }),
      'sends all events of "GET /events" at once, after 1001 ms',
    ],
  ])('with %j fails', async (answer, detail) => {
    const rows = await checkEventStream(asked, start(answer).ports);
    expect(rows).toEqual([
      expect.objectContaining({ name: 'event-stream', result: 'failed', kind: 'smoke', detail }),
    ]);
    expect(JSON.stringify(rows)).toContain('flush each event');
  });

  it('is not asked for unless it is named', async () => {
    const checks = { ...asked.checks, ssePath: '' };
    expect(await checkEventStream({ ...asked, checks }, start('refused').ports)).toEqual([]);
  });
});

describe('an agent', () => {
  const shown = '"POST /v1/aibot/bots/ibot-a-b/send-message"';

  it('is sent a message', async () => {
    const { requests, ports } = start(stream());
    expect(await checkAgent(asked, [], ports)).toEqual({
      name: 'agent',
      result: 'passed',
      detail: `${shown} streams events`,
    });
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'http://127.0.0.1:1/v1/aibot/bots/ibot-a-b/send-message',
        timeoutMs: 10_000,
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: '{"msg":"hi"}',
      },
    ]);
  });

  it.each<[EventStream | NoAnswer, string[], object]>([
    [stream(), ['KEY'], { result: 'passed' }],
    [stream(json), [], { result: 'failed', kind: 'smoke' }],
    [stream(json), ['KEY'], { result: 'failed', kind: 'smoke' }],
    [stream({ status: 404 }), ['KEY'], { result: 'failed' }],
    [stream({ status: 500 }), [], { result: 'failed' }],
    ['silent', [], { result: 'failed' }],
    [
      stream({ status: 500 }),
      ['KEY', 'URL'],
      {
        result: 'warned',
        detail: `answers ${shown} with 500 instead of a stream of events, but has no "KEY", "URL" in this run; the platform has`,
      },
    ],
    ['silent', ['KEY'], { result: 'warned' }],
    [
      stream({ eventTimesMs: [1_500, 1_501, 1_502, 1_503] }),
      [],
      { result: 'warned', detail: `sends all events of ${shown} at once, after 1500 ms` },
    ],
    [stream({ eventTimesMs: [1_500, 1_501, 1_502] }), [], { result: 'passed' }],
    [stream(none), ['KEY'], { result: 'warned' }],
  ])('with %j where %j are only on the platform is %j', async (answer, platformEnv, expected) => {
    const row = await checkAgent(asked, platformEnv, start(answer).ports);
    expect(row).toMatchObject({ name: 'agent', ...expected });
  });

  it('without the id of its bot cannot be asked', async () => {
    const checks = { ...asked.checks, botId: '' };
    const { requests, ports } = start(stream());
    expect(await checkAgent({ ...asked, checks }, [], ports)).toEqual({
      name: 'agent',
      result: 'skipped',
      detail: 'input "bot-id" is not given',
    });
    expect(requests).toEqual([]);
  });
});
