import type { RunInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { build } from '../stages/build/build.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { readProject, requireProject } from '../stages/project/project.ts';
import { keepServing } from '../stages/serve/keep.ts';
import { describeBuild, describeServe, type LocalSurroundings } from './local.ts';
import { describeProject } from './prepare.ts';

/** Starts the service on this machine and leaves it running for the steps that follow; the post part stops it. */
export async function runLocally(
  run: Run,
  settled: Settled<RunInputs>,
  around: LocalSurroundings,
): Promise<Outcome> {
  const { ports } = around;
  const found = await run.stage('project', () => readProject(describeProject(settled, undefined), ports));
  const project = requireProject(found);
  const request = describeBuild(settled, around, 'command');
  const built = await run.stage('build', () => build(project, request, ports));
  const how = { ...describeServe(settled, around, undefined), hostPort: settled.inputs.port };
  await run.stage('serve', () => keepServing(project, { built, request: how }, ports));
  return run.end('running');
}
