import type { Artifact, Instance } from '../runtime/instance.ts';
import type { ReleaseScript } from '../release/script.ts';
import type { Gateway } from '../runtime/gateway.ts';
import type { ServerConfig } from './config.ts';

/** An environment of the account with its services. */
export interface Environment {
  readonly envId: string;
  /** As tcb reports it: NORMAL, UNAVAILABLE, … */
  readonly status: string;
  readonly region: string;
  readonly vpcId: string;
  readonly subnetIds: string;
  readonly requiresVpcInfo: boolean;
  readonly createdAt: Date;
  packageType: string;
  /** CloudBase Run in this environment. */
  run: 'closed' | 'creating' | 'normal';
  readonly services: Map<string, Service>;
  /** Gateway routes that a test has seeded, in the shape of `HTTPServiceDomain`. */
  readonly routes: Readonly<Record<string, unknown>>[];
}

/** What a version is made from. */
export type Source =
  | {
      readonly kind: 'package';
      readonly packageName: string;
      readonly packageVersion: string;
      /** How a package without a Dockerfile is built, in the shape of `BuildPacksInfo`. */
      readonly buildPacks?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'built'; readonly origin: Version };

/** What has settings, and for a while perhaps earlier ones that are still read in their place. */
export interface Configured {
  config: ServerConfig;
  /** `until` is in milliseconds since the epoch. */
  earlier?: { readonly config: ServerConfig; until: number };
}

/** One attempt to deploy; it takes a number even when it fails. */
export interface Version extends Configured {
  readonly name: string;
  readonly deployId: string;
  readonly source: Source;
  readonly startedAt: Date;
  updatedAt: Date;
  remark: string;
  /** Whether the deploy records list it yet. */
  listed: boolean;
  runId: string;
  buildId: number;
  imageUrl: string;
  /** Whether its build succeeded, or it needed none. */
  hasImage: boolean;
  status: 'creating' | 'normal' | 'build_failed' | 'deploy_failed';
  /** Its share of the requests, 0 to 100. */
  share: number;
  scaledToZero: boolean;
  readonly processLog: string[];
  readonly buildLog: string[];
  failReason: string;
  startupLog: string;
  artifact?: Artifact;
  instance?: Instance;
}

/** A step of a task under the platform's names. */
export interface Step {
  readonly name: 'CreateVersion' | 'ReleaseVersion';
  status: 'todo' | 'running' | 'finished' | 'failed' | 'stopped';
  startedAt?: Date;
  endedAt?: Date;
  failReason: string;
}

/** One change of a service on its way; `DescribeServerManageTask` shows it. */
export interface Task {
  readonly id: number;
  readonly changeType: 'create' | 'update' | 'rollback' | 'config';
  readonly releaseType: 'FULL' | 'GRAY';
  readonly deployType: string;
  readonly createdAt: Date;
  readonly previous: Version | undefined;
  readonly version: Version;
  readonly steps: readonly Step[];
  readonly script: ReleaseScript;
  readonly controller: AbortController;
  status: 'running' | 'finished' | 'failed' | 'stopped';
  failReason: string;
  /** When it ended, in milliseconds since the epoch; 0 while it runs. */
  endedAt: number;
}

/** A service with everything that ever happened to it. */
export interface Service extends Configured {
  readonly envId: string;
  readonly name: string;
  readonly mode: 'function' | 'container';
  readonly createdAt: Date;
  readonly gateway: Gateway;
  updatedAt: Date;
  status: 'creating' | 'create_failed' | 'normal' | 'deleting';
  /** Counts attempts, failed ones included. */
  attempts: number;
  readonly versions: Version[];
  readonly tasks: Task[];
}

/** The versions that get requests, the largest share first. */
export function onlineVersions(service: Service): Version[] {
  return service.versions.filter((version) => version.share > 0).sort((a, b) => b.share - a.share);
}

/** The version whose release brought the image that this one runs: itself, unless it re-uses an older one's. */
export function imageOrigin(version: Version): Version {
  return version.source.kind === 'built' ? imageOrigin(version.source.origin) : version;
}

/** The newest version that got as far as to have an image, whatever became of it then. */
export function newestImage(service: Service): Version | undefined {
  return service.versions.findLast((version) => version.hasImage);
}

/** The newest task, also when it has ended. */
export function latestTask(service: Service): Task | undefined {
  return service.tasks.at(-1);
}
