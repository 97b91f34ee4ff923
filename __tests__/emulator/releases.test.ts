import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import {
  createClient,
  waitFor,
  type CloudClient,
  type DeployRecord,
  type TaskAnswer,
} from '../support/cloud-client.ts';

const NONE = { registrationMs: 0, buildMs: 0, createVersionMs: 0, releaseMs: 0, onlineLagMs: 0, deleteMs: 0 };
const PRETEND: ReleaseScript = { end: 'online', run: false };

describe('releases', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: { ...NONE, busyAfterFailureMs: 0 } });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function release(name: string, script: ReleaseScript, more: object = {}): Promise<void> {
    emulator.script('demo-env', name, script);
    const exists = await client.detail(name).then(
      () => true,
      () => false,
    );
    await client.deployImage(exists ? 'Update' : 'Create', name, more);
    await client.waitEnded(name);
  }

  async function online(name: string, count: number): Promise<void> {
    for (let index = 1; index <= count; index += 1) {
      await release(name, PRETEND);
      await client.waitOnline(name, `${name}-00${index}`);
    }
  }

  const newest = async (name: string): Promise<DeployRecord | undefined> => (await client.records(name))?.[0];

  it('keeps the old version online when a build or a start fails, and counts the attempt', async () => {
    await online('fails', 1);
    await release('fails', { end: 'deploy_failed', log: 'Error: no DATABASE_URL', failReason: 'Back-off' });
    expect(await newest('fails')).toMatchObject({ DeployId: '002', Status: 'deploy_failed', FlowRatio: 0 });
    expect((await client.task('fails')).Task).toMatchObject({
      Status: 'failed',
      FailReason: 'Back-off',
      Steps: [
        { Name: 'CreateVersion', Status: 'failed' },
        { Name: 'ReleaseVersion', Status: 'todo' },
      ],
    });
    const RunId = (await newest('fails'))?.RunId;
    const log = (await client.call('DescribeCloudRunProcessLog', { RunId }))['Logs'];
    expect(log).toEqual(expect.arrayContaining(['-----------启动日志-----------', 'Error: no DATABASE_URL']));
    expect(JSON.stringify(log)).toContain('部署版本失败：Back-off');
    const { BaseInfo, OnlineVersionInfos } = await client.detail('fails');
    expect(BaseInfo.Status).toBe('normal');
    expect(OnlineVersionInfos).toMatchObject([{ VersionName: 'fails-001', FlowRatio: '100' }]);
    await release('fails', PRETEND);
    await client.waitOnline('fails', 'fails-003');
  });

  it('shows a failed build in the build log', async () => {
    const { PackageName, PackageVersion } = await client.call('DescribeCloudBaseBuildService', {
      ServiceName: 'built',
    });
    const lines = Array.from({ length: 450 }, (_, index) => `line ${index}`);
    const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
    await release(
      'built',
      { end: 'build_failed', log: lines.join('\n'), failReason: 'exit code 1' },
      { DeployInfo },
    );
    const { BuildId, Status } = (await newest('built')) ?? { BuildId: 0, Status: '' };
    expect(Status).toBe('build_failed');
    const read = async (Offset: number): Promise<unknown> =>
      (await client.call('DescribeCloudRunBuildLog', { ServerName: 'built', BuildId, Offset }))['Log'];
    expect(await read(0)).toMatchObject({
      Total: 450,
      Delivered: 200,
      More: true,
      FailReason: 'exit code 1',
    });
    expect(await read(400)).toMatchObject({
      Delivered: 50,
      More: false,
      Text: expect.stringMatching(/line 449\n$/),
    });
    await expect(
      client.call('DescribeCloudRunBuildLog', { ServerName: 'built', BuildId: 0 }),
    ).rejects.toMatchObject({
      code: 'InvalidParameter',
    });
  });

  it('has a version that is good and finished, yet not online, until it is forced', async () => {
    await online('lingers', 1);
    await release('lingers', { end: 'ready-not-online', run: false });
    expect(await newest('lingers')).toMatchObject({ DeployId: '002', Status: 'normal', FlowRatio: 0 });
    expect((await client.detail('lingers')).OnlineVersionInfos?.[0]?.VersionName).toBe('lingers-001');
    await client.call('ReleaseGray', {
      ServerName: 'lingers',
      GrayType: 'gray',
      TrafficType: 'FLOW',
      VersionFlowItems: [{ VersionName: 'lingers-002', FlowRatio: 100, IsDefaultPriority: true }],
    });
    expect((await client.detail('lingers')).OnlineVersionInfos?.[0]?.VersionName).toBe('lingers-002');
  });

  it('ends stopped, without records meanwhile and with TaskId 0, as scripted', async () => {
    await online('odd', 1);
    emulator.script('demo-env', 'odd', { end: 'stopped', taskIdZero: true, nullRecords: true, run: false });
    expect(await client.deployImage('Update', 'odd')).toMatchObject({ TaskId: 0 });
    expect(await client.waitEnded('odd')).toMatchObject({ Status: 'stopped', VersionName: 'odd-002' });
    expect((await client.detail('odd')).OnlineVersionInfos?.[0]?.VersionName).toBe('odd-001');
  });

  it('fails a container without an engine and says so', async () => {
    await release('nodocker', { end: 'online' });
    expect((await client.task('nodocker')).Task.FailReason).toContain('no Docker engine');
    expect((await client.detail('nodocker')).BaseInfo.Status).toBe('create_failed');
  });

  it('rolls back to an older good version only', async () => {
    await online('back', 2);
    await release('back', { end: 'deploy_failed' });
    const rollback = (CurrentVersionName: string, RollbackVersionName: string): Promise<unknown> =>
      client.call('SubmitServerRollback', { ServerName: 'back', CurrentVersionName, RollbackVersionName });
    await expect(rollback('back-001', 'back-002')).rejects.toMatchObject({
      code: 'InvalidParameter',
      original: { Message: '当前版本 back-001 落后于回滚版本 back-002' },
    });
    await expect(rollback('back-003', 'back-009')).rejects.toMatchObject({
      code: 'ResourceNotFound.VersionNotFound',
    });
    await release('back', PRETEND);
    await expect(rollback('back-004', 'back-003')).rejects.toMatchObject({ code: 'InvalidParameter' });
    emulator.script('demo-env', 'back', PRETEND);
    await rollback('back-004', 'back-001');
    await client.waitOnline('back', 'back-001');
    expect((await client.records('back'))?.map((record) => record.FlowRatio)).toEqual([0, 0, 0, 100]);
  });

  it('applies limits and access at once, and releases the newest image for anything else', async () => {
    await online('tuned', 1);
    const submit = (...Items: object[]): Promise<unknown> =>
      client.call('SubmitServerConfigChangeDiff', { ServerName: 'tuned', Items });
    expect(
      await submit({ Key: 'MaxNum', IntValue: 7 }, { Key: 'AccessTypes', ArrayValue: ['VPC'] }),
    ).toMatchObject({
      TaskId: 0,
    });
    expect((await client.detail('tuned')).ServerConfig).toMatchObject({
      MaxNum: 7,
      OpenAccessTypes: ['VPC'],
    });
    emulator.script('demo-env', 'tuned', PRETEND);
    const { TaskId } = (await submit({ Key: 'EnvParam', Value: '{"A":"1"}' })) as { TaskId: number };
    expect((await client.task('tuned', TaskId)).IsExist).toBe(true);
    await client.waitOnline('tuned', 'tuned-002');
    expect(
      await client.call('DescribeVersionDetail', { ServerName: 'tuned', VersionName: 'tuned-002' }),
    ).toMatchObject({
      Name: 'tuned-002',
      EnvParams: '{"A":"1"}',
      MaxNum: 7,
      Status: 'normal',
    });
    expect(
      await client.call('DescribeVersionDetail', { ServerName: 'tuned', VersionName: 'tuned-001' }),
    ).toMatchObject({
      EnvParams: '',
    });
  });
});

