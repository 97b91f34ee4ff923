import { adviceFor } from '../../diagnosis/advice.ts';
import { diagnoseRelease } from '../../diagnosis/cloud.ts';
import { CloudError, ReadinessError } from '../../errors.ts';
import type { DeployRecord } from '../../ports.ts';
import type { Release } from '../release/write.ts';
import { describeProgress, type FollowPorts, type Progress } from './progress.ts';
import { consoleUrlOf } from './urls.ts';

/** What the last look at a failed release showed, and how long it was followed. */
type FailedProgress = Progress & { readonly waitedMs: number };

/** Ends a release that failed: collects the platform's logs, names the kind of failure, and throws. */
export async function failRelease(
  release: Release,
  seen: FailedProgress,
  ports: FollowPorts,
): Promise<never> {
  const { task, record } = seen;
  const processLog = await readOptional(() => readProcess(release, record, ports));
  const reasons = [task?.failReason, ...(task?.steps.map((step) => step.failReason) ?? [])];
  const failReason = [...new Set(reasons.filter(Boolean))].join('; ');
  const recordStatus = record?.status ?? '';
  const kind = diagnoseRelease({ recordStatus, taskStatus: task?.status ?? '', failReason, processLog });
  const logTail = kind === 'build' ? await readOptional(() => readBuild(release, record, ports)) : processLog;
  const step = task?.steps.find((each) => /failed|stopped/.test(each.status))?.name ?? '';
  throw new ReadinessError(
    `The release of "${release.target.serviceName}" failed${step === '' ? '' : ` at step ${step}`}: ` +
      `${failReason || recordStatus || 'the platform gives no reason'}. ${oldVersion(release)}`,
    {
      kind,
      lastStep: step || describeProgress(seen),
      waitedSeconds: Math.round(seen.waitedMs / 1000),
      consoleUrl: consoleUrlOf(release.target),
      cloudRunId: record?.runId ?? '',
      logTail: (logTail.length > 0 ? logTail : processLog).slice(-20),
      advice: adviceFor[kind],
    },
  );
}

function oldVersion({ previousVersion }: Release): string {
  return previousVersion === '' ? 'No version serves.' : `"${previousVersion}" keeps serving.`;
}

async function readProcess(
  release: Release,
  record: DeployRecord | undefined,
  ports: FollowPorts,
): Promise<readonly string[]> {
  return record === undefined || record.runId === ''
    ? []
    : ports.cloudRun.readProcessLog(release.target, record.runId);
}

async function readBuild(
  release: Release,
  record: DeployRecord | undefined,
  ports: FollowPorts,
): Promise<readonly string[]> {
  return record === undefined || record.buildId === 0
    ? []
    : ports.cloudRun.readBuildLog(release.target, record.buildId);
}

/** Logs are evidence, not a condition: one that cannot be read is left out. */
async function readOptional(read: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CloudError) return [];
    throw error;
  }
}
