import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import CloudBase from '@cloudbase/manager-node';
import type { Credential } from '../../emulator/options.ts';

type Fields = Record<string, unknown>;

interface Target {
  readonly apiEndpoint: string;
  readonly credential: Credential;
}

/** The answers that the tests read, as far as they read them. */
export interface Detail {
  BaseInfo: { Status: string; DefaultDomainName: string; AccessTypes: string[]; ServerType: string };
  ServerConfig: Fields & { OpenAccessTypes: string[]; EnvParams: string };
  OnlineVersionInfos: { VersionName: string; ImageUrl: string; FlowRatio: string }[] | null;
}

export interface TaskAnswer {
  IsExist: boolean;
  Task: {
    Id: number;
    Status: string;
    VersionName: string;
    ReleaseType: string;
    FailReason: string;
    Steps: { Name: string; Status: string }[] | null;
  };
}

export interface DeployRecord {
  DeployId: string;
  Status: string;
  RunId: string;
  BuildId: number;
  FlowRatio: number;
  ImageUrl: string;
  ScaleStatus: string;
  IsReleasing: boolean;
}

/** A client of one emulator and one environment, on the vendor's own SDK. */
export interface CloudClient {
  readonly sdk: CloudBase;
  /** Calls any action by its name, EnvId included. */
  call(action: string, params?: Fields): Promise<Fields>;
  detail(serverName: string): Promise<Detail>;
  task(serverName: string, id?: number): Promise<TaskAnswer>;
  records(serverName: string): Promise<DeployRecord[] | null>;
  /** Creates or updates a service from an image reference. */
  deployImage(action: 'Create' | 'Update', serverName: string, more?: object): Promise<Fields>;
  /** Waits until the newest task has ended and its version is online. */
  waitOnline(serverName: string, versionName: string): Promise<Detail>;
  /** Waits until the newest task has ended, in whichever way. */
  waitEnded(serverName: string): Promise<TaskAnswer['Task']>;
}

const endpoints = new WeakMap<object, string>();

/** Points the unmodified SDK at an emulator: only the getter of its base URL is replaced. */
export function createClient(target: Target, envId = 'demo-env'): CloudClient {
  const sdk = new CloudBase({ ...target.credential, envId });
  redirect(sdk, target.apiEndpoint);
  const call = async (action: string, params: Fields = {}): Promise<Fields> => {
    const isTcb = /^Describe(EnvInfo|Envs|CloudBaseBuildService|HTTPServiceRoute)$|^CreateBot$/.test(action);
    const service = isTcb ? sdk.commonService('tcb', '2018-06-08') : sdk.commonService('tcbr', '2022-02-17');
    return (await service.call({ Action: action, Param: { EnvId: envId, ...params } })) as Fields;
  };
  const detail = async (ServerName: string): Promise<Detail> =>
    (await call('DescribeCloudRunServerDetail', { ServerName })) as unknown as Detail;
  const task = async (ServerName: string, TaskId = 0): Promise<TaskAnswer> =>
    (await call('DescribeServerManageTask', { ServerName, TaskId })) as unknown as TaskAnswer;
  return {
    sdk,
    call,
    detail,
    task,
    records: async (ServerName) =>
      (await call('DescribeCloudRunDeployRecord', { ServerName }))['DeployRecords'] as DeployRecord[] | null,
    deployImage: (action, ServerName, more = {}) =>
      call(`${action}CloudRunServer`, {
        ServerName,
        DeployInfo: { DeployType: 'image', ImageUrl: 'registry.invalid/app:1' },
        Items: [],
        ...more,
      }),
    waitOnline: (serverName, versionName) =>
      waitFor(
        () => detail(serverName),
        (answer) => (answer.OnlineVersionInfos ?? [])[0]?.VersionName === versionName,
      ),
    waitEnded: async (serverName) =>
      (
        await waitFor(
          () => task(serverName),
          ({ Task }) => !/^(running|)$/i.test(Task.Status),
        )
      ).Task,
  };
}

/** Asks until the answer is as wanted; fails with the last answer after twenty seconds. */
export async function waitFor<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  let answer = await ask();
  while (!isWanted(answer)) {
    if (Date.now() > deadline) throw new Error(`Waited in vain; the last answer: ${JSON.stringify(answer)}`);
    await delay(20);
    answer = await ask();
  }
  return answer;
}

/** Runs a test with a folder of the given files, and removes the folder. */
export async function withFolder<T>(
  files: Readonly<{ [path: string]: string }>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-test-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function redirect(sdk: CloudBase, apiEndpoint: string): void {
  const probe: unknown = Reflect.get(sdk.commonService('tcb'), 'commonService');
  const context: unknown = Reflect.get(probe as object, 'cloudBaseContext');
  endpoints.set(context as object, apiEndpoint);
  Object.defineProperty(Object.getPrototypeOf(probe), 'baseUrl', {
    configurable: true,
    get(this: { cloudBaseContext: object }) {
      return endpoints.get(this.cloudBaseContext);
    },
  });
}
