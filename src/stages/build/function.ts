import { join } from 'node:path';

import { MissingProgramError, ProjectError } from '../../errors.ts';
import type { Command } from '../../process-port.ts';
import type { FunctionProject } from '../project/project.ts';
import type { BuildPorts, BuildRequest, Built } from './built.ts';

/** Copies the files of a function and installs its dependencies beside them. */
export async function copyFunction(
  project: FunctionProject,
  request: BuildRequest,
  ports: BuildPorts,
): Promise<Built> {
  const folder = join(request.tempFolder, 'function');
  const paths = project.files.map((entry) => entry.path);
  await ports.files.copy(project.folder, folder, paths);
  const bringsModules = paths.some((path) => path.startsWith('node_modules/'));
  if (!project.hasDependencies || bringsModules) return { kind: 'function-copy', folder };
  const [file, ...args] = buildInstallCommand(project);
  try {
    await install({ file, args, cwd: folder, env: request.installEnv }, ports);
  } catch (error) {
    const isOptional = request.isNeededBy === undefined && project.isInstalledByPlatform;
    if (!isOptional || !(error instanceof MissingProgramError)) throw error;
    return {
      kind: 'skipped',
      reason: `"${project.lockfile ?? file}" asks for ${file}, which is not on this machine`,
    };
  }
  return { kind: 'function-copy', folder };
}

async function install(command: Command, { exec, log }: BuildPorts): Promise<void> {
  const line = [command.file, ...command.args].join(' ');
  log.info(`Install the dependencies: ${line}`);
  const { exitCode, lines } = await exec.capture(command, (each) => {
    log.output(each);
  });
  if (exitCode === 0) return;
  throw new ProjectError(
    `The dependencies cannot be installed: "${line}" ended with exit code ${exitCode}.`,
    {
      kind: 'build',
      exitCode,
      logTail: lines.slice(-20),
      advice: `Run "${line}" in a fresh copy of the source folder.`,
    },
  );
}

/** The install command of the lockfile's package manager; like the platform it leaves development dependencies out. */
export function buildInstallCommand(
  project: Pick<FunctionProject, 'packageManager' | 'lockfile'>,
): [file: string, ...args: string[]] {
  switch (project.packageManager) {
    case 'pnpm':
      return ['pnpm', 'install', '--prod', '--frozen-lockfile'];
    case 'yarn':
      return ['yarn', 'install', '--production', '--frozen-lockfile'];
    case 'yarn-berry':
      return ['yarn', 'install', '--immutable'];
    case 'npm':
      return [
        'npm',
        project.lockfile === undefined ? 'install' : 'ci',
        '--omit=dev',
        '--no-audit',
        '--no-fund',
      ];
  }
}
