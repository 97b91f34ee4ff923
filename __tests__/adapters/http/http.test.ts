import { once } from 'node:events';
import { connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createHttp } from '../../../src/adapters/http/http.ts';
import type { HttpRequest } from '../../../src/ports.ts';
import { failureOf } from '../../support/failure.ts';
import { listenOnLoopback, withTcpServer, type Loopback } from '../../support/loopback.ts';

const http = createHttp(new AbortController().signal);
let other: Loopback;

beforeEach(async () => {
  other = await listenOnLoopback();
});
afterEach(() => other.close());

/** A request for the other side's front page, with what is given. */
const get = (given: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: other.url,
  timeoutMs: 5000,
  ...given,
});

describe('a request', () => {
  it('gets the status and the headers, and does not wait for the body', async () => {
    other.answer((request, response) => {
      response.writeHead(request.url === '/a?b' ? 404 : 200, { 'X-Name': 'value' });
      if (request.method === 'HEAD') response.end();
      else response.write('never ends');
    });
    const found = await http.request(get({ url: `${other.url}/a?b` }));
    expect(found).toMatchObject({ status: 404, body: '', headers: { 'x-name': 'value' } });
    expect(await http.request(get({ method: 'HEAD', bodyLimit: 10 }))).toMatchObject({
      status: 200,
      body: '',
    });
  });

  it('joins a header that comes several times', async () => {
    other.answer((_request, response) => {
      response.writeHead(200, [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
        ...['X-Twice', 'one', 'x-twice', 'two', 'Server', 'one', 'Server', 'two'],
      ]);
      response.end();
    });
    expect(await http.request(get())).toMatchObject({
      headers: { 'set-cookie': 'a=1, b=2', 'x-twice': 'one, two', server: 'one, two' },
    });
  });

  it('sends its headers and its body, asks for no compression, and uses a connection of its own', async () => {
    const seen: unknown[] = [];
    const ports = new Set<unknown>();
    other.answer(async (request, response) => {
      ports.add(request.socket.remotePort);
      const { 'x-canary': canary, 'content-length': length, 'accept-encoding': encoding } = request.headers;
      seen.push([request.method, canary, length, encoding, await text(request)]);
      response.end();
    });
    await http.request(
      get({ method: 'POST', headers: { 'X-Canary': 'c' }, body: '{"a":"é"}', bodyLimit: 9 }),
    );
    await http.request(get({ bodyLimit: 9 }));
    expect(seen).toEqual([
      ['POST', 'c', '10', undefined, '{"a":"é"}'],
      ['GET', undefined, undefined, undefined, ''],
    ]);
    expect(ports.size).toBe(2);
  });

  it.each([
    ['all of it', 100, 'abcé'],
    ['all of it, to the byte', 5, 'abcé'],
    ['no half characters', 4, 'abc'],
    ['its beginning', 2, 'ab'],
    ['nothing', 0, ''],
  ])('reads %s of the body for a limit of %s bytes', async (_what, bodyLimit, body) => {
    other.answer((_request, response) => response.end('abcé'));
    expect(await http.request(get({ bodyLimit }))).toMatchObject({ status: 200, body });
  });

  it('reads no more than the limit of a body without an end', async () => {
    other.answer((_request, response) => {
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(50_000), () => setImmediate(write));
      };
      response.on('error', () => undefined);
      write();
    });
    expect(await http.request(get({ bodyLimit: 100_000, timeoutMs: 60_000 }))).toMatchObject({
      body: 'x'.repeat(100_000),
    });
  });

  it.each<[string, (request: { destroy(): unknown }) => unknown]>([
    ['comes in time', () => undefined],
    ['comes before the connection breaks', (socket) => setTimeout(() => socket.destroy(), 50)],
  ])('keeps what of a body %s', async (_what, end) => {
    other.answer(({ socket }, response) => {
      response.writeHead(201).write('begun', () => end(socket));
    });
    const timeoutMs = 400;
    expect(await http.request(get({ bodyLimit: 100, timeoutMs }))).toMatchObject({
      status: 201,
      body: 'begun',
    });
  });

  it('follows no redirect', async () => {
    other.answer((_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end());
    expect(await http.request(get())).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
  });

  it('to someone who gives no answer of HTTP is met with silence', async () => {
    expect(await http.request(get({ timeoutMs: 50 }))).toBe('silent');
    const greet = (socket: { end(text: string): unknown }): unknown => socket.end('220 smtp.test ready\r\n');
    expect(await withTcpServer(greet, (url) => http.request(get({ url })))).toBe('silent');
  });

  it('to nobody is refused', async () => {
    const url = `http://127.0.0.1:${await http.freePort()}`;
    expect(await http.request(get({ url }))).toBe('refused');
    other.answer((request) => request.socket.destroy());
    expect(await http.request(get())).toBe('refused');
  });

  it.each([[{ url: 'no url' }], [{ headers: { name: 'a\nb' } }]])('that is none fails: %j', async (given) => {
    await expect(http.request(get(given))).rejects.toThrow(/^Invalid/);
  });

  it.each([['before the head'], ['in the body']])('ends with the reason of an abort %s', async (when) => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    other.answer((_request, response) => {
      if (when === 'in the body') response.write('begun');
      setTimeout(() => {
        stop.abort(reason);
      }, 50);
    });
    const stoppable = createHttp(stop.signal);
    const asked = get({ bodyLimit: 100 });
    expect(await failureOf(RangeError, () => stoppable.request(asked))).toBe(reason);
    expect(await failureOf(RangeError, () => stoppable.request(asked))).toBe(reason);
  });
});

it('finds a port that is free', async () => {
  const port = await http.freePort();
  const taken = createTcpServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  expect(client.remotePort).toBe(port);
  client.destroy();
  taken.close();
});

it('tells whether somebody accepts connections on a port', async () => {
  const port = await http.freePort();
  expect(await http.accepts(port)).toBe(false);
  expect(await http.accepts(Number(new URL(other.url).port))).toBe(true);
  const reason = new RangeError('aborted');
  expect(await failureOf(RangeError, () => createHttp(AbortSignal.abort(reason)).accepts(port))).toBe(reason);
});
