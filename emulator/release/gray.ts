import type { Service, Task, Version } from '../state/model.ts';
import { openGray } from './start.ts';
import { finishTask } from './timeline.ts';
import { stopVersion, switchTraffic } from './traffic.ts';

/** Shares the requests among versions while a canary is open; both versions stay up, also at 0 percent. */
export async function shareTraffic(service: Service, shares: ReadonlyMap<Version, number>): Promise<void> {
  const gray = openGray(service);
  const keep = [gray?.version, gray?.previous].filter((version) => version !== undefined);
  await switchTraffic(service, shares, new Set(keep));
}

/** Ends a canary in its favour: its version gets every request. */
export async function finishGray(service: Service, task: Task): Promise<void> {
  endStep(task, 'finished');
  finishTask(task);
  await switchTraffic(service, new Map([[task.version, 100]]));
  if (task.previous !== undefined) await stopVersion(task.previous);
}

/** Ends a canary against it: the version before gets every request again. */
export async function goBack(service: Service, task: Task): Promise<void> {
  endStep(task, 'stopped');
  task.status = 'stopped';
  task.endedAt = Date.now();
  if (task.previous !== undefined) await switchTraffic(service, new Map([[task.previous, 100]]));
  task.version.scaledToZero = true;
  await stopVersion(task.version);
}

function endStep(task: Task, status: 'finished' | 'stopped'): void {
  const step = task.steps.find((candidate) => candidate.status === 'running');
  if (step !== undefined) Object.assign(step, { status, endedAt: new Date() });
}
