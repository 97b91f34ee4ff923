import { setTimeout as delay } from 'node:timers/promises';
import { BuildFailure, StartFailure, type Plan } from '../runtime/instance.ts';
import type { Cloud } from '../state/cloud.ts';
import { driftOf } from '../state/drift.ts';
import { imageOrigin, type Service, type Step, type Task, type Version } from '../state/model.ts';
import { builtImageUrl, newBuildId, newRunId } from '../state/names.ts';
import { logBuildStarted, logDeployStarted, logStep } from './logs.ts';
import { settle } from './settings.ts';
import { switchTraffic } from './traffic.ts';

/** One release on its way. */
export interface Walk {
  readonly cloud: Cloud;
  readonly service: Service;
  readonly task: Task;
  readonly signal: AbortSignal;
}

/** Takes a new version through registration, build, start and release; ends in the task's final status, never throws. */
export async function walkRelease(cloud: Cloud, service: Service, task: Task): Promise<void> {
  const signal = AbortSignal.any([task.controller.signal, cloud.closing]);
  const walk: Walk = { cloud, service, task, signal };
  try {
    await inStep(task, 'CreateVersion', async () => {
      await register(walk);
      await build(walk);
      task.version.hasImage = true;
      await createInstance(walk);
    });
    await release(walk);
  } catch (error) {
    await endRelease(walk, error);
  } finally {
    settle(cloud, service, task.version);
  }
}

/** Waits without keeping the process alive; rejects when the release is cancelled. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal, ref: false });
}

/** Runs one step of a task and keeps its book: status, times and the reason of a failure. */
export async function inStep(task: Task, name: Step['name'], work: () => Promise<void>): Promise<void> {
  const step = task.steps.find((candidate) => candidate.name === name);
  if (step !== undefined) Object.assign(step, { status: 'running', startedAt: new Date() });
  await work();
  if (step !== undefined) Object.assign(step, { status: 'finished', endedAt: new Date() });
}

/** Ends a task that did not fail. */
export function finishTask(task: Task): void {
  task.status = 'finished';
  task.endedAt = Date.now();
}

/** Ends a release that failed or was cancelled; the version that was online stays online. */
export async function endRelease(walk: Walk, error: unknown): Promise<void> {
  const { version } = walk.task;
  const reason = await endTask(walk, error);
  version.status = error instanceof BuildFailure ? 'build_failed' : 'deploy_failed';
  Object.assign(version, { failReason: reason, updatedAt: new Date(), listed: true });
  if (error instanceof StartFailure) version.startupLog = error.output;
  const step = version.status === 'build_failed' ? 'check_build_image' : 'check_eks_virtual_service';
  logStep(version, step, `process, 部署版本失败：${reason}`);
  if (walk.service.status === 'creating') walk.service.status = walk.cloud.assumptions.firstFailure;
}

/** Ends a task that failed or was cancelled, stops what it had started, and returns the reason. */
export async function endTask(walk: Walk, error: unknown): Promise<string> {
  const { task, signal } = walk;
  await task.version.instance?.stop();
  delete task.version.instance;
  const stopped = signal.aborted || task.script.end === 'stopped';
  const failReason = stopped ? '任务已取消' : error instanceof Error ? error.message : String(error);
  const status = stopped ? 'stopped' : 'failed';
  const step = task.steps.find((candidate) => candidate.status === 'running');
  if (step !== undefined) Object.assign(step, { status, endedAt: new Date(), failReason });
  Object.assign(task, { status, failReason, endedAt: Date.now() });
  return failReason;
}

async function register(walk: Walk): Promise<void> {
  const { version } = walk.task;
  const { registrationMs } = walk.cloud.timeline;
  await pause(registrationMs / 2, walk.signal);
  version.listed = true;
  await pause(registrationMs / 2, walk.signal);
  version.runId = newRunId();
  if (version.source.kind === 'package') version.buildId = newBuildId();
  version.imageUrl = imageUrlOf(walk.service, version);
}

function imageUrlOf(service: Service, version: Version): string {
  const { source } = version;
  if (source.kind === 'image') return source.reference;
  if (source.kind === 'built') return source.origin.imageUrl;
  return builtImageUrl(service.name, version.name, version.startedAt);
}

