import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import { listTree } from '../support/file-tree.ts';
import { maliciousZips } from '../support/malicious-zips.ts';
import {
  deploy,
  errorsOf,
  envId,
  instant,
  makeWorkspace,
  pretend,
  pretended,
  removeWorkspaces,
  shownBy,
} from '../support/step.ts';
import { writeZip } from '../support/zip-writer.ts';

let emulator: Emulator;
let client: CloudClient;
let source: Record<string, string>;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
  const workspace = await makeWorkspace({
    'index.js': 'exports.main = () => 1;\n',
    'package.json': '{"name":"app","main":"index.js"}\n',
    'bin/run.sh': '#!/bin/sh\n',
    'données/空.txt': '',
  });
  for (const path of await readdir(workspace, { recursive: true }))
    await chmod(join(workspace, path), /\.(js|json|txt)$/.test(path) ? 0o644 : 0o755);
  await symlink('../index.js', join(workspace, 'bin/entry'));
  expect((await pretend(emulator, { workspace })).exitCode).toBe(0);
  source = await listTree(workspace);
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

/** Runs `download` and expects nothing of an address, and nothing temporary, to be left. */
async function download(
  workspace: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const result = await deploy(emulator, {
    workspace,
    inputs: { command: 'download', 'output-path': 'out', verify: 'auto', ...inputs },
    env: { RUNNER_DEBUG: '1' },
  });
  expect(shownBy(result)).not.toMatch(/sign=|\/packages\/|x-cos-/);
  expect([result.stderr, result.leftAfterMain, result.leftAfterPost]).toEqual(['', [], []]);
  return result;
}

const warningsOf = ({ lines }: StepResult): string[] =>
  lines.flatMap((line) => /^::warning[^:]*::(.*)$/.exec(line)?.slice(1) ?? []);

/** Puts a package into the store as it is, and releases it. */
async function releasePackage(serviceName: string, zip: Buffer): Promise<void> {
  const announced = await client.call('DescribeCloudBaseBuildService', { ServiceName: serviceName });
  const { UploadUrl, UploadHeaders, PackageName, PackageVersion } = announced;
  const headers = (UploadHeaders as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
  const body = new Uint8Array(zip);
  await fetch(String(UploadUrl), {
    method: 'PUT',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  });
  emulator.script(envId, serviceName, pretended);
  const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
  await client.call('CreateCloudRunServer', { ServerName: serviceName, DeployInfo, Items: [] });
  await client.waitOnline(serviceName, `${serviceName}-001`);
}

describe('a download', () => {
  it('puts into the folder what was deployed, byte for byte, and writes nothing to the cloud', async () => {
    const workspace = await makeWorkspace({});
    const writes = emulator.journal.writes().length;
    const result = await download(workspace);
    expect([result.exitCode, errorsOf(result), warningsOf(result)]).toEqual([0, [], []]);
    expect(await listTree(join(workspace, 'out'))).toEqual(source);
    expect(await readdir(workspace)).toEqual(['out']);
    expect(emulator.journal.writes().length).toBe(writes);
    expect(result.outputs).toMatchObject({ status: 'done', version: 'app-001', mode: 'function', url: '' });
    expect(result.outputs['package-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(Number(result.outputs['package-bytes'])).toBeGreaterThan(100);
    const folder = join(workspace, 'out');
    expect(result.lines).toContain(`Downloaded "app-001" to "${folder}".`);
    expect(result.lines).toContain(`5 file(s) with 67 bytes, put into "${folder}".`);
    expect(result.summary).toContain(`<code>${folder}</code>: 5 file(s) with 67 bytes.`);
  }, 60_000);

  it('keeps files that are there, and replaces them where that is asked for', async () => {
    const workspace = await makeWorkspace({
      'out/index.js': 'mine',
      'out/other.txt': 'mine',
      outside: 'mine',
    });
    await mkdir(join(workspace, 'out/bin'));
    await symlink('../../outside', join(workspace, 'out/bin/run.sh'));
    const kept = await download(workspace);
    expect(kept.exitCode).toBe(0);
    expect(warningsOf(kept)).toEqual([
      '2 file(s) were there already and are kept: bin/run.sh, index.js. "overwrite: true" replaces them.',
    ]);
    const mine = {
      'index.js': expect.stringMatching(/ mine$/) as unknown,
      'other.txt': expect.anything() as unknown,
    };
    const out = join(workspace, 'out');
    expect(await listTree(out)).toEqual({ ...source, ...mine, 'bin/run.sh': '-> ../../outside' });
    expect(kept.summary).toContain(
      '2 file(s) were there already and are kept:\n\n- <code>bin/run.sh</code>\n- <code>index.js</code>',
    );
    const replaced = await download(workspace, { overwrite: 'true' });
    expect([replaced.exitCode, warningsOf(replaced)]).toEqual([0, []]);
    expect(await listTree(out)).toEqual({ ...source, 'other.txt': mine['other.txt'] });
    expect(await listTree(workspace)).toMatchObject({ outside: expect.stringMatching(/ mine$/) as unknown });
  }, 60_000);

  it('lands nowhere else through links, and refuses a folder where a file belongs', async () => {
    const workspace = await makeWorkspace({ 'elsewhere/x': 'x', 'out/index.js/x': 'x' });
    await symlink('../elsewhere', join(workspace, 'out/bin'));
    const before = await listTree(workspace);
    const result = await download(workspace, { overwrite: 'true' });
    expect([result.exitCode, result.outputs['failure-kind'], errorsOf(result)]).toEqual([
      1,
      'input',
      [
        'output-path: holds the link "bin", where the package has a folder. Nothing was written. Move it away, or name another folder.',
        'output-path: holds "index.js" as a folder, where the package has a file. Nothing was written. Move it away, or name another folder.',
      ],
    ]);
    expect(await listTree(workspace)).toEqual(before);
  }, 60_000);

  it('goes to an absolute path, but not out of the workspace by a relative one', async () => {
    const [workspace, other] = [await makeWorkspace({ file: 'x' }), await makeWorkspace({})];
    expect((await download(workspace, { 'output-path': join(other, 'new/out') })).exitCode).toBe(0);
    expect(await listTree(join(other, 'new/out'))).toEqual(source);
    await symlink(other, join(workspace, 'link'));
    for (const path of ['../x', 'link', 'link/deep', 'file', join(workspace, '..')]) {
      const result = await download(workspace, { 'output-path': path });
      expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'input']);
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^output-path: /)]);
    }
    expect(await readdir(other)).toEqual(['new']);
  }, 90_000);
});

