import type { DeployInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { buildAndVerify } from './local.ts';
import { prepare, type Surroundings } from './prepare.ts';

/** Shows what deploy would change, and with `verify: true` whether the service comes up; writes nothing to the cloud. */
export async function plan(run: Run, settled: Settled<DeployInputs>, around: Surroundings): Promise<Outcome> {
  const { live, project } = await prepare(run, settled, around);
  if (settled.inputs.local.verify === 'true') await buildAndVerify(run, { settled, project, live }, around);
  return run.end('planned');
}
