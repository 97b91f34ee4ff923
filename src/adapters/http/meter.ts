import type { TransferLimits } from './upload-limits.ts';

/** How far a try has come. */
export interface Reading {
  readonly sizeBytes: number;
  readonly movedBytes: number;
  readonly elapsedMs: number;
  /** The rate of the last seconds: what a link takes at once at the start says nothing of it. */
  readonly bytesPerSecond: number;
  /** What the rest takes at that rate; infinite where nothing moves. */
  readonly leftMs: number;
  /** For how long nothing has moved. */
  readonly idleMs: number;
}

/** Takes how many bytes have moved so far, and tells what follows from it. */
export interface Meter {
  read(elapsedMs: number, movedBytes: number): Reading;
}

/** Measures a try; its rate is that of the window. */
export function createMeter(sizeBytes: number, windowMs: number): Meter {
  const samples = [{ atMs: 0, bytes: 0 }];
  let last = { atMs: 0, bytes: 0 };
  return {
    read: (elapsedMs, movedBytes) => {
      if (movedBytes > last.bytes) last = { atMs: elapsedMs, bytes: Math.min(movedBytes, sizeBytes) };
      samples.push({ atMs: elapsedMs, bytes: last.bytes });
      while ((samples[1]?.atMs ?? elapsedMs) <= elapsedMs - windowMs) samples.shift();
      const from = samples[0] ?? last;
      const bytesPerSecond = rateOf(last.bytes - from.bytes, elapsedMs - from.atMs);
      return {
        sizeBytes,
        movedBytes: last.bytes,
        elapsedMs,
        bytesPerSecond,
        leftMs: last.bytes >= sizeBytes ? 0 : ((sizeBytes - last.bytes) / bytesPerSecond) * 1000,
        idleMs: elapsedMs - last.atMs,
      };
    },
  };
}

/** Bytes a second; 0 where no time has passed. */
export function rateOf(bytes: number, ms: number): number {
  return ms > 0 ? (bytes / ms) * 1000 : 0;
}

/** Why a try is given up. */
export type GivenUp =
  | { readonly kind: 'stalled'; readonly ms: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number; readonly leftMs: number }
  | { readonly kind: 'unanswered'; readonly ms: number };

/**
 * Why a try is to be given up, if it is. The last one may be as slow as it likes: there is none after it that could be
 * faster. What has all moved only waits for the answer.
 */
export function judge(reading: Reading, limits: TransferLimits, isLast: boolean): GivenUp | undefined {
  const { elapsedMs, leftMs, idleMs, bytesPerSecond } = reading;
  const endMs = limits.cutMs + limits.graceMs;
  if (elapsedMs >= endMs) return { kind: 'unanswered', ms: endMs };
  if (leftMs === 0) return undefined;
  if (idleMs >= limits.patienceMs) return { kind: 'stalled', ms: limits.patienceMs };
  const isSlow = idleMs < limits.quietMs && elapsedMs + leftMs > limits.cutMs;
  if (isLast || elapsedMs < limits.patienceMs || !isSlow) return undefined;
  return { kind: 'slow', bytesPerSecond, leftMs };
}