async function build(walk: Walk): Promise<void> {
  const { cloud, service, task, signal } = walk;
  const { version } = task;
  const { source } = version;
  if (source.kind === 'built') {
    const { artifact } = imageOrigin(version);
    if (artifact !== undefined) version.artifact = artifact;
    return;
  }
  if (source.kind === 'image') return;
  logBuildStarted(version);
  const least = pause(cloud.timeline.buildMs, signal);
  least.catch(() => undefined);
  await failAsScripted(walk, 'build_failed', least);
  if (isReal(task)) {
    const upload = cloud.packages.find(source.packageName, source.packageVersion);
    if (upload?.stored !== true) throw new BuildFailure('the package does not exist');
    version.artifact = await cloud.runtime.buildPackage(upload.file, planOf(walk, version.buildLog));
  }
  await least;
  version.buildLog.push(`[${service.name}] Image pushed successfully.`);
  logStep(version, 'check_build_image', 'succ');
}

async function createInstance(walk: Walk): Promise<void> {
  const { cloud, service, task, signal } = walk;
  const { version } = task;
  logDeployStarted(service, version);
  const least = pause(cloud.timeline.createVersionMs, signal);
  least.catch(() => undefined);
  await failAsScripted(walk, 'deploy_failed', least);
  await failAsScripted(walk, 'stopped', least);
  if (isReal(task)) await startVersion(walk);
  await least;
  logStep(version, 'check_eks_virtual_service', 'succ');
  version.updatedAt = new Date();
  if (cloud.assumptions.recordNormal === 'before-finish' || task.releaseType === 'GRAY')
    version.status = 'normal';
}

/** Starts what a version consists of; does nothing for a version that runs already or was only pretended. */
export async function startVersion(walk: Walk): Promise<void> {
  const { version } = walk.task;
  const plan = planOf(walk, version.processLog);
  const { source } = imageOrigin(version);
  if (source.kind === 'image') version.artifact ??= await walk.cloud.runtime.pull(source.reference, plan);
  if (version.artifact === undefined || version.instance !== undefined) return;
  version.instance = await walk.cloud.runtime.start(version.artifact, plan);
}

async function release(walk: Walk): Promise<void> {
  const { cloud, service, task, signal } = walk;
  const { version } = task;
  if (task.releaseType === 'GRAY') {
    const step = task.steps.find((candidate) => candidate.name === 'ReleaseVersion');
    if (step !== undefined) Object.assign(step, { status: 'running', startedAt: new Date() });
    if (cloud.assumptions.grayTask === 'finished') finishTask(task);
    return;
  }
  await inStep(task, 'ReleaseVersion', () => pause(cloud.timeline.releaseMs, signal));
  finishTask(task);
  if (task.script.end === 'ready-not-online') {
    version.status = 'normal';
    return;
  }
  await pause(cloud.timeline.onlineLagMs, cloud.closing).catch(() => undefined);
  version.status = 'normal';
  service.status = 'normal';
  const { access } = driftOf(cloud, service);
  if (access !== undefined) service.config = { ...service.config, OpenAccessTypes: access };
  await switchTraffic(service, new Map([[version, 100]]));
}

async function failAsScripted(walk: Walk, end: Task['script']['end'], least: Promise<void>): Promise<void> {
  const { script, version } = walk.task;
  if (script.end !== end) return;
  await least;
  const log = script.log ?? '';
  if (end === 'build_failed') {
    version.buildLog.push(...log.split('\n').filter(Boolean));
    throw new BuildFailure(script.failReason ?? 'docker build failed with exit code 1');
  }
  throw new StartFailure(script.failReason ?? 'Back-off restarting failed container', log);
}

function isReal(task: Task): boolean {
  return task.script.run !== false;
}

function planOf(walk: Walk, log: string[]): Plan {
  const { service, task, signal } = walk;
  return {
    serverName: service.name,
    versionName: task.version.name,
    mode: service.mode,
    config: task.version.config,
    log: (line) => log.push(line),
    signal,
  };
}
