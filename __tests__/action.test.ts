import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import type { StepResult } from '../scripts/runner.ts';
import { createClient, waitFor, type CloudClient } from './support/cloud-client.ts';
import {
  ask,
  deploy,
  envId,
  instant,
  makeWorkspace,
  removeWorkspaces,
  shownBy,
  writeFiles,
} from './support/step.ts';

const greeting = 'Grüß Gott 4711';
const token = 'tk-9f8e7d6c5b4a';
const elsewhere = 'set in the console 0815';

const changed = 'Servus 1147';
const changedConfig = `MaxNum: 3\nEnvParams:\n  GREETING: ${changed}\n  API_TOKEN: null\n`;

const code = (answer: string): string =>
  `exports.main = () => ({ answer: '${answer}', greeting: process.env.GREETING, other: process.env.OTHER });\n`;
const config = `OpenAccessTypes: [WEB]\nEnvParams:\n  GREETING: ${greeting}\n  API_TOKEN: ${token}\n`;

let emulator: Emulator;
let client: CloudClient;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

async function changeSettings(serverName: string, ...items: object[]): Promise<void> {
  const before = (await client.detail(serverName)).OnlineVersionInfos?.[0]?.VersionName;
  await client.call('SubmitServerConfigChangeDiff', { ServerName: serverName, Items: items });
  const isCold = items.some((item) => 'Key' in item && item.Key === 'EnvParam');
  if (!isCold) return;
  await waitFor(
    () => client.detail(serverName),
    ({ OnlineVersionInfos }) => OnlineVersionInfos?.[0]?.VersionName !== before,
  );
}

describe('a function that is deployed twice', () => {
  let first: StepResult;
  let second: StepResult;
  let answers: unknown[];

  beforeAll(async () => {
    const workspace = await makeWorkspace({
      'service/index.js': code('one'),
      'service/package.json': '{"name":"app","main":"index.js"}',
      'service.yml': config,
    });
    const inputs = { source: 'service', 'server-config': 'service.yml' };
    first = await deploy(emulator, { workspace, inputs: { ...inputs, verify: 'true' } });
    answers = [await ask(first.outputs['url'] ?? '')];
    const env = { GREETING: greeting, API_TOKEN: token, OTHER: elsewhere };
    await changeSettings('app', { Key: 'EnvParam', Value: JSON.stringify(env) });
    await changeSettings('app', { Key: 'AccessTypes', ArrayValue: ['VPC', 'PUBLIC'] });
    await writeFiles(workspace, { 'service/index.js': code('two'), 'service.yml': changedConfig });
    second = await deploy(emulator, { workspace, inputs });
    answers.push(await ask(second.outputs['url'] ?? ''));
  }, 60_000);

  it('is green, without a word on stderr, in main and post', () => {
    for (const result of [first, second]) {
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
      expect([result.outputs['status'], result.outputs['failure-kind']]).toEqual(['live', '']);
      expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    }
  });

  it('answers with the deployed code, the second time with the changed one', () => {
    expect(answers).toEqual([
      { status: 200, body: { answer: 'one', greeting } },
      { status: 200, body: { answer: 'two', greeting: changed, other: elsewhere } },
    ]);
  });

  it('keeps access types and env vars that were set elsewhere, and changes what it was asked to change', async () => {
    const { BaseInfo, ServerConfig } = await client.detail('app');
    expect([...BaseInfo.AccessTypes].sort()).toEqual(['PUBLIC', 'VPC']);
    expect(JSON.parse(ServerConfig.EnvParams)).toEqual({ GREETING: changed, OTHER: elsewhere });
    expect(ServerConfig).toMatchObject({ MaxNum: 3, Cpu: 0.5, Mem: 1, MinNum: 0, Port: 3000 });
    const update = emulator.journal.writes().find(({ action }) => action === 'UpdateCloudRunServer');
    const items = update?.params['Items'] as { Key: string }[];
    expect(items.map(({ Key }) => Key)).not.toContain('AccessTypes');
  });

  it('sets every output of action.yml as it is defined', async () => {
    const { outputs } = parse(readFileSync('action.yml', 'utf8')) as { outputs: object };
    expect(Object.keys(first.outputs).sort()).toEqual(Object.keys(outputs).sort());
    const [record] = (await client.records('app')) ?? [];
    const { Task } = await client.task('app');
    const url = (await client.detail('app')).BaseInfo.DefaultDomainName;
    const packed = emulator.journal.entries().findLast(({ action }) => action === 'PUT package');
    const { service, plan, 'duration-seconds': duration, ...plain } = second.outputs;
    expect(plain).toEqual({
      status: 'live',
      'failure-kind': '',
      url,
      urls: JSON.stringify([{ url, source: 'default-domain' }]),
      'url-source': 'default-domain',
      version: 'app-003',
      'previous-version': 'app-002',
      mode: 'function',
      'task-id': String(Task.Id),
      'cloud-run-id': record?.RunId,
      image: record?.ImageUrl,
      digest: '',
      'image-size-bytes': '',
      'time-to-listen-ms': '',
      'package-sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
      'package-bytes': String(packed?.params['bytes']),
      verification: JSON.stringify({ status: 'skipped', reason: 'input "verify" is false', checks: [] }),
      'console-url': `https://tcb.cloud.tencent.com/dev?envId=${envId}#/platform-run/service/detail?serverName=app&tabId=deploy&envId=${envId}`,
      'lint-errors': '0',
      'lint-warnings': '0',
      'lint-infos': '0',
      changed: 'true',
    });
    expect(JSON.parse(plan ?? '')).toMatchObject({
      action: 'update',
      changed: true,
      source: 'unknown',
      settings: [
        { setting: 'MaxNum', from: '5', to: '3', effect: 'hot' },
        { setting: 'EnvParams.API_TOKEN', kind: 'removed', effect: 'new version' },
        { setting: 'EnvParams.GREETING', kind: 'changed', effect: 'new version' },
      ],
      keptEnv: ['OTHER'],
      access: [],
    });
    expect(Number(duration)).toBeGreaterThan(0.2);
    expect(JSON.parse(service ?? '')).toMatchObject({
      serviceType: 'function',
      accessTypes: ['VPC', 'PUBLIC'],
      settings: { EnvParams: { GREETING: '[redacted]', OTHER: '[redacted]' } },
    });
    expect([first.outputs['version'], first.outputs['previous-version']]).toEqual(['app-001', '']);
  });

  it('writes a summary with the version, the access, the checks, the changes and the stages', () => {
    expect(first.summary).toContain(`**Live**: ${first.outputs['url'] ?? ''}`);
    expect(first.summary).toContain('| http | passed | "GET /" answers 200 |');
    expect(first.summary).toContain('| <code>EnvParams.GREETING</code> |');
    expect(second.summary).toContain(
      '| <code>app-003</code> | <code>app-002</code> | <code>function</code> |',
    );
    expect(second.summary).toContain('| <code>MaxNum</code> | 5 | 3 |');
    expect(second.summary).toMatch(/EnvParams.API.*_TOKEN<\/code> \| .*a value.* \| .*deleted/);
    expect(second.summary).toMatch(/EnvParams.GREETING<\/code> \| .*a value.* \| .*another value/);
    expect(second.summary).not.toContain('EnvParams.OTHER');
    expect(second.summary).toMatch(/\| Follow the release \| \d+\.\d s \|/);
    expect(first.lines.at(-1)).toBe(`Live: ${first.outputs['url'] ?? ''}`);
  });

  it('shows no env value and no credential anywhere, and masks the secret ones', () => {
    const { secretId, secretKey } = emulator.credential;
    for (const value of [greeting, changed, token, elsewhere, secretId, secretKey]) {
      expect(shownBy(first)).not.toContain(value);
      expect(shownBy(second)).not.toContain(value);
    }
    expect(first.masks).toEqual([secretId, secretKey, token]);
  });
});

