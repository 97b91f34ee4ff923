import type { StepResult } from '../../scripts/runner.ts';

/** The table of what was checked, as the output `verification` tells it. */
export interface ToldVerification {
  readonly status: string;
  readonly reason?: string;
  readonly checks: readonly {
    readonly name: string;
    readonly result: string;
    readonly detail: string;
    readonly kind?: string;
  }[];
}

/** What a step told of its verification. */
export function verificationOf(result: StepResult): ToldVerification {
  return JSON.parse(result.outputs['verification'] || '{"status":"none","checks":[]}') as ToldVerification;
}

/** The results of the rows by their names; of several rows of one name the last one that did not pass. */
export function resultsOf(result: StepResult): Record<string, string> {
  const rows = verificationOf(result).checks.map((check) => [check.name, check.result] as const);
  const bad = rows.filter(([, each]) => each !== 'passed');
  return Object.fromEntries([...rows, ...bad]);
}
