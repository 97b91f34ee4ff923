import type { Outcome, StageValues } from '../../src/outcome.ts';
import {
  deployInputs,
  liveState,
  releaseOf,
  serviceConfig,
  serviceDetail,
  containerProject,
} from './samples.ts';

/** The values of a run that went well, from stage to stage. */
export const goodValues: StageValues = {
  inputs: { inputs: deployInputs, config: serviceConfig(), sourceFolder: '/repo' },
  look: liveState(serviceDetail()),
  project: containerProject(),
  lint: { findings: [], isFailed: false },
  compare: { action: 'update', wanted: {}, changes: [], notes: [] },
  build: { kind: 'image', tag: 'a:verify', engineCpus: 2 },
  verify: { status: 'passed', checks: [], timeToListenMs: 120 },
  package: { kind: 'package', file: '/tmp/p.zip', bytes: 10, sha256: 'abc', fileCount: 2 },
  release: releaseOf(),
  follow: {
    versionName: 'shop-002',
    previousVersion: 'shop-001',
    imageUrl: 'registry.test/shop:2',
    cloudRunId: 'run-2',
    service: serviceDetail({ accessTypes: ['PUBLIC'] }),
    urls: [
      { url: 'https://www.shop.test', source: 'custom-domain' },
      { url: 'https://shop.example.test', source: 'default-domain' },
    ],
  },
};

export const live: Outcome = {
  status: 'live',
  values: goodValues,
  stages: [{ stage: 'look', durationMs: 1234, isFailed: false }],
  durationMs: 65_432,
};

/** A run that failed at a stage, with the given values made before. */
export function failed(
  failure: NonNullable<Outcome['failure']>,
  values: Partial<StageValues> = { inputs: goodValues.inputs },
): Outcome {
  const status = failure.kind === 'cancelled' ? 'cancelled' : 'failed';
  return { ...live, status, failure, values };
}
