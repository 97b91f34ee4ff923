import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { TransferFault } from '../state/faults.ts';

/** How a body gets here. */
export interface Link {
  /** As fast as it can where undefined. */
  readonly bytesPerSecond: number | undefined;
  readonly fault: TransferFault | undefined;
  /** Ends the waiting when the emulator closes. */
  readonly closing: AbortSignal;
}

/**
 * Reads a body no faster than the link, so that TCP holds the sender back, and lets the link fail on the way. What the
 * kernel has buffered on both sides is beyond the link: on loopback that can be megabytes.
 */
export async function* receive(request: IncomingMessage, link: Link): AsyncGenerator<Buffer> {
  const { fault, closing } = link;
  const bytesPerSecond = fault?.kind === 'slow' ? fault.bytesPerSecond : link.bytesPerSecond;
  const started = performance.now();
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (fault !== undefined && fault.kind !== 'slow' && bytes >= fault.afterBytes) {
      if (fault.kind === 'stall') await once(request, 'close', { signal: closing });
      request.socket.resetAndDestroy();
      throw new Error(`The link ended as asked: ${fault.kind} after ${fault.afterBytes} bytes.`);
    }
    if (bytesPerSecond !== undefined) {
      const dueMs = started + (bytes / bytesPerSecond) * 1000 - performance.now();
      if (dueMs > 0) await wait(dueMs, undefined, { signal: closing });
    }
    yield chunk;
  }
}
