import { codeOf } from '../../errors.ts';
import type { WebSocket } from 'ws';

import type { Http, NoAnswer } from '../../ports.ts';

type Opened = Awaited<ReturnType<Http['openWebSocket']>>;

/** How long the other side may take to close. */
const closeMs = 1_000;

/** Opens a WebSocket, waits for the answer to a ping, and closes it; nothing of it is left then. */
export async function openWebSocket(url: string, timeoutMs: number, signal: AbortSignal): Promise<Opened> {
  const { WebSocket } = await import('ws');
  signal.throwIfAborted();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  // Whatever fails after the answer is known changes nothing any more; without a listener it would be thrown.
  socket.on('error', () => undefined);
  const opened = await waitForPong(socket, timeoutMs, signal);
  await close(socket, signal);
  signal.throwIfAborted();
  return opened;
}

function waitForPong(socket: WebSocket, timeoutMs: number, signal: AbortSignal): Promise<Opened> {
  return new Promise((resolve) => {
    const settle = (opened: Opened): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', beSilent);
      resolve(opened);
    };
    const beSilent = (): void => {
      settle('silent');
    };
    const timer = setTimeout(beSilent, timeoutMs);
    signal.addEventListener('abort', beSilent);
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => {
      settle({ status: statusCode });
    });
    socket.once('open', () => {
      socket.ping();
    });
    socket.once('pong', () => {
      settle('open');
    });
    socket.once('error', (error) => {
      settle(explain(error));
    });
    socket.once('close', beSilent);
  });
}

/** Only what the system says of a connection has a code of its own; the package's own doubts are about an answer. */
function explain(error: Error): NoAnswer {
  return /^(|HPE_.*|WS_.*)$/.test(codeOf(error)) ? 'silent' : 'refused';
}

async function close(socket: WebSocket, signal: AbortSignal): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  if (socket.readyState !== socket.OPEN || signal.aborted) socket.terminate();
  else socket.close();
  const timer = setTimeout(() => {
    socket.terminate();
  }, closeMs);
  await closed;
  clearTimeout(timer);
}
