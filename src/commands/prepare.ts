import type { RunContext } from '../context.ts';
import type { DeployInputs, LintInputs } from '../inputs.ts';
import { lintFailure } from '../lint/finding.ts';
import type { Run } from '../outcome.ts';
import type { LocalPorts, Ports } from '../ports.ts';
import { compare, type Plan } from '../stages/compare.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { lint } from '../stages/lint/lint.ts';
import { look, refuseUnderWay, type LiveState } from '../stages/look.ts';
import { readProject, requireProject, type FoundProject, type Project } from '../stages/project/project.ts';

/** Where a command runs. */
export interface Surroundings {
  readonly context: RunContext;
  readonly installEnv: Readonly<Record<string, string>>;
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
  const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
  if (inputs.command === 'deploy') refuseUnderWay(live);
  const project = requireProject(await lintProject(run, { settled, live }, { context, ports }));
  const { envStrategy } = inputs;
  const plan = await run.stage('compare', () => compare({ config, envFrom, envStrategy, live, project }));
  return { live, project, plan };
}

/** Reads and lints the source; findings that fail the run come before anything else that stands in its way. */
export async function lintProject(
  run: Run,
  { settled, live }: { settled: Settled<DeployInputs | LintInputs>; live: LiveState | undefined },
  { context, ports }: { context: RunContext; ports: LocalPorts },
): Promise<FoundProject> {
  const { inputs, config, sourceFolder, repository } = settled;
  const request = {
    folder: sourceFolder,
    requestedMode: inputs.mode,
    config,
    live,
    isFingerprinted: inputs.command !== 'lint' && inputs.skipUnchanged,
    isPortOptional: inputs.command === 'lint',
    generatesDockerfile: inputs.generatesDockerfile,
  };
  const found = await run.stage('project', () => readProject(request, ports));
  const { actionUrl } = context;
  const report = await run.stage('lint', () =>
    lint({ found, config, live, inputs, repository, actionUrl, isAlone: inputs.command === 'lint' }, ports),
  );
  if (report.isFailed) throw lintFailure(report.findings);
  return found;
}
