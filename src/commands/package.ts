import type { PackageInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { build } from '../stages/build/build.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { packageSource } from '../stages/package/source.ts';
import { readProject, requireProject } from '../stages/project/project.ts';
import { describeBuild, refuseShipped, scanPackage, type LocalSurroundings } from './local.ts';
import { describeProject } from './prepare.ts';

/** Writes the package that deploy would upload to a file; only the dependencies that it ships are installed for it. */
export async function packageAlone(
  run: Run,
  settled: Settled<PackageInputs>,
  around: LocalSurroundings,
): Promise<Outcome> {
  const { ports } = around;
  const { tempFolder } = around.context;
  const found = await run.stage('project', () => readProject(describeProject(settled, undefined), ports));
  const project = requireProject(found);
  await scanPackage(run, { settled, project }, around);
  const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
  const request = describeBuild(settled, around, 'command');
  const built = isShipped
    ? await run.stage('build', () => build(project, request, ports))
    : { kind: 'skipped' as const, reason: 'the platform builds it' };
  await refuseShipped(project, built, { selection: settled.inputs.selection, files: ports.files });
  const { outputPath: to } = settled;
  await run.stage('package', () => packageSource(project, { built, tempFolder, to }, ports));
  return run.end('packaged');
}
