import { describe, expect, it } from '@jest/globals';

import { plan } from '../../src/commands/plan.ts';
import { ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { ServiceDetail } from '../../src/ports.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakeDocker, createFakeHttp, createFakePorts } from '../support/fakes.ts';
import {
  deliveryInputs,
  deployInputs,
  deployRecord,
  localInputs,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';
import { createServingDocker } from '../support/serving.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

interface Case {
  readonly verify: DeployInputs['local']['verify'];
  readonly delivery?: DeployInputs['delivery'];
  readonly service?: ServiceDetail;
  readonly isBusy?: boolean;
  /** How the build of the image ends. */
  readonly exitCode?: number;
}

/** Whatever writes to the cloud fails the run: the fake cloud refuses what is not given here. */
function start({ verify, delivery = deliveryInputs, service, isBusy = false, exitCode = 0 }: Case) {
  const heard: string[] = [];
  const calls: string[] = [];
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(service),
      listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
      readTask: () => Promise.resolve(releaseTask({ status: isBusy ? 'running' : 'finished' })),
    }),
    docker: createFakeDocker(createServingDocker(calls, { exitCode, lines: ['the last line'] })),
    http: createFakeHttp({
      request: () => Promise.resolve({ status: 200, headers: {}, body: '' }),
      accepts: () => Promise.resolve(true),
    }),
    files: createFakeFiles({ Dockerfile: 'FROM scratch\nEXPOSE 8080\n' }),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const run = createRun(events, ports.clock);
  const config = serviceConfig({ Cpu: 1, Mem: 2 });
  const local = { ...localInputs, verify };
  const inputs = { ...deployInputs, command: 'plan', lint: 'off', local, delivery } as const;
  const settled = settledOf<DeployInputs>(inputs, { config, envFrom: { SECRET: 'canary' } });
  return {
    heard,
    calls,
    run,
    work: () => plan(run, settled, { context: runContext(), ...toolEnv, ports }),
  };
}

const upToCompare = ['look', 'project', 'lint', 'compare'].flatMap((stage) => [
  `${stage} started`,
  `${stage} finished`,
]);

describe('a plan', () => {
  it.each(['auto', 'false'] as const)('ends with compare where verify is %s', async (verify) => {
    const { work, heard, calls } = start({ verify, service: serviceDetail() });
    const { status, values } = await work();
    expect([status, heard, calls]).toEqual(['planned', upToCompare, []]);
    expect(values.compare?.changes.settings.map(({ setting }) => setting)).toEqual([
      'Cpu',
      'Mem',
      'EnvParams.SECRET',
    ]);
  });

  it('is made for a service that is not there yet', async () => {
    const { status, values } = await start({ verify: 'auto' }).work();
    expect([status, values.compare?.action]).toEqual(['planned', 'create']);
  });

  it('goes on to verify where verify is true', async () => {
    const { work, heard, calls } = start({ verify: 'true', service: serviceDetail() });
    const { status, values } = await work();
    expect([status, values.verify?.status]).toEqual(['planned', 'passed']);
    expect(calls.filter((call) => call === 'build')).toHaveLength(1);
    expect(heard).toEqual([
      ...upToCompare,
      ...['build started', 'build finished', 'verify started', 'verify finished'],
    ]);
  });

  it.each<[string, Partial<typeof deliveryInputs>, readonly string[]]>([
    [
      'pushes nothing',
      { repository: 'ccr.ccs.tencentyun.com/acme/shop' },
      ['build', 'start', 'stop', 'remove'],
    ],
    ['pulls an image that exists', { image: 'acme/shop:1' }, ['pull acme/shop:1', 'start', 'stop', 'remove']],
  ])('with verify %s', async (_what, given, expected) => {
    const delivery = { ...deliveryInputs, ...given };
    const { work, calls } = start({ verify: 'true', delivery, service: serviceDetail() });
    expect((await work()).status).toBe('planned');
    expect(calls).toEqual(expected);
  });

  it('fails with a build that fails', async () => {
    const { work, heard, calls } = start({ verify: 'true', service: serviceDetail(), exitCode: 1 });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('build');
    expect(calls.filter((call) => call === 'build')).toHaveLength(1);
    expect(heard).toEqual([...upToCompare, 'build started', 'build failed']);
  });

  it('is made beside a release under way, and says so', async () => {
    const { values } = await start({ verify: 'auto', service: serviceDetail(), isBusy: true }).work();
    expect(values.compare?.notes).toEqual([
      'Another release is under way, "shop-002": the plan is for what serves until then.',
    ]);
  });
});