describe('an image that is there', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: { ...NONE, busyAfterFailureMs: 0 } });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  const imageOf = async (name: string, index = 0): Promise<string | undefined> =>
    (await client.records(name))?.[index]?.ImageUrl;

  /** Creates or updates a service from a package that is never really built. */
  async function release(
    action: 'Create' | 'Update',
    ServerName: string,
    script: ReleaseScript,
  ): Promise<void> {
    const { PackageName, PackageVersion } = await client.call('DescribeCloudBaseBuildService', {
      ServiceName: ServerName,
    });
    emulator.script('demo-env', ServerName, { ...script, run: false });
    const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
    await client.deployImage(action, ServerName, { DeployInfo });
    await client.waitEnded(ServerName);
  }

  /** Changes an env var without a script, so that the image alone decides how it ends. */
  async function submit(ServerName: string): Promise<TaskAnswer['Task']> {
    const Items = [{ Key: 'EnvParam', Value: '{"A":"1"}' }];
    const { TaskId } = await client.call('SubmitServerConfigChangeDiff', { ServerName, Items });
    expect(TaskId).toBeGreaterThan(0);
    return client.waitEnded(ServerName);
  }

  it('is published again by a change of settings, and ends as it ended: the bad one of a failed release', async () => {
    await release('Create', 'bad', PRETEND);
    await client.waitOnline('bad', 'bad-001');
    await release('Update', 'bad', { end: 'deploy_failed', failReason: 'Back-off', log: 'no DATABASE_URL' });
    expect(await submit('bad')).toMatchObject({
      ...{ VersionName: 'bad-003', Status: 'failed', FailReason: 'Back-off' },
    });
    expect(await imageOf('bad')).toBe(await imageOf('bad', 1));
    expect((await client.detail('bad')).OnlineVersionInfos).toMatchObject([{ VersionName: 'bad-001' }]);
  });

  it.each([
    ['build_failed', 'a failed build has none'],
    ['online', 'the newest is good'],
  ] as const)('is published again and comes online after "%s": %s', async (end, reason) => {
    const name = `good-${reason.length}`;
    await release('Create', name, PRETEND);
    await client.waitOnline(name, `${name}-001`);
    await release('Update', name, { end });
    expect(await submit(name)).toMatchObject({ Status: 'finished' });
    await client.waitOnline(name, `${name}-003`);
    expect(await imageOf(name)).toBe(await imageOf(name, end === 'online' ? 1 : 2));
  });

  it('is the one online after a failed release, when an update names that one’s address', async () => {
    await release('Create', 'same', PRETEND);
    await client.waitOnline('same', 'same-001');
    await release('Update', 'same', PRETEND);
    const { ImageUrl } = (await client.waitOnline('same', 'same-002')).OnlineVersionInfos?.[0] ?? {};
    await release('Update', 'same', { end: 'deploy_failed' });
    expect(await imageOf('same')).not.toBe(ImageUrl);
    for (const number of ['004', '005']) {
      await client.deployImage('Update', 'same', { DeployInfo: { DeployType: 'image', ImageUrl } });
      const { OnlineVersionInfos } = await client.waitOnline('same', `same-${number}`);
      expect(OnlineVersionInfos).toMatchObject([{ ImageUrl, FlowRatio: '100' }]);
    }
  });

  it('is not there when nobody could fetch it, now and again', async () => {
    await client.deployImage('Create', 'absent');
    await client.waitEnded('absent');
    expect((await submit('absent')).FailReason).toContain('no Docker engine');
    await client.deployImage('Update', 'absent');
    expect((await client.waitEnded('absent')).FailReason).toContain('no Docker engine');
  });
});

