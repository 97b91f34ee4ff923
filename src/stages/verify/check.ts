import { ProjectError, type FailureKind } from '../../errors.ts';

/** What is checked, in the order of the table. */
export const checkNames = [
  'architecture',
  'starts',
  'listens',
  'start-time',
  'http',
  'secrets',
  'event-stream',
  'websocket',
  'agent',
  'burst',
  'memory',
  'files',
  'user',
  'image-size',
  'shutdown',
] as const;

export type CheckName = (typeof checkNames)[number];

/** One row of "what was checked". What was found wrong reads on after "The service". */
export type Check =
  | {
      readonly name: CheckName;
      readonly result: 'passed' | 'warned' | 'skipped';
      readonly detail: string;
    }
  | FailedCheck;

export interface FailedCheck {
  readonly name: CheckName;
  readonly result: 'failed';
  readonly detail: string;
  readonly kind: FailureKind;
  readonly advice: string;
}

/** What the local run showed, or why there was none. */
export type Verification = Verified | Refuted;

/** A release may rest on it: the checks passed, or it is said that there were none. */
export type Verified =
  | {
      readonly status: 'passed' | 'warned';
      readonly checks: readonly Check[];
      /** Undefined where the service did not come up for a reason of this machine alone. */
      readonly timeToListenMs: number | undefined;
      /** The last lines of the service's log where it did not come up, or stay up. */
      readonly logTail: readonly string[];
    }
  | { readonly status: 'skipped'; readonly reason: string };

export interface Refuted {
  readonly status: 'failed';
  readonly checks: readonly Check[];
  readonly timeToListenMs: number | undefined;
  /** The last lines of the service's log. */
  readonly logTail: readonly string[];
}

/** The verification, unless a check failed: then a ProjectError of that check's kind. */
export function requireVerified(verification: Verification): Verified {
  if (verification.status !== 'failed') return verification;
  const failed = verification.checks.filter((check) => check.result === 'failed');
  const message = failed.map(({ detail }) => `The service ${detail}.`).join(' ');
  const { kind = 'unexpected', advice } = failed[0] ?? {};
  throw new ProjectError(message, { kind, advice, logTail: verification.logTail });
}

export function passed(name: CheckName, detail: string): Check {
  return { name, result: 'passed', detail };
}

export function warned(name: CheckName, detail: string): Check {
  return { name, result: 'warned', detail };
}

export function skipped(name: CheckName, detail: string): Check {
  return { name, result: 'skipped', detail };
}

export function failed(name: CheckName, why: Omit<FailedCheck, 'name' | 'result'>): Check {
  return { name, result: 'failed', ...why };
}
