import type { RunContext } from '../context.ts';
import type { DeployInputs } from '../inputs.ts';
import { lintFailure } from '../lint/finding.ts';
import type { Run } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { compare, type Plan } from '../stages/compare.ts';
import type { Settled } from '../stages/inputs.ts';
import { lint } from '../stages/lint.ts';
import { look, refuseUnderWay, type LiveState } from '../stages/look.ts';
import { readProject, type Project } from '../stages/project/project.ts';

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
  const { inputs, config, envFrom, sourceFolder } = settled;
  const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
  if (inputs.command === 'deploy') refuseUnderWay(live);
  const request = {
    folder: sourceFolder,
    requestedMode: inputs.mode,
    config,
    live,
    isFingerprinted: inputs.skipUnchanged,
  };
  const project = await run.stage('project', () => readProject(request, ports));
  const { workspace } = context;
  const report = await run.stage('lint', () => lint(project, { level: inputs.lint, workspace }, ports.files));
  if (report.isFailed) throw lintFailure(report.findings);
  const { envStrategy } = inputs;
  const plan = await run.stage('compare', () => compare({ config, envFrom, envStrategy, live, project }));
  return { live, project, plan };
}
