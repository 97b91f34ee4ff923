import { ApiError } from '../api/envelope.ts';
import type { Cloud } from '../state/cloud.ts';
import type { ServerConfig } from '../state/config.ts';
import type { Environment, Service } from '../state/model.ts';
import { openServiceGateway } from './address.ts';

const NAME = /^[A-Za-z][\w-]{1,43}[A-Za-z0-9]$/;
const RESERVED = /^(lcap|lowcode)/;
const MAX_SERVICES = 15;
const PUBLIC_ACCESS = ['OA', 'PUBLIC', 'MINIAPP'];

/** Refuses a service whose name breaks the rules or is taken, and one too many. */
export function refuseCreate(environment: Environment, name: string): void {
  if (!NAME.test(name) || RESERVED.test(name)) {
    throw new ApiError('InvalidParameter', `The ServerName "${name}" does not follow the rules.`);
  }
  if (environment.services.has(name)) throw new ApiError('ResourceInUse', '服务已存在');
  if (environment.services.size >= MAX_SERVICES) throw new ApiError('LimitExceeded', '服务数量超过限制');
}

/** The settings of a new service for which nobody named access types. */
export function openByDefault(cloud: Cloud, config: ServerConfig): ServerConfig {
  return cloud.assumptions.accessTypesOmittedOnCreate === 'public'
    ? { ...config, OpenAccessTypes: PUBLIC_ACCESS }
    : config;
}

/** Adds a service that has no version yet, with its address. */
export async function createService(
  cloud: Cloud,
  environment: Environment,
  seed: Pick<Service, 'name' | 'mode' | 'config'>,
): Promise<Service> {
  const now = new Date();
  const gateway = await openServiceGateway(cloud, environment, seed.name);
  const service: Service = {
    ...seed,
    envId: environment.envId,
    createdAt: now,
    updatedAt: now,
    gateway,
    status: 'creating',
    attempts: 0,
    versions: [],
    tasks: [],
  };
  environment.services.set(service.name, service);
  return service;
}
