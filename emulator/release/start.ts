import { ApiError } from '../api/envelope.ts';
import { runInBackground, type Cloud } from '../state/cloud.ts';
import {
  latestTask,
  onlineVersions,
  type Service,
  type Source,
  type Step,
  type Task,
  type Version,
} from '../state/model.ts';
import { deployIdOf } from '../state/names.ts';
import { takeScript, type ReleaseScript } from './script.ts';
import { walkRelease } from './timeline.ts';

const BUSY = '当前已有部署发布任务运行中,请结束后再执行';

/** What is released, and how. */
export interface ReleaseOrder {
  readonly changeType: Task['changeType'];
  readonly releaseType: 'FULL' | 'GRAY';
  readonly deployType: string;
  readonly source: Source;
  readonly remark: string;
}

/** Refuses with ResourceInUse while a release is under way, and a moment after one failed. */
export function refuseWhileBusy(cloud: Cloud, service: Service): void {
  const task = latestTask(service);
  if (task === undefined && service.status !== 'deleting') return;
  const justFailed =
    task?.status === 'failed' && Date.now() < task.endedAt + cloud.timeline.busyAfterFailureMs;
  if (service.status === 'deleting' || task?.status === 'running' || justFailed || hasOpenGray(service)) {
    throw new ApiError('ResourceInUse', BUSY);
  }
}

/** Whether a canary waits for its promotion. */
export function hasOpenGray(service: Service): boolean {
  return openGray(service) !== undefined;
}

/** The task of the canary that waits for its promotion. */
export function openGray(service: Service): Task | undefined {
  const task = latestTask(service);
  return task?.releaseType === 'GRAY' && task.version.status === 'normal' && task.steps.some(isOpen)
    ? task
    : undefined;
}

/** Starts a new version of a service; returns at once with the task that shows its way. */
export function startRelease(cloud: Cloud, service: Service, order: ReleaseOrder): Task {
  const script = takeScript(cloud, service, order.source);
  service.attempts += 1;
  const version = createVersion(service, order);
  service.versions.push(version);
  const task = createTask(cloud, service, { order, version, script });
  service.tasks.push(task);
  service.updatedAt = task.createdAt;
  runInBackground(cloud, walkRelease(cloud, service, task));
  return task;
}

/** A task for a version; a rollback has no version to create. */
export function createTask(
  cloud: Cloud,
  service: Service,
  plan: { readonly order: ReleaseOrder; readonly version: Version; readonly script: ReleaseScript },
): Task {
  const { order, version, script } = plan;
  const [previous] = onlineVersions(service);
  cloud.nextTaskId += 1;
  const names: Step['name'][] =
    order.changeType === 'rollback' ? ['ReleaseVersion'] : ['CreateVersion', 'ReleaseVersion'];
  return {
    id: cloud.nextTaskId,
    changeType: order.changeType,
    // Without a version online there is nothing to be a canary of.
    releaseType: previous === undefined ? 'FULL' : order.releaseType,
    deployType: order.deployType,
    createdAt: new Date(),
    previous,
    version,
    steps: names.map((name) => ({ name, status: 'todo', failReason: '' })),
    script,
    controller: new AbortController(),
    status: 'running',
    failReason: '',
    endedAt: 0,
  };
}

function createVersion(service: Service, order: ReleaseOrder): Version {
  const deployId = deployIdOf(service.attempts);
  const now = new Date();
  return {
    name: `${service.name}-${deployId}`,
    deployId,
    source: order.source,
    config: service.config,
    ...(service.earlier === undefined ? {} : { earlier: service.earlier }),
    startedAt: now,
    updatedAt: now,
    remark: order.remark,
    listed: false,
    runId: '',
    buildId: 0,
    imageUrl: '',
    hasImage: false,
    status: 'creating',
    share: 0,
    scaledToZero: false,
    processLog: [],
    buildLog: [],
    failReason: '',
    startupLog: '',
  };
}

function isOpen(step: Step): boolean {
  return step.name === 'ReleaseVersion' && step.status === 'running';
}
