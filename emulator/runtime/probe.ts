import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 50;
const STAYS_OPEN_MS = 150;

/** How a wait for a port ended. */
export type ProbeResult = 'listening' | 'exited' | 'silent';

/**
 * Waits until a TCP connection to the loopback port stays open: Docker's own proxy accepts every connection and closes
 * it at once when nothing listens behind it. The platform probes TCP as well, not HTTP.
 */
export async function waitForPort(
  port: number,
  options: {
    readonly windowMs: number;
    readonly hasExited: () => Promise<boolean>;
    readonly signal: AbortSignal;
  },
): Promise<ProbeResult> {
  const deadline = Date.now() + options.windowMs;
  while (Date.now() < deadline) {
    options.signal.throwIfAborted();
    if (await options.hasExited()) return 'exited';
    if (await staysOpen(port)) return 'listening';
    await sleep(INTERVAL_MS, undefined, { signal: options.signal });
  }
  return (await options.hasExited()) ? 'exited' : 'silent';
}

/** A loopback port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The probe got no TCP port');
  return address.port;
}

function staysOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (open: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(open);
    };
    const timer = setTimeout(() => {
      settle(!socket.connecting);
    }, STAYS_OPEN_MS);
    socket.once('error', () => {
      settle(false);
    });
    socket.once('close', () => {
      settle(false);
    });
  });
}
