import { expect, it } from '@jest/globals';

import { runCommand } from '../../src/commands/command.ts';
import { createEvents } from '../../src/events.ts';
import type { Inputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { createFakeCloudRun, createFakePorts } from '../support/fakes.ts';
import {
  deployInputs,
  deployRecord,
  lintInputs,
  localInputs,
  releaseTask,
  runContext,
  runInputs,
  serviceDetail,
  updateConfigInputs,
} from '../support/samples.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

it.each<[Inputs, string, string | undefined]>([
  [{ ...deployInputs, command: 'plan' }, 'planned', 'compare'],
  [updateConfigInputs, 'unchanged', 'online'],
  [lintInputs, 'linted', 'lint'],
  [{ ...deployInputs, local: { ...localInputs, verify: 'false' } }, 'failed', 'release'],
  [{ ...runInputs, mode: 'function' }, 'failed', 'serve'],
])('the inputs $command choose their command, which ends as %s', async (inputs, status, last) => {
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network: undefined }),
      readServing: () => Promise.resolve(serviceDetail({ serviceType: 'function' })),
      listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
      readTask: () => Promise.resolve(releaseTask()),
    }),
    files: createFakeFiles({ 'index.js': 'exports.main = () => 1;' }),
  });
  const run = createRun(createEvents(), ports.clock);
  const settled = settledOf(inputs);
  const around = { context: runContext(), ...toolEnv, ports, connect: () => ports };
  const outcome = await runCommand(run, settled, around).catch((error: unknown) => run.fail(error));
  expect([outcome.status, outcome.stages.at(-1)?.stage]).toEqual([status, last]);
});
