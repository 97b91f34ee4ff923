import type { ConfigItem } from '../ports.ts';
import type { Settings } from './schema.ts';

type ValueField =
  | 'Value'
  | 'IntValue'
  | 'FloatValue'
  | 'ArrayValue'
  | 'PolicyDetails'
  | 'TimerScale'
  | 'VpcConf'
  | 'VolumesConf'
  | 'PublicNetConf';

type ItemName = Exclude<keyof Settings, 'InstallDependency'>;

/** The key and the value field of the API item behind each setting (API type DiffConfigItem, version 2022-02-17). */
const itemForms: Readonly<Record<ItemName, readonly [key: string, field: ValueField]>> = {
  OpenAccessTypes: ['AccessTypes', 'ArrayValue'],
  Cpu: ['CpuSpecs', 'FloatValue'],
  Mem: ['MemSpecs', 'FloatValue'],
  MinNum: ['MinNum', 'IntValue'],
  MaxNum: ['MaxNum', 'IntValue'],
  PolicyDetails: ['PolicyDetails', 'PolicyDetails'],
  TimerScale: ['TimerScale', 'TimerScale'],
  CustomLogs: ['LogPath', 'Value'],
  LogType: ['LogType', 'Value'],
  LogSetId: ['LogSetId', 'Value'],
  LogTopicId: ['LogTopicId', 'Value'],
  LogParseType: ['LogParseType', 'Value'],
  EnvParams: ['EnvParam', 'Value'],
  Port: ['Port', 'IntValue'],
  Dockerfile: ['Dockerfile', 'Value'],
  BuildDir: ['BuildDir', 'Value'],
  InternalAccess: ['InternalAccess', 'Value'],
  InternalDomain: ['InternalDomain', 'Value'],
  EntryPoint: ['EntryPoint', 'ArrayValue'],
  Cmd: ['Cmd', 'ArrayValue'],
  InitialDelaySeconds: ['InitialDelaySeconds', 'IntValue'],
  OperationMode: ['OperationMode', 'Value'],
  SessionAffinity: ['SessionAffinity', 'Value'],
  VpcConf: ['VpcConf', 'VpcConf'],
  VolumesConf: ['VolumesConf', 'VolumesConf'],
  PublicNetConf: ['PublicNetConf', 'PublicNetConf'],
};

/** Turns settings into API items; a setting that is not there makes no item, for the API keeps what is not sent. */
export function buildItems(settings: Settings): ConfigItem[] {
  return (Object.keys(itemForms) as ItemName[]).flatMap((name) => {
    const value = settings[name];
    if (value === undefined) return [];
    const [key, field] = itemForms[name];
    return [{ Key: key, [field]: name === 'EnvParams' ? JSON.stringify(value) : value }];
  });
}
