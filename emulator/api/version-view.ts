import { readSettings } from '../release/settings.ts';
import type { Cloud } from '../state/cloud.ts';
import { configText, configTexts, type ServerConfig } from '../state/config.ts';
import { imageOrigin, type Version } from '../state/model.ts';
import { platformTime } from '../state/names.ts';
import type { Answer } from './envelope.ts';
import { inCase } from './views.ts';

const EMPTY = {
  VpcConf: { VpcId: '', VpcCIDR: '', SubnetId: '', SubnetCIDR: '' },
  VolumesConf: [],
  BuildPacks: { BaseImage: '', EntryPoint: '', RepoLanguage: '', UploadFilename: '', LanguageVersion: '' },
};

/**
 * A version as `DescribeVersionDetailResponse`, with every field of that model and no other: what else a service has,
 * its access types, delay, log target or tag, is not told of a version.
 */
export function viewVersionDetail(cloud: Cloud, version: Version): Answer {
  const config = readSettings(version);
  return {
    Name: version.name,
    Port: config['Port'],
    Cpu: config['Cpu'],
    Mem: config['Mem'],
    MinNum: config['MinNum'],
    MaxNum: config['MaxNum'],
    PolicyDetails: config['PolicyDetails'],
    Dockerfile: configText(config, 'Dockerfile'),
    BuildDir: configText(config, 'BuildDir'),
    EnvParams: configText(config, 'EnvParams'),
    Status: inCase(cloud, version.status),
    CreatedTime: platformTime(version.startedAt),
    UpdatedTime: platformTime(version.updatedAt),
    LogPath: configText(config, 'CustomLogs'),
    EntryPoint: viewCommand(cloud, config, 'EntryPoint'),
    Cmd: viewCommand(cloud, config, 'Cmd'),
    VpcConf: config['VpcConf'] ?? viewUnset(cloud, 'VpcConf'),
    VolumesConf: config['VolumesConf'] ?? viewUnset(cloud, 'VolumesConf'),
    BuildPacks: viewBuildPacks(cloud, version),
  };
}

function viewCommand(cloud: Cloud, config: ServerConfig, field: string): string | null {
  const words = configTexts(config, field);
  return words.length === 0 && cloud.assumptions.unsetInVersion === 'null' ? null : words.join(' ');
}

function viewBuildPacks(cloud: Cloud, version: Version): unknown {
  const { source } = imageOrigin(version);
  const buildPacks = source.kind === 'package' ? source.buildPacks : undefined;
  return buildPacks === undefined ? viewUnset(cloud, 'BuildPacks') : { ...EMPTY.BuildPacks, ...buildPacks };
}

function viewUnset(cloud: Cloud, field: keyof typeof EMPTY): unknown {
  return cloud.assumptions.unsetInVersion === 'null' ? null : EMPTY[field];
}
