import type { FailureKind } from '../errors.ts';

export interface Listener {
  readonly address: string;
  readonly port: number;
}

/** What is known of a local start that did not come up. */
export interface StartEvidence {
  readonly port: number;
  /** Undefined while it still runs. */
  readonly exitCode: number | undefined;
  readonly isOutOfMemory: boolean;
  readonly hasListened: boolean;
  /** Undefined where the sockets cannot be seen. */
  readonly listeners: readonly Listener[] | undefined;
  readonly logTail: readonly string[];
}

/** A failure kind, and what was seen, as the rest of a sentence about the service. */
export interface Diagnosis {
  readonly kind: FailureKind;
  readonly finding: string;
}

/** Names the reason why a service did not come up on this machine. */
export function diagnoseStart(evidence: StartEvidence): Diagnosis {
  const { port, exitCode, listeners = [] } = evidence;
  if (evidence.isOutOfMemory)
    return { kind: 'out-of-memory', finding: 'was stopped because it ran out of memory' };
  if (exitCode !== undefined) return diagnoseExit(exitCode, evidence);
  const onPort = listeners.filter((listener) => listener.port === port);
  if (onPort.some((listener) => isLoopback(listener.address))) {
    return { kind: 'loopback-bind', finding: `listens on port ${port} of the loopback interface only` };
  }
  const other = listeners.find((listener) => !isLoopback(listener.address));
  if (other !== undefined)
    return { kind: 'wrong-port', finding: `listens on port ${other.port} instead of ${port}` };
  return { kind: 'slow-start', finding: `runs, but does not listen on port ${port}` };
}

function diagnoseExit(exitCode: number, { logTail, hasListened }: StartEvidence): Diagnosis {
  const log = logTail.join('\n');
  if (/exec format error/i.test(log)) {
    return { kind: 'architecture', finding: 'was built for another processor architecture' };
  }
  const when = hasListened ? 'soon after it listened' : 'before it listened';
  return { kind: 'exit-on-start', finding: `ended with exit code ${exitCode} ${when}` };
}

/** True when only the same machine reaches the address. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
