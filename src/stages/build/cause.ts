/** What is known of a failed build when its cause is looked for. */
export interface FailureFacts {
  /** The error text at the end, without the prefixes that say nothing. */
  readonly message: string;
  /** The instruction that failed, as the Dockerfile has it; empty when it is not known. */
  readonly command: string;
  /** The step at which BuildKit stopped, as the log shows it; empty when it is not known. */
  readonly step: string;
  readonly logTail: readonly string[];
}

/** Why a build failed, as a sentence, and what to do next. */
export interface Cause {
  readonly reason: string;
  readonly advice: string;
  /** Where it is not the kind `build`. */
  readonly kind?: 'network';
}

/** One way to fail: the pattern, and what it means. */
export interface CauseRule {
  readonly pattern: RegExp;
  /** What the pattern is looked for in: the error alone, or with the last lines of the failing step. */
  readonly isInLog?: boolean;
  readonly explain: (found: readonly (string | undefined)[], facts: FailureFacts) => Cause | undefined;
}

/** How the network shows itself in an error text. */
export const network =
  /dial tcp|no such host|connection refused|connection reset|i\/o timeout|TLS handshake|x509|failed to do request|deadline exceeded|network is unreachable|: EOF$|httpReadSeeker/;

/** The first line of an error text, as a part of a sentence. */
export function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim().replace(/\.$/, '');
}
