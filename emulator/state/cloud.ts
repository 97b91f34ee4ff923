import { ApiError } from '../api/envelope.ts';
import { requiredText, type Params } from '../api/params.ts';
import type { Journal } from '../journal.ts';
import type { Assumptions, Credential, EnvironmentSeed, StoreOptions, Timeline } from '../options.ts';
import type { ReleaseScript } from '../release/script.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Drift } from './drift.ts';
import type { Faults } from './faults.ts';
import type { Environment, Service } from './model.ts';
import type { PackageStore } from './packages.ts';

/** Everything the emulated platform knows and can do; actions change it, nothing else does. */
export interface Cloud {
  /** Set once the server listens, for URLs that point back at the emulator. */
  baseUrl: string;
  readonly credentials: readonly Credential[];
  readonly timeline: Timeline;
  readonly assumptions: Assumptions;
  readonly environments: Map<string, Environment>;
  readonly journal: Journal;
  readonly store: StoreOptions;
  readonly packages: PackageStore;
  readonly runtime: Runtime;
  readonly faults: Faults;
  /** Scripts of coming releases, by `scriptKey`. */
  readonly scripts: Map<string, ReleaseScript[]>;
  /** Drift of services, by `scriptKey`. */
  readonly drifts: Map<string, Drift>;
  /** Work going on in the background; all of it has ended when the emulator is closed. */
  readonly background: Set<Promise<void>>;
  /** Aborts when the emulator closes. */
  readonly closing: AbortSignal;
  nextTaskId: number;
}

/** Where the scripts and the drift of a service are kept. */
export function scriptKey(envId: string, serverName: string): string {
  return `${envId}/${serverName}`;
}

/** An environment from its seed. */
export function createEnvironment(seed: EnvironmentSeed): Environment {
  return {
    envId: seed.envId,
    status: seed.status ?? 'NORMAL',
    region: seed.region ?? 'ap-shanghai',
    vpcId: seed.vpcId ?? '',
    subnetIds: seed.subnetIds ?? '',
    requiresVpcInfo: seed.requiresVpcInfo ?? false,
    createdAt: new Date(),
    packageType: 'Trial',
    run: seed.opened ? 'normal' : 'closed',
    services: new Map(),
    routes: [],
  };
}

/** The environment that a tcbr call names; an unknown one is refused. */
export function findEnvironment(cloud: Cloud, params: Params): Environment {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined) throw new ApiError('ResourceNotFound', '资源不存在');
  return environment;
}

/** The service that a call names, or undefined when the environment has none of that name. */
export function findService(cloud: Cloud, params: Params): Service | undefined {
  return findEnvironment(cloud, params).services.get(requiredText(params, 'ServerName'));
}

/** The service that a call names; an unknown one is refused in the form that `assumptions.notFound` picks. */
export function requireService(cloud: Cloud, params: Params): Service {
  const service = findService(cloud, params);
  if (service !== undefined) return service;
  switch (cloud.assumptions.notFound) {
    case 'service-data-illegal':
      throw new ApiError('InvalidParameter', 'service data illegal');
    case 'resource-not-found':
      throw new ApiError('ResourceNotFound', '资源不存在');
    case 'server-not-found':
      throw new ApiError('ResourceNotFound.ServerNotFound', '服务不存在');
  }
}

/** Lets work go on after the answer was sent; a failure in it is a defect of the emulator and ends the process. */
export function runInBackground(cloud: Cloud, work: Promise<void>): void {
  cloud.background.add(work);
  void work.finally(() => cloud.background.delete(work));
}
