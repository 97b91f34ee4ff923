import type { RunContext } from '../context.ts';
import { InputError } from '../errors.ts';
import type { LintInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import type { LocalPorts } from '../ports.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { lintProject } from './prepare.ts';

/** Lints a source alone: no service is looked at, so it needs no credentials. */
export async function lintAlone(
  run: Run,
  settled: Settled<LintInputs>,
  around: { readonly context: RunContext; readonly ports: LocalPorts },
): Promise<Outcome> {
  const { result } = await lintProject(run, { settled, live: undefined }, around);
  // Lint itself says where an entry is missing, unless a build that comes later makes it.
  if (result instanceof InputError && result.kind !== 'entry-not-found') throw result;
  return run.end('linted');
}
