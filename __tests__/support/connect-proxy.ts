import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy that only tunnels. */
export interface ConnectProxy {
  readonly url: string;
  /** What was asked for, with the credentials that came along. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  /** From now on answers with this status, 0 for never. */
  refuse(status: number): void;
  close(): Promise<void>;
}

/** Starts a proxy on loopback that leads every host to the loopback interface. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'][number][] = [];
  const sockets = new Set<Socket>();
  let status = 200;
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', ({ url = '', headers }: IncomingMessage, client: Socket) => {
    asked.push({ target: url, authorization: headers['proxy-authorization'] });
    client.on('error', () => undefined);
    if (status === 0) return;
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(Number(url.split(':').at(-1)), '127.0.0.1');
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => upstream.resetAndDestroy());
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: (next) => {
      status = next;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
