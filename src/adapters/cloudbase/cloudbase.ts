import type { CloudRun, Log, ReleaseRequest, Target } from '../../ports.ts';
import { createCaller, type Caller, type CloudConnection } from './call.ts';
import * as decode from './decode.ts';
import { isNotFound } from './translate.ts';

const buildLogPages = 200;

/** The CloudBase Run API (`tcbr`, and `tcb` for packages, environments and the gateway). */
export function createCloudRun(connection: CloudConnection, log: Log, signal: AbortSignal): CloudRun {
  const caller = createCaller(connection, { log, signal });
  return {
    readEnvironment: async (envId) =>
      decode.decodeEnvironment(await caller.read('tcbr', 'DescribeEnvBaseInfo', { EnvId: envId })),
    hasEnvironment: async (envId) => {
      const { EnvList } = await caller.read('tcb', 'DescribeEnvs', { EnvId: envId });
      return Array.isArray(EnvList) && EnvList.length > 0;
    },
    readService: async (target) => {
      try {
        return decode.decodeService(
          await caller.read('tcbr', 'DescribeCloudRunServerDetail', nameOf(target)),
        );
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    listRecords: async (target) => {
      try {
        return decode.decodeRecords(
          await caller.read('tcbr', 'DescribeCloudRunDeployRecord', nameOf(target)),
        );
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    },
    readTask: async (target, taskId) =>
      decode.decodeTask(
        await caller.read('tcbr', 'DescribeServerManageTask', { ...nameOf(target), TaskId: taskId }),
      ),
    createUploadSlot: async ({ envId, serviceName }) => {
      const params = { EnvId: envId, ServiceName: serviceName, CIBusiness: 'cloudbaserun' };
      return decode.decodeUploadSlot(await caller.read('tcb', 'DescribeCloudBaseBuildService', params));
    },
    createService: (target, request) => writeRelease(caller, 'CreateCloudRunServer', { target, request }),
    updateService: (target, request) => writeRelease(caller, 'UpdateCloudRunServer', { target, request }),
    listGatewayUrls: async ({ envId, serviceName }) => {
      const answer = await caller.read('tcb', 'DescribeHTTPServiceRoute', { EnvId: envId, Limit: 1000 });
      return decode.decodeGatewayUrls(answer, serviceName);
    },
    readBuildLog: (target, buildId) => readBuildLog(caller, target, buildId),
    readProcessLog: async ({ envId }, runId) =>
      decode.decodeProcessLog(
        await caller.read('tcbr', 'DescribeCloudRunProcessLog', { EnvId: envId, RunId: runId }),
      ),
  };
}

function nameOf({ envId, serviceName }: Target): { EnvId: string; ServerName: string } {
  return { EnvId: envId, ServerName: serviceName };
}

async function writeRelease(
  caller: Caller,
  action: 'CreateCloudRunServer' | 'UpdateCloudRunServer',
  { target, request }: { readonly target: Target; readonly request: ReleaseRequest },
): Promise<number> {
  const params = { ...nameOf(target), DeployInfo: request.deployInfo, Items: request.items };
  return decode.number((await caller.write('tcbr', action, params))['TaskId']);
}

async function readBuildLog(caller: Caller, target: Target, buildId: number): Promise<string[]> {
  let log = '';
  let offset = 0;
  for (let page = 0; page < buildLogPages; page++) {
    const params = { ...nameOf(target), ServerVersion: '', BuildId: buildId, Offset: offset };
    const { text, delivered, hasMore } = decode.decodeBuildLog(
      await caller.read('tcbr', 'DescribeCloudRunBuildLog', params),
    );
    log += text;
    if (!hasMore || delivered === 0) break;
    offset += delivered;
  }
  return decode.splitLines(log);
}
