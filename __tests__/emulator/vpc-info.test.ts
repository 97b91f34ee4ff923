import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import { instant } from '../support/step.ts';

const NAMED = { VpcId: 'vpc-1', CreateType: 2, SubnetIds: ['subnet-1', 'subnet-2'] };

describe('the network of a new service', () => {
  let emulator: Emulator;
  let free: CloudClient;
  let strict: CloudClient;

  beforeAll(async () => {
    const environments = [
      { envId: 'free', opened: true },
      {
        envId: 'strict',
        opened: true,
        requiresVpcInfo: true,
        vpcId: 'vpc-1',
        subnetIds: 'subnet-1,subnet-2',
      },
    ];
    emulator = await startEmulator({ timeline: instant, environments });
    free = createClient(emulator, 'free');
    strict = createClient(emulator, 'strict');
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function create(client: CloudClient, name: string, more: object): Promise<unknown> {
    emulator.script(client === free ? 'free' : 'strict', name, { end: 'online', run: false });
    await client.deployImage('Create', name, more);
    await client.waitOnline(name, `${name}-001`);
    return (await client.detail(name)).ServerConfig['VpcConf'];
  }

  it('is that of VpcInfo, which the journal shows', async () => {
    expect(await create(free, 'named', { VpcInfo: NAMED })).toEqual({ VpcId: 'vpc-1', SubnetId: 'subnet-1' });
    expect(await create(free, 'bare', { VpcInfo: { VpcId: 'vpc-1', CreateType: 2 } })).toEqual({
      VpcId: 'vpc-1',
    });
    expect(emulator.journal.writes().map(({ params }) => params['VpcInfo'])).toEqual([
      NAMED,
      { VpcId: 'vpc-1', CreateType: 2 },
    ]);
  });

  it('is that of the item VpcConf when both are given', async () => {
    const VpcConf = { VpcId: 'vpc-2', SubnetId: 'subnet-9', SubnetCIDR: '10.0.0.0/24' };
    const Items = [{ Key: 'VpcConf', VpcConf }];
    expect(await create(free, 'both', { VpcInfo: NAMED, Items })).toEqual(VpcConf);
  });

  it('need not be named in most environments', async () => {
    expect(await create(free, 'none', {})).toBeUndefined();
    expect(await create(free, 'fresh', { VpcInfo: { VpcId: '', CreateType: 1 } })).toBeUndefined();
  });

  it('must be named, and exist, where the environment says so', async () => {
    for (const more of [{}, { VpcInfo: { VpcId: '', CreateType: 1 } }]) {
      await expect(strict.deployImage('Create', 'refused', more)).rejects.toMatchObject({
        code: 'InvalidParameter',
        original: { Message: '无法使用系统创建网络' },
      });
    }
    await expect(strict.detail('refused')).rejects.toMatchObject({ code: 'InvalidParameter' });
    expect(await strict.call('DescribeEnvBaseInfo')).toMatchObject({
      EnvBaseInfo: { VpcId: 'vpc-1', SubnetIds: 'subnet-1,subnet-2' },
    });
    expect(await create(strict, 'named', { VpcInfo: NAMED })).toMatchObject({ VpcId: 'vpc-1' });
  });

  it.each([
    ['no object', 'vpc-1', 'InvalidParameter'],
    ['no CreateType', { VpcId: 'vpc-1' }, 'InvalidParameter'],
    ['an unknown CreateType', { VpcId: 'vpc-1', CreateType: 3 }, 'InvalidParameter'],
    ['a text for SubnetIds', { ...NAMED, SubnetIds: 'subnet-1' }, 'InvalidParameter'],
    ['no VpcId', { CreateType: 2 }, 'MissingParameter'],
  ])('is refused with %s', async (_case, VpcInfo, code) => {
    await expect(free.deployImage('Create', 'refused', { VpcInfo })).rejects.toMatchObject({ code });
  });
});
