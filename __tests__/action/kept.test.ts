import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import {
  ask,
  deploy,
  envId,
  expectTruePlan,
  instant,
  makeWorkspace,
  pretend,
  readLive,
  removeWorkspaces,
  shownBy,
  writesTo,
} from '../support/step.ts';

let emulator: Emulator;
let client: CloudClient;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

function setEnv(serverName: string, env: Readonly<Record<string, string>>): void {
  emulator.changeSettings(envId, serverName, [{ Key: 'EnvParam', Value: JSON.stringify(env) }]);
}

interface Closed {
  readonly name: string;
  /** The config that creates the service. */
  readonly created: string;
  /** The access that it gets at the console after that. */
  readonly closedTo?: readonly string[];
  /** The config of the later updates. */
  readonly asked: string;
  readonly stays: readonly string[];
}

const closed: readonly Closed[] = [
  { name: 'born-closed', created: '', asked: 'OpenAccessTypes: [MINIAPP]', stays: ['MINIAPP'] },
  {
    name: 'shut-later',
    created: 'OpenAccessTypes: [WEB, VPC]',
    closedTo: ['VPC'],
    asked: 'OpenAccessTypes: [PRIVATE]',
    stays: ['VPC'],
  },
];

describe('a service that is closed', () => {
  async function updateTenTimes({ name, created, closedTo, asked }: Closed): Promise<string[]> {
    const deployWith = (config: string): Promise<StepResult> =>
      pretend(emulator, { workspace, inputs: { 'service-name': name, 'server-config': config } });
    await deployWith(created);
    if (closedTo !== undefined)
      emulator.changeSettings(envId, name, [{ Key: 'AccessTypes', ArrayValue: closedTo }]);
    const seen: string[] = [];
    for (let count = 1; count <= 10; count++) {
      const result = await deployWith(count > 5 ? asked : `MaxNum: ${count + 1}`);
      const { access } = await readLive(client, name);
      seen.push([result.exitCode, result.outputs['status'], result.outputs['url'], ...access].join(' '));
    }
    return seen;
  }

  it('is as closed after ten updates, five without and five with OpenAccessTypes', async () => {
    const seen = await Promise.all(closed.map(updateTenTimes));
    for (const [index, { name, stays }] of closed.entries()) {
      expect({ name, seen: seen[index] }).toEqual({
        name,
        seen: Array.from({ length: 10 }, () => `0 live  ${stays.join(' ')}`),
      });
      const updates = writesTo(emulator, name).filter(({ action }) => action === 'UpdateCloudRunServer');
      expect(updates).toHaveLength(10);
      for (const { items } of updates) expect(Object.keys(items)).not.toContain('AccessTypes');
      const { BaseInfo } = await client.detail(name);
      expect((await ask(BaseInfo.DefaultDomainName)).status).toBe(403);
    }
    const [create] = writesTo(emulator, 'born-closed');
    expect(create?.items['AccessTypes']).toEqual(['MINIAPP']);
  }, 120_000);
});

