import { createService, openByDefault, refuseCreate } from '../release/create.ts';
import { startRelease } from '../release/start.ts';
import type { Cloud } from '../state/cloud.ts';
import { DEFAULT_CONFIG } from '../state/config.ts';
import { readOrder } from './deploy-info.ts';
import { ApiError, type Answer } from './envelope.ts';
import { requiredText, type Params } from './params.ts';

const BOT_ID = /^(ibot-[a-z0-9_]+)-[a-z0-9_]+$/;
const FUNCTION_CONFIG = { ...DEFAULT_CONFIG, Port: 3000, Tag: 'function:' };

/**
 * tcb `CreateBot`, absent from the public models: deploys an uploaded package as the function service of an agent, whose
 * name is the BotId without its last part.
 */
export async function createBot(cloud: Cloud, params: Params): Promise<Answer> {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined)
    throw new ApiError('InvalidParameter.EnvId', 'The environment does not exist.');
  if (environment.run === 'closed') throw new ApiError('ResourceNotFound', '云托管资源未开通');
  requiredText(params, 'Name');
  const botId = requiredText(params, 'BotId');
  const name = BOT_ID.exec(botId)?.[1];
  if (name === undefined) throw new ApiError('InvalidParameter', `The BotId "${botId}" is no ibot-xxx-xxx.`);
  refuseCreate(environment, name);
  const { PackageName, PackageVersion } = params;
  const order = readOrder(cloud, { DeployInfo: { DeployType: 'package', PackageName, PackageVersion } });
  const config = openByDefault(cloud, FUNCTION_CONFIG);
  startRelease(cloud, await createService(cloud, environment, { name, mode: 'function', config }), order);
  return { BotId: botId };
}
