import { scriptOf } from '../release/script.ts';
import type { ReleaseOrder } from '../release/start.ts';
import type { Cloud } from '../state/cloud.ts';
import type { Service, Source, Version } from '../state/model.ts';
import { ApiError } from './envelope.ts';
import { isObject, optionalText, requiredText, type Params } from './params.ts';

/** The release that a create (no service yet) or an update asks for in its `DeployInfo`; refuses what it cannot be. */
export function readOrder(cloud: Cloud, params: Params, service?: Service): ReleaseOrder {
  const info = readDeployInfo(params);
  const deployType = requiredText(info, 'DeployType');
  return {
    changeType: service === undefined ? 'create' : 'update',
    deployType,
    releaseType: optionalText(info, 'ReleaseType').toUpperCase() === 'GRAY' ? 'GRAY' : 'FULL',
    source: deployType === 'image' ? imageSource(info, service) : packageSource(cloud, info),
    remark: optionalText(info, 'DeployRemark'),
  };
}

/** The `DeployInfo` of a call, which must be there. */
export function readDeployInfo(params: Params): Params {
  const info = params['DeployInfo'];
  if (!isObject(info))
    throw new ApiError('MissingParameter', 'The request is missing the parameter DeployInfo.');
  return info;
}

function imageSource(info: Params, service: Service | undefined): Source {
  const reference = requiredText(info, 'ImageUrl');
  const origin = service && findImage(service, reference);
  return origin === undefined ? { kind: 'image', reference } : { kind: 'built', origin };
}

/** The version that brought an image which is at hand: built here, fetched before, or only pretended. */
function findImage(service: Service, reference: string): Version | undefined {
  return service.versions.find(
    (each) =>
      each.hasImage &&
      each.imageUrl === reference &&
      (each.artifact !== undefined || scriptOf(service, each)?.run === false),
  );
}

function packageSource(cloud: Cloud, info: Params): Source {
  if (requiredText(info, 'DeployType') !== 'package') {
    throw new ApiError('UnsupportedOperation', 'The emulator deploys packages and images only.');
  }
  const packageName = requiredText(info, 'PackageName');
  const packageVersion = requiredText(info, 'PackageVersion');
  if (cloud.packages.find(packageName, packageVersion) === undefined) {
    throw new ApiError('InvalidParameter', 'The package is unknown.');
  }
  const buildPacks = info['BuildPacks'];
  return { kind: 'package', packageName, packageVersion, ...(isObject(buildPacks) ? { buildPacks } : {}) };
}