describe('a package that', () => {
  const chosen = [
    'an entry "../evil.txt"',
    'an entry "/tmp/evil-entry.txt"',
    'an entry "..\\\\evil.txt"',
    'a file below a link',
    'a chain of links',
    'a link to an absolute path',
    'a device',
    'a bomb',
    'entries that share bytes',
    'an entry larger than it says',
    'a wrong checksum',
    'half a zip',
  ];

  it.each(maliciousZips.filter(({ name }) => chosen.includes(name)))(
    'is $name is refused, and nothing is written',
    async ({ name, zip, reason }) => {
      const serviceName = `bad-${chosen.indexOf(name)}`;
      await releasePackage(serviceName, zip());
      const workspace = await makeWorkspace({ 'out/mine.txt': 'mine' });
      const before = await listTree(workspace);
      const result = await download(workspace, { 'service-name': serviceName, overwrite: 'true' });
      const { status, 'failure-kind': kind } = result.outputs;
      expect([result.exitCode, status, kind]).toEqual([1, 'failed', 'input']);
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^The package is refused: /)]);
      expect(errorsOf(result)[0]).toContain(reason);
      expect(await listTree(workspace)).toEqual(before);
      // An environment holds no more than fifteen services.
      await client.call('DeleteCloudRunServer', { ServerName: serviceName });
    },
    60_000,
  );

  it('nobody packed with this action comes as it is', async () => {
    const zip = writeZip([
      { name: './src/', mode: 0 },
      { name: './src/a.txt', content: 'a', mode: 0 },
      { name: '__MACOSX/._a.txt', content: 'kept' },
      { name: 'Src/b.txt', content: 'b', isZip64: true },
    ]);
    await releasePackage('foreign', zip);
    const workspace = await makeWorkspace({});
    const result = await download(workspace, { 'service-name': 'foreign' });
    expect([result.exitCode, warningsOf(result)]).toEqual([
      0,
      ['Where letter case does not count, these are one path: src and Src.'],
    ]);
    expect(await listTree(join(workspace, 'out'))).toEqual({
      src: 'folder',
      'src/a.txt': '644 a',
      Src: 'folder',
      'Src/b.txt': '644 b',
      __MACOSX: 'folder',
      '__MACOSX/._a.txt': '644 kept',
    });
  }, 60_000);
});

