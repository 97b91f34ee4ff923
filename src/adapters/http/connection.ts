import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';

/** Opens a connection to the host of a URL, through the proxy where there is one; a proxy that refuses has a status. */
export async function openConnection(
  url: URL,
  proxy: string | undefined,
  signal: AbortSignal,
): Promise<Socket | { readonly status: number }> {
  if (proxy === undefined) return connectTo(url, signal);
  const { status, socket } = await askProxy(new URL(proxy), url, signal);
  // Nobody listens between two of its users.
  socket.on('error', () => undefined);
  if (status >= 200 && status < 300) return socket;
  socket.destroy();
  return { status };
}

/** The connection as a URL wants it: with TLS, or as it is. */
export function secure(socket: Socket, { hostname, protocol }: URL): Socket {
  if (protocol !== 'https:') return socket;
  const host = bare(hostname);
  return connectTls({ socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

/**
 * Ends a connection without sending what the system still holds of it: on a slow link that would take the next one's
 * part. Not for one that is being ended already.
 */
export function cutOff(socket: Socket): void {
  if (socket.connecting || socket.writableEnded || socket instanceof TLSSocket) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}

async function connectTo(url: URL, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: bare(url.hostname), port: Number(portOf(url)) });
  try {
    await once(socket, 'connect', { signal });
    return socket.on('error', () => undefined);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

interface Connected {
  readonly status: number;
  readonly socket: Socket;
}

function askProxy(proxy: URL, url: URL, signal: AbortSignal): Promise<Connected> {
  const open = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = `${url.hostname}:${portOf(url)}`;
  return new Promise((resolve, reject) => {
    const asked = open({
      host: bare(proxy.hostname),
      port: portOf(proxy),
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...buildAuthorization(proxy) },
      agent: false,
      signal,
    });
    asked.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket) => {
      resolve({ status: statusCode, socket });
    });
    asked.on('error', reject).end();
  });
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

/** An IPv6 address stands in brackets in a URL, and nowhere else. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function buildAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decode(username)}:${decode(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
