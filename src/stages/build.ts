import { join } from 'node:path';

import { InputError, MissingProgramError, ProjectError } from '../errors.ts';
import type { Command, Docker, Exec, Files, Log, State } from '../ports.ts';
import type { ContainerProject, FunctionProject, Project } from './project/project.ts';

/** A local image of the project. */
export interface Image {
  readonly kind: 'image';
  readonly tag: string;
  /** CPUs of the engine that holds it: no container can have more. */
  readonly engineCpus: number;
}

/** A copy of a function's files with its dependencies installed. */
export interface FunctionCopy {
  readonly kind: 'function-copy';
  readonly folder: string;
}

/** What was built, or the reason why nothing was. */
export type Built = Image | FunctionCopy | { readonly kind: 'skipped'; readonly reason: string };

export interface BuildRequest {
  readonly verify: 'auto' | 'true' | 'false';
  readonly stepLabel: string;
  /** A folder of this step's own, removed when it ends. */
  readonly tempFolder: string;
  /** What package managers may know besides (context.ts). */
  readonly installEnv: Readonly<Record<string, string>>;
}

interface BuildPorts {
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}

/** Builds what verification runs: an image with docker buildx, or a staged copy of a function with its dependencies. */
export async function build(project: Project, request: BuildRequest, ports: BuildPorts): Promise<Built> {
  if (project.kind === 'container') return buildImage(project, request, ports);
  const isShipped = !project.isInstalledByPlatform;
  if (request.verify === 'false' && !isShipped) return { kind: 'skipped', reason: 'input "verify" is false' };
  return copyFunction(project, request, ports);
}

async function buildImage(
  project: ContainerProject,
  request: BuildRequest,
  ports: BuildPorts,
): Promise<Built> {
  if (request.verify === 'false') return { kind: 'skipped', reason: 'input "verify" is false' };
  const engine = await ports.docker.readEngine();
  if ('reason' in engine) {
    if (request.verify === 'auto') return { kind: 'skipped', reason: engine.reason };
    throw new InputError([
      {
        subject: 'verify',
        message: `is "true", but ${engine.reason}. Use a runner with Docker and buildx, or "auto" to verify only where there is one.`,
      },
    ]);
  }
  ports.state.save('engine', engine.version);
  await ports.exec.stream({ file: 'docker', args: ['version'] });
  const args = buildDockerBuildArgs(project, request.stepLabel);
  const { exitCode, lines } = await ports.docker.build(args, (line) => {
    ports.log.output(line);
  });
  if (exitCode !== 0) {
    throw new ProjectError(
      `The image does not build: docker buildx build ended with exit code ${exitCode}.`,
      {
        kind: 'build',
        exitCode,
        logTail: lines.slice(-20),
        advice: `Run it locally: docker buildx build --platform linux/amd64 -f ${project.buildFolder}/${project.dockerfile} ${project.buildFolder}`,
      },
    );
  }
  return { kind: 'image', tag: imageTag(request.stepLabel), engineCpus: engine.cpus };
}

function imageTag(stepLabel: string): string {
  return `${stepLabel.toLowerCase()}:verify`;
}

/** The argv of `docker` for the build, as the platform is assumed to build: `-f BuildDir/Dockerfile BuildDir`. */
export function buildDockerBuildArgs(project: ContainerProject, stepLabel: string): string[] {
  const context = join(project.folder, project.buildFolder);
  return [
    ...['buildx', 'build', '--load', '--progress', 'plain', '--platform', 'linux/amd64'],
    ...['--label', stepLabel, '--tag', imageTag(stepLabel)],
    ...['--file', join(context, project.dockerfile), context],
  ];
}

async function copyFunction(
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
    const isOptional = request.verify === 'auto' && project.isInstalledByPlatform;
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
