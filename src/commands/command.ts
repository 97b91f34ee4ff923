import type { Outcome, Run } from '../outcome.ts';
import type { Settled } from '../stages/inputs.ts';
import { deploy } from './deploy.ts';
import { plan } from './plan.ts';
import type { Surroundings } from './prepare.ts';
import { updateConfig } from './update-config.ts';

/** Runs the command that the inputs ask for. */
export function runCommand(run: Run, settled: Settled, around: Surroundings): Promise<Outcome> {
  const { inputs } = settled;
  if (inputs.command === 'update-config') return updateConfig(run, { ...settled, inputs }, around);
  return inputs.command === 'plan'
    ? plan(run, { ...settled, inputs }, around)
    : deploy(run, { ...settled, inputs }, around);
}
