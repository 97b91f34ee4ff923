import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the suites leave their results. */
export const resultsFolder = join(import.meta.dirname, '..', '.tmp', 'results');

/** Tests and checks, counted. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Adds up the results of the suites whose name begins so. A suite that could not run counts as a failure. */
export function sumResults(prefix = ''): Totals {
  const files = readdirSync(resultsFolder).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.json'),
  );
  const all = files.map((name) => readTotals(join(resultsFolder, name), name.endsWith('.check.json')));
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

function readTotals(path: string, isCheck: boolean): Totals {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (isCheck) return value as Totals;
  const result = value as JestResult;
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
