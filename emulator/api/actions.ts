import type { Cloud } from '../state/cloud.ts';
import { createBot } from './bots.ts';
import type { Answer } from './envelope.ts';
import { createCloudRunEnv, describeEnvBaseInfo, describeEnvInfo, describeEnvs } from './environments.ts';
import { describeCloudBaseBuildService } from './packages.ts';
import type { Params } from './params.ts';
import { describeCloudRunPodList } from './pods.ts';
import { describeHttpServiceRoute } from './routes.ts';
import { createCloudRunServer, submitServerConfigChangeDiff, updateCloudRunServer } from './deploy.ts';
import { deleteCloudRunServer, describeCloudRunServerDetail, describeCloudRunServers } from './services.ts';
import { describeServerManageTask, operateServerManage, submitServerRollback } from './tasks.ts';
import { describeReleaseOrder, releaseGray } from './traffic.ts';
import { deleteCloudRunVersions } from './version-removal.ts';
import {
  describeCloudRunBuildLog,
  describeCloudRunDeployRecord,
  describeCloudRunProcessLog,
  describeVersionDetail,
} from './versions.ts';

/** Answers one call; throws ApiError to refuse it. */
export type Action = (cloud: Cloud, params: Params) => Answer | Promise<Answer>;

/** A service of the API with the one version of it that exists here. */
export interface Product {
  readonly version: string;
  readonly actions: ReadonlyMap<string, Action>;
}

/** Everything the emulated API can do, by the service's name in the credential scope. */
export const PRODUCTS: ReadonlyMap<string, Product> = new Map<string, Product>([
  [
    'tcb',
    {
      version: '2018-06-08',
      actions: new Map<string, Action>([
        ['DescribeEnvInfo', describeEnvInfo],
        ['DescribeEnvs', describeEnvs],
        ['DescribeCloudBaseBuildService', describeCloudBaseBuildService],
        ['DescribeHTTPServiceRoute', describeHttpServiceRoute],
        ['CreateBot', createBot],
      ]),
    },
  ],
  [
    'tcbr',
    {
      version: '2022-02-17',
      actions: new Map<string, Action>([
        ['DescribeEnvBaseInfo', describeEnvBaseInfo],
        ['CreateCloudRunEnv', createCloudRunEnv],
        ['DescribeCloudRunServers', describeCloudRunServers],
        ['DescribeCloudRunServerDetail', describeCloudRunServerDetail],
        ['CreateCloudRunServer', createCloudRunServer],
        ['UpdateCloudRunServer', updateCloudRunServer],
        ['SubmitServerConfigChangeDiff', submitServerConfigChangeDiff],
        ['DeleteCloudRunServer', deleteCloudRunServer],
        ['DescribeServerManageTask', describeServerManageTask],
        ['OperateServerManage', operateServerManage],
        ['SubmitServerRollback', submitServerRollback],
        ['DescribeReleaseOrder', describeReleaseOrder],
        ['ReleaseGray', releaseGray],
        ['DescribeCloudRunDeployRecord', describeCloudRunDeployRecord],
        ['DescribeVersionDetail', describeVersionDetail],
        ['DeleteCloudRunVersions', deleteCloudRunVersions],
        ['DescribeCloudRunPodList', describeCloudRunPodList],
        ['DescribeCloudRunProcessLog', describeCloudRunProcessLog],
        ['DescribeCloudRunBuildLog', describeCloudRunBuildLog],
      ]),
    },
  ],
]);
