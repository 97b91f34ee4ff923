import { sumResults } from './test-results.ts';

/*
 * Ends a CI run: prints the totals over all suites as its last line. The argument tells whether a step failed; a run
 * without a single test, or with a skipped one, has failed as well.
 */
const { passed, failed, skipped } = sumResults();
const hasFailedStep = process.argv[2] !== '0';
if (skipped > 0) console.log('A test was skipped, which counts as a failure here.');
if (passed === 0) console.log('No test was run.');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = hasFailedStep || failed > 0 || skipped > 0 || passed === 0 ? 1 : 0;
