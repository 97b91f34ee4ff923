import { setTimeout as delay } from 'node:timers/promises';
import { findEnvironment, runInBackground, type Cloud } from '../state/cloud.ts';
import type { Environment } from '../state/model.ts';
import { platformTime } from '../state/names.ts';
import { ApiError, type Answer } from './envelope.ts';
import { optionalText, requiredText, type Params } from './params.ts';
import { inCase } from './views.ts';

/** tcb `DescribeEnvInfo`: absent from the public models, called by the vendor's SDK before its first own call. */
export function describeEnvInfo(cloud: Cloud, params: Params): Answer {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined)
    throw new ApiError('InvalidParameter.EnvId', 'The environment does not exist.');
  return { EnvInfo: { EnvBaseInfo: viewEnvironment(environment), UserInfo: { AppId: '1250000000' } } };
}

/** tcb `DescribeEnvs`: an unknown EnvId is an empty list, not an error. */
export function describeEnvs(cloud: Cloud, params: Params): Answer {
  const envId = optionalText(params, 'EnvId');
  const found = [...cloud.environments.values()].filter((each) => envId === '' || each.envId === envId);
  return { EnvList: found.map(viewEnvironment), Total: found.length };
}

/** tcbr `DescribeEnvBaseInfo`: an environment without CloudBase Run, and an unknown one, answers `IsExist: false`. */
export function describeEnvBaseInfo(cloud: Cloud, params: Params): Answer {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined || environment.run === 'closed') return { IsExist: false };
  return {
    IsExist: true,
    EnvBaseInfo: {
      EnvId: environment.envId,
      PackageType: environment.packageType,
      VpcId: environment.vpcId,
      CreateTime: platformTime(environment.createdAt),
      Alias: environment.envId,
      Status: inCase(cloud, environment.run),
      Region: environment.region,
      EnvType: 'baas',
      SubnetIds: viewSubnetIds(cloud, environment),
      Recycle: '',
    },
  };
}

/** tcbr `CreateCloudRunEnv`: opens CloudBase Run in an environment; it is `creating` for a while. */
export function createCloudRunEnv(cloud: Cloud, params: Params): Answer {
  const environment = findEnvironment(cloud, params);
  const packageType = requiredText(params, 'PackageType');
  if (!['Trial', 'Standard', 'Professional', 'Enterprise'].includes(packageType)) {
    throw new ApiError('InvalidParameter', `The PackageType "${packageType}" is unknown.`);
  }
  if (environment.run !== 'closed') throw new ApiError('ResourceInUse', '云托管资源已开通');
  environment.packageType = packageType;
  environment.run = 'creating';
  runInBackground(cloud, open(cloud, environment));
  return { EnvId: environment.envId, TranId: '' };
}

function viewSubnetIds(cloud: Cloud, { subnetIds }: Environment): string | readonly string[] {
  return cloud.assumptions.envSubnetIds === 'text' ? subnetIds : subnetIds.split(',').filter(Boolean);
}

async function open(cloud: Cloud, environment: Environment): Promise<void> {
  const options = { signal: cloud.closing, ref: false };
  await delay(cloud.timeline.openEnvironmentMs, undefined, options).catch(() => undefined);
  environment.run = 'normal';
}

function viewEnvironment(environment: Environment): Answer {
  return {
    EnvId: environment.envId,
    Source: 'qcloud',
    Alias: environment.envId,
    CreateTime: platformTime(environment.createdAt),
    UpdateTime: platformTime(environment.createdAt),
    Status: environment.status,
    Databases: [],
    Storages: [],
    Functions: [],
    PackageId: 'baas_personal',
    PackageName: '个人版',
    LogServices: [],
    StaticStorages: [],
    IsAutoDegrade: false,
    EnvChannel: 'qc_console',
    PayMode: 'prepayment',
    IsDefault: false,
    Region: environment.region,
    Tags: [],
    CustomLogServices: [],
    EnvType: 'baas',
  };
}