describe('a release under way', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({
      timeline: { ...NONE, createVersionMs: 60_000, busyAfterFailureMs: 60_000 },
    });
    client = createClient(emulator);
    emulator.script('demo-env', 'busy', PRETEND);
    await client.deployImage('Create', 'busy');
  });
  afterAll(async () => {
    await emulator.close();
  });

  it('refuses another one, and a task it does not know', async () => {
    await expect(client.deployImage('Update', 'busy')).rejects.toMatchObject({
      code: 'ResourceInUse',
      original: { Message: '当前已有部署发布任务运行中,请结束后再执行' },
    });
    await expect(client.deployImage('Create', 'busy')).rejects.toMatchObject({ code: 'ResourceInUse' });
    expect(await client.task('busy', 17)).toMatchObject({ IsExist: false, Task: { Id: 0, Status: '' } });
    expect(await client.task('missing')).toMatchObject({ IsExist: false, Task: { Id: 0, Status: '' } });
  });

  it('can be cancelled, which ends its task as stopped and lets the next one in', async () => {
    const { Task } = await client.task('busy');
    const operate = (TaskId: number, OperateType: string): Promise<unknown> =>
      client.call('OperateServerManage', { ServerName: 'busy', TaskId, OperateType });
    await expect(operate(17, 'cancel')).rejects.toMatchObject({ code: 'InvalidParameter' });
    await expect(operate(Task.Id, 'go_back')).rejects.toMatchObject({ code: 'InvalidParameter' });
    await operate(Task.Id, 'cancel');
    expect(await client.waitEnded('busy')).toMatchObject({ Id: Task.Id, Status: 'stopped' });
    emulator.script('demo-env', 'busy', PRETEND);
    await client.deployImage('Update', 'busy');
  });

  it('stays busy a moment after a failure', async () => {
    emulator.script('demo-env', 'fallen', { end: 'online' });
    const { PackageName, PackageVersion } = await client.call('DescribeCloudBaseBuildService', {
      ServiceName: 'fallen',
    });
    await client.deployImage('Create', 'fallen', {
      DeployInfo: { DeployType: 'package', PackageName, PackageVersion },
    });
    await client.waitEnded('fallen');
    await expect(client.deployImage('Update', 'fallen')).rejects.toMatchObject({ code: 'ResourceInUse' });
  });

  it('ends with the emulator', async () => {
    const other = await startEmulator({ timeline: { ...NONE, registrationMs: 60_000 } });
    await createClient(other).deployImage('Create', 'endless');
    await other.close();
    await expect(fetch(other.apiEndpoint)).rejects.toThrow();
  });
});

