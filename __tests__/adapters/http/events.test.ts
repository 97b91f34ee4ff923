import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createHttp } from '../../../src/adapters/http/http.ts';
import type { EventStream, HttpRequest, NoAnswer } from '../../../src/ports.ts';
import { failureOf } from '../../support/failure.ts';
import { listenOnLoopback, type Loopback } from '../../support/loopback.ts';

const http = createHttp(new AbortController().signal);
let other: Loopback;

beforeEach(async () => {
  other = await listenOnLoopback();
});
afterEach(() => other.close());

const asked = (given: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: other.url,
  timeoutMs: 5000,
  ...given,
});

/** What is read when these pieces are written, each of them alone. */
async function readPieces(...pieces: readonly (string | Buffer)[]): Promise<EventStream | NoAnswer> {
  other.answer(async ({ socket }, response) => {
    socket.setNoDelay();
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const piece of pieces) {
      response.write(piece);
      await pause(10);
    }
    response.end();
  });
  return http.readEvents(asked());
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How many events were read. */
const countOf = (stream: EventStream | NoAnswer): number =>
  typeof stream === 'string' ? -1 : stream.eventTimesMs.length;

describe('the events of a stream', () => {
  it.each<[string, number, string]>([
    ['one of each', 3, 'data: a\n\ndata: b\n\ndata: c\n\n'],
    ['lines that end with CR LF', 2, 'data: a\r\n\r\ndata: b\r\n\r\n'],
    ['one of several lines that end with CR LF', 1, 'data: a\r\ndata: b\r\n\r\n'],
    ['lines that end with CR', 2, 'data: a\r\rdata: b\r\r'],
    ['line ends in a mix', 3, 'data: a\r\n\ndata: b\n\r\ndata: c\r\r\n'],
    ['one of several lines', 1, 'event: tick\nid: 1\ndata: a\ndata: b\nretry: 5\n\n'],
    ['data without a colon', 1, 'data\n\n'],
    ['data that is empty', 1, 'data:\n\n'],
    ['a byte order mark', 1, '\ufeffdata: a\n\n'],
    ['long data', 1, `data: ${'x'.repeat(100_000)}\n\n`],
    ['blank lines alone', 0, '\n\n\r\n\r\n'],
    ['a heartbeat', 0, ':\n\n: ping\n\n'],
    ['a heartbeat before an event', 1, ': ping\n\ndata: a\n\n'],
    ['a field of another name', 0, 'event: ping\n\nid: 7\n\ndatab: x\n\nDATA: x\n\n data: x\n\n'],
    ['a byte order mark later on', 0, '\n\ufeffdata: a\n\n'],
    ['no blank line at the end', 0, 'data: a\n'],
    ['a page', 0, '<html>\n\n<p>data: a</p>\n\n</html>\n'],
    ['nothing', 0, ''],
  ])('%s: %s', async (_what, count, text) => {
    const stream = await readPieces(text);
    expect(countOf(stream)).toBe(count);
    expect(stream).toMatchObject({ status: 200, isEnded: true });
  });

  it.each([
    ['in a name', ['da', 'ta: a\n', '\n']],
    ['in a line end', ['data: a\r', '\ndata: b\r', '\n\r', '\n']],
    ['between two events', ['data: a\r\n\r', '\ndata: b\r\n\r\n'], 2],
    ['in a character', [Buffer.from('data: é').subarray(0, 7), Buffer.from('é\n\n').subarray(1)]],
    ['in a byte order mark', [Buffer.from([0xef, 0xbb]), Buffer.from([0xbf]), 'data: a\n\n']],
  ] as const)('are whole when they come in pieces, cut %s', async (_where, pieces, count: number = 1) => {
    expect(countOf(await readPieces(...pieces))).toBe(count);
  });

  it('have the time at which each was whole', async () => {
    const stream = await readPieces('data: a\n\n', ': wait\n\n'.repeat(2), 'data: b', '', '\n\n');
    const times = typeof stream === 'string' ? [] : stream.eventTimesMs;
    expect(times).toHaveLength(2);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[1]).toBeGreaterThan(times[0] ?? Infinity);
  });
});

describe('reading events', () => {
  const endless = (text: string) => (_request: unknown, response: ServerResponse) => {
    response.on('error', () => undefined).writeHead(200);
    const write = (): void => {
      if (!response.destroyed) response.write(text, () => setTimeout(write, 5));
    };
    write();
  };

  it('ends a second after the first event', async () => {
    let isClosed = false;
    other.answer((_request, response) => {
      response.on('close', () => (isClosed = true)).write('data: a\n\n');
    });
    const stream = await http.readEvents(asked({ timeoutMs: 30_000 }));
    expect(stream).toMatchObject({ status: 200, isEnded: false });
    expect(countOf(stream)).toBe(1);
    await pause(50);
    expect(isClosed).toBe(true);
  });

  it('ends with the twentieth event', async () => {
    other.answer((_request, response) => {
      response.write('data: a\n\n'.repeat(21), () => setTimeout(() => response.end(), 500));
    });
    const stream = await http.readEvents(asked());
    expect(stream).toMatchObject({ isEnded: false });
    expect(countOf(stream)).toBe(20);
  });

  it('ends with the time', async () => {
    other.answer((_request, response) => response.write(': ping\n\n'));
    expect(await http.readEvents(asked({ timeoutMs: 200 }))).toMatchObject({
      eventTimesMs: [],
      isEnded: false,
    });
  });

  it('ends where an answer without events does not', async () => {
    other.answer(endless('x'.repeat(500_000)));
    expect(await http.readEvents(asked({ timeoutMs: 60_000 }))).toMatchObject({
      eventTimesMs: [],
      isEnded: false,
    });
  });

  it('sends what it is given, and shows the answer whatever its type', async () => {
    other.answer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      response.writeHead(418, { 'Content-Type': 'application/json', 'X-Seen': `${request.method} ${body}` });
      response.end('{"data": 1}\n\n');
    });
    const headers = { Accept: 'text/event-stream' };
    expect(await http.readEvents(asked({ method: 'POST', headers, body: '{}' }))).toEqual({
      status: 418,
      headers: expect.objectContaining({ 'content-type': 'application/json', 'x-seen': 'POST {}' }),
      eventTimesMs: [],
      isEnded: true,
    });
  });

  it('keeps the events that came before the connection broke', async () => {
    other.answer(({ socket }, response) => {
      response.write('data: a\n\n', () => setTimeout(() => socket.destroy(), 50));
    });
    const stream = await http.readEvents(asked());
    expect(stream).toMatchObject({ isEnded: false });
    expect(countOf(stream)).toBe(1);
  });

  it('finds nobody, or somebody who is silent', async () => {
    expect(await http.readEvents(asked({ timeoutMs: 50 }))).toBe('silent');
    const url = `http://127.0.0.1:${await http.freePort()}`;
    expect(await http.readEvents(asked({ url }))).toBe('refused');
  });

  it('ends with the reason of an abort', async () => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    other.answer((_request, response) => {
      response.write(': ping\n\n', () =>
        setTimeout(() => {
          stop.abort(reason);
        }, 50),
      );
    });
    const work = (): Promise<unknown> => createHttp(stop.signal).readEvents(asked());
    expect(await failureOf(RangeError, work)).toBe(reason);
  });
});
