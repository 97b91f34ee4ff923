import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, type WebSocket } from 'ws';

import { createHttp } from '../../../src/adapters/http/http.ts';
import { createExec } from '../../../src/adapters/process.ts';
import { failureOf } from '../../support/failure.ts';
import { listenOnLoopback, withTcpServer, type Loopback } from '../../support/loopback.ts';

const http = createHttp(new AbortController().signal);
let other: Loopback;

beforeEach(async () => {
  other = await listenOnLoopback();
});
afterEach(() => other.close());

const open = (url = other.url, timeoutMs = 5000): ReturnType<typeof http.openWebSocket> =>
  http.openWebSocket(url, timeoutMs);

/** Answers the upgrade as RFC 6455 has it, and nothing after it. */
function greet(socket: Socket, head: string): void {
  const key = /sec-websocket-key: (.+)\r\n/i.exec(head)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** A server that does this with the head of the first request. */
const onHead = (act: (socket: Socket, head: string) => unknown) => (socket: Socket) =>
  socket.once('data', (data) => act(socket, data.toString()));

/** Opens a WebSocket in a process of its own, which ends when nothing is left of it. */
async function openApart(url: string): Promise<string> {
  const module = JSON.stringify(join(import.meta.dirname, '../../../src/adapters/http/http.ts'));
  const code = `
    const { createHttp } = await import(${module});
    const http = createHttp(new AbortController().signal);
    console.log(JSON.stringify(await http.openWebSocket(${JSON.stringify(url)}, 60_000)));`;
  const args = ['--input-type=module', '-e', code];
  const exec = createExec({}, new AbortController().signal);
  const { exitCode, stdout } = await exec.capture({ file: process.execPath, args, timeoutMs: 15_000 });
  return exitCode === 0 ? stdout : `exit code ${exitCode}`;
}

/** Answers the upgrade and everything that comes after it by a pong, and never closes. */
function keepOpen(socket: Socket, head: string): void {
  socket.on('data', () => socket.write(Buffer.from([0x8a, 0])));
  greet(socket, head);
}

describe('a WebSocket', () => {
  it('opens, and is closed as the protocol has it', async () => {
    const sockets = new WebSocketServer({ server: other.server });
    const accepted = once(sockets, 'connection') as Promise<[WebSocket]>;
    const opened = open();
    const [socket] = await accepted;
    const closed = once(socket, 'close');
    expect(await opened).toBe('open');
    expect((await closed)[0]).toBe(1005);
    sockets.close();
  });

  it.each<[string, (socket: Socket, head: string) => unknown, string]>([
    ['is not closed by the other side', keepOpen, '"open"'],
    ['is answered by HTTP', (socket) => socket.write('HTTP/1.1 404 Not Found\r\n\r\n'), '{"status":404}'],
    ['is cut off', (socket) => socket.destroy(), '"refused"'],
  ])('that %s leaves nothing that would keep a process alive', async (_what, act, said) => {
    expect(await withTcpServer(onHead(act), openApart)).toBe(said);
  });

  it('opens on the path that is asked for, where messages come first, too', async () => {
    const sockets = new WebSocketServer({ server: other.server, path: '/chat' });
    sockets.on('connection', (socket) => {
      socket.send('welcome');
    });
    expect(await open(`${other.url}/chat?a=b`)).toBe('open');
    expect(await open(`${other.url.replace('http', 'ws')}/chat`)).toBe('open');
    expect(await open(`${other.url}/other`)).toEqual({ status: 400 });
    sockets.close();
  });

  it.each([200, 302, 404, 426, 503])('that is answered by HTTP gives the status %s', async (status) => {
    other.answer((_request, response) =>
      response.writeHead(status, { Location: '/elsewhere' }).write('no end'),
    );
    expect(await open()).toEqual({ status });
  });

  it.each<[string, (socket: Socket, head: string) => unknown]>([
    [
      'a wrong handshake',
      (socket) => {
        greet(socket, '');
      },
    ],
    ['what is no HTTP', (socket) => socket.end('220 smtp.test ready\r\n')],
    ['nothing', () => undefined],
    ['no pong', greet],
    [
      'an end instead of a pong',
      (socket, head) => {
        greet(socket, head);
        socket.end();
      },
    ],
    [
      'a frame that is none',
      (socket, head) => {
        greet(socket, head);
        socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
      },
    ],
  ])('that gets %s is met with silence', async (_what, act) => {
    expect(await withTcpServer(onHead(act), (url) => open(url, 300))).toBe('silent');
  });

  it('to nobody is refused', async () => {
    expect(await open(`http://127.0.0.1:${await http.freePort()}`)).toBe('refused');
    expect(
      await withTcpServer(
        onHead((socket) => socket.destroy()),
        open,
      ),
    ).toBe('refused');
  });

  it.each<[string, (socket: Socket, head: string) => unknown]>([
    ['before it is open', () => undefined],
    ['when it is open', greet],
  ])('ends with the reason of an abort %s', async (_when, act) => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    const stoppable = createHttp(stop.signal);
    const abortAfter = (socket: Socket, head: string): void => {
      act(socket, head);
      setTimeout(() => {
        stop.abort(reason);
      }, 50);
    };
    const work = (url: string) => failureOf(RangeError, () => stoppable.openWebSocket(url, 5000));
    expect(await withTcpServer(onHead(abortAfter), work)).toBe(reason);
    expect(await failureOf(RangeError, () => stoppable.openWebSocket(other.url, 5000))).toBe(reason);
  });
});
