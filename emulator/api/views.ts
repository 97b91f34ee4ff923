import type { Cloud } from '../state/cloud.ts';
import { onlineVersions, type Service, type Step, type Task, type Version } from '../state/model.ts';
import { platformTime } from '../state/names.ts';
import { readSettings } from '../release/settings.ts';
import { openGray } from '../release/start.ts';
import { configText, configTexts, type ServerConfig } from '../state/config.ts';
import type { Answer } from './envelope.ts';

/** A service as `ServerBaseInfo`. */
export function viewBaseInfo(cloud: Cloud, service: Service): Answer {
  return {
    ServerName: service.name,
    DefaultDomainName: service.gateway.url,
    CustomDomainName: '',
    CustomDomainNames: [],
    Status: inCase(cloud, service.status),
    UpdateTime: platformTime(service.updatedAt),
    CreateTime: platformTime(service.createdAt),
    AccessTypes: viewAccessTypes(cloud, service),
    ServerType: service.mode,
    TrafficType: 'FLOW',
  };
}

/** A service's settings as `ServerBaseConfig`. */
export function viewConfig(cloud: Cloud, service: Service): Answer {
  const config = readSettings(service);
  return {
    ...(cloud.assumptions.readBack === 'as-sent' ? config : fillIn(config)),
    EnvId: service.envId,
    ServerName: service.name,
    CreateTime: platformTime(service.createdAt),
    OpenAccessTypes: viewAccessTypes(cloud, service),
  };
}

/** The versions that get requests, as `OnlineVersionInfo`s. */
export function viewOnline(cloud: Cloud, service: Service): Answer[] | null {
  const suffix = cloud.assumptions.flowRatio === 'percent' ? '%' : '';
  const list = onlineVersions(service).map((version) => ({
    VersionName: version.name,
    ImageUrl: version.imageUrl,
    FlowRatio: `${version.share}${suffix}`,
  }));
  return orNull(cloud, list);
}

/** One attempt as `DeployRecord`. */
export function viewRecord(cloud: Cloud, service: Service, version: Version): Answer {
  return {
    DeployId: cloud.assumptions.deployId === 'prefixed' ? version.name : version.deployId,
    DeployTime: platformTime(version.startedAt),
    Status: inCase(cloud, version.status),
    RunId: version.runId,
    BuildId: version.buildId,
    FlowRatio: version.share,
    ImageUrl: version.imageUrl,
    ScaleStatus: version.scaledToZero ? 'zero' : '',
    HasTraffic: version.share > 0,
    TrafficType: 'FLOW',
    IsReleasing: openGray(service)?.version === version,
  };
}

/** A task as `ServerManageTaskInfo`; the zero-valued one of the vendor's sample when there is none. */
export function viewTask(cloud: Cloud, service: Service | undefined, task: Task | undefined): Answer {
  return {
    Id: task?.id ?? 0,
    EnvId: service?.envId ?? '',
    ServerName: service?.name ?? '',
    CreateTime: task === undefined ? '' : platformTime(task.createdAt),
    ChangeType: task?.changeType ?? '',
    ReleaseType: task?.releaseType ?? '',
    DeployType: task?.deployType ?? '',
    PreVersionName: task?.previous?.name ?? '',
    VersionName: task?.version.listed === true ? task.version.name : '',
    PipelineId: 0,
    PipelineTaskId: 0,
    ReleaseId: task?.releaseType === 'GRAY' ? task.id : 0,
    Status: task === undefined ? '' : inCase(cloud, task.status),
    Steps: orNull(cloud, task?.steps.map(viewStep) ?? []),
    FailReason: task?.failReason ?? '',
    OperatorRemark: '',
  };
}

/** A version as `VersionInfo`, as release orders carry it. */
export function viewVersionInfo(cloud: Cloud, version: Version | undefined): Answer {
  return {
    VersionName: version?.name ?? '',
    FlowRatio: version?.share ?? 0,
    Status: version === undefined ? '' : inCase(cloud, version.status),
    CreatedTime: version === undefined ? '' : platformTime(version.startedAt),
    UpdatedTime: version === undefined ? '' : platformTime(version.updatedAt),
    BuildId: version?.buildId ?? 0,
    UploadType: version?.source.kind ?? '',
    Remark: version?.remark ?? '',
    RunId: version?.runId ?? '',
    Percent: version?.share ?? 0,
  };
}

/** A status in the letter case under test. */
export function inCase(cloud: Cloud, status: string): string {
  return cloud.assumptions.statusCase === 'upper' ? status.toUpperCase() : status;
}

/** A list, or null in place of an empty one where that is under test. */
export function orNull<T>(cloud: Cloud, list: T[]): T[] | null {
  return list.length === 0 && cloud.assumptions.emptyList === 'null' ? null : list;
}

function fillIn(config: ServerConfig): ServerConfig {
  const buildDir = configText(config, 'BuildDir') || '.';
  return { PublicNetConf: { PublicNetStatus: 'ENABLE' }, ...config, BuildDir: buildDir };
}

function viewAccessTypes(cloud: Cloud, service: Service): readonly string[] {
  const types = configTexts(readSettings(service), 'OpenAccessTypes');
  return cloud.assumptions.accessTypeOrder === 'reversed' ? types.toReversed() : types;
}

function viewStep(step: Step): Answer {
  const { startedAt, endedAt } = step;
  return {
    Name: step.name,
    Status: step.status,
    StartTime: startedAt === undefined ? '' : platformTime(startedAt),
    EndTime: endedAt === undefined ? '' : platformTime(endedAt),
    CostTime: startedAt && endedAt ? Math.round((endedAt.getTime() - startedAt.getTime()) / 1000) : 0,
    FailReason: step.failReason,
  };
}
