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
  deployInputs,
  deployRecord,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

interface Case {
  readonly verify: DeployInputs['verify'];
  readonly service?: ServiceDetail;
  readonly isBusy?: boolean;
  /** How the build of the image ends. */
  readonly exitCode?: number;
}

/** Whatever writes to the cloud fails the run: the fake cloud refuses what is not given here. */
function start({ verify, service, isBusy = false, exitCode = 0 }: Case) {
  const heard: string[] = [];
  const builds: string[] = [];
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(service),
      listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
      readTask: () => Promise.resolve(releaseTask({ status: isBusy ? 'running' : 'finished' })),
    }),
    docker: createFakeDocker({
      readEngine: () => Promise.resolve({ version: '28.0.0', cpus: 2 }),
      build: (args) => {
        builds.push(args.join(' '));
        return Promise.resolve({ exitCode, lines: ['the last line'], stdout: '' });
      },
      start: () => Promise.resolve('id'),
      readHostPort: () => Promise.resolve(1),
      readContainer: () => Promise.resolve({ isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 }),
      readListeners: () => Promise.resolve([{ address: '::', port: 8080 }]),
      readLogs: () => Promise.resolve([]),
      removeLabelled: () => Promise.resolve(undefined),
    }),
    http: createFakeHttp({ request: () => Promise.resolve({ status: 200 }) }),
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
    repository: '/repo',
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
    const { work, heard, builds } = start({ verify, service: serviceDetail() });
    const { status, values } = await work();
    expect([status, heard, builds]).toEqual(['planned', upToCompare, []]);
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
    const { work, heard, builds } = start({ verify: 'true', service: serviceDetail() });
    const { status, values } = await work();
    expect([status, values.verify?.status]).toEqual(['planned', 'passed']);
    expect(builds).toHaveLength(1);
    expect(heard).toEqual([
      ...upToCompare,
      ...['build started', 'build finished', 'verify started', 'verify finished'],
    ]);
  });

  it('fails with a build that fails', async () => {
    const { work, heard, builds } = start({ verify: 'true', service: serviceDetail(), exitCode: 1 });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('build');
    expect(builds).toHaveLength(1);
    expect(heard).toEqual([...upToCompare, 'build started', 'build failed']);
  });

  it('is made beside a release under way, and says so', async () => {
    const { values } = await start({ verify: 'auto', service: serviceDetail(), isBusy: true }).work();
    expect(values.compare?.notes).toEqual([
      'Another release is under way, "shop-002": the plan is for what serves until then.',
    ]);
  });
});