describe('env vars that were set at the console', () => {
  const byHand = ['by hand 4711', 'by hand 0815'] as const;
  const config = 'EnvParams: {OURS: new, DROPPED: null}';

  async function createWith(name: string): Promise<void> {
    await pretend(emulator, {
      workspace,
      inputs: { 'service-name': name, 'server-config': 'EnvParams: {OURS: old}' },
    });
    setEnv(name, { OURS: 'old', DROPPED: 'x', FIRST: byHand[0], SECOND: byHand[1] });
  }

  it('survive a deploy that names others, one that names none, and are not shown', async () => {
    await createWith('merged');
    const inputs = { 'service-name': 'merged', 'server-config': config };
    const first = await pretend(emulator, { workspace, inputs });
    const kept = { OURS: 'new', FIRST: byHand[0], SECOND: byHand[1] };
    expect((await readLive(client, 'merged')).env).toEqual(kept);
    expect(first.lines).toContain('Env vars that stay: FIRST, SECOND.');
    await pretend(emulator, { workspace, inputs: { 'service-name': 'merged' } });
    expect((await readLive(client, 'merged')).env).toEqual(kept);
    expect(Object.keys(writesTo(emulator, 'merged').at(-1)?.items ?? {})).not.toContain('EnvParam');
    for (const value of byHand) expect(shownBy(first)).not.toContain(value);
  }, 60_000);

  it('go with env-strategy: replace, those and no others, each by its name', async () => {
    await createWith('replaced');
    const inputs = {
      'service-name': 'replaced',
      'server-config': 'EnvParams: {OURS: old, SECOND: mine}',
      'env-from': 'THIRD',
      'env-strategy': 'replace',
    };
    const before = await client.detail('replaced');
    const result = await pretend(emulator, { workspace, inputs, env: { THIRD: 'from the step' } });
    const after = await client.detail('replaced');
    expect((await readLive(client, 'replaced')).env).toEqual({
      OURS: 'old',
      SECOND: 'mine',
      THIRD: 'from the step',
    });
    expect({ ...after.ServerConfig, EnvParams: '' }).toEqual({ ...before.ServerConfig, EnvParams: '' });
    expect(after.BaseInfo.AccessTypes).toEqual(before.BaseInfo.AccessTypes);
    const shown = result.lines.filter((line) => line.startsWith('EnvParams.')).sort();
    expect(shown).toEqual([
      'EnvParams.DROPPED: (a value) → (deleted) (new version)',
      'EnvParams.FIRST: (a value) → (deleted) (new version)',
      'EnvParams.SECOND: (a value) → (another value) (new version)',
      'EnvParams.THIRD: (not set) → (a value) (new version)',
    ]);
  }, 60_000);

  it('all go with an empty map, and none by accident', async () => {
    await createWith('emptied');
    const inputs = { 'service-name': 'emptied', 'env-strategy': 'replace', 'server-config': 'MinNum: 0' };
    const refused = await deploy(emulator, { workspace, inputs });
    expect([refused.exitCode, refused.outputs['failure-kind']]).toEqual([1, 'input']);
    expect(Object.keys((await readLive(client, 'emptied')).env)).toHaveLength(4);
    const result = await pretend(emulator, {
      workspace,
      inputs: { ...inputs, 'server-config': 'EnvParams: {}' },
    });
    expect([result.exitCode, (await readLive(client, 'emptied')).env]).toEqual([0, {}]);
  }, 60_000);
});

describe('what changes at the console between compare and release', () => {
  const hands = { NEW_KEY: 'by hand 1147', OLD_KEY: 'by hand 2258', OURS: 'old' };
  let result: StepResult;

  beforeAll(async () => {
    const inputs = { 'service-name': 'raced', 'server-config': 'EnvParams: {OURS: old, OLD_KEY: before}' };
    await pretend(emulator, { workspace, inputs });
    result = await pretend(emulator, {
      workspace,
      inputs: { 'service-name': 'raced', 'server-config': 'MaxNum: 7\nEnvParams: {OURS: new}' },
      onLine: (line) => {
        if (line !== '::group::Build') return;
        setEnv('raced', hands);
        emulator.changeSettings(envId, 'raced', [
          { Key: 'MaxNum', IntValue: 9 },
          { Key: 'AccessTypes', ArrayValue: ['VPC'] },
        ]);
      },
    });
  }, 60_000);

  it('survives, where the config does not ask for something else', async () => {
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    const { env, access } = await readLive(client, 'raced');
    expect(env).toEqual({ ...hands, OURS: 'new' });
    expect(access).toEqual(['VPC']);
    expect((await client.detail('raced')).ServerConfig).toMatchObject({ MaxNum: 7 });
  });

  it('makes the plan be shown again, as it is then written', () => {
    const at = (text: string): number => result.lines.findIndex((line) => line.includes(text));
    const again = at('::notice::The live service was changed while this run was at work.');
    expect(at('MaxNum: 5 → 7 (hot)')).toBeGreaterThan(0);
    expect(again).toBeGreaterThan(at('::group::Release'));
    expect(at('MaxNum: 9 → 7 (hot)')).toBeGreaterThan(again);
    expect(JSON.parse(result.outputs['plan'] ?? '')).toMatchObject({
      settings: [
        { setting: 'MaxNum', from: '9', to: '7' },
        { setting: 'EnvParams.OURS', kind: 'changed' },
      ],
      keptEnv: ['NEW_KEY', 'OLD_KEY'],
    });
    expect(result.summary).toContain('| <code>MaxNum</code> | 9 | 7 | hot |');
  });
});

