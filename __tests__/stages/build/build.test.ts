import { describe, expect, it } from '@jest/globals';

import { InputError, MissingProgramError, ProjectError } from '../../src/errors.ts';
import type { Docker, Finished } from '../../src/ports.ts';
import {
  build,
  buildDockerBuildArgs,
  buildInstallCommand,
  type BuildRequest,
} from '../../src/stages/build.ts';
import type { Project } from '../../src/stages/project/project.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeDocker, createFakeExec, createFakeLog, createFakeState } from '../support/fakes.ts';
import { containerProject, fileEntry, functionProject } from '../support/samples.ts';

const request = (verify: BuildRequest['verify']): BuildRequest => ({
  verify,
  stepLabel: 'cloudbase-run-1A2b',
  tempFolder: '/tmp/step',
  installEnv: { NODE_AUTH_TOKEN: 'registry-token' },
});
const engine: Partial<Docker> = { readEngine: () => Promise.resolve({ version: '27.0', cpus: 4 }) };
const noEngine: Partial<Docker> = {
  readEngine: () => Promise.resolve({ reason: 'no Docker engine answers (x)' }),
};

interface Outside {
  readonly docker?: Partial<Docker>;
  readonly ended?: Partial<Finished>;
}

function start(project: Project, verify: BuildRequest['verify'], { docker = {}, ended = {} }: Outside = {}) {
  const ports = {
    docker: createFakeDocker(docker),
    exec: createFakeExec(() => ended),
    files: createFakeFiles({ 'index.js': 'code', 'package.json': '{}' }),
    log: createFakeLog(),
    state: createFakeState(),
  };
  return { ports, work: () => build(project, request(verify), ports) };
}

describe('an image', () => {
  it('is built with buildx for the platform, labelled as of this step', () => {
    expect(
      buildDockerBuildArgs(containerProject({ buildFolder: 'image', dockerfile: 'D' }), 'cloudbase-run-1A2b'),
    ).toEqual([
      ...['buildx', 'build', '--load', '--progress', 'plain', '--platform', 'linux/amd64'],
      ...['--label', 'cloudbase-run-1A2b', '--tag', 'cloudbase-run-1a2b:verify'],
      ...['--file', '/repo/image/D', '/repo/image'],
    ]);
  });

  it('streams its log, and leaves word of the engine for the post part', async () => {
    const finished = { exitCode: 0, lines: [], stdout: '' };
    const { ports, work } = start(containerProject(), 'auto', {
      docker: {
        ...engine,
        build: (_args, onLine) => {
          onLine('#1 building');
          return Promise.resolve(finished);
        },
      },
    });
    expect(await work()).toEqual({ kind: 'image', tag: 'cloudbase-run-1a2b:verify', engineCpus: 4 });
    expect(ports.exec.commands).toEqual([{ file: 'docker', args: ['version'] }]);
    expect(ports.log.lines).toEqual(['output: #1 building']);
    expect(ports.state.values.get('engine')).toBe('27.0');
  });

  it('that does not build is a failure with its last lines', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const { work } = start(containerProject(), 'true', {
      docker: { ...engine, build: () => Promise.resolve({ exitCode: 17, lines, stdout: '' }) },
    });
    const error = await failureOf(ProjectError, work);
    expect(error).toMatchObject({ kind: 'build', exitCode: 17, logTail: lines.slice(10) });
    expect(error.message).toBe('The image does not build: docker buildx build ended with exit code 17.');
    expect(error.advice).toBe('Run it locally: docker buildx build --platform linux/amd64 -f ./Dockerfile .');
  });

  it('is not built where nothing is verified, or no engine answers', async () => {
    expect(await start(containerProject(), 'false').work()).toEqual({
      kind: 'skipped',
      reason: 'input "verify" is false',
    });
    expect(await start(containerProject(), 'auto', { docker: noEngine }).work()).toEqual({
      kind: 'skipped',
      reason: 'no Docker engine answers (x)',
    });
  });

  it('that must be verified needs an engine', async () => {
    const error = await failureOf(InputError, start(containerProject(), 'true', { docker: noEngine }).work);
    expect(error.message).toBe(
      'verify: is "true", but no Docker engine answers (x). Use a runner with Docker and buildx, or "auto" to verify only where there is one.',
    );
  });
});

