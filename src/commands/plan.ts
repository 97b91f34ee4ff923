import type { DeployInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { build } from '../stages/build.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { verify } from '../stages/verify/verify.ts';
import { prepare, type Surroundings } from './prepare.ts';

/** Shows what deploy would change, and with `verify: true` whether the service comes up; writes nothing to the cloud. */
export async function plan(run: Run, settled: Settled<DeployInputs>, around: Surroundings): Promise<Outcome> {
  const { inputs, config } = settled;
  const { context, installEnv, ports } = around;
  const { live, project } = await prepare(run, settled, around);
  if (inputs.verify === 'true') {
    const { stepLabel, tempFolder } = context;
    const local = { verify: inputs.verify, stepLabel, tempFolder, installEnv };
    const built = await run.stage('build', () => build(project, local, ports));
    await run.stage('verify', () =>
      verify(project, { ...local, built, settings: config.settings, envFrom: inputs.envFrom, live }, ports),
    );
  }
  return run.end('planned');
}
