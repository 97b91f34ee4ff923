import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { createExec } from '../../../src/adapters/process.ts';
import { MissingProgramError, ProjectError, StopError } from '../../../src/errors.ts';
import type { Exec, Finished } from '../../../src/process-port.ts';
import {
  buildCheckArgs,
  buildHadolintArgs,
  runTools,
  type ToolsResult,
} from '../../../src/stages/lint/tools.ts';
import { describeWithEngine } from '../../support/engine.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeDocker, createFakeExec } from '../../support/fakes.ts';

const request = { dockerfile: '/w/app/Dockerfile', context: '/w/app', file: 'app/Dockerfile' };

const quietChecks = JSON.stringify({ warnings: null, sources: [] });
const entry = { line: 2, column: 1, level: 'style', code: 'DL3059', message: 'Multiple consecutive RUN' };

type Answer = Partial<Finished> | Error;

function answer(given: Answer): Promise<Finished> {
  if (given instanceof Error) return Promise.reject(given);
  return Promise.resolve({ exitCode: 0, lines: [], stdout: '', ...given });
}

function run(checks: Answer, hadolint: Answer): Promise<ToolsResult> {
  const docker = createFakeDocker({ check: () => answer(checks) });
  const exec: Exec = { ...createFakeExec(), capture: () => answer(hadolint) };
  return runTools(request, { docker, exec });
}

const noHadolint = new MissingProgramError('hadolint');

describe('the arguments', () => {
  it('of the checks are those of the build, without one', () => {
    expect(buildCheckArgs(request)).toEqual([
      ...['buildx', 'build', '--call=check,format=json', '--progress', 'plain', '--platform', 'linux/amd64'],
      ...['--file', '/w/app/Dockerfile', '/w/app'],
    ]);
  });

  it('of hadolint ask for JSON alone', () => {
    const args = ['--no-color', '--no-fail', '--format', 'json', '/w/app/Dockerfile'];
    expect(buildHadolintArgs('/w/app/Dockerfile')).toEqual(args);
  });
});

