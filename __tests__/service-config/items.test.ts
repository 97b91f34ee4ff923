import { describe, expect, it } from '@jest/globals';

import type { ConfigItem } from '../../src/ports.ts';
import { buildItems } from '../../src/service-config/items.ts';
import { resolveSettings, type Live } from '../../src/service-config/merge.ts';
import { parseServiceConfig } from '../../src/service-config/parse.ts';
import { settingNames, type Settings } from '../../src/service-config/schema.ts';

interface Form {
  readonly yaml: string;
  readonly items: readonly ConfigItem[];
  /** The same value as the platform reads it back. */
  readonly live: unknown;
}

const timer = {
  CycleType: 'weekly',
  StartDate: '2025-01-31',
  EndDate: '2025-12-31',
  StartTime: '08:00',
  EndTime: '20:00',
  ReplicaNum: 2,
};
const volume = {
  Type: 'cos',
  BucketName: 'files-1250000000',
  Endpoint: 'https://cos.test',
  KeyID: 'key',
  DstPath: '/files',
  SrcPath: '/sub',
  MountIP: '10.0.0.2',
  ReadOnly: true,
  InstanceId: 'cfs-1',
};
const policies = [
  { PolicyType: 'cpu', PolicyThreshold: 60 },
  { PolicyType: 'mem', PolicyThreshold: 70 },
];
const vpc = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
const sizes = [
  { Key: 'CpuSpecs', FloatValue: 0.25 },
  { Key: 'MemSpecs', FloatValue: 0.5 },
];

/** A setting whose text in the YAML, in the item and in what is read back is one and the same. */
const textForm = (name: string, value: string, key = name): Form => ({
  yaml: `${name}: ${value}`,
  items: [{ Key: key, Value: value }],
  live: value,
});

/** Each setting as YAML, and the API items that carry it. */
const forms: Readonly<Record<Exclude<keyof Settings, 'InstallDependency'>, Form>> = {
  OpenAccessTypes: {
    yaml: 'OpenAccessTypes: [WEB, VPC]',
    items: [{ Key: 'AccessTypes', ArrayValue: ['PUBLIC', 'VPC'] }],
    live: ['VPC', 'PUBLIC'],
  },
  Cpu: { yaml: 'Cpu: 0.25\nMem: 0.5', items: sizes, live: 0.25 },
  Mem: { yaml: 'Cpu: "0.25"\nMem: "0.5"', items: sizes, live: 0.5 },
  MinNum: { yaml: 'MinNum: 1', items: [{ Key: 'MinNum', IntValue: 1 }], live: 1 },
  MaxNum: { yaml: 'MaxNum: "5"', items: [{ Key: 'MaxNum', IntValue: 5 }], live: 5 },
  PolicyDetails: {
    yaml: `PolicyDetails:\n  - PolicyType: cpu\n    PolicyThreshold: 60\n  - {PolicyType: mem, PolicyThreshold: "70"}`,
    items: [{ Key: 'PolicyDetails', PolicyDetails: policies }],
    live: [...policies].reverse(),
  },
  TimerScale: {
    yaml: `TimerScale: [${JSON.stringify(timer)}]`,
    items: [{ Key: 'TimerScale', TimerScale: [timer] }],
    live: [timer],
  },
  CustomLogs: textForm('CustomLogs', '/app/logs/*.log', 'LogPath'),
  LogType: textForm('LogType', 'custom'),
  LogSetId: textForm('LogSetId', 'set-1'),
  LogTopicId: textForm('LogTopicId', 'topic-1'),
  LogParseType: textForm('LogParseType', 'json'),
  EnvParams: {
    yaml: `EnvParams:\n  COUNT: 010\n  ON: true\n  JSON: '{"a": [1]}'\n  GONE: null`,
    items: [{ Key: 'EnvParam', Value: '{"COUNT":"010","ON":"true","JSON":"{\\"a\\": [1]}"}' }],
    live: '{"ON":"true","JSON":"{\\"a\\": [1]}","COUNT":"010"}',
  },
  Port: { yaml: 'Port: 8080', items: [{ Key: 'Port', IntValue: 8080 }], live: 8080 },
  Dockerfile: textForm('Dockerfile', 'docker/api.Dockerfile'),
  BuildDir: { ...textForm('BuildDir', 'services/api'), live: './services/api/' },
  InternalAccess: textForm('InternalAccess', 'open'),
  InternalDomain: textForm('InternalDomain', 'shop.internal'),
  EntryPoint: {
    yaml: 'EntryPoint: [sh, -c]',
    items: [{ Key: 'EntryPoint', ArrayValue: ['sh', '-c'] }],
    live: ['sh', '-c'],
  },
  Cmd: {
    yaml: 'Cmd: ["node server.js", --verbose]',
    items: [{ Key: 'Cmd', ArrayValue: ['node server.js', '--verbose'] }],
    live: ['node server.js', '--verbose'],
  },
  InitialDelaySeconds: {
    yaml: 'InitialDelaySeconds: 2',
    items: [{ Key: 'InitialDelaySeconds', IntValue: 2 }],
    live: 2,
  },
  OperationMode: textForm('OperationMode', 'noScale'),
  SessionAffinity: textForm('SessionAffinity', 'open'),
  VpcConf: {
    yaml: 'VpcConf: {VpcId: vpc-1, SubnetId: subnet-1}',
    items: [{ Key: 'VpcConf', VpcConf: vpc }],
    live: vpc,
  },
  VolumesConf: {
    yaml: `VolumesConf: [${JSON.stringify(volume)}]`,
    items: [{ Key: 'VolumesConf', VolumesConf: [volume] }],
    live: [volume],
  },
  PublicNetConf: {
    yaml: 'PublicNetConf: {PublicNetStatus: DISABLE}',
    items: [{ Key: 'PublicNetConf', PublicNetConf: { PublicNetStatus: 'DISABLE' } }],
    live: { PublicNetStatus: 'DISABLE', Bandwidth: 0 },
  },
};

