import { codeOf, Failure, failureKindOf, ProjectError, StopError, type FailureKind } from './errors.ts';
import type { Events, StageName } from './events.ts';
import type { Clock } from './ports.ts';
import type { Built } from './stages/build/built.ts';
import type { Plan } from './stages/compare.ts';
import type { Downloaded } from './stages/download/download.ts';
import type { LiveVersion } from './stages/follow/online.ts';
import type { Settled } from './stages/inputs/inputs.ts';
import type { LintReport } from './stages/lint/lint.ts';
import type { LiveState } from './stages/look.ts';
import type { Artifact } from './stages/package/artifact.ts';
import type { FoundProject } from './stages/project/project.ts';
import type { Release } from './stages/release/write.ts';
import type { Scan } from './stages/scan.ts';
import type { Running } from './stages/serve/keep.ts';
import type { Verification } from './stages/verify/check.ts';

/** What a run ended as: the values of the output `status`. */
export const statuses = [
  'live',
  'unchanged',
  'planned',
  'linted',
  'packaged',
  'running',
  'deleted',
  'rolled-back',
  'skipped',
  'cancelled',
  'failed',
  'done',
] as const;

export type Status = (typeof statuses)[number];

/** What each stage makes. */
export interface StageValues {
  inputs: Settled;
  look: LiveState;
  project: FoundProject;
  lint: LintReport;
  compare: Plan;
  build: Built;
  serve: Running;
  verify: Verification;
  scan: Scan;
  package: Artifact;
  release: Release;
  follow: LiveVersion;
  online: LiveVersion;
  download: Downloaded;
}

export interface StageTime {
  readonly stage: StageName;
  readonly durationMs: number;
  readonly isFailed: boolean;
}

/** How a run ended, with every value that was made on the way, also when it failed. */
export interface Outcome {
  readonly status: Status;
  readonly failure?: {
    readonly kind: FailureKind;
    readonly stage: StageName | undefined;
    readonly error: unknown;
  };
  readonly values: Readonly<Partial<StageValues>>;
  readonly stages: readonly StageTime[];
  readonly durationMs: number;
}

/** The journey of one run through its stages. */
export interface Run {
  /** Runs a stage, tells the listeners, and keeps its value. */
  stage<N extends StageName>(
    name: N,
    work: () => StageValues[N] | Promise<StageValues[N]>,
  ): Promise<StageValues[N]>;
  end(status: Status): Outcome;
  fail(error: unknown): Outcome;
}

/** Starts a run; its clock runs from here. */
export function createRun(events: Events, clock: Clock): Run {
  const startedAt = clock.now();
  const values: Partial<StageValues> = {};
  const stages: StageTime[] = [];
  const finish = (stage: StageName, since: number, isFailed: boolean): number => {
    const durationMs = clock.now() - since;
    stages.push({ stage, durationMs, isFailed });
    return durationMs;
  };
  return {
    stage: async (name, work) => {
      events.emit({ kind: 'started', stage: name });
      const since = clock.now();
      try {
        const value = await work();
        values[name] = value;
        events.emit({ kind: 'finished', stage: name, value, durationMs: finish(name, since, false) });
        return value;
      } catch (error) {
        events.emit({ kind: 'failed', stage: name, error, durationMs: finish(name, since, true) });
        throw error;
      }
    },
    end: (status) => ({ status, values, stages, durationMs: clock.now() - startedAt }),
    fail: (thrown) => {
      const error = foreseeFullDisk(thrown);
      const kind = failureKindOf(error);
      const stage = (stages.find((each) => each.isFailed) ?? stages.at(-1))?.stage;
      const isStopped =
        error instanceof StopError || (error instanceof Error && error.cause instanceof StopError);
      const status = isStopped && kind === 'cancelled' ? 'cancelled' : 'failed';
      const times = stages.map((each) => ({ ...each, isFailed: each.stage === stage }));
      const failure = { kind, stage, error };
      return { status, failure, values, stages: times, durationMs: clock.now() - startedAt };
    },
  };
}

/** The one failure of the machine that any stage can meet. */
function foreseeFullDisk(error: unknown): unknown {
  if (codeOf(error) !== 'ENOSPC' || !(error instanceof Error) || error instanceof Failure) return error;
  return new ProjectError(`The disk of this machine is full: ${error.message}.`, {
    kind: 'build',
    advice: 'Free space in a step before this one, or use a runner with a larger disk.',
    cause: error,
  });
}
