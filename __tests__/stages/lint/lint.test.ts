import { describe, expect, it } from '@jest/globals';

import type { Docker } from '../../../src/docker-port.ts';
import type { LintInputs } from '../../../src/inputs.ts';
import type { Exec } from '../../../src/process-port.ts';
import { lint } from '../../../src/stages/lint/lint.ts';
import type { FoundProject } from '../../../src/stages/project/project.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { createFakeDocker, createFakeExec, createFakeLog } from '../../support/fakes.ts';
import {
  containerProject,
  foundProject,
  functionProject,
  lintInputs,
  serviceConfig,
} from '../../support/samples.ts';

const good = [
  'FROM node:24-slim',
  'WORKDIR /app',
  'COPY server.js ./',
  'USER node',
  'EXPOSE 8080',
  'CMD ["node", "server.js"]',
].join('\n');

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly found?: FoundProject;
  readonly inputs?: Partial<LintInputs>;
  readonly docker?: Partial<Docker>;
  readonly exec?: Exec;
  readonly repository?: string;
}

/** A docker command that is too old for checks, and no hadolint. */
const noChecks = {
  check: () => Promise.resolve({ exitCode: 125, lines: ['unknown flag: --call'], stdout: '' }),
};
const noHadolint = createFakeExec(() => ({ exitCode: 0, stdout: '[]' }));

async function run({
  files,
  found = foundProject(containerProject()),
  inputs,
  docker,
  exec,
  repository = root,
}: Case) {
  const log = createFakeLog();
  const request = {
    found,
    config: serviceConfig(),
    live: undefined,
    isAlone: true,
    inputs: { ...lintInputs, ...inputs },
    repository,
    actionUrl: 'https://github.com/acme/deploy/blob/v1',
  };
  const report = await lint(request, {
    docker: createFakeDocker({ ...noChecks, ...docker }),
    exec: exec ?? noHadolint,
    files: createFakeFiles({ 'server.js': '', ...files }),
    log,
  });
  const lines = report.findings.map(({ rule, at }) => `${rule} ${at.file}:${at.line}`);
  return { report, lines, log: log.lines };
}