describe('a function', () => {
  const withDependencies = functionProject({ hasDependencies: true, lockfile: 'package-lock.json' });

  it('without dependencies is copied, and nothing is installed', async () => {
    const { ports, work } = start(functionProject(), 'auto');
    expect(await work()).toEqual({ kind: 'function-copy', folder: '/tmp/step/function' });
    expect(ports.files.nodes.get('/tmp/step/function/index.js')).toBe('code');
    expect(ports.exec.commands).toEqual([]);
  });

  it('gets its dependencies in the copy, with what package managers may know', async () => {
    const { ports, work } = start(withDependencies, 'auto', { ended: { lines: ['added 1 package'] } });
    await work();
    expect(ports.exec.commands).toEqual([
      {
        file: 'npm',
        args: ['ci', '--omit=dev', '--no-audit', '--no-fund'],
        cwd: '/tmp/step/function',
        env: { NODE_AUTH_TOKEN: 'registry-token' },
      },
    ]);
    expect(ports.log.lines).toContain('output: added 1 package');
  });

  it('that brings its node_modules keeps them', async () => {
    const files = [fileEntry('index.js'), fileEntry('node_modules/a/index.js')];
    const { ports, work } = start({ ...withDependencies, files }, 'auto');
    await work();
    expect(ports.exec.commands).toEqual([]);
  });

  it('whose dependencies cannot be installed is a failure', async () => {
    const { work } = start(withDependencies, 'auto', { ended: { exitCode: 1, lines: ['E404'] } });
    const error = await failureOf(ProjectError, work);
    expect(error).toMatchObject({ kind: 'build', exitCode: 1, logTail: ['E404'] });
    expect(error.message).toContain('"npm ci --omit=dev --no-audit --no-fund" ended with exit code 1');
  });

  it('whose package manager is missing is left to the platform, unless it must run or ship here', async () => {
    const pnpm = functionProject({
      hasDependencies: true,
      packageManager: 'pnpm',
      lockfile: 'pnpm-lock.yaml',
    });
    const missing = (project: Project, verify: BuildRequest['verify']) => {
      const { ports } = start(project, verify);
      const capture = () => Promise.reject(new MissingProgramError('pnpm'));
      return build(project, request(verify), { ...ports, exec: { ...ports.exec, capture } });
    };
    expect(await missing(pnpm, 'auto')).toEqual({
      kind: 'skipped',
      reason: '"pnpm-lock.yaml" asks for pnpm, which is not on this machine',
    });
    await failureOf(MissingProgramError, () => missing(pnpm, 'true'));
    await failureOf(MissingProgramError, () => missing({ ...pnpm, isInstalledByPlatform: false }, 'auto'));
  });

  it('is copied without verification only when its dependencies are shipped', async () => {
    expect(await start(functionProject(), 'false').work()).toMatchObject({ kind: 'skipped' });
    const shipping = functionProject({ isInstalledByPlatform: false });
    expect(await start(shipping, 'false').work()).toMatchObject({ kind: 'function-copy' });
  });

  it.each([
    ['npm', 'package-lock.json', 'npm ci --omit=dev --no-audit --no-fund'],
    ['npm', undefined, 'npm install --omit=dev --no-audit --no-fund'],
    ['pnpm', 'pnpm-lock.yaml', 'pnpm install --prod --frozen-lockfile'],
    ['yarn', 'yarn.lock', 'yarn install --production --frozen-lockfile'],
  ] as const)('with %s and %s is installed by "%s"', (packageManager, lockfile, command) => {
    expect(buildInstallCommand({ packageManager, lockfile }).join(' ')).toBe(command);
  });
});
