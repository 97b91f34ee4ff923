import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Drift } from '../../emulator/state/drift.ts';
import { createClient, waitFor, type CloudClient } from '../support/cloud-client.ts';
import { instant } from '../support/step.ts';

type Item = Record<string, unknown>;

const env = (value: string): Item => ({ Key: 'EnvParam', Value: value });
const access = (...types: string[]): Item => ({ Key: 'AccessTypes', ArrayValue: types });
const max = (count: number): Item => ({ Key: 'MaxNum', IntValue: count });

/** What is read of a service and of one of its versions. */
interface Read {
  readonly EnvParams: unknown;
  readonly MaxNum: unknown;
  readonly access: readonly string[];
  readonly version: { readonly EnvParams: unknown; readonly MaxNum: unknown };
}

describe('a platform that does not do what was asked', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function release(name: string, number: string, ...Items: object[]): Promise<void> {
    emulator.script('demo-env', name, { end: 'online', run: false });
    await client.deployImage(number === '001' ? 'Create' : 'Update', name, { Items });
    await client.waitOnline(name, `${name}-${number}`);
  }

  async function read(name: string, number: string): Promise<Read> {
    const VersionName = `${name}-${number}`;
    const { EnvParams, MaxNum } = await client.call('DescribeVersionDetail', {
      ServerName: name,
      VersionName,
    });
    const { ServerConfig, BaseInfo } = await client.detail(name);
    expect(ServerConfig.OpenAccessTypes).toEqual(BaseInfo.AccessTypes);
    return {
      EnvParams: ServerConfig.EnvParams,
      MaxNum: ServerConfig['MaxNum'],
      access: BaseInfo.AccessTypes,
      version: { EnvParams, MaxNum },
    };
  }

  const drift = (name: string, how: Drift): void => {
    emulator.drift('demo-env', name, how);
  };
  const submit = (ServerName: string, ...Items: object[]): Promise<object> =>
    client.call('SubmitServerConfigChangeDiff', { ServerName, Items });

  it('ignores items in a create, an update and a change of settings, until that ends', async () => {
    drift('ignores', { ignoredKeys: ['EnvParam', 'AccessTypes'] });
    await release('ignores', '001', env('{"A":"1"}'), access('VPC'), max(7));
    const ignored = { EnvParams: '', MaxNum: 7, access: ['OA', 'PUBLIC', 'MINIAPP'] };
    expect(await read('ignores', '001')).toMatchObject({ ...ignored, version: { EnvParams: '' } });
    await release('ignores', '002', env('{"A":"2"}'));
    await submit('ignores', access('VPC'), max(8));
    expect(await read('ignores', '002')).toMatchObject({ ...ignored, MaxNum: 8, version: { EnvParams: '' } });
    drift('ignores', {});
    await release('ignores', '003', env('{"A":"3"}'), access('VPC'));
    const heard = { EnvParams: '{"A":"3"}', access: ['VPC'], version: { EnvParams: '{"A":"3"}' } };
    expect(await read('ignores', '003')).toMatchObject(heard);
  });

  it('still refuses an item that it would otherwise apply', async () => {
    drift('judges', { ignoredKeys: ['EnvParam'] });
    await expect(
      client.deployImage('Create', 'judges', { Items: [{ Key: 'Port', Value: '80' }] }),
    ).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  it('opens a service by itself when a release comes online, and nowhere else', async () => {
    await release('opens', '001', access('MINIAPP'));
    await release('elsewhere', '001', access('MINIAPP'));
    drift('opens', { access: ['PUBLIC'] });
    expect((await read('opens', '001')).access).toEqual(['MINIAPP']);
    emulator.script('demo-env', 'opens', { end: 'deploy_failed' });
    await client.deployImage('Update', 'opens');
    await client.waitEnded('opens');
    expect((await read('opens', '001')).access).toEqual(['MINIAPP']);
    await release('opens', '003', access('VPC'));
    expect((await read('opens', '003')).access).toEqual(['PUBLIC']);
    await release('elsewhere', '002');
    expect((await read('elsewhere', '002')).access).toEqual(['MINIAPP']);
  });

  it('is read as it was before for a while after a release, and then as it is', async () => {
    drift('late', { readBackLagMs: 60_000 });
    await release('late', '001', env('{"A":"1"}'), access('VPC'), max(7));
    const before = { EnvParams: '', MaxNum: 5, access: [], version: { EnvParams: '', MaxNum: 5 } };
    expect(await read('late', '001')).toEqual(before);
    drift('lags', { readBackLagMs: 50, access: ['VPC', 'OA'] });
    await release('lags', '001', env('{"A":"1"}'), access('VPC'), max(7));
    const after = { EnvParams: '{"A":"1"}', MaxNum: 7, access: ['VPC', 'OA'] };
    const all = { ...after, version: { EnvParams: '{"A":"1"}', MaxNum: 7 } };
    const last = await waitFor(
      () => read('lags', '001'),
      ({ EnvParams, MaxNum, version }) => EnvParams !== '' && MaxNum === 7 && version.EnvParams !== '',
    );
    expect(last).toEqual(all);
    drift('lags', { readBackLagMs: 60_000 });
    await release('lags', '002', env('{"A":"2"}'));
    expect(await read('lags', '002')).toEqual(all);
    expect((await read('lags', '001')).version).toEqual(all.version);
  });

  it.each([
    ['as it was before', 1, ''],
    ['as it was asked for', 0, '{"A":"1"}'],
  ])(
    'is read %s while the release is under way, with a lag of %d',
    async (_how, readBackLagMs, EnvParams) => {
      const never = await startEmulator({ timeline: { ...instant, createVersionMs: 60_000 } });
      never.drift('demo-env', 'app', { readBackLagMs });
      never.script('demo-env', 'app', { end: 'online', run: false });
      const own = createClient(never);
      await own.deployImage('Create', 'app', { Items: [env('{"A":"1"}')] });
      const { ServerConfig } = await own.detail('app');
      await never.close();
      expect(ServerConfig.EnvParams).toBe(EnvParams);
    },
  );

  it('is read as it was before for a while after a change that needs no release', async () => {
    await release('slow', '001', max(7));
    drift('slow', { readBackLagMs: 60_000 });
    await submit('slow', max(8), access('VPC'));
    expect(await read('slow', '001')).toMatchObject({ MaxNum: 7, version: { MaxNum: 7 } });
    drift('slow', {});
    await submit('slow', max(9));
    expect(await read('slow', '001')).toMatchObject({ MaxNum: 9, access: ['VPC'], version: { MaxNum: 9 } });
  });
});

describe('somebody at the console', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  it('changes a live service and its online version at once, without a release or a request', async () => {
    for (const action of ['Create', 'Update'] as const) {
      emulator.script('demo-env', 'live', { end: 'online', run: false });
      await client.deployImage(action, 'live', { Items: [env('{"A":"1"}')] });
      await client.waitOnline('live', action === 'Create' ? 'live-001' : 'live-002');
    }
    const requests = emulator.journal.entries().length;
    emulator.changeSettings('demo-env', 'live', [env('{"A":"1","B":"2"}'), access('VPC')]);
    expect(emulator.journal.entries()).toHaveLength(requests);
    const { ServerConfig, OnlineVersionInfos } = await client.detail('live');
    expect(ServerConfig).toMatchObject({ EnvParams: '{"A":"1","B":"2"}', OpenAccessTypes: ['VPC'] });
    expect(OnlineVersionInfos).toMatchObject([{ VersionName: 'live-002' }]);
    const envOf = async (VersionName: string): Promise<unknown> =>
      (await client.call('DescribeVersionDetail', { ServerName: 'live', VersionName }))['EnvParams'];
    expect([await envOf('live-001'), await envOf('live-002')]).toEqual(['{"A":"1"}', '{"A":"1","B":"2"}']);
  });

  it('cannot change a service that is not there, or to what is not accepted', () => {
    expect(() => {
      emulator.changeSettings('demo-env', 'absent', [max(1)]);
    }).toThrow('There is no service "absent" in "demo-env".');
    expect(() => {
      emulator.changeSettings('demo-env', 'live', [max(99)]);
    }).toThrow('The item MaxNum has no acceptable IntValue.');
  });
});
