import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

import { createFiles } from '../../src/adapters/files.ts';
import { InputError } from '../../src/errors.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lintProject, type LintCase } from '../support/lint-project.ts';
import { createProperties, expectFinding } from '../support/lint-properties.ts';
import { makeWorkspace, removeWorkspaces } from '../support/step.ts';

const seed = 4;

afterAll(removeWorkspaces);

describe('lint ends with findings at their places, without secrets', () => {
  it.each(createProperties())('$name', async ({ check, runs }) => {
    await check({ seed, numRuns: runs, limitMs: 20_000 });
  });
});

const good =
  'FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n';
const listens = "require('http').createServer().listen(process.env.PORT);\n";
const handler = 'exports.main = () => 1;\n';

/** Lints what stands on disk, and expects each finding to have its place. */
async function lintFolder(folder: string, project: LintCase): Promise<string[]> {
  const findings = await lintProject(project, { folder, files: createFiles(new AbortController().signal) });
  if (findings instanceof InputError) throw findings;
  for (const finding of findings) expectFinding(finding, project);
  return findings.map(describeFinding);
}

const describeFinding = ({ severity, rule, at }: Finding): string =>
  `${severity} ${at.file}:${at.line} ${rule}`;

describe('a Dockerfile that is none', () => {
  const around = { 'server.js': listens, '.dockerignore': '.git\n' };
  const asContainer = (files: LintCase['files']): LintCase => ({ files, mode: 'container', port: 8080 });
  const unreadable = ['error Dockerfile:1 CBR001'];

  it.each<{ name: string; put: (path: string) => Promise<unknown> }>([
    { name: 'is missing', put: () => Promise.resolve() },
    { name: 'is a folder', put: (path) => mkdir(path) },
    { name: 'is a link to nothing', put: (path) => symlink('nowhere', path) },
    { name: 'is a link to itself', put: (path) => symlink('Dockerfile', path) },
    { name: 'is a link to a folder', put: (path) => symlink('.', path) },
    { name: 'is empty', put: (path) => writeFile(path, '') },
    { name: 'is white space', put: (path) => writeFile(path, ' \r\n\t\n') },
    { name: 'is a byte order mark alone', put: (path) => writeFile(path, '\ufeff') },
    {
      name: 'is binary',
      put: (path) => writeFile(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00])),
    },
    { name: 'holds zero bytes', put: (path) => writeFile(path, 'FROM node:24-slim\n\0\0') },
    { name: 'is UTF-16', put: (path) => writeFile(path, Buffer.from(`\ufeff${good}`, 'utf16le')) },
    { name: 'has 10 MB', put: (path) => writeFile(path, `${good}${'# a comment\n'.repeat(900_000)}`) },
  ])('is found: it $name', async ({ put }) => {
    const folder = await makeWorkspace(around);
    await put(join(folder, 'Dockerfile'));
    expect(await lintFolder(folder, asContainer(around))).toEqual(unreadable);
  });

  it('is found beside files that cannot be read', async () => {
    const folder = await makeWorkspace(around);
    await rm(join(folder, 'server.js'));
    for (const name of ['package.json', 'server.js']) await mkdir(join(folder, name));
    for (const name of ['compose.yml', '.nvmrc']) await symlink(name, join(folder, name));
    expect(await lintFolder(folder, asContainer({ '.dockerignore': '.git\n' }))).toEqual(unreadable);
  });
});

