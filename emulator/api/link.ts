import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
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

/** Sends a file as the body of an answer, as far as the link lets it. */
export async function deliver(
  file: string,
  response: ServerResponse,
  fault: TransferFault | undefined,
): Promise<void> {
  if (fault === undefined || fault.kind === 'slow') {
    createReadStream(file).pipe(response);
    return;
  }
  const part = createReadStream(file, { end: Math.max(fault.afterBytes - 1, 0) });
  part.pipe(response, { end: false });
  await finished(part);
  if (fault.kind === 'reset') response.destroy();
}
