import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, waitFor, withFolder, type CloudClient } from '../support/cloud-client.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const QUICK = {
  registrationMs: 20,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 20,
  onlineLagMs: 20,
  deleteMs: 50,
};

function functionSaying(text: string): Record<string, string> {
  return { 'index.js': `exports.main = () => ({ text: ${JSON.stringify(text)}, name: process.env.NAME })` };
}

async function ask(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe("the vendor's SDK against the emulator", () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    // The SDK sends no headers with a download.
    emulator = await startEmulator({ timeline: QUICK, assumptions: { downloadHeaders: 'none' } });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  const deploy = (text: string, more: object = {}): Promise<unknown> =>
    withFolder(functionSaying(text), (targetPath) =>
      client.sdk.cloudrun.deploy({ serverName: 'hello', targetPath, ...more } as DeployParams),
    );

  it('creates a function that answers on its URL', async () => {
    await deploy('one', { serverConfig: { EnvParams: '{"NAME":"Ada"}', OpenAccessTypes: ['PUBLIC'] } });
    const { BaseInfo, ServerConfig } = await client.waitOnline('hello', 'hello-001');
    expect(BaseInfo).toMatchObject({ Status: 'normal', ServerType: 'function', AccessTypes: ['PUBLIC'] });
    expect(ServerConfig).toMatchObject({ Port: 3000, Tag: 'function:', EnvParams: '{"NAME":"Ada"}' });
    expect(await ask(BaseInfo.DefaultDomainName)).toEqual({ text: 'one', name: 'Ada' });
    expect(emulator.journal.actions().slice(0, 5)).toEqual([
      'DescribeEnvInfo',
      'DescribeCloudBaseBuildService',
      'PUT package',
      'DescribeCloudRunServerDetail',
      'CreateCloudRunServer',
    ]);
    expect(emulator.journal.writes().map((entry) => entry.action)).toEqual([
      'PUT package',
      'CreateCloudRunServer',
    ]);
  });

  it('answers with the new code after a second release, keeps the env vars, and opens access as the SDK asks', async () => {
    const before = (await client.detail('hello')).BaseInfo.DefaultDomainName;
    await deploy('two');
    expect((await client.detail('hello')).OnlineVersionInfos?.[0]?.VersionName).toBe('hello-001');
    const { BaseInfo } = await client.waitOnline('hello', 'hello-002');
    expect(BaseInfo.DefaultDomainName).toBe(before);
    expect(BaseInfo.AccessTypes).toEqual(['OA', 'PUBLIC', 'MINIAPP']);
    expect(await ask(before)).toEqual({ text: 'two', name: 'Ada' });
  });

  it('lists the service, its records and its logs', async () => {
    expect(await client.sdk.cloudrun.list()).toMatchObject({
      Total: 1,
      ServerList: [{ ServerName: 'hello' }],
    });
    const { DeployRecords } = await client.sdk.cloudrun.getDeployRecords({ serverName: 'hello' });
    expect(DeployRecords).toHaveLength(2);
    expect(DeployRecords.find((record) => record.DeployId === '001')).toMatchObject({
      FlowRatio: 0,
      ScaleStatus: 'zero',
      HasTraffic: false,
    });
    const newest = DeployRecords.find((record) => record.DeployId === '002');
    expect(newest).toMatchObject({ Status: 'normal', FlowRatio: 100, ScaleStatus: '', HasTraffic: true });
    expect(String(newest?.BuildId)).toMatch(/^\d{10}$/);
    expect(newest?.ImageUrl).toMatch(
      /^ccr\.ccs\.tencentyun\.com\/tcb-\d+-\w+\/ca-\w+_hello:hello-002-\d{14}$/,
    );
    const build = await client.sdk.cloudrun.getBuildLog({
      serverName: 'hello',
      buildId: newest?.BuildId ?? 0,
    });
    expect(build.Log.Text).toContain('Image pushed successfully.');
    const { Logs } = await client.sdk.cloudrun.getProcessLog({ RunId: newest?.RunId ?? '' });
    expect(Logs).toContain('-----------构建hello-002-----------');
    expect(Logs).toContain('-----------启动日志-----------');
    expect(Logs.join('\n')).toContain('Server listening on port');
  });

  it('shares traffic with a canary, promotes it, and goes back from the next one', async () => {
    await deploy('three', { deployInfo: { ReleaseType: 'GRAY' } });
    await waitFor(
      () => client.call('DescribeReleaseOrder', { ServerName: 'hello' }),
      (order) => order['IsExist'] === true,
    );
    const { DefaultDomainName: url } = (await client.detail('hello')).BaseInfo;
    expect((await client.task('hello')).Task).toMatchObject({ ReleaseType: 'GRAY', Status: 'running' });
    expect(await ask(url)).toMatchObject({ text: 'two' });
    await client.sdk.cloudrun.setTraffic('hello', 50, 50);
    const answers = await Promise.all([ask(url), ask(url), ask(url), ask(url)]);
    expect(answers.filter((answer) => JSON.stringify(answer).includes('three'))).toHaveLength(2);
    await client.sdk.cloudrun.promote('hello');
    expect((await client.detail('hello')).OnlineVersionInfos).toMatchObject([
      { VersionName: 'hello-003', FlowRatio: '100' },
    ]);
    expect(await ask(url)).toMatchObject({ text: 'three' });

    await deploy('four', { deployInfo: { ReleaseType: 'GRAY' } });
    await waitFor(
      () => client.records('hello'),
      (records) => records?.[0]?.IsReleasing === true,
    );
    await client.sdk.cloudrun.setTraffic('hello', 0, 100);
    expect(await ask(url)).toMatchObject({ text: 'four' });
    await client.sdk.cloudrun.rollback('hello');
    expect(await ask(url)).toMatchObject({ text: 'three' });
    expect((await client.task('hello')).Task.Status).toBe('stopped');
  });

  it('downloads the package of the version online', async () => {
    await withFolder({}, async (targetPath) => {
      await client.sdk.cloudrun.download({ serverName: 'hello', targetPath });
      expect(await readFile(`${targetPath}/index.js`, 'utf8')).toContain('three');
    });
  });

  it('deletes the service a while after the answer', async () => {
    await client.sdk.cloudrun.delete({ serverName: 'hello' });
    expect((await client.detail('hello')).BaseInfo.Status).toBe('deleting');
    await waitFor(
      () => client.sdk.cloudrun.list(),
      ({ Total }) => Total === 0,
    );
    await expect(client.sdk.cloudrun.detail({ serverName: 'hello' })).rejects.toMatchObject({
      code: 'InvalidParameter',
      original: { Message: 'service data illegal' },
    });
  });
});