describe('a service without code to download', () => {
  it('is one that was deployed as an image', async () => {
    emulator.script(envId, 'of-image', pretended);
    await client.deployImage('Create', 'of-image');
    await client.waitOnline('of-image', 'of-image-001');
    const result = await download(await makeWorkspace({}), { 'service-name': 'of-image' });
    expect([result.exitCode, result.outputs['failure-kind'], errorsOf(result)]).toEqual([
      1,
      'input',
      [
        'service-name: names a service without code to download: "of-image-001" of "of-image" has no package, as a version that was deployed as an image. Pull the image ("registry.invalid/app:1") instead.',
      ],
    ]);
  }, 60_000);

  it('is one that is not there', async () => {
    const result = await download(await makeWorkspace({}), { 'service-name': 'nowhere' });
    expect([result.exitCode, errorsOf(result)]).toEqual([
      1,
      [
        'service-name: names no service of the environment "demo-env": "nowhere". The command "download" fetches the code of a live service.',
      ],
    ]);
  }, 60_000);

  it('is any in an environment that is not open', async () => {
    const result = await download(await makeWorkspace({}), { 'env-id': 'closed-env' });
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'env-not-opened']);
  }, 60_000);
});

describe('a store that fails', () => {
  it('for a while, is asked again, at a fresh address', async () => {
    emulator.fault('GET package', { kind: 'reset', afterBytes: 100 });
    emulator.fault('GET package', { kind: 'refusal', status: 503, code: 'SlowDown' });
    const workspace = await makeWorkspace({});
    const before = emulator.journal.actions().length;
    const result = await download(workspace);
    expect(result.exitCode).toBe(0);
    expect(await listTree(join(workspace, 'out'))).toEqual(source);
    expect(result.lines.filter((line) => line.includes('Try '))).toEqual([
      expect.stringMatching(/: the connection failed \(ECONNRESET\)\. Try 2 of 4 in \d+ ms\.$/),
      expect.stringMatching(/: the store answers 503 SlowDown\. Try 3 of 4 in \d+ ms\.$/),
    ]);
    const asked = emulator.journal.actions().slice(before);
    expect(asked.filter((action) => action === 'DescribeCloudBaseBuildService')).toHaveLength(3);
  }, 60_000);

  it('to the end, leaves nothing', async () => {
    emulator.fault('GET package', { kind: 'drop' }, 4);
    const workspace = await makeWorkspace({ 'out/mine.txt': 'mine' });
    const result = await download(workspace);
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'network']);
    expect(errorsOf(result)).toEqual([
      'The package cannot be downloaded: the connection failed (ECONNRESET). Run again. Where the link to the store is slow, use a runner in China.',
    ]);
    expect(await readdir(join(workspace, 'out'))).toEqual(['mine.txt']);
  }, 60_000);

  it('by a refusal, is not asked again', async () => {
    const refusal = { kind: 'refusal', status: 403, code: 'AccessDenied' } as const;
    emulator.fault('GET package', refusal);
    const result = await download(await makeWorkspace({}));
    expect(result.outputs['failure-kind']).toBe('network');
    expect(errorsOf(result)).toEqual([
      'The package cannot be downloaded: the store answers 403 AccessDenied.',
    ]);
  }, 60_000);

  it('in mid-body, and is given up by a signal, leaves nothing', async () => {
    emulator.fault('GET package', { kind: 'stall', afterBytes: 100 });
    const workspace = await makeWorkspace({ 'out/mine.txt': 'mine' });
    let kill: ((signal: NodeJS.Signals) => void) | undefined;
    const result = await deploy(emulator, {
      workspace,
      inputs: { command: 'download', 'output-path': 'out', verify: 'auto' },
      onStart: (stop) => {
        kill = stop;
      },
      onLine: (line) => {
        if (line.startsWith('Downloading the package')) setTimeout(() => kill?.('SIGTERM'), 1_000);
      },
    });
    expect([result.exitCode, result.outputs['status'], result.leftAfterMain]).toEqual([1, 'cancelled', []]);
    expect(await readdir(join(workspace, 'out'))).toEqual(['mine.txt']);
  }, 60_000);
});

it('a store that demands no headers gives the same', async () => {
  const outer = [emulator, client] as const;
  emulator = await startEmulator({ timeline: instant, assumptions: { downloadHeaders: 'none' } });
  client = createClient(emulator);
  try {
    await releasePackage('plain', writeZip([{ name: 'a.txt', content: 'a' }]));
    const workspace = await makeWorkspace({});
    expect((await download(workspace, { 'service-name': 'plain' })).exitCode).toBe(0);
    expect(await listTree(workspace)).toEqual({ out: 'folder', 'out/a.txt': '644 a' });
  } finally {
    await emulator.close();
    [emulator, client] = outer;
  }
}, 60_000);
