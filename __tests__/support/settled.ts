import type { Inputs } from '../../src/inputs.ts';
import type { Settled } from '../../src/stages/inputs/inputs.ts';
import { root } from './fake-files.ts';
import { serviceConfig } from './samples.ts';

/** Checked inputs with an empty service config, but for what is given. */
export function settledOf<I extends Inputs>(inputs: I, given: Partial<Settled<I>> = {}): Settled<I> {
  return {
    inputs,
    config: serviceConfig(),
    envFrom: {},
    localEnv: {},
    buildSecrets: {},
    sourceFolder: root,
    outputPath: '',
    repository: root,
    ...given,
  };
}

/** What children may know besides: nothing. */
export const toolEnv = { installEnv: {}, cacheEnv: {} } as const;
