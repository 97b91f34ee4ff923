import { describe, expect, it } from '@jest/globals';

import { plan } from '../../src/commands/plan.ts';
import { ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { ServiceDetail } from '../../src/ports.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakeDocker, createFakePorts } from '../support/fakes.ts';
import {
  deployInputs,
  deployRecord,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

/** Every port that could write to the cloud fails the run: the fake cloud refuses what it does not offer. */
function start(verify: DeployInputs['verify'], service?: ServiceDetail, isBusy = false) {
  const heard: string[] = [];
  const builds: string[] = [];
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(service),
      listRecords: () => Promise.resolve([deployRecord()]),
      readTask: () => Promise.resolve(releaseTask({ status: isBusy ? 'running' : 'finished' })),
    }),
    docker: createFakeDocker({
      readEngine: () => Promise.resolve({ version: '28.0.0', cpus: 2 }),
      build: (args) => {
        builds.push(args.join(' '));
        return Promise.resolve({ exitCode: 1, lines: ['no such image'], stdout: '' });
      },
      removeLabelled: () => Promise.resolve(undefined),
    }),
    files: createFakeFiles({ Dockerfile: 'FROM scratch\nEXPOSE 8080\n' }),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const run = createRun(events, ports.clock);
  const settled = {
    inputs: { ...deployInputs, command: 'plan' as const, lint: 'off' as const, verify },
    config: serviceConfig({ Cpu: 1, Mem: 2 }),
    envFrom: { SECRET: 'canary' },
    sourceFolder: '/repo',
  };
  return {
    heard,
    builds,
    run,
    work: () => plan(run, settled, { context: runContext(), installEnv: {}, ports }),
  };
}

const upToCompare = ['look', 'project', 'lint', 'compare'].flatMap((stage) => [
  `${stage} started`,
  `${stage} finished`,
]);

describe('a plan', () => {
  it.each(['auto', 'false'] as const)('ends with compare where verify is %s', async (verify) => {
    const { work, heard, builds } = start(verify, serviceDetail());
    const { status, values } = await work();
    expect([status, heard, builds]).toEqual(['planned', upToCompare, []]);
    expect(values.compare?.changes.settings.map(({ setting }) => setting)).toEqual([
      'Cpu',
      'Mem',
      'EnvParams.SECRET',
    ]);
  });

  it('is made for a service that is not there yet', async () => {
    const { status, values } = await start('auto').work();
    expect([status, values.compare?.action]).toEqual(['planned', 'create']);
  });

  it('builds where verify is true, and a build that fails is a failure', async () => {
    const { work, heard, builds } = start('true', serviceDetail());
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('build');
    expect(builds).toHaveLength(1);
    expect(heard).toEqual([...upToCompare, 'build started', 'build failed']);
  });

  it('is made beside a release under way, and says so', async () => {
    const { values } = await start('auto', serviceDetail(), true).work();
    expect(values.compare?.notes).toEqual([
      'Another release is under way, "shop-002": the plan is for what serves until then.',
    ]);
  });
});
