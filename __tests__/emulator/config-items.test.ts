import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';

describe('config items', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    const zero = { registrationMs: 0, createVersionMs: 0, releaseMs: 0, onlineLagMs: 0, deleteMs: 0 };
    emulator = await startEmulator({ timeline: zero });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function release(action: 'Create' | 'Update', name: string, Items: object[]): Promise<void> {
    emulator.script('demo-env', name, { end: 'online', run: false });
    await client.deployImage(action, name, { Items });
    await client.waitOnline(name, action === 'Create' ? `${name}-001` : `${name}-002`);
  }

  it('are a diff on the platform’s defaults; EnvParam is replaced whole', async () => {
    await release('Create', 'diff', [
      { Key: 'EnvParam', Value: '{"A":"1","B":"2"}' },
      { Key: 'AccessTypes', ArrayValue: ['VPC'] },
      { Key: 'CpuSpecs', FloatValue: 0.5 },
      { Key: 'VpcConf', VpcConf: { VpcId: 'vpc-1', SubnetId: 'subnet-1' } },
      { Key: 'NoSuchKey', Value: 'ignored' },
    ]);
    await release('Update', 'diff', [
      { Key: 'EnvParam', Value: '{"B":"3"}' },
      { Key: 'Port', IntValue: 8080 },
    ]);
    const { ServerConfig, BaseInfo } = await client.detail('diff');
    expect(ServerConfig).toMatchObject({
      EnvParams: '{"B":"3"}',
      OpenAccessTypes: ['VPC'],
      Cpu: 0.5,
      Mem: 2,
      MaxNum: 5,
      Port: 8080,
      VpcConf: { VpcId: 'vpc-1', SubnetId: 'subnet-1' },
    });
    expect(ServerConfig).not.toHaveProperty('NoSuchKey');
    expect(BaseInfo.ServerType).toBe('container');
  });

  it('make a service public when a create names no access types', async () => {
    await release('Create', 'opened', []);
    expect((await client.detail('opened')).BaseInfo.AccessTypes).toContain('PUBLIC');
    await release('Create', 'closed', [{ Key: 'AccessTypes', ArrayValue: ['MINIAPP'] }]);
    expect((await client.detail('closed')).BaseInfo.AccessTypes).toEqual(['MINIAPP']);
  });

  it.each([
    ['no value', { Key: 'MinNum' }],
    ['no value for an unknown key', { Key: 'NoSuchKey' }],
    ['a value of another kind', { Key: 'Port', Value: '80' }],
    ['two values', { Key: 'Port', IntValue: 80, Value: '80' }],
    ['a port out of range', { Key: 'Port', IntValue: 70_000 }],
    ['an access type that does not exist', { Key: 'AccessTypes', ArrayValue: ['WEB'] }],
    ['too many instances', { Key: 'MaxNum', IntValue: 51 }],
  ])('refuse %s and leave the service as it was', async (_case, item) => {
    await expect(client.deployImage('Create', 'refused', { Items: [item] })).rejects.toMatchObject({
      code: 'InvalidParameter',
    });
    await expect(client.detail('refused')).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  it.each(['ab', '1abc', 'abc-', 'has space', 'a'.repeat(46), 'lcap-app', 'lowcodeapp'])(
    'come with a service name that follows the rules, not "%s"',
    async (name) => {
      await expect(client.deployImage('Create', name)).rejects.toMatchObject({ code: 'InvalidParameter' });
    },
  );

  it('miss what must be there', async () => {
    await expect(client.call('CreateCloudRunServer', { ServerName: 'bare' })).rejects.toMatchObject({
      code: 'MissingParameter',
    });
    await expect(client.call('DescribeCloudRunServerDetail')).rejects.toMatchObject({
      code: 'MissingParameter',
    });
  });

  it('stop at fifteen services, of which a page lists nine unless asked, and thirty at most', async () => {
    const { Total } = await client.call('DescribeCloudRunServers');
    for (let index = Number(Total); index < 15; index += 1) {
      emulator.script('demo-env', `many-${index}x`, { end: 'online', run: false });
      await client.deployImage('Create', `many-${index}x`);
    }
    await expect(client.deployImage('Create', 'sixteenth')).rejects.toMatchObject({ code: 'LimitExceeded' });
    const count = async (params: object): Promise<number> => {
      const { ServerList } = await client.call('DescribeCloudRunServers', { ...params });
      return (ServerList as object[]).length;
    };
    expect(await count({})).toBe(9);
    expect(await count({ PageNum: 2 })).toBe(6);
    expect(await count({ PageSize: 100 })).toBe(15);
    expect(await count({ ServerName: 'many', PageSize: 30 })).toBe(12);
    expect(await count({ ServerType: 'function' })).toBe(0);
  });
});