describe('the tools', () => {
  it('are run where they should, for a minute at most', async () => {
    const docker = createFakeDocker({ check: () => answer({ stdout: quietChecks }) });
    const exec = createFakeExec(() => ({ stdout: '[]' }));
    await runTools(request, { docker, exec });
    await runTools({ ...request, folder: '/w' }, { docker, exec });
    const command = { file: 'hadolint', args: buildHadolintArgs(request.dockerfile), timeoutMs: 60_000 };
    expect(exec.commands).toEqual([
      { ...command, cwd: '/w/app' },
      { ...command, cwd: '/w' },
    ]);
  });

  it('tell what both found, in the file that was named', async () => {
    const warnings = [{ ruleName: 'UndefinedVar', location: { ranges: [{ start: { line: 4 } }] } }];
    const stdout = JSON.stringify({ warnings, sources: [] });
    expect(await run({ exitCode: 1, stdout }, { stdout: JSON.stringify([entry]) })).toMatchObject({
      findings: [
        { tool: 'buildkit', rule: 'UndefinedVar', at: { file: 'app/Dockerfile', line: 4 } },
        { tool: 'hadolint', rule: 'DL3059', severity: 'info', at: { file: 'app/Dockerfile', line: 2 } },
      ],
      notes: [],
    });
  });

  it('run at the same time', async () => {
    const order: string[] = [];
    const work = (name: string, stdout: string) => async (): Promise<Finished> => {
      order.push(`${name} starts`);
      await Promise.resolve();
      order.push(`${name} ends`);
      return answer({ stdout });
    };
    await runTools(request, {
      docker: { check: work('docker', quietChecks) },
      exec: { capture: work('hadolint', '[]') },
    });
    expect(order.slice(0, 2)).toEqual(['docker starts', 'hadolint starts']);
  });

  it('are silent where they are well, and where hadolint is not there', async () => {
    expect(await run({ stdout: quietChecks }, noHadolint)).toEqual({ findings: [], notes: [] });
  });

  it.each<[string, Answer]>([
    ['there is no docker command on this machine', new MissingProgramError('docker')],
    ['the docker command cannot be started', new ProjectError('EACCES', { kind: 'build' })],
    ['they took too long', { exitCode: 124 }],
    ['this docker command does not know them', { exitCode: 125, lines: ['unknown flag: --call'] }],
    [
      'this docker command does not know them',
      { exitCode: 1, lines: ["docker: 'buildx' is not a docker command."] },
    ],
    [
      'no Docker engine answers',
      { exitCode: 1, lines: ['ERROR: Cannot connect to the Docker daemon at unix:///x.'] },
    ],
    [
      "the engine's BuildKit does not know them",
      { exitCode: 1, lines: ['ERROR: unsupported subrequest frontend.lint'] },
    ],
    [
      'a registry refuses or does not answer',
      { exitCode: 1, lines: ['ERROR: failed to resolve source metadata for x'] },
    ],
    ['docker buildx build ended with exit code 1', { exitCode: 1, lines: ['   2 | >>> ENV A="canary'] }],
    ['docker buildx build ended with exit code 0', { stdout: 'rubbish' }],
  ])("leave BuildKit's checks out: %s", async (why, checks) => {
    expect(await run(checks, { stdout: JSON.stringify([entry]) })).toMatchObject({
      findings: [{ rule: 'DL3059' }],
      notes: [`BuildKit's checks were left out: ${why}.`],
    });
  });

  it('say that a registry kept BuildKit from the rest', async () => {
    const buildError = { message: 'failed to resolve source metadata for x', location: {} };
    const checks = { exitCode: 1, stdout: JSON.stringify({ warnings: null, buildError }) };
    expect(await run(checks, noHadolint)).toEqual({
      findings: [],
      notes: [
        "Some of BuildKit's checks were left out: the registry of an image refuses or does not answer.",
      ],
    });
  });

  it.each<[string, Answer]>([
    ['it cannot be started', new ProjectError('EACCES', { kind: 'build' })],
    ['it took too long', { exitCode: 124 }],
    ['it printed no JSON list (exit code 1)', { exitCode: 1, stdout: 'Error parsing your config file' }],
    ['it printed no JSON list (exit code 0)', { stdout: '{"a":1}' }],
  ])('leave hadolint out: %s', async (why, hadolint) => {
    expect(await run({ stdout: quietChecks }, hadolint)).toEqual({
      findings: [],
      notes: [`hadolint was left out: ${why}.`],
    });
  });

  it('do not swallow that the run was stopped, nor a bug', async () => {
    await failureOf(StopError, () => run(StopError.bySignal('SIGTERM'), noHadolint));
    await failureOf(TypeError, () => run({ stdout: quietChecks }, new TypeError('bug')));
  });
});

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tools-'));
  await mkdir(join(folder, 'app'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a program "hadolint" on PATH', () => {
  const noDocker = createFakeDocker({ check: () => answer(new MissingProgramError('docker')) });

  /** Runs it as it is on PATH, or with a shorter limit than a minute. */
  async function runHadolint(script: string | undefined, limitMs?: number): Promise<ToolsResult> {
    const path = join(folder, 'hadolint');
    if (script !== undefined) await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const PATH = script === undefined ? folder : `${folder}:${process.env['PATH'] ?? ''}`;
    const exec = createExec({ PATH }, new AbortController().signal);
    const capture: Exec['capture'] = (command) =>
      exec.capture(limitMs === undefined ? command : { ...command, timeoutMs: limitMs });
    const place = { dockerfile: join(folder, 'app/Dockerfile'), context: join(folder, 'app'), folder };
    const { findings, notes } = await runTools(
      { ...place, file: 'app/Dockerfile' },
      { docker: noDocker, exec: { capture } },
    );
    return { findings, notes: notes.filter((note) => note.startsWith('hadolint')) };
  }

  it('is asked with its flags in its folder, and its list is read', async () => {
    await writeFile(join(folder, '.hadolint.yaml'), 'ignored: [DL3008]\n');
    const message = 'x $(cat .hadolint.yaml) $*';
    const script = `echo "warned" >&2\ncat <<EOF\n[${JSON.stringify({ ...entry, message })}]\nEOF`;
    expect(await runHadolint(script)).toMatchObject({
      findings: [
        {
          rule: 'DL3059',
          severity: 'info',
          message: `X ignored: [DL3008] --no-color --no-fail --format json ${folder}/app/Dockerfile.`,
          at: { file: 'app/Dockerfile', line: 2, column: 1 },
        },
      ],
      notes: [],
    });
  });

  it('may find nothing', async () => {
    expect(await runHadolint('echo "[]"')).toEqual({ findings: [], notes: [] });
  });

  it('that is not there is not missed', async () => {
    expect(await runHadolint(undefined)).toEqual({ findings: [], notes: [] });
  });

  it.each([
    ['fails', 'echo "no config" >&2; exit 3', 'it printed no JSON list (exit code 3)'],
    ['prints rubbish', 'echo "[{"', 'it printed no JSON list (exit code 0)'],
    ['prints bytes', 'head -c 4096 /dev/urandom', 'it printed no JSON list (exit code 0)'],
  ])('that %s is left out with a note', async (_, script, why) => {
    expect(await runHadolint(script)).toEqual({ findings: [], notes: [`hadolint was left out: ${why}.`] });
  });

  it('that hangs is ended', async () => {
    expect(await runHadolint('sleep 600', 300)).toEqual({
      findings: [],
      notes: ['hadolint was left out: it took too long.'],
    });
  });

  it('that cannot be executed is left out with a note', async () => {
    await mkdir(join(folder, 'hadolint'));
    expect(await runHadolint(undefined)).toEqual({
      findings: [],
      notes: [expect.stringMatching(/left out/)],
    });
  });
});

