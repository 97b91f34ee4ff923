import { describe, expect, it } from '@jest/globals';

import { prepare } from '../../src/commands/prepare.ts';
import { CloudError, InputError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakePorts } from '../support/fakes.ts';
import {
  deployInputs,
  deployRecord,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

const live = serviceDetail({
  serviceType: 'function',
  settings: { Port: 3000, EnvParams: '{"KEPT":"live"}' },
});

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly task?: string;
}

const one = { 'index.js': 'exports.main = () => 1;' };

function start(given: Partial<DeployInputs>, { files = one, task = 'finished' }: Case = {}) {
  const heard: string[] = [];
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(live),
      listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
      readTask: () => Promise.resolve(releaseTask({ status: task })),
    }),
    files: createFakeFiles(files),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const settled = {
    inputs: { ...deployInputs, ...given },
    config: serviceConfig({ EnvParams: { MINE: '1' } }),
    envFrom: { SECRET: '2' },
    sourceFolder: '/repo',
    repository: '/repo',
  };
  const around = { context: runContext(), installEnv: {}, ports };
  return { heard, work: () => prepare(createRun(events, ports.clock), settled, around) };
}

describe('what deploy and plan share', () => {
  it('ends with what is live, the project and the plan', async () => {
    const { work, heard } = start({});
    const prepared = await work();
    expect(heard.filter((line) => line.endsWith('finished'))).toEqual(
      ['look', 'project', 'lint', 'compare'].map((stage) => `${stage} finished`),
    );
    expect(prepared).toMatchObject({
      live: { service: live, network },
      project: { kind: 'function', fingerprint: undefined },
      plan: { wanted: { envStrategy: 'merge', settings: { EnvParams: { MINE: '1', SECRET: '2' } } } },
    });
  });

  it('follows the strategy for env vars', async () => {
    const { plan } = await start({ envStrategy: 'replace' }).work();
    expect(plan.changes.settings.map(({ setting, kind }) => `${setting} ${kind}`)).toEqual([
      'EnvParams.KEPT removed',
      'EnvParams.MINE added',
      'EnvParams.SECRET added',
    ]);
  });

  it('has a fingerprint where the unchanged is to be skipped', async () => {
    const { project, plan } = await start({ skipUnchanged: true }).work();
    expect(project.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect([plan.source, plan.wanted.fingerprint]).toEqual(['different', project.fingerprint]);
  });

  it('is refused in another mode than the live service’s', async () => {
    const { problems } = await failureOf(InputError, start({ mode: 'container' }).work);
    expect(problems.map(({ subject }) => subject)).toEqual(['mode']);
  });

  it.each([
    ['error', true],
    ['off', false],
  ] as const)('is held to the level of lint: %s', async (lint, isRefused) => {
    const { work, heard } = start({ lint }, { files: { 'index.js': 'return (;' } });
    const outcome = isRefused ? await failureOf(ProjectError, work) : await work();
    expect(outcome instanceof ProjectError && outcome.kind).toBe(isRefused && 'lint');
    expect(heard.includes('compare started')).toBe(!isRefused);
  });

  it('says what lint found before anything else that stands in the way of the source', async () => {
    const files = { 'package.json': '{"main": "gone.js"}' };
    const { work, heard } = start({ lint: 'error' }, { files });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('entry-not-found');
    expect(error.message).toMatch(/^Lint found 1 error\. First: package\.json:1: /);
    expect(heard.at(-1)).toBe('lint finished');
    expect((await failureOf(InputError, start({ lint: 'off' }, { files }).work)).kind).toBe(
      'entry-not-found',
    );
  });

  it('is refused for what lint does not look at, too', async () => {
    const { work, heard } = start({}, { files: { ...one, '.env': 'A=1' } });
    const { problems } = await failureOf(InputError, work);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^"\.env" looks like a secret/),
    ]);
    expect(heard.at(-1)).toBe('lint finished');
  });

  it('is refused beside a release under way where it will write', async () => {
    const busy = { task: 'running' };
    const error = await failureOf(CloudError, start({ command: 'deploy' }, busy).work);
    expect(error.kind).toBe('conflict');
    expect((await start({ command: 'plan' }, busy).work()).live.underWay).toBe('"shop-002"');
  });
});