describe.each([
  ['service', 'null'],
  ['online-version', 'empty'],
] as const)(
  'what serves, where an update builds on the %s, and what is not set is told as %s',
  (updateBase, unsetInVersion) => {
    const good = 'EnvParams: {LEVEL: info}';
    const bad = 'Cpu: 1\nMem: 2\nEnvParams: {LEVEL: broken, NEWKEY: x}';
    const more = `Port: 9000
CustomLogs: none
Dockerfile: Dockerfile.next
BuildDir: sub
PolicyDetails: [{PolicyType: cpu, PolicyThreshold: 80}]
EntryPoint: [node]
Cmd: [broken.js]
VolumesConf: [{Type: cos, BucketName: files, DstPath: /files}]
VpcConf: {VpcId: vpc-own, SubnetId: subnet-own}`;
    let cloud: Emulator;
    let own: CloudClient;
    let box: string;

    beforeAll(async () => {
      cloud = await startEmulator({ timeline: instant, assumptions: { updateBase, unsetInVersion } });
      own = createClient(cloud);
      const dockerfile = 'FROM node:24-slim\nEXPOSE 8080\nUSER node\nCMD ["node", "server.js"]\n';
      box = await makeWorkspace({ Dockerfile: dockerfile, 'sub/Dockerfile.next': dockerfile });
    });
    afterAll(() => cloud.close());

    async function settingsOf(serviceName: string, number: string): Promise<object[]> {
      const VersionName = `${serviceName}-${number}`;
      const { OnlineVersionInfos, ServerConfig } = await own.detail(serviceName);
      expect(OnlineVersionInfos?.[0]?.VersionName).toBe(VersionName);
      const version = await own.call('DescribeVersionDetail', { ServerName: serviceName, VersionName });
      const { Name, CreatedTime, UpdatedTime, RequestId, ...settings } = version;
      expect([Name, CreatedTime, UpdatedTime, RequestId]).not.toContain(undefined);
      return [settings, ServerConfig].map(withoutEmpty);
    }

    const withoutEmpty = (settings: Readonly<Record<string, unknown>>): object =>
      Object.fromEntries(
        Object.entries(settings).filter(
          ([, value]) => !['null', '""', '"."', '[]'].includes(JSON.stringify(value)),
        ),
      );

    const rows = [
      { name: 'merged', in: 'function', config: good, next: bad },
      { name: 'replaced', in: 'function', config: good, next: bad, 'env-strategy': 'replace' },
      { name: 'without-env', in: 'function', config: 'MaxNum: 5', next: bad },
      {
        name: 'boxed',
        in: 'container',
        config: 'EnvParams: {}',
        next: `${bad}\n${more}`,
      },
    ];

    it.each(rows)(
      'is live again when a release that failed is taken back: $name',
      async (row) => {
        const { name: serviceName, config, next, 'env-strategy': strategy = 'merge' } = row;
        const run = (go: typeof deploy, settings: string, more: object = {}): Promise<StepResult> => {
          const inputs = { 'service-name': serviceName, 'server-config': settings, 'env-strategy': strategy };
          const folder = row.in === 'function' ? workspace : box;
          return go(cloud, { workspace: folder, inputs: { ...inputs, ...more } });
        };
        await run(pretend, config);
        const served = await settingsOf(serviceName, '001');
        cloud.script(envId, serviceName, { end: 'deploy_failed', run: false, log: 'LEVEL is unknown' });
        const failed = await run(deploy, next);
        expect([failed.exitCode, failed.outputs['failure-kind']]).toEqual([1, 'crash-loop']);
        const plan = await run(deploy, config, { command: 'plan' });
        expect(plan.lines).toContain('No setting changes.');
        expect(plan.outputs['changed']).toBe('true');
        const place = { emulator: cloud, client: own, serviceName };
        const back = await expectTruePlan(place, () => run(pretend, config));
        expect([back.exitCode, back.stderr, back.outputs['status']]).toEqual([0, '', 'live']);
        expect(back.outputs['plan']).toBe(plan.outputs['plan']);
        expect(back.lines.filter((line) => line.startsWith('::notice'))).toEqual([]);
        expect(await settingsOf(serviceName, '003')).toEqual(served);
      },
      60_000,
    );

    it('stays when a release follows a rollback, and changes only as it is shown', async () => {
      const serviceName = 'rolled-back';
      const run = (config: string): Promise<StepResult> =>
        pretend(cloud, { workspace, inputs: { 'service-name': serviceName, 'server-config': config } });
      await run(good);
      const served = await settingsOf(serviceName, '001');
      await run(bad);
      const rollBack = async (current: string): Promise<void> => {
        const versions = { CurrentVersionName: current, RollbackVersionName: 'rolled-back-001' };
        await own.call('SubmitServerRollback', { ServerName: serviceName, ...versions });
        await own.waitOnline(serviceName, 'rolled-back-001');
      };
      await rollBack('rolled-back-002');
      const place = { emulator: cloud, client: own, serviceName };
      const same = await expectTruePlan(place, () => run(good));
      expect([same.exitCode, same.outputs['status']]).toEqual([0, 'live']);
      expect(same.lines).toContain('No setting changes.');
      expect(await settingsOf(serviceName, '003')).toEqual(served);
      await run(bad);
      await rollBack('rolled-back-004');
      const other = await expectTruePlan(place, () => run('CustomLogs: none\nEnvParams: {LEVEL: debug}'));
      const shown = other.lines.filter((line) => line.includes(' → '));
      expect(shown.sort()).toEqual([
        'CustomLogs: stdout → none (new version)',
        'EnvParams.LEVEL: (a value) → (another value) (new version)',
      ]);
      expect((await readLive(own, serviceName)).env).toEqual({ LEVEL: 'debug' });
    }, 60_000);
  },
);

