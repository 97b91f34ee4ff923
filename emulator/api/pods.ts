import { requireService, type Cloud } from '../state/cloud.ts';
import type { Version } from '../state/model.ts';
import { platformTime } from '../state/names.ts';
import type { Answer } from './envelope.ts';
import { integer, optionalText, type Params } from './params.ts';
import { inCase, orNull } from './views.ts';

const MAX_PAGE = 50;

/** tcbr `DescribeCloudRunPodList`: what runs now, one instance a version; 10 a page unless asked, never more than 50. */
export function describeCloudRunPodList(cloud: Cloud, params: Params): Answer {
  const name = optionalText(params, 'VersionName');
  const { versions } = requireService(cloud, params);
  const pods = versions
    .filter((version) => name === '' || version.name === name)
    .flatMap((version) => viewPod(cloud, version));
  const size = Math.min(integer(params, 'PageSize', 10) || 10, MAX_PAGE);
  const page = integer(params, 'PageNum', 1) || 1;
  return { PodList: orNull(cloud, pods.slice((page - 1) * size, page * size)), TotalCount: pods.length };
}

function viewPod(cloud: Cloud, version: Version): Answer[] {
  const { instance, name, updatedAt } = version;
  if (instance === undefined) return [];
  return [
    {
      Webshell: '',
      PodId: `${name}-${instance.port}`,
      Status: inCase(cloud, 'running'),
      CreateTime: platformTime(updatedAt),
    },
  ];
}
