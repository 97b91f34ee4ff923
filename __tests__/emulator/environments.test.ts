import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, waitFor } from '../support/cloud-client.ts';

describe('environments', () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: { openEnvironmentMs: 50 } });
  });
  afterAll(async () => {
    await emulator.close();
  });

  it('tells an opened environment from a closed and from an unknown one', async () => {
    const open = await createClient(emulator).call('DescribeEnvBaseInfo');
    expect(open).toMatchObject({ IsExist: true, EnvBaseInfo: { Status: 'normal', Region: 'ap-shanghai' } });
    for (const envId of ['closed-env', 'foreign-env']) {
      expect(await createClient(emulator, envId).call('DescribeEnvBaseInfo')).toMatchObject({
        IsExist: false,
      });
    }
  });

  it('lists the environments of the account and finds none of a foreign name', async () => {
    const client = createClient(emulator);
    expect(await client.call('DescribeEnvs', { EnvId: '' })).toMatchObject({
      Total: 2,
      EnvList: [
        { EnvId: 'demo-env', Status: 'NORMAL' },
        { EnvId: 'closed-env', Status: 'NORMAL' },
      ],
    });
    expect(await client.call('DescribeEnvs', { EnvId: 'foreign-env' })).toMatchObject({
      Total: 0,
      EnvList: [],
    });
  });

  it('refuses calls for a foreign environment', async () => {
    const client = createClient(emulator, 'foreign-env');
    await expect(client.call('DescribeCloudRunServers')).rejects.toMatchObject({ code: 'ResourceNotFound' });
    await expect(client.call('DescribeEnvInfo')).rejects.toMatchObject({ code: 'InvalidParameter.EnvId' });
  });

  it('makes a legacy service without a version where CloudBase Run is closed, and does not complain', async () => {
    const client = createClient(emulator, 'closed-env');
    expect(await client.deployImage('Create', 'legacy')).toMatchObject({ TaskId: 0 });
    expect(await client.detail('legacy')).toMatchObject({
      BaseInfo: { Status: 'normal' },
      OnlineVersionInfos: [],
    });
    expect(await client.records('legacy')).toEqual([]);
    expect(emulator.journal.writes().at(-1)).toMatchObject({
      action: 'CreateCloudRunServer',
      envId: 'closed-env',
    });
  });

  it('opens CloudBase Run in an environment after a while, once', async () => {
    const client = createClient(emulator, 'closed-env');
    await client.call('CreateCloudRunEnv', { PackageType: 'Trial', EnvType: 'baas' });
    const status = async (): Promise<unknown> => (await client.call('DescribeEnvBaseInfo'))['EnvBaseInfo'];
    expect(await status()).toMatchObject({ Status: 'creating' });
    await waitFor(status, (info) => JSON.stringify(info).includes('"Status":"normal"'));
    await expect(client.call('CreateCloudRunEnv', { PackageType: 'Trial' })).rejects.toMatchObject({
      code: 'ResourceInUse',
    });
  });

  it('has no gateway routes until some are seeded, and lets the read be denied', async () => {
    const client = createClient(emulator);
    const read = (Filters?: object[]): Promise<object> =>
      client.call('DescribeHTTPServiceRoute', { Filters });
    expect(await read()).toMatchObject({ Domains: [], TotalCount: 0 });
    emulator.seedRoute('demo-env', {
      Domain: 'api.example.com',
      DomainType: 'HTTPSERVICE',
      Routes: [{ Path: '/', UpstreamResourceType: 'CBR', UpstreamResourceName: 'hello', Enable: true }],
    });
    expect(await read([{ Name: 'UpstreamResourceType', Values: ['CBR'] }])).toMatchObject({ TotalCount: 1 });
    expect(await read([{ Name: 'Domain', Values: ['other.example.com'] }])).toMatchObject({ TotalCount: 0 });
    emulator.fault('DescribeHTTPServiceRoute', {
      kind: 'error',
      code: 'UnauthorizedOperation',
      message: 'denied',
    });
    await expect(read()).rejects.toMatchObject({ code: 'UnauthorizedOperation' });
    expect(await read()).toMatchObject({ TotalCount: 1 });
  });
});
