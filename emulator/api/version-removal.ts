import { randomUUID } from 'node:crypto';
import { openGray } from '../release/start.ts';
import { findEnvironment, type Cloud } from '../state/cloud.ts';
import type { Environment, Service, Version } from '../state/model.ts';
import { ApiError, type Answer } from './envelope.ts';
import { objects, requiredText, type Params } from './params.ts';
import { deleteService } from './services.ts';
import { orNull } from './views.ts';

/**
 * tcbr `DeleteCloudRunVersions`: each version by itself, so that some may go and others stay. One that runs stays; the
 * last one of a service takes the service along when `IsDeleteServer` says so.
 */
export function deleteCloudRunVersions(cloud: Cloud, params: Params): Answer {
  const environment = findEnvironment(cloud, params);
  const named = objects(params, 'SimpleVersions').map(readName);
  if (named.length === 0)
    throw new ApiError('MissingParameter', 'The request is missing the parameter SimpleVersions.');
  const withService = params['IsDeleteServer'] === true;
  const outcomes = named.map((name) => ({
    Version: name,
    reason: removeVersion(cloud, environment, { name, withService }),
  }));
  const failed = outcomes.flatMap(({ Version, reason }) =>
    reason === undefined ? [] : [{ Version, ErrorCode: -1, ErrorMsg: reason, RequestId: randomUUID() }],
  );
  const removed = outcomes.flatMap(({ Version, reason }) =>
    reason === undefined ? [{ Version, RequestId: randomUUID(), Result: 'succ' }] : [],
  );
  return {
    Result: failed.length === 0 ? 'succ' : removed.length === 0 ? 'fail' : 'partial',
    FailVersions: orNull(cloud, failed),
    SuccessVersions: orNull(cloud, removed),
  };
}

interface VersionName {
  readonly EnvId: string;
  readonly ServerName: string;
  readonly VersionName: string;
}

function readName(params: Params): VersionName {
  return {
    EnvId: requiredText(params, 'EnvId'),
    ServerName: requiredText(params, 'ServerName'),
    VersionName: requiredText(params, 'VersionName'),
  };
}

/** Removes a version, or tells why it stays. */
function removeVersion(
  cloud: Cloud,
  environment: Environment,
  order: { readonly name: VersionName; readonly withService: boolean },
): string | undefined {
  const { EnvId, ServerName, VersionName } = order.name;
  const service = EnvId === environment.envId ? environment.services.get(ServerName) : undefined;
  const version = service?.versions.find((each) => each.name === VersionName);
  if (service === undefined || version === undefined) return '版本不存在';
  if (order.withService && service.versions.length === 1) {
    deleteService(cloud, environment, service);
    return undefined;
  }
  if (isInUse(service, version)) return '版本正在使用，不能删除';
  service.versions.splice(service.versions.indexOf(version), 1);
  return undefined;
}

function isInUse(service: Service, version: Version): boolean {
  const gray = openGray(service);
  const released = service.tasks.some((task) => task.version === version && task.status === 'running');
  const isHeld = gray?.version === version || gray?.previous === version;
  return released || isHeld || version.share > 0 || version.instance !== undefined;
}
