import type { DeployInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { isChanging } from '../stages/compare.ts';
import { describeLive } from '../stages/follow/online.ts';
import { follow } from '../stages/follow/follow.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { packageProject } from '../stages/package/package.ts';
import { release } from '../stages/release/release.ts';
import { buildAndVerify, scanPackage } from './local.ts';
import { prepare, type Surroundings } from './prepare.ts';

/** Takes a backend from the checkout to a version that serves. */
export async function deploy(
  run: Run,
  settled: Settled<DeployInputs>,
  around: Surroundings,
): Promise<Outcome> {
  const { inputs } = settled;
  const { context, ports } = around;
  const { live, project, plan } = await prepare(run, settled, around);
  const { service, target } = live;
  const isLive = !isChanging(plan);
  if (service !== undefined && inputs.skipUnchanged && !inputs.redeploy && isLive) {
    await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
    return run.end('unchanged');
  }
  const { delivery } = inputs;
  if (project.kind !== 'image' && delivery.repository === '')
    await scanPackage(run, { settled, project }, around);
  const { built, verification } = await buildAndVerify(run, { settled, project, live }, around);
  const { tempFolder, sha } = context;
  const artifact = await run.stage('package', () =>
    packageProject(project, { built, delivery, sha, tempFolder }, ports),
  );
  const remark = context.runUrl;
  const released = await run.stage('release', () =>
    release({ project, live, plan, verification, artifact, remark }, ports),
  );
  await run.stage('follow', () => follow(released, ports));
  return run.end('live');
}
