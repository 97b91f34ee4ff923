import { rateOf, type Reading } from './meter.ts';

/** A line on how far an upload has come. */
export function describeProgress({ movedBytes, sizeBytes, bytesPerSecond, leftMs }: Reading): string {
  const size = describeBytes(sizeBytes);
  if (leftMs === 0) return `All ${size} are sent; the store has not answered yet.`;
  const share = Math.floor((movedBytes / sizeBytes) * 100);
  const left = Number.isFinite(leftMs) ? `, about ${describeSeconds(leftMs)} left` : '';
  return `Uploaded ${describeBytes(movedBytes)} of ${size} (${share} %) at ${describeRate(bytesPerSecond)}${left}.`;
}

/** A line on an upload that is done. */
export function describeDone(sizeBytes: number, elapsedMs: number): string {
  const rate = describeRate(rateOf(sizeBytes, elapsedMs));
  return `Uploaded ${describeBytes(sizeBytes)} in ${describeSeconds(elapsedMs)} (${rate}).`;
}

/** A rate for people. */
export function describeRate(bytesPerSecond: number): string {
  return `${describeBytes(bytesPerSecond)}/s`;
}

/** A size for people. */
export function describeBytes(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 1e3)} KB` : `${Math.round(bytes)} bytes`;
}

/** A time for people. */
export function describeSeconds(ms: number): string {
  return `${ms < 9_950 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;
}