describe('lint', () => {
  it('has nothing to say of what is right', async () => {
    const { report } = await run({ files: { Dockerfile: good } });
    expect(report).toEqual({ findings: [], isFailed: false, ignored: 0 });
  });

  it('is left out when it is off', async () => {
    expect((await run({ files: {}, inputs: { lint: 'off' } })).report).toEqual({
      findings: [],
      isFailed: false,
      ignored: 0,
      skipped: 'input "lint" is off',
    });
  });

  it('finds what general tools and what our rules find, the worst first', async () => {
    const { lines, report } = await run({
      files: { Dockerfile: `${good.replace('USER node', 'USER root\nRUNN x')}\n` },
    });
    expect(lines[0]).toBe('UNKNOWN_INSTRUCTION Dockerfile:5');
    expect(report.findings[0]?.tool).toBe('dockerfile-utils');
    expect(report.isFailed).toBe(true);
    const root = report.findings.find(({ at }) => at.line === 4);
    expect(root).toMatchObject({ tool: 'cloudbase-run', severity: 'info' });
    expect(root?.url).toMatch(/^https:\/\/github\.com\/acme\/deploy\/blob\/v1\/docs\/rules\.md#cbr\d{3}$/);
  });

  it.each([
    ['error', false],
    ['warning', true],
  ] as const)('with level %s, a warning fails: %s', async (level, isFailed) => {
    const files = { Dockerfile: `${good.replace('USER node', 'VOLUME /data\nUSER node')}\n` };
    const { report } = await run({ files, inputs: { lint: level } });
    expect(report.findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(report.isFailed).toBe(isFailed);
  });

  it('tells that the Dockerfile is missing', async () => {
    const { report } = await run({ files: {} });
    expect(report.findings).toMatchObject([
      { rule: 'CBR001', severity: 'error', at: { file: 'Dockerfile', line: 1, column: 1 } },
    ]);
    expect(report.findings[0]?.fix).toContain(
      'https://github.com/acme/deploy/blob/v1/docs/dockerfiles.md has',
    );
  });

  it('follows the scripts of a function', async () => {
    const { lines } = await run({
      files: { 'index.js': "require('./lib/a');\nexports.main = () => 1;", 'lib/a.js': 'return (;' },
      found: foundProject(functionProject()),
    });
    expect(lines).toEqual(['CBR200 lib/a.js:1']);
  });

  it.each<[string, Partial<LintInputs>, string]>([
    ['the input', { lintIgnore: ['UNKNOWN_INSTRUCTION'] }, ''],
    [
      'a comment',
      {},
      '# cloudrun-lint ignore=UNKNOWN_INSTRUCTION the base image has a frontend of its own\n',
    ],
  ])('leaves out what %s names, and counts it', async (_name, inputs, comment) => {
    const Dockerfile = `FROM node:24-slim\n${comment}RUNN x\n${good.slice(good.indexOf('WORKDIR'))}\n`;
    const { report } = await run({ files: { Dockerfile }, inputs });
    expect(report).toEqual({ findings: [], isFailed: false, ignored: 1 });
  });
});

describe('the files of findings', () => {
  const bad = `${good}\nRUNN x\n`;

  it.each([
    ['in a subfolder', '/repo', 'services/api', 'services/api/Dockerfile:7'],
    ['below the folder that was checked out to', '/repo/repo', 'repo/api', 'api/Dockerfile:7'],
    ['itself', '/repo/repo', 'repo', 'Dockerfile:7'],
  ])('are relative to the repository: %s', async (...[, repository, folder, place]) => {
    const found = foundProject(containerProject({ folder: `${root}/${folder}` }));
    const files = { [`${folder}/server.js`]: '', [`${folder}/Dockerfile`]: bad };
    const { lines } = await run({ files, found, repository });
    expect(lines).toEqual([`UNKNOWN_INSTRUCTION ${place}`]);
  });

  it('count the build folder', async () => {
    const found = foundProject(containerProject({ folder: `${root}/app`, buildFolder: 'image' }));
    const { lines } = await run({ files: { 'app/image/Dockerfile': bad, 'app/image/server.js': '' }, found });
    expect(lines).toEqual(['UNKNOWN_INSTRUCTION app/image/Dockerfile:7']);
  });
});

describe('other tools', () => {
  const hadolint = (level: string) =>
    createFakeExec(() => ({
      exitCode: 0,
      stdout: JSON.stringify([{ line: 1, column: 1, level, code: 'DL3006', message: 'Tag it', file: 'x' }]),
    }));

  it('are merged', async () => {
    const exec = hadolint('warning');
    const { lines, report } = await run({ files: { Dockerfile: good }, exec });
    expect(lines).toEqual(['DL3006 Dockerfile:1']);
    expect(report.findings[0]?.url).toBe('https://github.com/hadolint/hadolint/wiki/DL3006');
  });

  it.each([
    ['.hadolint.yaml', '/repo'],
    ['app/.hadolint.yml', '/repo/app'],
    ['app/image/.hadolint.yaml', '/repo/app/image'],
    ['other/.hadolint.yaml', '/repo/app/image'],
  ])('run where their settings are: %s', async (settings, cwd) => {
    const exec = hadolint('info');
    const found = foundProject(containerProject({ folder: `${root}/app`, buildFolder: 'image' }));
    const files = { 'app/image/Dockerfile': good, 'app/image/server.js': '', [settings]: 'ignored: []' };
    await run({ files, found, exec });
    expect(exec.commands.map((command) => command.cwd)).toEqual([cwd]);
  });

  it('are left out with a word in the log where they are not there', async () => {
    const { log } = await run({ files: { Dockerfile: good } });
    expect(log).toEqual(["info: BuildKit's checks were left out: this docker command does not know them."]);
  });

  it('are not started for a function, nor without a Dockerfile', async () => {
    const exec = createFakeExec();
    const check = () => Promise.reject(new Error('started'));
    const found = foundProject(functionProject());
    await run({ files: { 'index.js': 'exports.main = () => 1;' }, found, exec, docker: { check } });
    await run({ files: {}, exec, docker: { check } });
    expect(exec.commands).toEqual([]);
  });
});