describeWithEngine("BuildKit's checks with an engine", (engine) => {
  async function check(text: string): Promise<ToolsResult> {
    const app = join(folder, 'app');
    await writeFile(join(app, 'Dockerfile'), text);
    const exec = createExec({ ...engine.env, HOME: folder }, new AbortController().signal);
    const hadolint: Exec = { ...exec, capture: () => Promise.reject(noHadolint) };
    const place = { dockerfile: join(app, 'Dockerfile'), context: app, file: 'app/Dockerfile' };
    return runTools(place, { docker: createDocker(exec, exec, {}), exec: hadolint });
  }

  it('find nothing in a good Dockerfile', async () => {
    const text = 'FROM node:18-alpine\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n';
    expect(await check(text)).toEqual({ findings: [], notes: [] });
  }, 60_000);

  it('are warnings at their lines', async () => {
    const text = 'FROM node:18-alpine AS Base\nCOPY a.js .\nENV API_TOKEN=canary\nCMD node a.js\n';
    const { findings, notes } = await check(text);
    expect(notes).toEqual([]);
    expect(findings.map(({ severity, rule, at }) => `${severity} ${rule} ${at.line}`).sort()).toEqual([
      'warning JSONArgsRecommended 4',
      'warning SecretsUsedInArgOrEnv 3',
      'warning StageNameCasing 1',
    ]);
    expect(JSON.stringify(findings)).not.toContain('canary');
  }, 60_000);

  it('leave out what a comment says', async () => {
    const text = '# check=skip=StageNameCasing\nFROM node:18-alpine AS Base\nCMD ["a"]\n';
    expect(await check(text)).toEqual({ findings: [], notes: [] });
  }, 60_000);

  it('say where the build stops', async () => {
    expect(await check('FROM node:18-alpine\nRUNN a\n')).toMatchObject({
      findings: [{ severity: 'error', rule: 'BuildError', at: { file: 'app/Dockerfile', line: 2 } }],
      notes: [],
    });
  }, 60_000);

  it.each([
    ['registry', 'FROM registry.invalid/a:1\nCMD ["a"]\n'],
    ['frontend', '# syntax=registry.invalid/a:1\nFROM node:18-alpine\n'],
  ])(
    'make no finding of a %s that nobody reaches',
    async (_, text) => {
      const { findings, notes } = await check(text);
      expect(findings).toEqual([]);
      expect(notes).toEqual([
        expect.stringMatching(/left out: (the|a) registry .*does not answer|took too long/),
      ]);
    },
    90_000,
  );
});
