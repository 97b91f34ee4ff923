/** Why a run failed: one closed list for local and cloud failures, the values of the output `failure-kind`. */
export const failureKinds = [
  'input',
  'lint',
  'build',
  'exit-on-start',
  'crash-loop',
  'wrong-port',
  'loopback-bind',
  'not-http',
  'slow-start',
  'out-of-memory',
  'missing-env',
  'architecture',
  'entry-not-found',
  'image-pull',
  'scheduling',
  'not-promoted',
  'smoke',
  'quota',
  'billing',
  'auth',
  'env-not-opened',
  'conflict',
  'cancelled',
  'timeout',
  'network',
  'upload',
  'config-drift',
  'unexpected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** A place in a file of the repository; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** One thing to change in the workflow or in the service config. */
export interface Problem {
  /** The input (`service-name`) or the key of the service config (`server-config: Cpu`). */
  readonly subject: string;
  /** What is wrong and the accepted form, as one or two sentences. */
  readonly message: string;
  readonly at?: Position;
}

/** A value where it could be made, and everything that stood in the way. */
export interface Parsed<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
}

interface FailureDetails {
  readonly kind: FailureKind;
  readonly advice?: string | undefined;
  readonly logTail?: readonly string[];
  readonly at?: Position | undefined;
  readonly cause?: unknown;
}

/** A failure that was foreseen: it says what failed, on what, and (`advice`) what to do next. */
export abstract class Failure extends Error {
  readonly kind: FailureKind;
  readonly advice: string | undefined;
  /** The last lines of the log that shows the failure, oldest first. */
  readonly logTail: readonly string[];
  /** The line of the source that is to be changed, where it is known. */
  readonly at: Position | undefined;

  constructor(message: string, details: FailureDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.kind = details.kind;
    this.advice = details.advice;
    this.logTail = details.logTail ?? [];
    this.at = details.at;
  }
}

/** The workflow or the service config is wrong; holds every such problem that was found. */
export class InputError extends Failure {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], kind: FailureKind = 'input') {
    super(problems.map((problem) => `${problem.subject}: ${problem.message}`).join('\n'), { kind });
    this.problems = problems;
  }
}

/** Lint, build or the local verification failed; `advice` names the command to run locally. */
export class ProjectError extends Failure {
  readonly exitCode: number | undefined;

  constructor(message: string, details: FailureDetails & { readonly exitCode?: number | undefined }) {
    super(message, details);
    this.exitCode = details.exitCode;
  }
}

/** A program that a stage needs is not on this machine. */
export class MissingProgramError extends ProjectError {
  constructor(program: string) {
    super(`The program "${program}" is not on this machine.`, {
      kind: 'build',
      advice: `Install "${program}" in a step before this one.`,
    });
  }
}

interface CloudDetails extends FailureDetails {
  readonly action: string;
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly isRetryable: boolean;
}

/** Tencent Cloud refused a call, or could not be reached. */
export class CloudError extends Failure {
  readonly action: string;
  /** The API's own code, such as `AuthFailure.SignatureFailure`; empty when no API answered. */
  readonly code: string;
  readonly requestId: string | undefined;
  readonly isRetryable: boolean;

  constructor(message: string, details: CloudDetails) {
    super(message, details);
    this.action = details.action;
    this.code = details.code;
    this.requestId = details.requestId;
    this.isRetryable = details.isRetryable;
  }
}

interface ReadinessDetails extends FailureDetails {
  readonly lastStep: string;
  readonly waitedSeconds: number;
  readonly consoleUrl: string;
  readonly cloudRunId: string;
  readonly servingVersion?: string | undefined;
}

/** Released, but not live, or live with other settings. */
export class ReadinessError extends Failure {
  readonly lastStep: string;
  readonly waitedSeconds: number;
  readonly consoleUrl: string;
  /** The id of the release's log on the platform; empty when it was not told. */
  readonly cloudRunId: string;
  /** The version that serves all the same, where it is the released one. */
  readonly servingVersion: string | undefined;

  constructor(message: string, details: ReadinessDetails) {
    super(message, details);
    this.lastStep = details.lastStep;
    this.waitedSeconds = details.waitedSeconds;
    this.consoleUrl = details.consoleUrl;
    this.cloudRunId = details.cloudRunId;
    this.servingVersion = details.servingVersion;
  }
}

/** The run was stopped from outside: by a signal (`cancelled`) or by `timeout-seconds` (`timeout`). */
export class StopError extends Failure {
  static bySignal(name: string): StopError {
    return new StopError(`The run was cancelled (${name}).`, {
      kind: 'cancelled',
      advice: 'Run the step again.',
    });
  }

  static byTimeout(timeoutMs: number): StopError {
    return new StopError(`The run took longer than timeout-seconds (${timeoutMs / 1000}).`, {
      kind: 'timeout',
      advice: 'Raise timeout-seconds if the stage that was reached needs longer.',
    });
  }
}

/** The code of an error, such as `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : '';
}

/** The failure kind of anything that was thrown; what nobody foresaw is `unexpected`. */
export function failureKindOf(error: unknown): FailureKind {
  return error instanceof Failure ? error.kind : 'unexpected';
}