describe('a canary', () => {
  it('blocks the next release until it is done, and gets its share of the requests', async () => {
    const emulator = await startEmulator({ timeline: NONE });
    const client = createClient(emulator);
    const DeployInfo = { DeployType: 'image', ImageUrl: 'registry.invalid/app:2', ReleaseType: 'GRAY' };
    emulator.script('demo-env', 'gray', PRETEND);
    emulator.script('demo-env', 'gray', PRETEND);
    await client.deployImage('Create', 'gray', { DeployInfo });
    await client.waitOnline('gray', 'gray-001');
    await client.deployImage('Update', 'gray', { DeployInfo });
    await waitFor(
      () => client.records('gray'),
      (records) => records?.[0]?.Status === 'normal',
    );
    expect((await client.records('gray'))?.[0]).toMatchObject({
      DeployId: '002',
      FlowRatio: 0,
      IsReleasing: true,
    });
    expect(await client.call('DescribeReleaseOrder', { ServerName: 'gray' })).toMatchObject({
      IsExist: true,
      ReleaseOrderInfo: {
        IsReleasing: true,
        CurrentVersion: { VersionName: 'gray-001', FlowRatio: 100 },
        ReleaseVersion: { VersionName: 'gray-002', FlowRatio: 0 },
      },
    });
    await expect(client.deployImage('Update', 'gray')).rejects.toMatchObject({ code: 'ResourceInUse' });
    await client.sdk.cloudrun.setTraffic('gray', 90, 10);
    expect((await client.detail('gray')).OnlineVersionInfos).toMatchObject([
      { VersionName: 'gray-001', FlowRatio: '90' },
      { VersionName: 'gray-002', FlowRatio: '10' },
    ]);
    const { Task } = await client.task('gray');
    await client.call('OperateServerManage', { ServerName: 'gray', TaskId: Task.Id, OperateType: 'done' });
    expect(await client.waitEnded('gray')).toMatchObject({ Status: 'finished' });
    await client.waitOnline('gray', 'gray-002');
    await emulator.close();
  });
});
