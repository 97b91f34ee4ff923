import { chmod, mkdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { unpack } from '../../emulator/runtime/unpack.ts';
import { fetchNode } from '../../scripts/other-node.ts';
import { runStep, type StepOptions, type StepResult } from '../../scripts/runner.ts';
import {
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
  writeFiles,
  type Tree,
} from '../support/step.ts';

afterAll(removeWorkspaces);

const app: Tree = {
  'app/package.json': '{"main":"dist/index.js"}',
  'app/dist/index.js': 'exports.main = () => "hi";\n',
  'app/dist/lib/a.js': 'module.exports = 1;\n',
  'app/.gitignore': 'dist/\n',
  'app/Dockerfile': 'FROM node:24-slim\n',
  'app/npm-debug.log': 'left out\n',
  'app/node_modules/m/index.js': 'left out\n',
};

/** Packages `app` to `out/app.zip`. */
function pack(
  workspace: string,
  inputs: StepOptions['inputs'] = {},
  more: Partial<StepOptions> = {},
): Promise<StepResult> {
  const given = {
    command: 'package',
    mode: 'function',
    source: 'app',
    'output-path': 'out/app.zip',
    ...inputs,
  };
  return runStep({ workspace, inputs: given, ...more });
}

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('the command package', () => {
  it('writes the files that belong, whole, and tells what it weighs', async () => {
    const workspace = await makeWorkspace(app);
    const result = await pack(workspace);
    expect(result.exitCode).toBe(0);
    const zip = join(workspace, 'out/app.zip');
    expect(result.outputs).toMatchObject({
      status: 'packaged',
      'failure-kind': '',
      mode: 'function',
      'package-sha256': await sha256Of(zip),
      'package-bytes': String((await stat(zip)).size),
      'console-url': '',
    });
    const listed = execFileSync('unzip', ['-Z1', zip], { encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual(['.gitignore', 'Dockerfile', 'dist/index.js', 'dist/lib/a.js', 'package.json']);
    expect(result.lines).toContain('Its files:');
    expect(result.lines.at(-1)).toBe(`Packaged: ${zip}`);
    expect(result.lines).toContain('::debug::Left out by the built-in exclusion "*.log": npm-debug.log.');
    expect(result.summary).toContain(`**Packaged**: <code>${zip.replaceAll('_', '\\_')}</code>`);
    expect([result.stderr, result.leftAfterMain]).toEqual(['', []]);
  });

  it('makes the same bytes of the same files, whenever they were written, on Node.js 20 and 24', async () => {
    const large = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `app/src/m${at}.js`,
        `export const v${at} = ${at};\n`.repeat(at * 50),
      ]),
    );
    const make = async (time: Date): Promise<string> => {
      const workspace = await makeWorkspace({ ...app, ...large });
      await chmod(join(workspace, 'app/dist/index.js'), 0o755);
      await symlink('index.js', join(workspace, 'app/dist/main.js'));
      await utimes(join(workspace, 'app/package.json'), time, time);
      return workspace;
    };
    const first = await pack(await make(new Date(2001, 1, 1)));
    const node = await fetchNode('20.20.2');
    const second = await pack(await make(new Date()), {}, { node, env: { TZ: 'Asia/Shanghai' } });
    expect(second.exitCode).toBe(0);
    expect(second.outputs['package-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(second.outputs['package-sha256']).toBe(first.outputs['package-sha256']);
  });

  it('keeps links and exec bits', async () => {
    const workspace = await makeWorkspace(app);
    await chmod(join(workspace, 'app/dist/lib/a.js'), 0o700);
    await symlink('../index.js', join(workspace, 'app/dist/lib/link.js'));
    await pack(workspace);
    const to = join(workspace, 'unpacked');
    await unpack(join(workspace, 'out/app.zip'), to);
    expect(await readlink(join(to, 'dist/lib/link.js'))).toBe('../index.js');
    expect(((await stat(join(to, 'dist/lib/a.js'))).mode & 0o777).toString(8)).toBe('755');
  });

  it('keeps what is there unless overwrite is given', async () => {
    const workspace = await makeWorkspace(app);
    const first = await pack(workspace);
    const refused = await pack(workspace);
    expect(errorsOf(refused)).toEqual([
      'output-path: "out/app.zip" is there already, and it is left as it is. Give another path, or set overwrite to "true".',
    ]);
    const again = await pack(workspace, { overwrite: 'true' });
    expect(again.outputs['package-sha256']).toBe(first.outputs['package-sha256']);
  });

  it('writes nothing into the source that a deploy would then upload', async () => {
    const workspace = await makeWorkspace(app);
    for (const path of ['app.zip', 'dist/index.js']) {
      const refused = await pack(workspace, { 'output-path': `app/${path}`, overwrite: 'true' });
      expect(errorsOf(refused)).toEqual([
        `output-path: lies in the source as "${path}", where a later run would package it. Give a path outside of the source, or leave it out in .cloudbaseignore or with exclude.`,
      ]);
    }
    const written = await pack(workspace, { 'output-path': 'app/app.zip', exclude: '/app.zip' });
    expect(written.exitCode).toBe(0);
  });

  it('refuses dependencies that an install links from elsewhere', async () => {
    const tree = {
      'app/package.json': '{"main":"index.js","dependencies":{"far":"file:../far"}}',
      'app/index.js': 'exports.main = () => require("far");\n',
      'far/package.json': '{"name":"far","version":"1.0.0"}',
    };
    const result = await pack(await makeWorkspace(tree), { 'server-config': 'InstallDependency: false' });
    expect(errorsOf(result)).toEqual([
      'source: "node_modules/far" is a link that leaves the source folder. Replace it by a file.',
    ]);
  });

  it('installs and packages the dependencies where the platform does not', async () => {
    const tree = {
      'app/package.json': '{"main":"index.js","dependencies":{"is-local":"file:./local"}}',
      'app/index.js': 'exports.main = () => require("is-local");\n',
      'app/local/package.json': '{"name":"is-local","version":"1.0.0"}',
      'app/local/index.js': 'module.exports = true;\n',
    };
    const workspace = await makeWorkspace(tree);
    const result = await pack(workspace, { 'server-config': 'InstallDependency: false' });
    expect(result.exitCode).toBe(0);
    const listed = execFileSync('unzip', ['-Z1', join(workspace, 'out/app.zip')], { encoding: 'utf8' });
    expect(listed).toContain('node_modules/is-local');
  });
});

describe('deploy', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ timeline: instant });
  });
  afterEach(async () => {
    await emulator.close();
  });

  it('uploads the bytes that package writes', async () => {
    const workspace = await makeWorkspace(app);
    const packed = await pack(workspace);
    await rm(join(workspace, 'out'), { recursive: true });
    const inputs = { source: 'app', mode: 'function', lint: 'off' };
    const deployed = await pretend(emulator, { workspace, inputs });
    expect(deployed.exitCode).toBe(0);
    expect(deployed.outputs['package-sha256']).toBe(packed.outputs['package-sha256']);
    expect(deployed.outputs['package-bytes']).toBe(packed.outputs['package-bytes']);
    const upload = emulator.journal.entries().find(({ action }) => action === 'PUT package');
    expect(String(upload?.params['bytes'])).toBe(packed.outputs['package-bytes']);
  });

  it('uploads no secret, and says at once what to do', async () => {
    const secrets = {
      'app/.env.local': 'DB=canary-1',
      'app/keys/id_rsa': '-----BEGIN OPENSSH PRIVATE KEY-----\ncanary-2',
    };
    const workspace = await makeWorkspace({ ...app, ...secrets });
    const inputs = { source: 'app', mode: 'function', lint: 'off' };
    const refused = await pretend(emulator, { workspace, inputs });
    expect(refused.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'input' });
    expect(errorsOf(refused).map((line) => line.split('.')[0])).toEqual([
      'source: "',
      'source: "keys/id_rsa" looks like a secret and would be uploaded',
    ]);
    expect(shownBy(refused)).not.toContain('canary');
    expect(emulator.journal.entries().filter(({ action }) => action === 'PUT package')).toEqual([]);
    const allowed = { exclude: '.env.local', 'allow-secret-files': 'keys/id_rsa: test key of the docs' };
    const passed = await deployAgain(workspace, { ...inputs, ...allowed });
    expect(passed.exitCode).toBe(0);
  });

  const deployAgain = (workspace: string, inputs: StepOptions['inputs']): Promise<StepResult> =>
    pretend(emulator, { workspace, inputs });

  it('warns of what looks like a secret within a file, at its line and without showing it', async () => {
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    const workspace = await makeWorkspace({
      ...app,
      'app/dist/config.js': `// config\nmodule.exports = "${token}";\n`,
    });
    const inputs = { source: 'app', mode: 'function', lint: 'off' };
    const result = await pretend(emulator, { workspace, inputs });
    expect(result.exitCode).toBe(0);
    expect(result.lines.filter((line) => line.startsWith('::warning'))).toEqual([
      expect.stringMatching(
        /^::warning .*file=app\/dist\/config\.js,line=2.*::"dist\/config\.js" holds what looks like a secret \(GITHUB_TOKEN\)/,
      ),
    ]);
    expect(shownBy(result)).not.toContain(token);
    expect(result.lines).toContain('::group::Look for secrets in the package');
    const allowed = await deployAgain(workspace, {
      ...inputs,
      'allow-secret-files': 'dist/config.js: revoked',
    });
    expect(allowed.lines.filter((line) => line.startsWith('::warning'))).toEqual([]);
  });
});

