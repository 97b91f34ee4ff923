import type { Clock, CloudRun, DeployRecord, Log, ReleaseTask } from '../../ports.ts';
import type { Release } from '../release/write.ts';

export interface FollowPorts {
  readonly cloudRun: CloudRun;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the last poll showed of this very release. */
export interface Progress {
  readonly task: ReleaseTask | undefined;
  readonly record: DeployRecord | undefined;
}

/** Reads the task and the record of this very release; what is older than its baseline is not ours. */
export async function readProgress(release: Release, cloudRun: CloudRun): Promise<Progress> {
  const [task, records] = await Promise.all([
    cloudRun.readTask(release.target, release.taskId),
    cloudRun.listRecords(release.target),
  ]);
  const isOurs = task !== undefined && (release.taskId > 0 || task.id > release.baseline.taskId);
  const newer = records.filter((record) => record.number > release.baseline.recordNumber);
  const named = isOurs
    ? newer.find((record) => versionNameOf(release, record) === task.versionName)
    : undefined;
  return { task: isOurs ? task : undefined, record: named ?? newer.at(-1) };
}

/** The version that a record makes: the service's name and the counter (seen live). */
export function versionNameOf({ target }: Release, record: DeployRecord): string {
  return `${target.serviceName}-${String(record.number).padStart(3, '0')}`;
}

/** Task, steps and record in one line of the log. */
export function describeProgress({ task, record }: Progress): string {
  const steps = task?.steps.map((step) => `${step.name} ${step.status}`).join(', ') ?? '';
  const parts = [
    task === undefined
      ? 'waiting for the release to be registered'
      : `task ${task.status}${steps === '' ? '' : ` (${steps})`}`,
    record === undefined ? 'no record yet' : `record ${record.status || 'without a status'}`,
  ];
  return parts.join('; ');
}

/** True when the platform gave the release up. */
export function hasFailed({ task, record }: Progress): boolean {
  return /failed/.test(record?.status ?? '') || /^(failed|stopped)$/.test(task?.status ?? '');
}

/** True when the task is finished or the record is good; whether the version serves is another question. */
export function isSettled({ task, record }: Progress): boolean {
  return task?.status === 'finished' || /^(normal|running)$/.test(record?.status ?? '');
}
