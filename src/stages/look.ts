import { CloudError, InputError } from '../errors.ts';
import type { CloudRun, Network, ReleaseTask, ServiceDetail, Target } from '../ports.ts';
import { liveOf } from '../service-config/merge.ts';

/** The newest release that was known before ours: what comes later and is not older is ours. */
export interface Baseline {
  readonly recordNumber: number;
  readonly taskId: number;
}

/** What stands in the cloud before the run changes anything. */
export interface LiveState {
  readonly target: Target;
  /** Undefined when the service does not exist yet. */
  readonly service: ServiceDetail | undefined;
  readonly baseline: Baseline;
  /** The environment's own private network. */
  readonly network: Network | undefined;
  /** The release that is under way: its version, or its task where that has none yet. */
  readonly underWay: string | undefined;
}

/** Reads the environment, the service and its releases; writes nothing. Refuses an environment that takes no release. */
export async function look(target: Target, cloudRun: CloudRun): Promise<LiveState> {
  const environment = await cloudRun.readEnvironment(target.envId);
  if (!environment.isOpen) await refuseEnvironment(target.envId, cloudRun);
  if (environment.status !== 'normal') {
    throw new CloudError(
      `The environment "${target.envId}" is not ready: its status is "${environment.status}".`,
      {
        kind: 'env-not-opened',
        action: 'DescribeEnvBaseInfo',
        code: '',
        isRetryable: false,
        advice: 'Wait until the console shows the environment as normal, then run again.',
      },
    );
  }
  const { network } = environment;
  const service = await cloudRun.readServing(target);
  if (service === undefined) {
    return { target, service, baseline: { recordNumber: 0, taskId: 0 }, network, underWay: undefined };
  }
  const [records, task] = await Promise.all([cloudRun.listRecords(target), cloudRun.readTask(target, 0)]);
  const baseline = { recordNumber: records[0]?.number ?? 0, taskId: task?.id ?? 0 };
  const { settings } = liveOf(service, baseline.recordNumber);
  return { target, service: { ...service, settings }, baseline, network, underWay: describeUnderWay(task) };
}

async function refuseEnvironment(envId: string, cloudRun: CloudRun): Promise<never> {
  if (!(await cloudRun.hasEnvironment(envId))) {
    throw new InputError([
      {
        subject: 'env-id',
        message: `the account has no environment "${envId}". Copy the id from the console's environment page.`,
      },
    ]);
  }
  throw new CloudError(`CloudBase Run is not open in the environment "${envId}".`, {
    kind: 'env-not-opened',
    action: 'DescribeEnvBaseInfo',
    code: '',
    isRetryable: false,
    advice: `Open CloudBase Run once in the console (https://tcb.cloud.tencent.com/dev?envId=${envId}#/platform-run), then run again.`,
  });
}

function describeUnderWay(task: ReleaseTask | undefined): string | undefined {
  if (task?.status !== 'running') return undefined;
  return task.versionName === '' ? `task ${task.id}` : `"${task.versionName}"`;
}

/** Refuses to write while another release is under way. */
export function refuseUnderWay({ target, underWay }: LiveState): void {
  if (underWay === undefined) return;
  throw new CloudError(`Another release of "${target.serviceName}" is under way: ${underWay}.`, {
    kind: 'conflict',
    action: 'DescribeServerManageTask',
    code: 'ResourceInUse',
    isRetryable: false,
    advice:
      'Wait until it ends, or cancel it in the console; then run again. ' +
      'A "concurrency" group in the workflow keeps releases of one service apart.',
  });
}
