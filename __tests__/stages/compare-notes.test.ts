import { describe, expect, it } from '@jest/globals';

import type { ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { compare, isChanging, type Plan } from '../../src/stages/compare.ts';
import type { LiveState } from '../../src/stages/look.ts';
import { containerProject, liveState, network, serviceConfig, serviceDetail } from '../support/samples.ts';

const staysClosed =
  'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.';

function planFor(settings: Settings, live: LiveState): Plan {
  const config = serviceConfig(settings);
  return compare({ config, envFrom: {}, envStrategy: 'merge', live, project: containerProject() });
}

describe('the newest release and the version that serves', () => {
  const versions = (...names: readonly string[]): Partial<ServiceDetail> => ({
    onlineVersions: names.map((versionName) => ({ versionName, imageUrl: '', share: 50 })),
  });
  const settings = { Port: 8080, Cpu: 0.5, Mem: 1, Cmd: ['a'], MinNum: 0, EnvParams: '{"A":"1"}' };
  const left = { ...settings, Cpu: 2, Mem: 4, Cmd: ['x'], EnvParams: '{"A":"canary"}' };
  const seenAt = (recordNumber: number, given: Partial<ServiceDetail> = {}): LiveState => ({
    ...liveState(serviceDetail({ settings, ownSettings: left, ...given })),
    baseline: { recordNumber, taskId: 10 },
  });
  const failed = expect.stringMatching(/^The newest release is not the one that serves\. /);

  it.each<[string, LiveState, unknown]>([
    ['are one', seenAt(1), undefined],
    ['are two, after a failed release', seenAt(2), failed],
    [
      'are two, where a version serves beside the newest',
      seenAt(2, versions('shop-002', 'shop-001')),
      expect.stringMatching(/^Several versions share the traffic;/),
    ],
    ['are two, where nothing serves', seenAt(1, versions()), expect.stringMatching(/^No version serves: /)],
    [
      'are two, and the settings of what serves cannot be read',
      seenAt(2, { settingsOf: 'service' }),
      expect.stringMatching(/cannot be read: .* Allow tcbr:DescribeVersionDetail\.$/),
    ],
  ])('%s', (_what, live, note) => {
    const isNewestServing = note === undefined;
    const plan = planFor({}, live);
    expect(plan.isNewestServing).toBe(isNewestServing);
    expect(plan.notes).toEqual(isNewestServing ? [] : [note]);
    expect(isChanging({ ...plan, source: 'same' })).toBe(!isNewestServing);
  });

  it('that are two name what cannot be taken back', () => {
    const ownSettings = {
      ...left,
      CustomLogs: 'stdout',
      InternalAccess: 'open',
      VpcConf: { VpcId: 'vpc-1', SubnetId: 'subnet-1' },
    };
    const live = seenAt(2, { settings: { ...settings, CustomLogs: '', VpcConf: null }, ownSettings });
    expect(planFor({}, live).notes[0]).toMatch(
      /sent again; as it left them stay CustomLogs, InternalAccess, VpcConf\.$/,
    );
    expect(planFor({ CustomLogs: '/log' }, live).notes[0]).toMatch(/stay InternalAccess, VpcConf\.$/);
  });

  it('are one for a new service', () => {
    const plan = planFor({ OpenAccessTypes: ['VPC'] }, liveState(undefined));
    expect([plan.isNewestServing, plan.notes]).toEqual([true, []]);
  });

  it('are compared so that nothing changes for what serves', () => {
    const plan = planFor({}, seenAt(2));
    expect(plan.changes).toEqual({ settings: [], keptEnv: ['A'], access: [] });
    expect(planFor({ MinNum: 1, Cpu: 1, Mem: 2 }, seenAt(2)).changes.settings).toEqual([
      { setting: 'Cpu', kind: 'changed', from: '0.5', to: '1', effect: 'new version' },
      { setting: 'Mem', kind: 'changed', from: '1', to: '2', effect: 'new version' },
      { setting: 'MinNum', kind: 'changed', from: '0', to: '1', effect: 'new version' },
    ]);
  });

  it('are not judged while a release is under way', () => {
    const live = { ...seenAt(2), underWay: '"shop-003"' };
    expect(planFor({}, live).notes).toEqual([expect.stringContaining('"shop-003"')]);
  });
});

describe('the network of a new service', () => {
  const VpcConf = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
  const joins = (ids: string): string => `The new service joins the network of the environment, ${ids}.`;
  const two = { vpcId: 'vpc-2', subnetIds: ['subnet-a', 'subnet-b'] };

  it.each<[string, Settings, LiveState['network'], string[]]>([
    ['the environment’s', {}, network, [staysClosed, joins('vpc-env, subnet-env')]],
    ['with two subnets', {}, two, [staysClosed, joins('vpc-2, subnet-a, subnet-b')]],
    [
      'the environment’s, for a public service',
      { OpenAccessTypes: ['WEB'] },
      network,
      [joins('vpc-env, subnet-env')],
    ],
    ['the user’s', { VpcConf }, network, [staysClosed]],
    ['none', {}, undefined, [staysClosed]],
  ])('is said: %s', (...[, settings, ofEnvironment, notes]) => {
    const live = { ...liveState(undefined), network: ofEnvironment };
    expect(planFor(settings, live).notes).toEqual(notes);
  });

  it('is not said of a service that is there', () => {
    const live = { ...liveState(serviceDetail()), network };
    expect(planFor({}, live).notes).toEqual([]);
  });
});