describe('a service in an environment that requires a network', () => {
  const network = { VpcId: 'vpc-own', SubnetId: 'subnet-own' };
  let strict: Emulator;

  beforeAll(async () => {
    const known = { opened: true, requiresVpcInfo: true };
    strict = await startEmulator({
      timeline: instant,
      environments: [
        { envId, ...known, vpcId: 'vpc-env', subnetIds: 'subnet-a,subnet-b' },
        { envId: 'bare-env', ...known },
      ],
    });
  });
  afterAll(() => strict.close());

  const rows = [
    { name: 'of-environment', config: '', info: { VpcId: 'vpc-env', SubnetIds: ['subnet-a', 'subnet-b'] } },
    {
      name: 'of-config',
      config: `VpcConf: {VpcId: ${network.VpcId}, SubnetId: ${network.SubnetId}}`,
      info: { VpcId: network.VpcId, SubnetIds: [network.SubnetId] },
    },
  ];

  it.each(rows)('is created in the one $name', async ({ name, config, info }) => {
    const inputs = { 'service-name': name, 'server-config': config };
    const result = await pretend(strict, { workspace, inputs });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
    const [create, ...more] = writesTo(strict, name);
    expect([create?.action, create?.params['VpcInfo'], more]).toEqual([
      'CreateCloudRunServer',
      { CreateType: 2, ...info },
      [],
    ]);
    expect(create?.items['VpcConf']).toEqual(config === '' ? undefined : network);
  });

  it('is sent its network again with an update, all fields of it', async () => {
    const live = { ...network, VpcCIDR: '10.0.0.0/16', SubnetCIDR: '10.0.1.0/24' };
    strict.changeSettings(envId, 'of-config', [{ Key: 'VpcConf', VpcConf: live }]);
    const result = await pretend(strict, { workspace, inputs: { 'service-name': 'of-config' } });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
    const update = writesTo(strict, 'of-config').at(-1);
    expect([update?.action, update?.items]).toEqual(['UpdateCloudRunServer', { VpcConf: live }]);
  });

  it('is refused in the words of the platform where nobody knows a network', async () => {
    const inputs = { 'service-name': 'nowhere', 'env-id': 'bare-env' };
    const result = await pretend(strict, { workspace, inputs });
    expect([result.exitCode, result.outputs['status']]).toEqual([1, 'failed']);
    expect(result.lines.at(-1)).toContain('无法使用系统创建网络');
  });
});