describe('a Dockerfile in a form of its own', () => {
  const lint = async (Dockerfile: string): Promise<string[]> => {
    const files = { Dockerfile, 'server.js': listens, '.dockerignore': '.git\n' };
    return lintFolder(await makeWorkspace(files), { files, mode: 'container', port: 8080 });
  };
  const errorsOf = (found: readonly string[]): string[] => found.filter((each) => each.startsWith('error '));

  it.each([
    { name: 'as it is', text: good },
    { name: 'lines that end with CR LF', text: good.replaceAll('\n', '\r\n') },
    { name: 'a byte order mark', text: `\ufeff${good}` },
    { name: 'both', text: `\ufeff${good.replaceAll('\n', '\r\n')}` },
    { name: 'no end of the last line', text: good.trimEnd() },
    { name: 'a syntax directive', text: `# syntax=docker/dockerfile:1\n${good}` },
    { name: 'an escape directive', text: `# escape=\`\n${good}RUN echo a \`\n  b\n` },
    {
      name: 'heredocs',
      text: good.replace(
        'USER',
        'RUN <<EOF\nCMD [never\nEOF\nCOPY <<-"A" <<B /x/\n\tFROM a\n\tA\nENV\nB\nUSER',
      ),
    },
    { name: 'ONBUILD', text: good.replace('USER', 'ONBUILD COPY . /app\nONBUILD RUN npm ci\nUSER') },
    { name: 'lower case', text: good.replace(/^[A-Z]+/gm, (word) => word.toLowerCase()) },
    {
      name: 'comments in an instruction',
      text: good.replace('USER', 'RUN true \\\n# why\n\n  && true\nUSER'),
    },
  ])('has no error: $name', async ({ text }) => {
    expect(errorsOf(await lint(text))).toEqual([]);
  });

  it.each([
    { name: 'an unknown instruction', text: good.replace('USER', 'USR'), line: 4 },
    { name: 'the same behind CR LF', text: good.replace('USER', 'USR').replaceAll('\n', '\r\n'), line: 4 },
    { name: 'the same behind a byte order mark', text: `\ufeff${good.replace('USER', 'USR')}`, line: 4 },
    {
      name: 'the same behind an escape directive',
      text: `# escape=\`\n${good.replace('USER', 'USR')}`,
      line: 5,
    },
    { name: 'no FROM', text: 'CMD ["node", "server.js"]\n', line: 1 },
    { name: 'ONBUILD of ONBUILD', text: good.replace('USER', 'ONBUILD ONBUILD RUN a\nUSER'), line: 4 },
  ])('has an error at its line: $name', async ({ text, line }) => {
    expect(errorsOf(await lint(text)).map((each) => each.split(' ')[1])).toContain(`Dockerfile:${line}`);
  });
});

describe('a function whose files are wrong', () => {
  const deep = '['.repeat(50_000);

  it.each([
    {
      name: 'a script that does not parse',
      files: { 'index.js': `${handler}\nlet a =;\n` },
      at: 'error index.js:3 CBR200',
    },
    {
      name: 'a module in a .cjs file',
      files: { 'package.json': '{"main":"a.cjs"}', 'a.cjs': 'export const main = 1;' },
      at: 'error a.cjs:1 CBR200',
    },
    {
      name: 'package.json that is a list',
      files: { 'package.json': '[]', 'index.js': handler },
      at: 'error package.json:1 CBR101',
    },
    {
      name: 'package.json that is null',
      files: { 'package.json': 'null', 'index.js': handler },
      at: 'error package.json:1 CBR101',
    },
    {
      name: 'package.json that is half',
      files: { 'package.json': '{\n  "main": "index.js",\n', 'index.js': handler },
      at: 'error package.json',
    },
    {
      name: 'package.json that is empty',
      files: { 'package.json': '', 'index.js': handler },
      at: 'error package.json:1 CBR101',
    },
    {
      name: 'package.json that is deeper than a stack',
      files: { 'package.json': deep, 'index.js': handler },
      at: 'error package.json:1 CBR101',
    },
    {
      name: 'a list of functions that is none',
      files: { 'cloudbase-functions.json': '{"functions":1}', 'package.json': '{}' },
      at: 'error cloudbase-functions.json:1',
    },
    {
      name: 'a list of functions deeper than a stack',
      files: { 'cloudbase-functions.json': deep, 'package.json': '{}' },
      at: 'error cloudbase-functions.json:1',
    },
  ])('is told where: $name', async ({ files, at }) => {
    const project = { files, mode: 'function' } as const;
    const found = await lintFolder(await makeWorkspace(files), project);
    expect(found).toContainEqual(expect.stringContaining(at));
  });

  it('is told for a script of 10 MB', async () => {
    const files = { 'index.js': `${handler}${'a();\n'.repeat(1_800_000)}`, 'package.json': '{}' };
    expect(await lintFolder(await makeWorkspace(files), { files, mode: 'function' })).toEqual([]);
  });
});
