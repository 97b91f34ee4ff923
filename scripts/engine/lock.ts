import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// An abstract socket: one holder a machine, and the kernel frees it with the process, however that ends.
const name = '\0deploy-cloudbase-run/engine';

/** Runs `work` while no other process on this Linux machine does the same; waits up to ten minutes for its turn. */
export async function withLock<T>(log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return work();
  const server = await acquire(log);
  try {
    return await work();
  } finally {
    server.close();
  }
}

async function acquire(log: (line: string) => void): Promise<Server> {
  const deadline = Date.now() + 600_000;
  for (let attempt = 0; Date.now() < deadline; attempt += 1) {
    const server = await listen();
    if (server !== undefined) return server;
    if (attempt === 0) log('Another process prepares the Docker engine: waiting for it.');
    await delay(200);
  }
  throw new Error('another process held the engine lock for ten minutes');
}

async function listen(): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      resolve(server.unref());
    });
  });
}
