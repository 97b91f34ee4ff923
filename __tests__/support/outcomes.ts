import type { DeployInputs } from '../../src/inputs.ts';
import type { Outcome, StageValues } from '../../src/outcome.ts';
import type { Settled } from '../../src/stages/inputs/inputs.ts';
import {
  builtImage,
  deployInputs,
  liveState,
  planOf,
  releaseOf,
  serviceConfig,
  serviceDetail,
  containerProject,
  foundProject,
  sourcePackage,
} from './samples.ts';

/** What the stages of a deploy make that released something. */
interface DeployValues extends Omit<StageValues, 'inputs' | 'online' | 'serve' | 'download'> {
  inputs: Settled<DeployInputs>;
}

/** The values of a run that went well, from stage to stage. */
export const goodValues: DeployValues = {
  inputs: {
    inputs: deployInputs,
    config: serviceConfig(),
    envFrom: {},
    localEnv: {},
    buildSecrets: {},
    sourceFolder: '/repo',
    outputPath: '',
    repository: '/repo',
  },
  look: liveState(serviceDetail()),
  project: foundProject(containerProject()),
  lint: { findings: [], isFailed: false, ignored: 0 },
  compare: planOf(),
  build: builtImage(),
  verify: { status: 'passed', checks: [], timeToListenMs: 120, logTail: [] },
  scan: { scanned: 2, hits: [] },
  package: sourcePackage(),
  release: releaseOf(),
  follow: {
    versionName: 'shop-002',
    share: 100,
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
