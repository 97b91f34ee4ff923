import { expect, it } from '@jest/globals';

import { buildItems } from '../../src/service-config/items.ts';
import { settingNames, type Settings } from '../../src/service-config/schema.ts';

const policy = [{ PolicyType: 'cpu' as const, PolicyThreshold: 60 }];
const timer = [{ CycleType: 'daily' as const, StartTime: '08:00', EndTime: '20:00', ReplicaNum: 2 }];
const volumes = [{ Type: 'cos', BucketName: 'b' }];
const vpc = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };

/** Each setting, and the API item that carries it. */
const forms: Readonly<Record<string, readonly [Settings, object]>> = {
  OpenAccessTypes: [{ OpenAccessTypes: ['PUBLIC'] }, { Key: 'AccessTypes', ArrayValue: ['PUBLIC'] }],
  Cpu: [{ Cpu: 0.5 }, { Key: 'CpuSpecs', FloatValue: 0.5 }],
  Mem: [{ Mem: 1 }, { Key: 'MemSpecs', FloatValue: 1 }],
  MinNum: [{ MinNum: 0 }, { Key: 'MinNum', IntValue: 0 }],
  MaxNum: [{ MaxNum: 5 }, { Key: 'MaxNum', IntValue: 5 }],
  PolicyDetails: [{ PolicyDetails: policy }, { Key: 'PolicyDetails', PolicyDetails: policy }],
  TimerScale: [{ TimerScale: timer }, { Key: 'TimerScale', TimerScale: timer }],
  CustomLogs: [{ CustomLogs: 'stdout' }, { Key: 'LogPath', Value: 'stdout' }],
  LogType: [{ LogType: 'none' }, { Key: 'LogType', Value: 'none' }],
  LogSetId: [{ LogSetId: 'set' }, { Key: 'LogSetId', Value: 'set' }],
  LogTopicId: [{ LogTopicId: 'topic' }, { Key: 'LogTopicId', Value: 'topic' }],
  LogParseType: [{ LogParseType: 'json' }, { Key: 'LogParseType', Value: 'json' }],
  EnvParams: [{ EnvParams: { A: '1' } }, { Key: 'EnvParam', Value: '{"A":"1"}' }],
  Port: [{ Port: 8080 }, { Key: 'Port', IntValue: 8080 }],
  Dockerfile: [{ Dockerfile: 'D' }, { Key: 'Dockerfile', Value: 'D' }],
  BuildDir: [{ BuildDir: 'app' }, { Key: 'BuildDir', Value: 'app' }],
  InternalAccess: [{ InternalAccess: 'open' }, { Key: 'InternalAccess', Value: 'open' }],
  InternalDomain: [{ InternalDomain: 'x' }, { Key: 'InternalDomain', Value: 'x' }],
  EntryPoint: [{ EntryPoint: ['node'] }, { Key: 'EntryPoint', ArrayValue: ['node'] }],
  Cmd: [{ Cmd: ['a', 'b'] }, { Key: 'Cmd', ArrayValue: ['a', 'b'] }],
  InitialDelaySeconds: [{ InitialDelaySeconds: 2 }, { Key: 'InitialDelaySeconds', IntValue: 2 }],
  OperationMode: [{ OperationMode: 'noScale' }, { Key: 'OperationMode', Value: 'noScale' }],
  SessionAffinity: [{ SessionAffinity: 'open' }, { Key: 'SessionAffinity', Value: 'open' }],
  VpcConf: [{ VpcConf: vpc }, { Key: 'VpcConf', VpcConf: vpc }],
  VolumesConf: [{ VolumesConf: volumes }, { Key: 'VolumesConf', VolumesConf: volumes }],
  PublicNetConf: [
    { PublicNetConf: { PublicNetStatus: 'DISABLE' } },
    { Key: 'PublicNetConf', PublicNetConf: { PublicNetStatus: 'DISABLE' } },
  ],
};

it.each(Object.entries(forms))('sends %s as the API takes it', (_name, [settings, item]) => {
  expect(buildItems(settings)).toEqual([item]);
});

it('has a form for every setting but InstallDependency, which is about the package', () => {
  expect([...Object.keys(forms), 'InstallDependency'].sort()).toEqual([...settingNames].sort());
  expect(buildItems({ InstallDependency: false })).toEqual([]);
});

it('sends nothing that is not set', () => {
  expect(buildItems({})).toEqual([]);
  expect(buildItems({ Cpu: undefined, MinNum: 0 })).toEqual([{ Key: 'MinNum', IntValue: 0 }]);
});
