import { relative } from 'node:path';

import type { RunContext, ToolEnv } from '../context.ts';
import { describeRegistry, registryOf } from '../image-fields.ts';
import type {
  DeliveryInputs,
  DeployInputs,
  ImageInputs,
  InputName,
  LintInputs,
  PackageInputs,
  RunInputs,
} from '../inputs.ts';
import { lintFailure } from '../lint/finding.ts';
import type { Run } from '../outcome.ts';
import type { LocalPorts, Log, Ports } from '../ports.ts';
import { compare, type Plan } from '../stages/compare.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { lint } from '../stages/lint/lint.ts';
import { look, refuseUnderWay, type LiveState } from '../stages/look.ts';
import type { ProjectRequest } from '../stages/project/mode.ts';
import { readProject, requireProject, type FoundProject, type Project } from '../stages/project/project.ts';

/** Where a command runs. */
export interface Surroundings extends ToolEnv {
  readonly context: RunContext;
  readonly ports: Ports;
}

interface Prepared {
  readonly live: LiveState;
  readonly project: Project;
  readonly plan: Plan;
}

/** Does what deploy and plan share: everything that writes nothing, up to the plan. */
export async function prepare(
  run: Run,
  settled: Settled<DeployInputs>,
  { context, ports }: Surroundings,
): Promise<Prepared> {
  const { inputs, config, envFrom } = settled;
  tellDoubts(inputs.delivery, ports.log);
  const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
  if (inputs.command === 'deploy') refuseUnderWay(live);
  const project = requireProject(await lintProject(run, { settled, live }, { context, ports }));
  const { envStrategy } = inputs;
  const plan = await run.stage('compare', () => compare({ config, envFrom, envStrategy, live, project }));
  return { live, project, plan };
}

/** Said before anything is built: the platform may not be able to pull what is deployed. */
function tellDoubts({ image, repository }: DeliveryInputs, log: Log): void {
  const reference = image === '' ? repository : image;
  const { doubt } = reference === '' ? {} : describeRegistry(registryOf(reference));
  if (doubt !== undefined) log.notice(doubt);
}

/** Reads and lints the source; findings that fail the run come before anything else that stands in its way. */
export async function lintProject(
  run: Run,
  { settled, live }: { settled: Settled<DeployInputs | LintInputs>; live: LiveState | undefined },
  { context, ports }: { context: RunContext; ports: LocalPorts },
): Promise<FoundProject> {
  const { inputs, config, repository } = settled;
  const found = await run.stage('project', () => readProject(describeProject(settled, live), ports));
  const { actionUrl } = context;
  const report = await run.stage('lint', () =>
    lint({ found, config, live, inputs, repository, actionUrl, isAlone: inputs.command === 'lint' }, ports),
  );
  if (report.isFailed) throw lintFailure(report.findings);
  return found;
}

/** What the project of a command is read from. */
export function describeProject(
  {
    inputs,
    config,
    sourceFolder,
    outputPath,
  }: Settled<DeployInputs | LintInputs | RunInputs | PackageInputs>,
  live: LiveState | undefined,
): ProjectRequest {
  const request = {
    folder: sourceFolder,
    requestedMode: inputs.mode,
    config,
    live,
    selection: inputs.selection,
    ownFiles: outputPath === '' ? [] : [relative(sourceFolder, outputPath).replaceAll('\\', '/')],
    isPortOptional: inputs.command === 'lint' || inputs.command === 'package',
    generatesDockerfile: inputs.generatesDockerfile,
  };
  if (inputs.command === 'lint') return request;
  const { delivery, build } = inputs;
  const isFingerprinted = 'skipUnchanged' in inputs && inputs.skipUnchanged;
  const { image } = delivery;
  const { target } = build;
  const imageInputs = listImageInputs(inputs);
  return { ...request, isFingerprinted, image, imageInputs, target, buildFacts: factsOf(inputs) };
}

function listImageInputs({ build, delivery }: ImageInputs): InputName[] {
  const given: readonly (readonly [name: InputName, isGiven: boolean])[] = [
    ['build-args', Object.keys(build.buildArgs).length > 0],
    ['build-secrets', Object.keys(build.buildSecrets).length > 0],
    ['target', build.target !== ''],
    ['cache-from', build.cacheFrom.length > 0],
    ['cache-to', build.cacheTo.length > 0],
    ['builder', build.builder !== ''],
    ['image-repository', delivery.repository !== ''],
  ];
  return given.filter(([, isGiven]) => isGiven).map(([name]) => name);
}

/**
 * What makes another release of the same files. Undefined for a package that depends on its files alone: so the
 * fingerprint of such a source stays what it was.
 */
function factsOf({ build: { buildArgs, target }, delivery }: ImageInputs): string | undefined {
  const args = Object.entries(buildArgs);
  const isImage = delivery.repository !== '';
  if (args.length === 0 && target === '' && !isImage) return undefined;
  return JSON.stringify({ args, target, ...(isImage ? { isImage } : {}) });
}