describe('a function that nobody opens', () => {
  it('is created closed, says so, and stays closed', async () => {
    const workspace = await makeWorkspace({ 'index.js': code('closed') });
    const inputs = { 'service-name': 'closed' };
    const results = [
      await deploy(emulator, { workspace, inputs }),
      await deploy(emulator, { workspace, inputs }),
    ];
    for (const result of results) {
      expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
      const { url, urls, 'url-source': source } = result.outputs;
      expect([url, urls, source]).toEqual(['', '[]', '']);
      expect(result.lines.at(-1)).toBe('Live. The service is not public, so there is no URL.');
    }
    const { BaseInfo } = await client.detail('closed');
    expect(BaseInfo.AccessTypes).toEqual(['MINIAPP']);
    expect((await ask(BaseInfo.DefaultDomainName)).status).toBe(403);
  });

  it('stays closed when it was closed after the first deploy', async () => {
    const workspace = await makeWorkspace({
      'index.js': code('open'),
      'service.yml': 'OpenAccessTypes: [WEB]',
    });
    const inputs = { 'service-name': 'shut', 'server-config': 'service.yml' };
    const first = await deploy(emulator, { workspace, inputs });
    expect(first.outputs['url']).not.toBe('');
    await changeSettings('shut', { Key: 'AccessTypes', ArrayValue: ['VPC'] });
    const second = await deploy(emulator, { workspace, inputs: { 'service-name': 'shut' } });
    expect([second.exitCode, second.outputs['url']]).toEqual([0, '']);
    expect((await client.detail('shut')).BaseInfo.AccessTypes).toEqual(['VPC']);
  });
});
