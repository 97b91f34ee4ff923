import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** Where a request goes, or why it goes nowhere. */
export type Route =
  | { readonly kind: 'forward'; readonly port: number }
  | { readonly kind: 'refuse'; readonly status: 403 | 503; readonly code: string; readonly message: string };

/** The public address of one service; it stays the same over all its versions. */
export interface Gateway {
  /** `http://127.0.0.1:PORT`, the emulator's DefaultDomainName. */
  readonly url: string;
  close(): Promise<void>;
}

/** What the gateway asks and tells. */
export interface GatewayHooks {
  /** Asked once a request. */
  route(): Route;
  /** Told of every request with the code of its refusal, if it was refused. */
  seen(action: string, code: string | undefined): void;
}

/** Opens a service's address on a free loopback port. It forwards HTTP, event streams and WebSocket upgrades. */
export async function openGateway(hooks: GatewayHooks): Promise<Gateway> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    forward(hooks, incoming, outgoing);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    upgrade(hooks, incoming, { socket, head });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server, sockets) };
}

function takeRoute(hooks: GatewayHooks, incoming: IncomingMessage): Route {
  const route = hooks.route();
  const path = (incoming.url ?? '/').replace(/\?.*$/, '');
  hooks.seen(`${incoming.method ?? 'GET'} ${path}`, route.kind === 'refuse' ? route.code : undefined);
  return route;
}

function forward(hooks: GatewayHooks, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const route = takeRoute(hooks, incoming);
  if (route.kind === 'refuse') {
    refuse(outgoing, route);
    return;
  }
  const { method, url: path, headers } = incoming;
  const upstream = request({ host: '127.0.0.1', port: route.port, agent: false, method, path, headers });
  upstream.once('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
    answer.pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  upstream.once('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else
      refuse(outgoing, {
        kind: 'refuse',
        status: 503,
        code: 'SERVICE_NOT_READY',
        message: 'The version does not answer.',
      });
  });
  outgoing.once('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

function refuse(outgoing: ServerResponse, route: Extract<Route, { kind: 'refuse' }>): void {
  outgoing.writeHead(route.status, { 'content-type': 'application/json; charset=utf-8' });
  outgoing.end(JSON.stringify({ code: route.code, message: route.message }));
}

function upgrade(
  hooks: GatewayHooks,
  incoming: IncomingMessage,
  client: { socket: Socket; head: Buffer },
): void {
  const { socket, head } = client;
  const route = takeRoute(hooks, incoming);
  if (route.kind === 'refuse') {
    socket.end(`HTTP/1.1 ${route.status} ${route.code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    return;
  }
  const upstream = connect({ port: route.port, host: '127.0.0.1' }, () => {
    const lines = [`${incoming.method ?? 'GET'} ${incoming.url ?? '/'} HTTP/1.1`];
    for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
      lines.push(`${incoming.rawHeaders[index] ?? ''}: ${incoming.rawHeaders[index + 1] ?? ''}`);
    }
    upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.once('error', () => socket.destroy());
  socket.once('error', () => upstream.destroy());
  socket.once('close', () => upstream.destroy());
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
