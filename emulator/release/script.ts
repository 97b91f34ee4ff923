import type { Cloud } from '../state/cloud.ts';
import { scriptKey } from '../state/cloud.ts';

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

/** The script of this release; a real one, built and run, when none waits. */
export function takeScript(cloud: Cloud, envId: string, serverName: string): ReleaseScript {
  return cloud.scripts.get(scriptKey(envId, serverName))?.shift() ?? { end: 'online' };
}
