import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Loopback {
  readonly url: string;
  readonly server: Server;
  /** Says how requests are answered from now on. */
  answer(next: Answer): void;
  close(): Promise<void>;
}

/** An HTTP server on the loopback interface. */
export async function listenOnLoopback(): Promise<Loopback> {
  let answer: Answer = () => undefined;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    server,
    answer: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Runs a test with the URL of a server that speaks no HTTP but what `speak` writes. */
export async function withTcpServer<T>(
  speak: (socket: Socket) => unknown,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    speak(socket);
  });
  try {
    return await use(`http://127.0.0.1:${await listen(server)}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function listen(server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
