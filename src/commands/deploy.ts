import type { DeployInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { isChanging } from '../stages/compare.ts';
import { build } from '../stages/build.ts';
import { describeLive } from '../stages/follow/online.ts';
import { follow } from '../stages/follow/follow.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { packageSource } from '../stages/package.ts';
import { release } from '../stages/release/release.ts';
import { verify } from '../stages/verify/verify.ts';
import { prepare, type Surroundings } from './prepare.ts';

/** Takes a backend from the checkout to a version that serves. */
export async function deploy(
  run: Run,
  settled: Settled<DeployInputs>,
  around: Surroundings,
): Promise<Outcome> {
  const { inputs, config } = settled;
  const { context, installEnv, ports } = around;
  const { stepLabel, tempFolder } = context;
  const { live, project, plan } = await prepare(run, settled, around);
  const { service, target } = live;
  const isLive = !isChanging(plan);
  if (service !== undefined && inputs.skipUnchanged && !inputs.redeploy && isLive) {
    await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
    return run.end('unchanged');
  }
  const local = { verify: inputs.verify, stepLabel, tempFolder, installEnv };
  const built = await run.stage('build', () => build(project, local, ports));
  const verification = await run.stage('verify', () =>
    verify(project, { ...local, built, settings: config.settings, envFrom: inputs.envFrom, live }, ports),
  );
  const artifact = await run.stage('package', () => packageSource(project, { built, tempFolder }, ports));
  const remark = context.runUrl;
  const released = await run.stage('release', () =>
    release({ project, live, plan, verification, artifact, remark }, ports),
  );
  await run.stage('follow', () => follow(released, ports));
  return run.end('live');
}
