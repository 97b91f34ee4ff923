import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import { createClient, waitFor, withFolder, type CloudClient } from '../support/cloud-client.ts';
import { instant } from '../support/step.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const PRETEND: ReleaseScript = { end: 'online', run: false };

describe('the versions of a service', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: { ...instant, deleteMs: 0 } });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  const remove = (ServerName: string, numbers: string[], more: object = {}): Promise<object> =>
    client.call('DeleteCloudRunVersions', {
      IsDeleteServer: false,
      IsDeleteImage: false,
      SimpleVersions: numbers.map((number) => nameOf(ServerName, number)),
      ...more,
    });
  const nameOf = (ServerName: string, number: string): object => ({
    EnvId: 'demo-env',
    ServerName,
    VersionName: `${ServerName}-${number}`,
  });
  const deployIds = async (serverName: string): Promise<string[]> =>
    ((await client.records(serverName)) ?? []).map((record) => record.DeployId);
  const deploy = async (serverName: string, text: string): Promise<unknown> =>
    withFolder({ 'index.js': `exports.main = () => '${text}';` }, (targetPath) =>
      client.sdk.cloudrun.deploy({ serverName, targetPath } as DeployParams),
    );

  async function pretend(serverName: string, count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      emulator.script('demo-env', serverName, PRETEND);
      await client.deployImage(number === 1 ? 'Create' : 'Update', serverName);
      await client.waitOnline(serverName, `${serverName}-00${number}`);
    }
  }

  const detail = (ServerName: string, number: string): Promise<object> =>
    client.call('DescribeVersionDetail', { ServerName, VersionName: `${ServerName}-${number}` });

  it('tell every setting of the vendor’s model, and no other', async () => {
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const defaults = {
      Port: 80,
      Cpu: 1,
      Mem: 2,
      MinNum: 0,
      MaxNum: 5,
      Dockerfile: 'Dockerfile',
      BuildDir: '',
    };
    await pretend('told', 1);
    const bare = {
      ...{
        Name: 'told-001',
        Status: 'normal',
        CreatedTime: time,
        UpdatedTime: time,
        RequestId: expect.anything(),
      },
      ...defaults,
      PolicyDetails: [
        { PolicyType: 'cpu', PolicyThreshold: 60 },
        { PolicyType: 'mem', PolicyThreshold: 60 },
      ],
      ...{ EnvParams: '', LogPath: 'stdout' },
      ...{ EntryPoint: null, Cmd: null, VpcConf: null, VolumesConf: null, BuildPacks: null },
    };
    expect(await detail('told', '001')).toEqual(bare);
    const VpcConf = {
      VpcId: 'vpc-1',
      VpcCIDR: '10.0.0.0/16',
      SubnetId: 'subnet-1',
      SubnetCIDR: '10.0.1.0/24',
    };
    const VolumesConf = [{ Type: 'cos', BucketName: 'b', DstPath: '/data', ReadOnly: true }];
    const Items = [
      { Key: 'VpcConf', VpcConf },
      { Key: 'VolumesConf', VolumesConf },
      { Key: 'EntryPoint', ArrayValue: ['node', '-r'] },
      { Key: 'Cmd', ArrayValue: ['x.js'] },
      { Key: 'LogPath', Value: '/logs' },
      { Key: 'InitialDelaySeconds', IntValue: 9 },
    ];
    emulator.script('demo-env', 'told', PRETEND);
    await client.deployImage('Update', 'told', { Items });
    await client.waitOnline('told', 'told-002');
    const more = { VpcConf, VolumesConf, EntryPoint: 'node -r', Cmd: 'x.js', LogPath: '/logs' };
    expect(await detail('told', '002')).toEqual({ ...bare, Name: 'told-002', ...more });
  });

  it('tell how a function was built', async () => {
    await deploy('built', 'one');
    await client.waitOnline('built', 'built-001');
    expect(await detail('built', '001')).toMatchObject({
      BuildPacks: {
        ...{ RepoLanguage: 'Node.js', LanguageVersion: '20.18' },
        ...{ BaseImage: '', EntryPoint: '', UploadFilename: '' },
      },
    });
  });

  it('list the instance of the one that runs, and no other', async () => {
    const pods = (more: object = {}): Promise<object> =>
      client.call('DescribeCloudRunPodList', { ServerName: 'pods', ...more });
    await deploy('pods', 'one');
    await client.waitOnline('pods', 'pods-001');
    await deploy('pods', 'two');
    await client.waitOnline('pods', 'pods-002');
    const pod = {
      Webshell: '',
      PodId: expect.stringMatching(/^pods-002-\d+$/),
      Status: 'running',
      CreateTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    };
    const running = await waitFor(
      () => pods() as Promise<{ TotalCount: number }>,
      ({ TotalCount }) => TotalCount === 1,
    );
    expect(running).toMatchObject({ PodList: [pod] });
    expect(await pods({ VersionName: 'pods-002', PageSize: 0, PageNum: 0 })).toMatchObject({
      PodList: [pod],
    });
    expect(await pods({ VersionName: 'pods-001' })).toMatchObject({ PodList: [], TotalCount: 0 });
    expect(await pods({ PageSize: 99, PageNum: 2 })).toMatchObject({ PodList: [], TotalCount: 1 });
    await expect(client.call('DescribeCloudRunPodList', { ServerName: 'absent' })).rejects.toMatchObject({
      original: { Message: 'service data illegal' },
    });
    expect(await remove('pods', ['002'])).toMatchObject({ Result: 'fail' });
  });

  it('can be removed one by one, except the one online and those that are not there', async () => {
    await pretend('app', 3);
    expect(await remove('app', ['001'])).toMatchObject({
      Result: 'succ',
      FailVersions: [],
      SuccessVersions: [
        { Version: nameOf('app', '001'), Result: 'succ', RequestId: expect.stringContaining('-') },
      ],
    });
    expect(await remove('app', ['002', '003', '001'])).toMatchObject({
      Result: 'partial',
      FailVersions: [
        { Version: nameOf('app', '003'), ErrorCode: -1, ErrorMsg: '版本正在使用，不能删除' },
        { Version: nameOf('app', '001'), ErrorCode: -1, ErrorMsg: '版本不存在' },
      ],
      SuccessVersions: [{ Version: nameOf('app', '002') }],
    });
    expect(await deployIds('app')).toEqual(['003']);
    expect(await remove('app', ['003'])).toMatchObject({ Result: 'fail', SuccessVersions: [] });
    emulator.script('demo-env', 'app', PRETEND);
    await client.deployImage('Update', 'app');
    await client.waitOnline('app', 'app-004');
    expect(await deployIds('app')).toEqual(['004', '003']);
  });

  it('stay while they are made', async () => {
    const slow = await startEmulator({ timeline: { ...instant, createVersionMs: 60_000 } });
    slow.script('demo-env', 'slow', PRETEND);
    const own = createClient(slow);
    await own.deployImage('Create', 'slow');
    const SimpleVersions = [nameOf('slow', '001')];
    const answer = await own.call('DeleteCloudRunVersions', { SimpleVersions });
    await slow.close();
    expect(answer).toMatchObject({ Result: 'fail' });
  });

  it('stay while they share requests as a canary', async () => {
    await pretend('gray', 1);
    emulator.script('demo-env', 'gray', PRETEND);
    const DeployInfo = { DeployType: 'image', ImageUrl: 'registry.invalid/app:2', ReleaseType: 'GRAY' };
    await client.deployImage('Update', 'gray', { DeployInfo });
    await waitFor(
      () => client.records('gray'),
      (records) => records?.[0]?.IsReleasing === true,
    );
    await client.sdk.cloudrun.setTraffic('gray', 0, 100);
    expect(await remove('gray', ['001', '002'])).toMatchObject({ Result: 'fail' });
    expect(await deployIds('gray')).toEqual(['002', '001']);
  });

  it('take the service along with the last of them, if that is wanted', async () => {
    await pretend('last', 2);
    const more = { IsDeleteServer: true };
    expect(await remove('last', ['002'], more)).toMatchObject({ Result: 'fail' });
    expect(await remove('last', ['001', '002'], more)).toMatchObject({ Result: 'succ' });
    await waitFor(
      () => client.call('DescribeCloudRunServers', { ServerName: 'last' }),
      ({ Total }) => Total === 0,
    );
  });

  it('are not removed by a request that names none, or one without its name', async () => {
    await expect(remove('app', [])).rejects.toMatchObject({ code: 'MissingParameter' });
    const SimpleVersions = [{ EnvId: 'demo-env', ServerName: 'app' }];
    await expect(remove('app', [], { SimpleVersions })).rejects.toMatchObject({ code: 'MissingParameter' });
    const elsewhere = [{ ...nameOf('app', '004'), EnvId: 'closed-env' }];
    expect(await remove('app', [], { SimpleVersions: elsewhere })).toMatchObject({ Result: 'fail' });
  });
});
