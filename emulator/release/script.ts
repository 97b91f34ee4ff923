import type { Cloud } from '../state/cloud.ts';
import { scriptKey } from '../state/cloud.ts';
import { imageOrigin, type Service, type Source, type Version } from '../state/model.ts';

/** How a coming release goes, whatever its package contains. */
export interface ReleaseScript {
  /** `ready-not-online`: the version is good and its task finished, but it never gets a request. */
  readonly end: 'online' | 'build_failed' | 'deploy_failed' | 'stopped' | 'ready-not-online';
  /** Goes into the build log, or into the start-up part of the process log. */
  readonly log?: string;
  /** The reason that task, step and build log give. */
  readonly failReason?: string;
  /** Create and Update answer TaskId 0. */
  readonly taskIdZero?: boolean;
  /** The record list is null until the release has ended. */
  readonly nullRecords?: boolean;
  /** Nothing is built or run: the version comes online at once, and its URL answers 503. */
  readonly run?: false;
}

/**
 * The script of this release. When none waits, a version that re-uses an image does with it what the script of that
 * image's own release did: pretends to run it, or fails to start it. Else it is really built and run.
 */
export function takeScript(cloud: Cloud, service: Service, source: Source): ReleaseScript {
  const next = cloud.scripts.get(scriptKey(service.envId, service.name))?.shift();
  if (next !== undefined) return next;
  const script = source.kind === 'built' ? scriptOf(service, imageOrigin(source.origin)) : undefined;
  if (script?.end === 'deploy_failed') return script;
  return script?.run === false ? { end: 'online', run: false } : { end: 'online' };
}

/** The script by which a version was released, if it is known. */
export function scriptOf(service: Service, version: Version): ReleaseScript | undefined {
  return service.tasks.find((task) => task.version === version && task.changeType !== 'rollback')?.script;
}
