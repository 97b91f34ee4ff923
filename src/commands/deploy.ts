import type { RunContext } from '../context.ts';
import { lintFailure } from '../lint/finding.ts';
import type { Outcome, Run } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { build } from '../stages/build.ts';
import { compare } from '../stages/compare.ts';
import { follow } from '../stages/follow/follow.ts';
import type { Settled } from '../stages/inputs.ts';
import { lint } from '../stages/lint.ts';
import { look } from '../stages/look.ts';
import { packageSource } from '../stages/package.ts';
import { readProject } from '../stages/project/project.ts';
import { release } from '../stages/release.ts';
import { verify } from '../stages/verify/verify.ts';

/** Where the command runs. */
export interface DeploySurroundings {
  readonly context: RunContext;
  readonly installEnv: Readonly<Record<string, string>>;
  readonly ports: Ports;
}

/** Takes a backend from the checkout to a version that serves. */
export async function deploy(run: Run, settled: Settled, around: DeploySurroundings): Promise<Outcome> {
  const { inputs, config, sourceFolder } = settled;
  const { context, installEnv, ports } = around;
  const { stepLabel, tempFolder, workspace } = context;
  const local = { verify: inputs.verify, stepLabel, tempFolder, installEnv };

  const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
  const request = { folder: sourceFolder, requestedMode: inputs.mode, config, live };
  const project = await run.stage('project', () => readProject(request, ports));
  const report = await run.stage('lint', () => lint(project, { level: inputs.lint, workspace }, ports.files));
  if (report.isFailed) throw lintFailure(report.findings);
  const plan = await run.stage('compare', () => compare(config, live, project));
  const built = await run.stage('build', () => build(project, local, ports));
  const settings = config.settings;
  const verification = await run.stage('verify', () =>
    verify(project, { ...local, built, settings, live }, ports),
  );
  const artifact = await run.stage('package', () => packageSource(project, { built, tempFolder }, ports));
  const remark = context.runUrl;
  const released = await run.stage('release', () =>
    release({ project, live, plan, verification, artifact, remark }, ports),
  );
  await run.stage('follow', () => follow(released, ports));
  return run.end('live');
}
