import { CloudError } from '../../errors.ts';
import type {
  CloudRun,
  Log,
  Network,
  ReleaseRequest,
  ServiceDetail,
  Target,
  VersionPackage,
} from '../../ports.ts';
import { createCaller, type Caller, type CloudConnection } from './call.ts';
import * as decode from './decode.ts';
import { isNotFound } from './translate.ts';

const buildLogPages = 200;

/** The CloudBase Run API (`tcbr`, and `tcb` for packages, environments and the gateway). */
export function createCloudRun(connection: CloudConnection, log: Log, signal: AbortSignal): CloudRun {
  const caller = createCaller(connection, { log, signal });
  const told = new Set<string>();
  const tellOnce = (message: string): void => {
    if (!told.has(message)) log.notice(message);
    told.add(message);
  };
  return {
    readEnvironment: async (envId) =>
      decode.decodeEnvironment(await caller.read('tcbr', 'DescribeEnvBaseInfo', { EnvId: envId })),
    hasEnvironment: async (envId) => {
      const { EnvList } = await caller.read('tcb', 'DescribeEnvs', { EnvId: envId });
      return Array.isArray(EnvList) && EnvList.length > 0;
    },
    readService: (target) => readService(caller, target),
    readServing: (target) => readServing(caller, target, tellOnce),
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
    readDownload: (target, versionName) => readDownload(caller, target, versionName),
    createService: (target, request) => writeRelease(caller, 'CreateCloudRunServer', { target, request }),
    updateService: (target, request) => writeRelease(caller, 'UpdateCloudRunServer', { target, request }),
    changeSettings: async (target, items) =>
      decode.number(
        (await caller.write('tcbr', 'SubmitServerConfigChangeDiff', { ...nameOf(target), Items: items }))[
          'TaskId'
        ],
      ),
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

async function readService(caller: Caller, target: Target): Promise<ServiceDetail | undefined> {
  try {
    return decode.decodeService(await caller.read('tcbr', 'DescribeCloudRunServerDetail', nameOf(target)));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function readServing(
  caller: Caller,
  target: Target,
  tell: (message: string) => void,
): Promise<ServiceDetail | undefined> {
  const service = await readService(caller, target);
  const serving = service?.onlineVersions[0];
  if (service === undefined || serving === undefined) return service;
  try {
    const params = { ...nameOf(target), VersionName: serving.versionName };
    const answer = await caller.read('tcbr', 'DescribeVersionDetail', params);
    return { ...service, settings: decode.decodeVersion(answer, service.settings), settingsOf: 'version' };
  } catch (error) {
    if (!(error instanceof CloudError) || error.isRetryable) throw error;
    tell(
      `The settings of "${serving.versionName}" cannot be read (${error.code || error.kind}); those of the service are taken.`,
    );
    return service;
  }
}

async function readDownload(
  caller: Caller,
  { envId, serviceName }: Target,
  versionName: string,
): Promise<VersionPackage | undefined> {
  const params = { EnvId: envId, ServiceName: serviceName, ServiceVersion: versionName };
  return decode.decodeDownload(
    await caller.read('tcb', 'DescribeCloudBaseBuildService', { ...params, CIBusiness: 'cloudbaserun' }),
  );
}

async function writeRelease(
  caller: Caller,
  action: 'CreateCloudRunServer' | 'UpdateCloudRunServer',
  { target, request }: { readonly target: Target; readonly request: ReleaseRequest },
): Promise<number> {
  const { deployInfo, items, network } = request;
  const params = { ...nameOf(target), DeployInfo: deployInfo, Items: items, ...buildVpcInfo(network) };
  return decode.number((await caller.write('tcbr', action, params))['TaskId']);
}

/** CreateType 2 names a network that exists (API type VpcInfo). */
function buildVpcInfo(network: Network | undefined): Record<string, unknown> {
  if (network === undefined) return {};
  return { VpcInfo: { VpcId: network.vpcId, CreateType: 2, SubnetIds: network.subnetIds } };
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