/** A program that runs Node.js where RUNNER_TEMP is a disk of 200 KB: first itself in a mount namespace, then Node.js. */
const nodeOnSmallDisk = `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const { ON_SMALL_DISK: isMounted, ...env } = process.env;
const run = (file, args, more) => spawnSync(file, args, { stdio: 'inherit', env: { ...env, ...more } }).status;
const args = process.argv.slice(2);
if (isMounted) run('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', env.RUNNER_TEMP]);
process.exitCode = isMounted
  ? run(process.execPath, args)
  : run('unshare', ['--map-root-user', '--mount', process.execPath, __filename, ...args], { ON_SMALL_DISK: '1' });
`;

describe('bad input', () => {
  it.each<[string, StepOptions['inputs'], string[]]>([
    [
      'a source that is a file',
      { source: 'app/package.json' },
      [
        'source: must be the folder to deploy, relative to the workspace: "app/package.json" is not a folder.',
      ],
    ],
    [
      'patterns that match nothing',
      { exclude: '*.pdf\ndist/lib/', include: 'gone/' },
      [
        'include: "gone/" matches no file of the source. Correct the pattern, or take it out.',
        'exclude: "*.pdf" matches no file of the source. Correct the pattern, or take it out.',
      ],
    ],
    [
      'patterns and reasons that are none',
      { exclude: '!a', include: '../x', 'allow-secret-files': 'a.key' },
      [
        'include: must be a pattern of files inside the source folder in line 1, not "../x".',
        'exclude: must not negate a pattern in line 1: "!a". include brings files back, exclude leaves them out.',
        'allow-secret-files: must be lines PATH: REASON, and line 1 is not: "a.key". Say in the reason why the file may be uploaded.',
      ],
    ],
    [
      'no output-path',
      { 'output-path': '' },
      ['output-path: is missing: give the path of the zip file to write.'],
    ],
    [
      'a folder as output-path',
      { 'output-path': 'app' },
      ['output-path: "app" is a folder. Give the path of the zip file to write.'],
    ],
    [
      'an output-path outside the workspace',
      { 'output-path': '../app.zip' },
      ['output-path: "../app.zip" leads out of the workspace. Give a path inside of it, or an absolute one.'],
    ],
  ])('%s is told in one go, and nothing is written', async (_what, inputs, errors) => {
    const workspace = await makeWorkspace(app);
    const result = await pack(workspace, inputs);
    expect(errorsOf(result)).toEqual(errors);
    expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'input', 'package-sha256': '' });
    await expect(stat(join(workspace, 'out'))).rejects.toThrow('ENOENT');
  });

  it('is a link to itself, a pipe, and a name that is not UTF-8, each by its path', async () => {
    const workspace = await makeWorkspace(app);
    await symlink('loop', join(workspace, 'app/loop'));
    execFileSync('mkfifo', [join(workspace, 'app/pipe')]);
    await writeFile(Buffer.concat([Buffer.from(join(workspace, 'app/caf')), Buffer.from([0xe9])]), '');
    const result = await pack(workspace);
    expect(errorsOf(result)).toEqual([
      'source: "caf\ufffd" has a name that is no UTF-8, which no package can carry. Rename it.',
      'source: "loop" is a link that leads back to itself. Remove it, or point it at a file.',
      'source: "pipe" is neither a file nor a folder nor a link. Remove it, or leave it out with exclude.',
    ]);
  });

  it('is a disk that is full: the run ends, names the file, and uploads nothing', async () => {
    const workspace = await makeWorkspace({
      ...app,
      'app/dist/data.bin': randomBytes(400_000).toString('latin1'),
    });
    const node = join(workspace, 'node-on-a-small-disk.cjs');
    await writeFile(node, nodeOnSmallDisk, { mode: 0o755 });
    const emulator = await startEmulator({ timeline: instant });
    try {
      const inputs = { source: 'app', mode: 'function', lint: 'off' };
      const result = await pretend(emulator, { workspace, inputs, node });
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(
          /^"\S+package\.zip" cannot be written: the disk is full\. Free space in a step before this one/,
        ),
      ]);
      expect(result.outputs).toMatchObject({ status: 'failed', 'package-sha256': '' });
      expect(emulator.journal.entries().filter(({ action }) => /PUT|Create/.test(action))).toEqual([]);
    } finally {
      await emulator.close();
    }
  });

  it('is an empty selection, by the folder and the rule', async () => {
    const workspace = await makeWorkspace({});
    await mkdir(join(workspace, 'app'));
    const empty = await pack(workspace, { mode: 'container' });
    expect(errorsOf(empty)).toHaveLength(1);
    await writeFiles(join(workspace, 'app'), { '.cloudbaseignore': '*', 'index.js': '' });
    const left = await pack(workspace, { exclude: 'index.js' });
    expect(errorsOf(left)).toEqual([]);
    expect(left.lines.filter((line) => line.startsWith('::warning'))).toEqual([
      expect.stringContaining(
        '"index.js" is left out by exclude ("index.js"), but the functions framework loads it',
      ),
    ]);
  });
});
