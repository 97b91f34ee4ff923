import { readProcessLog } from '../release/logs.ts';
import { findEnvironment, findService, requireService, type Cloud } from '../state/cloud.ts';
import { latestTask, type Service, type Version } from '../state/model.ts';
import { ApiError, type Answer } from './envelope.ts';
import { integer, requiredText, type Params } from './params.ts';
import { viewVersionDetail } from './version-view.ts';
import { orNull, viewRecord } from './views.ts';

const PAGE = { lines: 200, characters: 8192 };

/** tcbr `DescribeCloudRunDeployRecord`: every attempt, without paging. */
export function describeCloudRunDeployRecord(cloud: Cloud, params: Params): Answer {
  const service = findService(cloud, params);
  if (service === undefined) return { DeployRecords: orNull(cloud, []) };
  const task = latestTask(service);
  if (task?.script.nullRecords === true && task.status === 'running') return { DeployRecords: null };
  const records = service.versions
    .filter((each) => each.listed)
    .map((each) => viewRecord(cloud, service, each));
  return {
    DeployRecords: orNull(
      cloud,
      cloud.assumptions.recordOrder === 'oldest-first' ? records : records.toReversed(),
    ),
  };
}

/** tcbr `DescribeVersionDetail`: the settings of one version; commands are texts here, lists elsewhere. */
export function describeVersionDetail(cloud: Cloud, params: Params): Answer {
  return viewVersionDetail(cloud, findVersion(requireService(cloud, params), params));
}

/** tcbr `DescribeCloudRunProcessLog`: the whole log each time, by the record's RunId. */
export async function describeCloudRunProcessLog(cloud: Cloud, params: Params): Promise<Answer> {
  const runId = requiredText(params, 'RunId');
  const version = allVersions(cloud, params).find((each) => each.runId === runId);
  if (version === undefined) throw new ApiError('ResourceNotFound', '资源不存在');
  const lines = await readProcessLog(version);
  return { Logs: cloud.assumptions.processLog === 'lines' ? lines : { Log: lines.join('\n') } };
}

/** tcbr `DescribeCloudRunBuildLog`: one page of a build's output from `Offset` on. */
export function describeCloudRunBuildLog(cloud: Cloud, params: Params): Answer {
  const buildId = integer(params, 'BuildId', 0);
  const service = requireService(cloud, params);
  const version = service.versions.find((each) => buildId > 0 && each.buildId === buildId);
  if (version === undefined) throw new ApiError('InvalidParameter', '构建记录不存在');
  const failed = version.status === 'build_failed';
  return {
    Log: {
      ...readPage(version.buildLog, integer(params, 'Offset', 0), cloud.assumptions.buildLogOffset),
      FailType: failed ? 'build_failed' : '',
      FailReason: failed ? version.failReason : '',
    },
  };
}

function readPage(lines: readonly string[], offset: number, unit: 'lines' | 'characters'): Answer {
  const text = lines.map((line) => `${line}\n`);
  const all = unit === 'lines' ? text : Array.from(text.join(''));
  const page = all.slice(offset, offset + PAGE[unit]);
  return {
    Total: all.length,
    Delivered: page.length,
    Text: page.join(''),
    More: offset + page.length < all.length,
  };
}

function findVersion(service: Service, params: Params): Version {
  const name = requiredText(params, 'VersionName');
  const version = service.versions.find((each) => each.name === name);
  if (version === undefined) throw new ApiError('ResourceNotFound.VersionNotFound', '版本不存在');
  return version;
}

function allVersions(cloud: Cloud, params: Params): Version[] {
  return [...findEnvironment(cloud, params).services.values()].flatMap((service) => service.versions);
}
