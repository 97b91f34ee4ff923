import type { Docker } from '../../src/docker-port.ts';
import type { ImageInputs } from '../../src/inputs.ts';
import type { Finished } from '../../src/process-port.ts';
import type { BuildRequest } from '../../src/stages/build/built.ts';
import { createFakeFiles } from './fake-files.ts';
import { createFakeDocker, createFakeExec, createFakeLog, createFakeState } from './fakes.ts';
import { buildInputs, deliveryInputs, localInputs } from './samples.ts';

/** The inputs of an image, but for what is given. */
export function imageInputs(given: Partial<ImageInputs> = {}): ImageInputs {
  return { build: buildInputs, local: localInputs, delivery: deliveryInputs, ...given };
}

/** A build that may be skipped, but for what is given. */
export function buildRequest(given: Partial<BuildRequest> = {}): BuildRequest {
  return {
    isNeededBy: undefined,
    inputs: imageInputs(),
    buildSecrets: {},
    labels: {},
    repository: '/repo',
    stepLabel: 'cloudbase-run-1A2b',
    tempFolder: '/tmp/step',
    installEnv: { NODE_AUTH_TOKEN: 'registry-token' },
    cacheEnv: {},
    ...given,
  };
}

/** The ports of a build; whatever nobody gives is expected by nobody. */
export function buildPorts(docker: Partial<Docker> = {}, ended: Partial<Finished> = {}) {
  return {
    docker: createFakeDocker(docker),
    exec: createFakeExec(() => ended),
    files: createFakeFiles({ 'index.js': 'code', 'package.json': '{}' }),
    log: createFakeLog(),
    state: createFakeState(),
  };
}