/** The items by which an update goes out over what is live. */
function updateItems(yaml: string, live: Readonly<Record<string, unknown>>): ConfigItem[] {
  const { value, problems } = parseServiceConfig(yaml, 'cloud.yml');
  expect(problems).toEqual([]);
  const { OpenAccessTypes = [], ...settings } = live;
  const accessTypes = OpenAccessTypes as string[];
  const known: Live = {
    settings,
    ownSettings: settings,
    accessTypes,
    recordNumber: 1,
    isNewestServing: true,
    isFunction: false,
  };
  return buildItems(resolveSettings({ settings: value?.settings ?? {}, envStrategy: 'merge' }, known).sent);
}

describe('from the YAML to the API', () => {
  const all = Object.fromEntries(Object.entries(forms).map(([name, { live }]) => [name, live]));

  it.each(Object.entries(forms))('%s is sent as the API takes it', (_name, { yaml, items }) => {
    expect(updateItems(yaml, {})).toEqual(items);
  });

  it.each(Object.entries(forms))('%s is not sent where it is live', (name, { yaml, items }) => {
    // A new version may not inherit the VPC, so it goes out always.
    const { VpcConf, ...others } = all;
    const live = name === 'VpcConf' ? { ...others, VpcConf } : others;
    expect(updateItems(yaml, live)).toEqual(name === 'VpcConf' ? items : []);
  });

  it('each setting has an item, but InstallDependency, which is about the package', () => {
    expect([...Object.keys(forms), 'InstallDependency'].sort()).toEqual([...settingNames].sort());
    expect(updateItems('InstallDependency: false', {})).toEqual([]);
  });

  it('all settings at once are one item each', () => {
    const { Mem, ...others } = forms;
    const items = updateItems(
      Object.values(others)
        .map(({ yaml }) => yaml)
        .join('\n'),
      {},
    );
    expect(items).toEqual([...new Set(Object.values(others).flatMap((form) => form.items))]);
    expect(new Set(items.map(({ Key }) => Key)).size).toBe(settingNames.length - 1);
    expect(Mem.items).toEqual(sizes);
  });
});

it('sends nothing that is not set, and what is zero or empty', () => {
  expect(buildItems({})).toEqual([]);
  expect(buildItems({ Cpu: undefined, MinNum: 0, Cmd: [], EnvParams: {} })).toEqual([
    { Key: 'MinNum', IntValue: 0 },
    { Key: 'EnvParam', Value: '{}' },
    { Key: 'Cmd', ArrayValue: [] },
  ]);
});
