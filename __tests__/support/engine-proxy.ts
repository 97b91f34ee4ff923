import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket that leads to a Docker engine, and can be cut off as if the engine had ended. */
export interface EngineProxy {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Breaks what is connected, and lets nobody in until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Starts such a socket in a folder of its own, in front of the engine at a `unix://` address. */
export async function startEngineProxy(engineHost: string): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect({ path: engineHost.replace('unix://', ''), allowHalfOpen: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `unix://${path}`,
    cut,
    restore: () => {
      isCut = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
