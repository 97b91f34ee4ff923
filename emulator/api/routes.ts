import type { Cloud } from '../state/cloud.ts';
import { ApiError, type Answer } from './envelope.ts';
import { integer, objects, requiredText, type Params } from './params.ts';

/**
 * tcb `DescribeHTTPServiceRoute`: the gateway's domains and their routes; none unless a test has seeded them. Filters
 * match exactly, by Domain, DomainType, Path or UpstreamResourceType.
 */
export function describeHttpServiceRoute(cloud: Cloud, params: Params): Answer {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined)
    throw new ApiError('InvalidParameter.EnvId', 'The environment does not exist.');
  const filters = objects(params, 'Filters');
  const found = environment.routes.filter((domain) => filters.every((filter) => matches(domain, filter)));
  const offset = integer(params, 'Offset', 0);
  const page = found.slice(offset, offset + Math.min(integer(params, 'Limit', 20), 1000));
  return { Domains: page, OriginDomain: `${environment.envId}.gateway.invalid`, TotalCount: found.length };
}

function matches(domain: Params, filter: Params): boolean {
  const name = requiredText(filter, 'Name');
  const values: unknown = filter['Values'];
  if (!Array.isArray(values)) return false;
  return [domain, ...objects(domain, 'Routes')].some((holder) => values.includes(holder[name]));
}
