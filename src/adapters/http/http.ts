import { connect, createServer } from 'node:net';

import type { Http } from '../../ports.ts';
import { readEvents } from './events.ts';
import { request } from './request.ts';
import { openWebSocket } from './websocket.ts';

/** HTTP without the pooling, the retries and the redirects of a client: one connection a request. Packages are apart. */
export function createHttp(signal: AbortSignal): Omit<Http, 'upload' | 'download'> {
  return {
    request: (asked) => request(asked, signal),
    readEvents: (asked) => readEvents(asked, signal),
    openWebSocket: (url, timeoutMs) => openWebSocket(url, timeoutMs, signal),
    accepts: (port) => accepts(port, signal),
    freePort,
  };
}

/** A connection to this machine is made at once, or not at all. */
const connectMs = 1_000;

async function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const socket = connect({ port, host: '127.0.0.1', timeout: connectMs });
  const isAccepted = await new Promise<boolean>((resolve) => {
    const refuse = (): void => {
      resolve(false);
    };
    socket.once('connect', () => {
      resolve(true);
    });
    socket.once('timeout', refuse).on('error', refuse);
  });
  socket.destroy();
  signal.throwIfAborted();
  return isAccepted;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
