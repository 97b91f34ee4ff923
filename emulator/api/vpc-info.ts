import type { Environment } from '../state/model.ts';
import { ApiError } from './envelope.ts';
import { integer, isObject, requiredText, type Params } from './params.ts';

/** The network that a create names in `VpcInfo`. */
export type VpcInfo =
  | { readonly kind: 'new' }
  | { readonly kind: 'existing'; readonly vpcId: string; readonly subnetIds: readonly string[] };

/**
 * The `VpcInfo` of a create, the vendor's model `CreateVpcInfo`: CreateType 1 makes a network, 2 names one. Where the
 * environment requires one that exists, none and a new one are refused.
 */
export function readVpcInfo(environment: Environment, params: Params): VpcInfo | undefined {
  const info = parseVpcInfo(params['VpcInfo']);
  if (environment.requiresVpcInfo && info?.kind !== 'existing')
    throw new ApiError('InvalidParameter', '无法使用系统创建网络');
  return info;
}

function parseVpcInfo(value: unknown): VpcInfo | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new ApiError('InvalidParameter', 'The parameter VpcInfo must be an object.');
  const subnetIds = parseSubnetIds(value['SubnetIds']);
  switch (integer(value, 'CreateType', 0)) {
    case 1:
      return { kind: 'new' };
    case 2:
      return { kind: 'existing', vpcId: requiredText(value, 'VpcId'), subnetIds };
    default:
      throw new ApiError('InvalidParameter', 'The parameter VpcInfo.CreateType must be 1 or 2.');
  }
}

function parseSubnetIds(value: unknown): readonly string[] {
  const list: unknown = value ?? [];
  if (Array.isArray(list) && list.every((id) => typeof id === 'string')) return list;
  throw new ApiError('InvalidParameter', 'The parameter VpcInfo.SubnetIds must be a list of strings.');
}
