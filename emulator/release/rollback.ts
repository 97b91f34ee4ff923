import { runInBackground, type Cloud } from '../state/cloud.ts';
import type { Service, Task, Version } from '../state/model.ts';
import { takeScript } from './script.ts';
import { createTask } from './start.ts';
import { endTask, finishTask, inStep, pause, startVersion, type Walk } from './timeline.ts';
import { switchTraffic } from './traffic.ts';

/** Puts an older version of a service back online; returns at once with the task that shows its way. */
export function startRollback(cloud: Cloud, service: Service, version: Version): Task {
  const order = {
    changeType: 'rollback',
    releaseType: 'FULL',
    deployType: '',
    source: version.source,
    remark: '',
  } as const;
  const script = takeScript(cloud, service, { kind: 'built', origin: version });
  const task = createTask(cloud, service, { order, version, script });
  service.tasks.push(task);
  runInBackground(cloud, walkRollback(cloud, service, task));
  return task;
}

async function walkRollback(cloud: Cloud, service: Service, task: Task): Promise<void> {
  const walk: Walk = {
    cloud,
    service,
    task,
    signal: AbortSignal.any([task.controller.signal, cloud.closing]),
  };
  try {
    await inStep(task, 'ReleaseVersion', async () => {
      if (task.script.run !== false) await startVersion(walk);
      await pause(cloud.timeline.releaseMs, walk.signal);
    });
    finishTask(task);
    await pause(cloud.timeline.onlineLagMs, walk.signal);
    await switchTraffic(service, new Map([[task.version, 100]]));
  } catch (error) {
    await endTask(walk, error);
  }
}
