import { setTimeout as delay } from 'node:timers/promises';

import type { Answer, Caller } from '../../src/adapters/cloudbase/call.ts';
import { decodeRecords, decodeService, decodeTask } from '../../src/adapters/cloudbase/decode.ts';
import { isNotFound } from '../../src/adapters/cloudbase/translate.ts';
import { CloudError } from '../../src/errors.ts';
import type { Target } from '../../src/ports.ts';
import { shapeOf, type Shape, type Shapes } from './shapes.ts';

/** A service on a real account or on the emulator, and how to call its API. */
export interface Cloud {
  readonly caller: Caller;
  readonly target: Target;
  /** Milliseconds between two looks at something that takes time. */
  readonly pauseMs: number;
}

/** Asks everything that can be read of a service, and keeps the shapes of the answers. */
export async function readShapes({ caller, target }: Cloud): Promise<Shapes> {
  const env = { EnvId: target.envId };
  const name = { ...env, ServerName: target.serviceName };
  const ask = async (service: 'tcb' | 'tcbr', action: string, params: object) => {
    const answer = await caller.read(service, action, params).catch(refusal);
    return [action, answer] as const;
  };
  const detail = await ask('tcbr', 'DescribeCloudRunServerDetail', name);
  const records = await ask('tcbr', 'DescribeCloudRunDeployRecord', name);
  const [newest] = decodeRecords(records[1]);
  const [online] = decodeService(detail[1]).onlineVersions;
  const build = { ...name, ServerVersion: '', BuildId: newest?.buildId ?? 0, Offset: 0 };
  const answers = [
    detail,
    records,
    await ask('tcbr', 'DescribeEnvBaseInfo', env),
    await ask('tcbr', 'DescribeServerManageTask', { ...name, TaskId: 0 }),
    await ask('tcbr', 'DescribeReleaseOrder', name),
    await ask('tcbr', 'DescribeVersionDetail', { ...name, VersionName: online?.versionName ?? '' }),
    await ask('tcbr', 'DescribeCloudRunBuildLog', build),
    await ask('tcbr', 'DescribeCloudRunProcessLog', { ...env, RunId: newest?.runId ?? '' }),
    await ask('tcb', 'DescribeHTTPServiceRoute', { ...env, Limit: 1000 }),
  ];
  return Object.fromEntries(
    answers.map(([action, answer]) => [action, refusedShape(answer) ?? shapeOf(answer)]),
  );
}

const refusedKey = 'Refused';

function refusal(error: unknown): Answer {
  if (!(error instanceof CloudError)) throw error;
  return { [refusedKey]: error.code || error.kind };
}

/** A refusal is told by its code, which is a word of the API and no data of the account. */
function refusedShape(answer: Answer): Shape | undefined {
  const code = answer[refusedKey];
  return typeof code === 'string' ? { '': `refused with ${code}` } : undefined;
}

/** Returns to an older version through SubmitServerRollback, and waits until it serves. */
export async function rollBack(cloud: Cloud, versionName: string): Promise<void> {
  const { caller, target } = cloud;
  const name = { EnvId: target.envId, ServerName: target.serviceName };
  const detail = decodeService(await caller.read('tcbr', 'DescribeCloudRunServerDetail', name));
  const CurrentVersionName = detail.onlineVersions.find(({ share }) => share === 100)?.versionName ?? '';
  const params = { ...name, CurrentVersionName, RollbackVersionName: versionName };
  await caller.write('tcbr', 'SubmitServerRollback', params);
  await waitFor(cloud, `"${versionName}" serves`, async () => {
    const now = decodeService(await caller.read('tcbr', 'DescribeCloudRunServerDetail', name));
    return now.onlineVersions.some((version) => version.versionName === versionName && version.share === 100);
  });
}

/** Deletes the service, after the release that may still run, and waits until it is gone; none is no error. */
export async function deleteService(cloud: Cloud): Promise<void> {
  const { caller, target } = cloud;
  const name = { EnvId: target.envId, ServerName: target.serviceName };
  const exists = async (): Promise<boolean> => {
    try {
      await caller.read('tcbr', 'DescribeCloudRunServerDetail', name);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };
  if (!(await exists())) return;
  await waitFor(cloud, 'no release is under way', async () => {
    const task = decodeTask(await caller.read('tcbr', 'DescribeServerManageTask', { ...name, TaskId: 0 }));
    return task?.status !== 'running';
  });
  const { Result } = await caller.write('tcbr', 'DeleteCloudRunServer', name);
  if (Result === 'failed') throw new Error(`The platform does not delete "${target.serviceName}".`);
  await waitFor(cloud, 'the service is gone', async () => !(await exists()));
}

const tries = 180;

async function waitFor(cloud: Cloud, what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (await isTrue()) return;
    await delay(cloud.pauseMs);
  }
  throw new Error(`Waited ${(tries * cloud.pauseMs) / 1000} s in vain until ${what}.`);
}
