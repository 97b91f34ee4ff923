import { expect, it } from '@jest/globals';

import type { ReleaseRequest as Written, ServiceDetail } from '../../../src/ports.ts';
import { compare } from '../../../src/stages/compare.ts';
import type { Artifact } from '../../../src/stages/package/artifact.ts';
import type { Project } from '../../../src/stages/project/project.ts';
import { release } from '../../../src/stages/release/release.ts';
import { createFakeClock, createFakeCloudRun, createFakeHttp, createFakeLog } from '../../support/fakes.ts';
import {
  containerProject,
  deployRecord,
  imageProject,
  liveState,
  releaseTask,
  serviceConfig,
  serviceDetail,
} from '../../support/samples.ts';

const reference = 'ccr.ccs.tencentyun.com/acme/shop:abc';
const artifact: Artifact = { kind: 'image', reference, digest: 'sha256:d', isProven: true };
const deployInfo = { DeployType: 'image', ImageUrl: reference, DeployRemark: 'https://github.test/run/5' };

/** Releases an image; whoever uploads something fails. */
async function releaseImage(project: Project, before?: ServiceDetail) {
  const writes: Written[] = [];
  const write = (_target: unknown, written: Written): Promise<number> => {
    writes.push(written);
    return Promise.resolve(77);
  };
  const cloudRun = createFakeCloudRun({
    readServing: () => Promise.resolve(before),
    listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
    readTask: () => Promise.resolve(releaseTask()),
    ...(before === undefined ? { createService: write } : { updateService: write }),
  });
  const live = liveState(before);
  const plan = compare({ config: serviceConfig(), envFrom: {}, envStrategy: 'merge', live, project });
  const request = {
    project,
    live,
    plan,
    verification: { status: 'skipped', reason: 'x' },
    artifact,
    remark: 'https://github.test/run/5',
  } as const;
  const log = createFakeLog();
  await release(request, { cloudRun, http: createFakeHttp({}), clock: createFakeClock(), log });
  return { writes, plan, lines: log.lines };
}

it.each<[string, Project, string]>([
  ['that was built', containerProject({ dockerfile: 'prod.Dockerfile' }), 'prod.Dockerfile'],
  ['that exists', imageProject(), 'Dockerfile'],
])('an image %s makes a service as the vendor’s SDK does it', async (_what, project, dockerfile) => {
  const { writes, lines } = await releaseImage(project);
  const items = writes[0]?.items ?? [];
  const valueOf = (key: string): unknown[] => items.filter(({ Key }) => Key === key);
  expect(writes[0]?.deployInfo).toEqual(deployInfo);
  expect(valueOf('Dockerfile')).toEqual([{ Key: 'Dockerfile', Value: dockerfile }]);
  expect(valueOf('HasDockerfile')).toEqual([{ Key: 'HasDockerfile', BoolValue: true }]);
  expect(valueOf('Port')).toEqual([{ Key: 'Port', IntValue: 8080 }]);
  expect(valueOf('AccessTypes')).toEqual([{ Key: 'AccessTypes', ArrayValue: ['MINIAPP'] }]);
  expect(valueOf('Tag')).toEqual([]);
  expect(lines).toEqual([]);
});

it.each<Project>([containerProject(), imageProject()])(
  'an image updates a service, and no setting goes with it: %#',
  async (project) => {
    const { writes } = await releaseImage(project, serviceDetail());
    expect(writes).toEqual([{ deployInfo: { ...deployInfo, ReleaseType: 'FULL' }, items: [] }]);
  },
);

it('an image that exists leaves the mark of a source behind, which then holds for no version', async () => {
  const settings = { Port: 8080, EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"ab12:1"}' };
  const { writes, plan } = await releaseImage(imageProject(), serviceDetail({ settings }));
  expect([plan.source, writes[0]?.items]).toEqual(['unknown', []]);
});
