import { describe, expect, it } from '@jest/globals';

import { MissingProgramError, ProjectError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import type { Need } from '../../../src/stages/build/built.ts';
import { buildInstallCommand, copyFunction } from '../../../src/stages/build/function.ts';
import type { FunctionProject } from '../../../src/stages/project/project.ts';
import { buildPorts, buildRequest } from '../../support/build.ts';
import { failureOf } from '../../support/failure.ts';
import { fileEntry, functionProject } from '../../support/samples.ts';

const withDependencies = functionProject({ hasDependencies: true, lockfile: 'package-lock.json' });

function start(project: FunctionProject, ended: Partial<Finished> = {}) {
  const ports = buildPorts({}, ended);
  return { ports, work: () => copyFunction(project, buildRequest(), ports) };
}

describe('a function', () => {
  it('without dependencies is copied, and nothing is installed', async () => {
    const { ports, work } = start(functionProject());
    expect(await work()).toEqual({ kind: 'function-copy', folder: '/tmp/step/function' });
    expect(ports.files.nodes.get('/tmp/step/function/index.js')).toBe('code');
    expect(ports.exec.commands).toEqual([]);
  });

  it('gets its dependencies in the copy, with what package managers may know', async () => {
    const { ports, work } = start(withDependencies, { lines: ['added 1 package'] });
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
    const { ports, work } = start({ ...withDependencies, files });
    await work();
    expect(ports.exec.commands).toEqual([]);
  });

  it('whose dependencies cannot be installed is a failure', async () => {
    const { work } = start(withDependencies, { exitCode: 1, lines: ['E404'] });
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
    const missing = (project: FunctionProject, isNeededBy?: Need) => {
      const ports = buildPorts();
      const capture = () => Promise.reject(new MissingProgramError('pnpm'));
      return copyFunction(project, buildRequest({ isNeededBy }), {
        ...ports,
        exec: { ...ports.exec, capture },
      });
    };
    expect(await missing(pnpm)).toEqual({
      kind: 'skipped',
      reason: '"pnpm-lock.yaml" asks for pnpm, which is not on this machine',
    });
    await failureOf(MissingProgramError, () => missing(pnpm, 'verify'));
    await failureOf(MissingProgramError, () => missing(pnpm, 'command'));
    await failureOf(MissingProgramError, () => missing({ ...pnpm, isInstalledByPlatform: false }));
  });

  it.each([
    ['npm', 'package-lock.json', 'npm ci --omit=dev --no-audit --no-fund'],
    ['npm', undefined, 'npm install --omit=dev --no-audit --no-fund'],
    ['pnpm', 'pnpm-lock.yaml', 'pnpm install --prod --frozen-lockfile'],
    ['yarn', 'yarn.lock', 'yarn install --production --frozen-lockfile'],
    ['yarn-berry', 'yarn.lock', 'yarn install --immutable'],
  ] as const)('with %s and %s is installed by "%s"', (packageManager, lockfile, command) => {
    expect(buildInstallCommand({ packageManager, lockfile }).join(' ')).toBe(command);
  });
});
