import type { DeployInputs, PackageInputs, RunInputs, SelectionInputs } from '../inputs.ts';
import type { Run } from '../outcome.ts';
import type { Files, LocalPorts } from '../ports.ts';
import { build } from '../stages/build/build.ts';
import type { BuildRequest, Built, Need } from '../stages/build/built.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import type { LiveState } from '../stages/look.ts';
import type { Project } from '../stages/project/project.ts';
import { refuseUnfit } from '../stages/project/unfit.ts';
import { scan } from '../stages/scan.ts';
import { requireVerified, type Verified } from '../stages/verify/check.ts';
import { verify } from '../stages/verify/verify.ts';
import type { Surroundings } from './prepare.ts';

/** Where commands run that need no cloud. */
export type LocalSurroundings = Omit<Surroundings, 'ports'> & { readonly ports: LocalPorts };

interface Known {
  readonly settled: Settled<DeployInputs>;
  readonly project: Project;
  readonly live: LiveState;
}

/** Builds, and runs what was built on this machine; a check that fails is a ProjectError. */
export async function buildAndVerify(
  run: Run,
  { settled, project, live }: Known,
  around: LocalSurroundings,
): Promise<{ readonly built: Built; readonly verification: Verified }> {
  const { ports } = around;
  const request = describeBuild(settled, around, needOf(settled.inputs));
  const built = await run.stage('build', () => build(project, request, ports));
  await refuseShipped(project, built, { selection: settled.inputs.selection, files: ports.files });
  const { verify: isVerified, checks } = settled.inputs.local;
  const local = { ...describeServe(settled, around, live), built, verify: isVerified, checks };
  const verification = await run.stage('verify', () => verify(project, local, ports));
  return { built, verification: requireVerified(verification) };
}

function needOf({ delivery, local }: DeployInputs): Need | undefined {
  if (delivery.repository !== '') return 'image-repository';
  return local.verify === 'true' ? 'verify' : undefined;
}

/** What a command builds from. */
export function describeBuild(
  { inputs, buildSecrets, repository }: Settled<DeployInputs | RunInputs | PackageInputs>,
  { context, installEnv, cacheEnv }: LocalSurroundings,
  isNeededBy: Need | undefined,
): BuildRequest {
  const { stepLabel, tempFolder, sha, gitTag, repositoryUrl } = context;
  const labels = Object.entries({
    'org.opencontainers.image.revision': sha,
    'org.opencontainers.image.source': repositoryUrl,
    'org.opencontainers.image.version': gitTag,
  }).filter(([, value]) => value !== '');
  const place = { repository, stepLabel, tempFolder, installEnv, cacheEnv };
  return { isNeededBy, inputs, buildSecrets, labels: Object.fromEntries(labels), ...place };
}

/** The dependencies that an install has brought go into the package with the files that were judged before. */
export async function refuseShipped(
  project: Project,
  built: Built,
  { selection, files }: { readonly selection: SelectionInputs; readonly files: Files },
): Promise<void> {
  const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
  if (!isShipped || built.kind !== 'function-copy') return;
  const entries = await files.listFiles(built.folder, '.');
  await refuseUnfit({ folder: built.folder, entries, allowedSecrets: selection.allowedSecrets }, files);
}

/** Warns of what looks like a secret in the files that will be uploaded. */
export async function scanPackage(
  run: Run,
  {
    settled,
    project,
  }: { readonly settled: Settled<DeployInputs | PackageInputs>; readonly project: Project },
  { ports }: LocalSurroundings,
): Promise<void> {
  const { inputs, repository } = settled;
  await run.stage('scan', () => scan(project, { selection: inputs.selection, repository }, ports));
}

/** How a command starts what was built. */
export function describeServe(
  { inputs, config, localEnv }: Settled<DeployInputs | RunInputs>,
  { context, installEnv }: LocalSurroundings,
  live: LiveState | undefined,
) {
  const { stepLabel, tempFolder } = context;
  const { settings } = config;
  return { settings, live, envFrom: inputs.envFrom, env: localEnv, stepLabel, tempFolder, installEnv };
}
