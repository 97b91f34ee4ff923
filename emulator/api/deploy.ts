import { createService, openByDefault, refuseCreate } from '../release/create.ts';
import { effectiveItems, updateBase, writeHotSettings, writeSettings } from '../release/settings.ts';
import { refuseWhileBusy, startRelease } from '../release/start.ts';
import { findEnvironment, requireService, type Cloud } from '../state/cloud.ts';
import { applyItems, areHotItems, DEFAULT_CONFIG, type ServerConfig } from '../state/config.ts';
import { newestImage, type Service, type Source, type Task } from '../state/model.ts';
import { readDeployInfo, readOrder } from './deploy-info.ts';
import type { Answer } from './envelope.ts';
import { isObject, objects, requiredText, type Params } from './params.ts';
import { readVpcInfo, type VpcInfo } from './vpc-info.ts';

/**
 * tcbr `CreateCloudRunServer`. In an environment without CloudBase Run it makes a service of the legacy kind without a
 * word, as the platform does; that one never gets a version.
 */
export async function createCloudRunServer(cloud: Cloud, params: Params): Promise<Answer> {
  const environment = findEnvironment(cloud, params);
  const name = requiredText(params, 'ServerName');
  refuseCreate(environment, name);
  const { envId } = environment;
  const items = effectiveItems(cloud, { envId, name }, objects(params, 'Items'));
  const vpcInfo = readVpcInfo(environment, params);
  const order = readOrder(cloud, params);
  const config = applyItems(inNetwork(cloud, vpcInfo), items);
  const namesAccess = items.some((item) => item['Key'] === 'AccessTypes');
  const service = await createService(cloud, environment, {
    name,
    mode: isFunction(params, config) ? 'function' : 'container',
    config: DEFAULT_CONFIG,
  });
  writeSettings(cloud, service, namesAccess ? config : openByDefault(cloud, config));
  if (environment.run === 'closed') {
    service.status = 'normal';
    return { TaskId: 0 };
  }
  return { TaskId: viewTaskId(cloud, startRelease(cloud, service, order)) };
}

/** tcbr `UpdateCloudRunServer`: the items are a diff, the mode stays what it was on create. */
export function updateCloudRunServer(cloud: Cloud, params: Params): Answer {
  const service = requireService(cloud, params);
  refuseWhileBusy(cloud, service);
  const order = readOrder(cloud, params, service);
  writeSettings(cloud, service, updateConfig(cloud, service, objects(params, 'Items')));
  const task = startRelease(cloud, service, order);
  return { EnvId: service.envId, TaskId: viewTaskId(cloud, task) };
}

/**
 * tcbr `SubmitServerConfigChangeDiff`: scaling limits and access types apply at once (TaskId 0); anything else releases
 * the newest image with the new settings, be it the one online or not.
 */
export function submitServerConfigChangeDiff(cloud: Cloud, params: Params): Answer {
  const service = requireService(cloud, params);
  refuseWhileBusy(cloud, service);
  const items = objects(params, 'Items');
  service.updatedAt = new Date();
  const origin = newestImage(service);
  if (areHotItems(items) || origin === undefined) {
    writeHotSettings(cloud, service, items);
    return { TaskId: 0 };
  }
  writeSettings(cloud, service, updateConfig(cloud, service, items));
  const order = { changeType: 'config', releaseType: 'FULL', deployType: 'image', remark: '' } as const;
  const source: Source = { kind: 'built', origin };
  return { TaskId: viewTaskId(cloud, startRelease(cloud, service, { ...order, source })) };
}

function inNetwork(cloud: Cloud, vpcInfo: VpcInfo | undefined): ServerConfig {
  if (vpcInfo?.kind !== 'existing' || cloud.assumptions.vpcInfoOnCreate === 'kept-apart')
    return DEFAULT_CONFIG;
  const [subnetId] = vpcInfo.subnetIds;
  const SubnetId = subnetId === undefined ? {} : { SubnetId: subnetId };
  return { ...DEFAULT_CONFIG, VpcConf: { VpcId: vpcInfo.vpcId, ...SubnetId } };
}

function isFunction(params: Params, config: ServerConfig): boolean {
  return config['Tag'] === 'function:' || isObject(readDeployInfo(params)['BuildPacks']);
}

function updateConfig(cloud: Cloud, service: Service, items: readonly Params[]): ServerConfig {
  const { VpcConf, ...rest } = updateBase(cloud, service);
  const kept =
    VpcConf === undefined || cloud.assumptions.vpcConfOnUpdate === 'dropped' ? rest : { ...rest, VpcConf };
  return applyItems(kept, effectiveItems(cloud, service, items));
}

function viewTaskId(cloud: Cloud, task: Task): number {
  return cloud.assumptions.taskId === 'zero' || task.script.taskIdZero === true ? 0 : task.id;
}
