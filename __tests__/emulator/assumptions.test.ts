import { afterEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Assumptions } from '../../emulator/options.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import { createClient, waitFor, type CloudClient } from '../support/cloud-client.ts';
import { describeWithEngine } from '../support/engine.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

interface Announcement {
  readonly UploadUrl: string;
  readonly UploadHeaders: readonly { readonly Key: string; readonly Value: string }[];
  readonly PackageName: string;
  readonly PackageVersion: string;
  readonly DownloadUrl: string;
  readonly DownloadHeaders: readonly object[];
}

const NONE = { registrationMs: 0, buildMs: 0, createVersionMs: 0, releaseMs: 0, onlineLagMs: 0, deleteMs: 0 };
const PRETEND: ReleaseScript = { end: 'online', run: false };

describe('an assumption in its alternative', () => {
  let emulator: Emulator;
  let client: CloudClient;

  async function start(assumptions: Partial<Assumptions>, timeline: object = NONE): Promise<void> {
    emulator = await startEmulator({ assumptions, timeline: { ...NONE, ...timeline } });
    client = createClient(emulator);
  }
  afterEach(async () => {
    await emulator.close();
  });

  async function online(...items: object[]): Promise<void> {
    emulator.script('demo-env', 'app', PRETEND);
    const { TaskId } = (await client.deployImage('Create', 'app', { Items: items })) as { TaskId: number };
    expect(typeof TaskId).toBe('number');
    await waitFor(
      () => client.detail('app'),
      ({ OnlineVersionInfos }) => (OnlineVersionInfos ?? []).length > 0,
    );
  }

  async function update(script: ReleaseScript, more: object = {}): Promise<unknown> {
    emulator.script('demo-env', 'app', script);
    const answer = await client.deployImage('Update', 'app', more);
    await client.waitEnded('app');
    return answer;
  }

  it('accessTypesOmittedOnCreate: private', async () => {
    await start({ accessTypesOmittedOnCreate: 'private' });
    await online();
    expect((await client.detail('app')).BaseInfo.AccessTypes).toEqual([]);
  });

  it('downloadHeaders: none', async () => {
    await start({ downloadHeaders: 'none' });
    const { UploadUrl, UploadHeaders, PackageName, PackageVersion } = (await client.call(
      'DescribeCloudBaseBuildService',
      { ServiceName: 'app' },
    )) as unknown as Announcement;
    const headers = Object.fromEntries(UploadHeaders.map(({ Key, Value }) => [Key, Value]));
    await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip' });
    emulator.script('demo-env', 'app', PRETEND);
    const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
    await client.call('CreateCloudRunServer', { ServerName: 'app', DeployInfo, Items: [] });
    await client.waitOnline('app', 'app-001');
    const params = { ServiceName: 'app', ServiceVersion: 'app-001' };
    const answer = await client.call('DescribeCloudBaseBuildService', params);
    const { DownloadUrl, DownloadHeaders } = answer as unknown as Announcement;
    expect(DownloadHeaders).toEqual([]);
    expect(await (await fetch(DownloadUrl)).text()).toBe('zip');
  });

  it('accessTypeOrder: reversed', async () => {
    await start({ accessTypeOrder: 'reversed' });
    await online({ Key: 'AccessTypes', ArrayValue: ['OA', 'PUBLIC', 'VPC'] });
    const { BaseInfo, ServerConfig } = await client.detail('app');
    expect([BaseInfo.AccessTypes, ServerConfig.OpenAccessTypes]).toEqual([
      ['VPC', 'PUBLIC', 'OA'],
      ['VPC', 'PUBLIC', 'OA'],
    ]);
  });

  it('readBack: filled-in', async () => {
    await start({ readBack: 'filled-in' });
    await online();
    expect((await client.detail('app')).ServerConfig).toMatchObject({
      BuildDir: '.',
      PublicNetConf: { PublicNetStatus: 'ENABLE' },
    });
  });

  it('taskId: zero', async () => {
    await start({ taskId: 'zero' });
    await online();
    expect(await update(PRETEND)).toMatchObject({ TaskId: 0 });
    expect((await client.task('app')).Task.Id).toBeGreaterThan(0);
  });

  it('flowRatio: percent', async () => {
    await start({ flowRatio: 'percent' });
    await online();
    expect((await client.detail('app')).OnlineVersionInfos?.[0]?.FlowRatio).toBe('100%');
  });

  it('statusCase: upper', async () => {
    await start({ statusCase: 'upper' });
    await online();
    expect((await client.detail('app')).BaseInfo.Status).toBe('NORMAL');
    expect((await client.records('app'))?.[0]?.Status).toBe('NORMAL');
    expect((await client.task('app')).Task.Status).toBe('FINISHED');
  });

  it('deployId: prefixed', async () => {
    await start({ deployId: 'prefixed' });
    await online();
    expect((await client.records('app'))?.[0]?.DeployId).toBe('app-001');
  });

  it('recordOrder: oldest-first', async () => {
    await start({ recordOrder: 'oldest-first' });
    await online();
    await update(PRETEND);
    expect((await client.records('app'))?.map((record) => record.DeployId)).toEqual(['001', '002']);
  });

  it('emptyList: null', async () => {
    await start({ emptyList: 'null' });
    expect(await client.records('app')).toBeNull();
    expect(await client.call('DescribeCloudRunServers')).toMatchObject({ ServerList: null, Total: 0 });
    await client.deployImage('Create', 'app');
    await client.waitEnded('app');
    expect((await client.detail('app')).OnlineVersionInfos).toBeNull();
  });

  it.each([
    ['resource-not-found', 'ResourceNotFound'],
    ['server-not-found', 'ResourceNotFound.ServerNotFound'],
  ] as const)('notFound: %s', async (notFound, code) => {
    await start({ notFound });
    await expect(client.detail('app')).rejects.toMatchObject({ code });
  });

  it('recordNormal: when-online', async () => {
    await start({ recordNormal: 'when-online' }, { onlineLagMs: 300 });
    emulator.script('demo-env', 'app', PRETEND);
    await client.deployImage('Create', 'app');
    await client.waitEnded('app');
    expect((await client.records('app'))?.[0]?.Status).toBe('creating');
    await client.waitOnline('app', 'app-001');
    expect((await client.records('app'))?.[0]?.Status).toBe('normal');
  });

  it('firstFailure: normal', async () => {
    await start({ firstFailure: 'normal' });
    await client.deployImage('Create', 'app');
    expect((await client.waitEnded('app')).Status).toBe('failed');
    expect((await client.detail('app')).BaseInfo.Status).toBe('normal');
  });

  it('grayTask: finished', async () => {
    await start({ grayTask: 'finished' });
    await online();
    await update(PRETEND, {
      DeployInfo: { DeployType: 'image', ImageUrl: 'registry.invalid/app:2', ReleaseType: 'GRAY' },
    });
    expect((await client.task('app')).Task).toMatchObject({ Status: 'finished', ReleaseType: 'GRAY' });
    expect((await client.records('app'))?.[0]).toMatchObject({ FlowRatio: 0, IsReleasing: true });
    await expect(client.deployImage('Update', 'app')).rejects.toMatchObject({ code: 'ResourceInUse' });
  });

  it('processLog: log-text', async () => {
    await start({ processLog: 'log-text' });
    await online();
    const RunId = (await client.records('app'))?.[0]?.RunId;
    expect(await client.call('DescribeCloudRunProcessLog', { RunId })).toMatchObject({
      Logs: { Log: expect.stringContaining('-----------服务app部署app-001-----------') },
    });
  });

  it('buildLogOffset: characters', async () => {
    await start({ buildLogOffset: 'characters' });
    const { PackageName, PackageVersion } = await client.call('DescribeCloudBaseBuildService', {
      ServiceName: 'app',
    });
    emulator.script('demo-env', 'app', { end: 'build_failed', log: '你好' });
    await client.deployImage('Create', 'app', {
      DeployInfo: { DeployType: 'package', PackageName, PackageVersion },
    });
    await client.waitEnded('app');
    const BuildId = (await client.records('app'))?.[0]?.BuildId;
    expect(
      await client.call('DescribeCloudRunBuildLog', { ServerName: 'app', BuildId, Offset: 1 }),
    ).toMatchObject({
      Log: { Total: 3, Delivered: 2, Text: '好\n', More: false },
    });
  });

  it('vpcConfOnUpdate: dropped', async () => {
    await start({ vpcConfOnUpdate: 'dropped' });
    await online({ Key: 'VpcConf', VpcConf: { VpcId: 'vpc-1', SubnetId: 'subnet-1' } });
    expect((await client.detail('app')).ServerConfig).toHaveProperty('VpcConf');
    await update(PRETEND);
    expect((await client.detail('app')).ServerConfig).not.toHaveProperty('VpcConf');
  });

  it('vpcInfoOnCreate: kept-apart', async () => {
    await start({ vpcInfoOnCreate: 'kept-apart' });
    const VpcInfo = { VpcId: 'vpc-1', CreateType: 2, SubnetIds: ['subnet-1'] };
    emulator.script('demo-env', 'app', PRETEND);
    await client.deployImage('Create', 'app', { VpcInfo });
    expect((await client.detail('app')).ServerConfig).not.toHaveProperty('VpcConf');
  });

  it('unsetInVersion: empty', async () => {
    await start({ unsetInVersion: 'empty' });
    await online();
    const name = { ServerName: 'app', VersionName: 'app-001' };
    expect(await client.call('DescribeVersionDetail', name)).toMatchObject({
      EntryPoint: '',
      Cmd: '',
      VpcConf: { VpcId: '', VpcCIDR: '', SubnetId: '', SubnetCIDR: '' },
      VolumesConf: [],
      BuildPacks: { BaseImage: '', RepoLanguage: '', LanguageVersion: '' },
    });
  });

  it.each([
    ['as-released', 5],
    ['changed', 7],
  ] as const)('versionAfterHotChange: %s', async (versionAfterHotChange, MaxNum) => {
    await start({ versionAfterHotChange });
    await online();
    const Items = [{ Key: 'MaxNum', IntValue: 7 }];
    await client.call('SubmitServerConfigChangeDiff', { ServerName: 'app', Items });
    const name = { ServerName: 'app', VersionName: 'app-001' };
    expect(await client.call('DescribeVersionDetail', name)).toMatchObject({ MaxNum });
    expect((await client.detail('app')).ServerConfig).toMatchObject({ MaxNum: 7 });
  });

  describe.each([
    ['service', { left: { LogType: 'none', Cpu: 4, EnvParams: '{"A":"bad"}' } }],
    ['online-version', { left: { Cpu: 0.5, EnvParams: '{"A":"good"}' } }],
  ] as const)('updateBase: %s', (updateBase, { left }) => {
    const good = [
      { Key: 'CpuSpecs', FloatValue: 0.5 },
      { Key: 'EnvParam', Value: '{"A":"good"}' },
    ];
    const bad = [
      { Key: 'CpuSpecs', FloatValue: 4 },
      { Key: 'EnvParam', Value: '{"A":"bad"}' },
      { Key: 'LogType', Value: 'none' },
      { Key: 'MaxNum', IntValue: 9 },
      { Key: 'AccessTypes', ArrayValue: ['VPC'] },
    ];
    const next = [{ Key: 'InitialDelaySeconds', IntValue: 7 }];

    /** The settings of the service after a version online, and of that version. */
    async function expectLeft(version: string): Promise<void> {
      const { ServerConfig } = await client.waitOnline('app', version);
      const hot = { MaxNum: 9, OpenAccessTypes: ['VPC'] };
      expect(ServerConfig).toMatchObject({ ...left, ...hot, InitialDelaySeconds: 7 });
      expect(Object.hasOwn(ServerConfig, 'LogType')).toBe(Object.hasOwn(left, 'LogType'));
      const detail = await client.call('DescribeVersionDetail', { ServerName: 'app', VersionName: version });
      expect(detail).toMatchObject({ Cpu: left.Cpu, EnvParams: left.EnvParams, MaxNum: 9 });
    }

    it('an update after a failed release', async () => {
      await start({ updateBase }, { busyAfterFailureMs: 0 });
      await online(...good);
      await update({ end: 'deploy_failed' }, { Items: bad });
      expect((await client.detail('app')).ServerConfig).toMatchObject({ Cpu: 4, LogType: 'none' });
      await update(PRETEND, { Items: next });
      await expectLeft('app-003');
    });

    it('a change of settings after a rollback', async () => {
      await start({ updateBase });
      await online(...good);
      await update(PRETEND, { Items: bad });
      await client.waitOnline('app', 'app-002');
      const versions = { CurrentVersionName: 'app-002', RollbackVersionName: 'app-001' };
      await client.call('SubmitServerRollback', { ServerName: 'app', ...versions });
      await client.waitOnline('app', 'app-001');
      await client.call('SubmitServerConfigChangeDiff', { ServerName: 'app', Items: next });
      await expectLeft('app-003');
    });

    it('an update of a service that has no version online', async () => {
      await start({ updateBase }, { busyAfterFailureMs: 0 });
      emulator.script('demo-env', 'app', { end: 'deploy_failed' });
      await client.deployImage('Create', 'app', { Items: good });
      await client.waitEnded('app');
      await update(PRETEND, { Items: next });
      const { ServerConfig } = await client.waitOnline('app', 'app-002');
      expect(ServerConfig).toMatchObject({ Cpu: 0.5, InitialDelaySeconds: 7 });
    });
  });

  it('envSubnetIds: list', async () => {
    await start({ envSubnetIds: 'list' });
    expect(await client.call('DescribeEnvBaseInfo')).toMatchObject({
      EnvBaseInfo: { VpcId: 'vpc-emulator', SubnetIds: ['subnet-emulator'] },
    });
  });
});

describeWithEngine('an assumption about builds in its alternative', (engine) => {
  it.each([
    ['in-build-dir', 'api/Dockerfile.api'],
    ['in-package', 'services/api/Dockerfile.api'],
  ] as const)('dockerfile: %s', async (dockerfile, named) => {
    const emulator = await startEmulator({
      assumptions: { dockerfile },
      timeline: NONE,
      dockerEnv: engine.env,
    });
    try {
      const client = createClient(emulator);
      for (const Dockerfile of ['api/Dockerfile.api', 'services/api/Dockerfile.api']) {
        const serverName = `app-${Dockerfile.length}`;
        const serverConfig = { Dockerfile, BuildDir: 'services', Port: 8080 };
        const targetPath = '__tests__/fixtures/containers/monorepo';
        await client.sdk.cloudrun.deploy({ serverName, targetPath, serverConfig } as DeployParams);
        const status = Dockerfile === named ? 'finished' : 'failed';
        expect(await client.waitEnded(serverName)).toMatchObject({ Status: status });
      }
    } finally {
      await emulator.close();
    }
  });
});
