import { setTimeout as delay } from 'node:timers/promises';
import { stopVersion } from '../release/traffic.ts';
import { findEnvironment, requireService, runInBackground, type Cloud } from '../state/cloud.ts';
import type { Environment, Service } from '../state/model.ts';
import type { Answer } from './envelope.ts';
import { integer, optionalText, type Params } from './params.ts';
import { orNull, viewBaseInfo, viewConfig, viewOnline } from './views.ts';

const MAX_PAGE = 30;

/** tcbr `DescribeCloudRunServers`: 9 a page unless asked, never more than 30. */
export function describeCloudRunServers(cloud: Cloud, params: Params): Answer {
  const name = optionalText(params, 'ServerName');
  const type = optionalText(params, 'ServerType');
  const found = [...findEnvironment(cloud, params).services.values()].filter(
    (service) => service.name.includes(name) && (type === '' || service.mode === type),
  );
  const size = Math.min(integer(params, 'PageSize', 9) || 9, MAX_PAGE);
  const page = integer(params, 'PageNum', 1) || 1;
  const list = found.slice((page - 1) * size, page * size).map((service) => viewBaseInfo(cloud, service));
  return { ServerList: orNull(cloud, list), Total: found.length };
}

/** tcbr `DescribeCloudRunServerDetail`. */
export function describeCloudRunServerDetail(cloud: Cloud, params: Params): Answer {
  const service = requireService(cloud, params);
  return {
    BaseInfo: viewBaseInfo(cloud, service),
    ServerConfig: viewConfig(cloud, service),
    OnlineVersionInfos: viewOnline(cloud, service),
  };
}

/** tcbr `DeleteCloudRunServer`: accepted at once, gone a while later. */
export function deleteCloudRunServer(cloud: Cloud, params: Params): Answer {
  const service = requireService(cloud, params);
  deleteService(cloud, findEnvironment(cloud, params), service);
  return { Result: 'success' };
}

/** Begins the deletion of a service; it ends a release under way. */
export function deleteService(cloud: Cloud, environment: Environment, service: Service): void {
  service.status = 'deleting';
  for (const task of service.tasks) if (task.status === 'running') task.controller.abort();
  runInBackground(cloud, remove(cloud, environment, service));
}

async function remove(cloud: Cloud, environment: Environment, service: Service): Promise<void> {
  await delay(cloud.timeline.deleteMs, undefined, { signal: cloud.closing, ref: false }).catch(
    () => undefined,
  );
  await Promise.all(service.versions.map(stopVersion));
  await service.gateway.close();
  environment.services.delete(service.name);
}
