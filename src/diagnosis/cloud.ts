import type { FailureKind } from '../errors.ts';

/** What the platform tells of a release that failed. */
export interface ReleaseEvidence {
  readonly recordStatus: string;
  readonly taskStatus: string;
  readonly failReason: string;
  readonly processLog: readonly string[];
}

const signs: readonly (readonly [RegExp, FailureKind])[] = [
  [/OOMKilled|out of memory/i, 'out-of-memory'],
  [/exec format error/i, 'architecture'],
  [/ImagePullBackOff|ErrImagePull|pull image|manifest unknown/i, 'image-pull'],
  [/Failed to load target function|Function '.+' is not defined/, 'entry-not-found'],
  [/EACCES: permission denied .*:\d+|EADDRINUSE/, 'wrong-port'],
  [/Back-off restarting failed container|CrashLoopBackOff/i, 'crash-loop'],
  [/FailedScheduling|Insufficient (cpu|memory)/i, 'scheduling'],
  [/(Readiness|Liveness) probe failed|connection refused/i, 'slow-start'],
];

/**
 * Names the reason why a release failed, from its record, its task and the process log. A process that wrote a start-up
 * log and gave no other sign has ended; without a log nothing is known.
 */
export function diagnoseRelease(evidence: ReleaseEvidence): FailureKind {
  if (evidence.taskStatus === 'stopped') return 'cancelled';
  if (evidence.recordStatus.includes('build_failed')) return 'build';
  const told = [evidence.failReason, ...evidence.processLog].join('\n');
  const sign = signs.find(([pattern]) => pattern.test(told));
  if (sign !== undefined) return sign[1];
  return /启动日志-*\n+\S/.test(told) ? 'exit-on-start' : 'unexpected';
}
