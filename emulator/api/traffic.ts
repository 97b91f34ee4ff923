import { finishGray, shareTraffic } from '../release/gray.ts';
import { openGray } from '../release/start.ts';
import { findService, requireService, type Cloud } from '../state/cloud.ts';
import type { Service, Task, Version } from '../state/model.ts';
import { platformTime } from '../state/names.ts';
import { ApiError, type Answer } from './envelope.ts';
import { integer, objects, requiredText, type Params } from './params.ts';
import { viewVersionInfo } from './views.ts';

/** tcbr `DescribeReleaseOrder`: the open canary, else the last one; zero-valued when there never was one. */
export function describeReleaseOrder(cloud: Cloud, params: Params): Answer {
  const service = findService(cloud, params);
  const task = service?.tasks.findLast(
    (each) => each.releaseType === 'GRAY' && each.version.status === 'normal',
  );
  const success = service?.tasks.findLast((each) => each.status === 'finished');
  return {
    IsExist: task !== undefined,
    ReleaseOrderInfo: viewOrder(cloud, service, task),
    LastReleasedSuccessTime: success === undefined ? '' : platformTime(new Date(success.endedAt)),
  };
}

/**
 * tcbr `ReleaseGray`: sets the shares of versions; with `CloseGrayRelease`, which the vendor's SDK sends to promote, the
 * canary is closed in favour of its version. Also puts online a good version that nobody sends requests to.
 */
export async function releaseGray(cloud: Cloud, params: Params): Promise<Answer> {
  const service = requireService(cloud, params);
  requiredText(params, 'GrayType');
  if (requiredText(params, 'TrafficType') !== 'FLOW') {
    throw new ApiError('UnsupportedOperation', 'The emulator shares requests by FLOW only.');
  }
  const shares = readShares(service, params);
  const gray = openGray(service);
  if (gray !== undefined && params['CloseGrayRelease'] === true) await finishGray(service, gray);
  else await shareTraffic(service, shares);
  return {};
}

function readShares(service: Service, params: Params): Map<Version, number> {
  const items = objects(params, 'VersionFlowItems').map((item): [Version, number] => {
    const name = requiredText(item, 'VersionName');
    const version = service.versions.find((each) => each.name === name);
    if (version === undefined) throw new ApiError('InvalidParameter', `版本 ${name} 不存在`);
    if (version.status !== 'normal') throw new ApiError('ResourceUnavailable', `版本 ${name} 状态异常`);
    return [version, integer(item, 'FlowRatio', 0)];
  });
  const total = items.reduce((sum, [, share]) => sum + share, 0);
  if (total !== 100 || items.some(([, share]) => share < 0)) {
    throw new ApiError('InvalidParameter', `The shares add up to ${total}, not to 100.`);
  }
  return new Map(items);
}

function viewOrder(cloud: Cloud, service: Service | undefined, task: Task | undefined): Answer {
  const open = service !== undefined && task !== undefined && openGray(service) === task;
  return {
    Id: task?.id ?? 0,
    ServerName: task === undefined ? '' : (service?.name ?? ''),
    CurrentVersion: viewVersionInfo(cloud, task?.previous),
    ReleaseVersion: viewVersionInfo(cloud, task?.version),
    GrayStatus: task === undefined ? '' : 'success',
    ReleaseStatus: task === undefined ? '' : open ? 'releasing' : 'released',
    TrafficTypeValues: [],
    TrafficType: task === undefined ? '' : 'FLOW',
    FlowRatio: task?.version.share ?? 0,
    CreateTime: task === undefined ? '' : platformTime(task.createdAt),
    IsReleasing: open,
  };
}
