import { describe, expect, it } from '@jest/globals';

import { buildAndVerify, describeBuild, describeServe } from '../../src/commands/local.ts';
import type { RunContext } from '../../src/context.ts';
import type { Docker } from '../../src/docker-port.ts';
import { InputError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { Project } from '../../src/stages/project/project.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeDocker, createFakeHttp, createFakePorts } from '../support/fakes.ts';
import {
  containerProject,
  deliveryInputs,
  deployInputs,
  imageProject,
  liveState,
  localInputs,
  runContext,
  runInputs,
  serviceConfig,
} from '../support/samples.ts';
import { createServingDocker } from '../support/serving.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

const repository = 'ccr.ccs.tencentyun.com/acme/shop';
const image = 'acme/shop:1';

interface Case {
  readonly inputs?: Partial<DeployInputs>;
  readonly project?: Project;
  readonly docker?: Partial<Docker>;
  readonly status?: number;
}

function start({ inputs = {}, project = containerProject(), docker = {}, status = 200 }: Case) {
  const calls: string[] = [];
  const ports = createFakePorts({
    docker: createFakeDocker({ ...createServingDocker(calls), ...docker }),
    http: createFakeHttp({
      request: () => Promise.resolve({ status, headers: {}, body: '' }),
      accepts: () => Promise.resolve(true),
    }),
  });
  const run = createRun(createEvents(), ports.clock);
  const settled = settledOf<DeployInputs>({ ...deployInputs, ...inputs });
  const around = { context: runContext(), ...toolEnv, ports };
  const known = { settled, project, live: liveState() };
  return { calls, run, work: () => buildAndVerify(run, known, around) };
}

const verify = (
  given: DeployInputs['local']['verify'],
  rest: Partial<DeployInputs> = {},
): Partial<DeployInputs> => ({
  local: { ...localInputs, verify: given },
  ...rest,
});
const delivery = (given: Partial<DeployInputs['delivery']>): Partial<DeployInputs> => ({
  delivery: { ...deliveryInputs, ...given },
});
const served = ['start', 'stop', 'remove'];

describe('build and verify', () => {
  it.each<[string, Case, readonly string[], string]>([
    ['a container', {}, ['build', ...served], 'passed'],
    ['a container that nobody wants to see', { inputs: verify('false') }, [], 'skipped'],
    [
      'an image that is shipped unseen',
      { inputs: verify('false', delivery({ repository })) },
      ['build'],
      'skipped',
    ],
    [
      'an image that exists',
      { inputs: delivery({ image }), project: imageProject({ reference: image }) },
      [`pull ${image}`, ...served],
      'passed',
    ],
  ])('of %s', async (_what, ...[given, expected, status]) => {
    const { calls, work } = start(given);
    expect((await work()).verification.status).toBe(status);
    expect(calls).toEqual(expected);
  });

  it.each<[Partial<DeployInputs>, string]>([
    [verify('true'), 'verify'],
    [delivery({ repository }), 'image-repository'],
    [verify('false', delivery({ repository })), 'image-repository'],
  ])('needs an engine where something depends on it: %#', async (inputs, subject) => {
    const docker: Partial<Docker> = { readEngine: () => Promise.resolve({ reason: 'x' }) };
    const { problems } = await failureOf(InputError, start({ inputs, docker }).work);
    expect(problems.map((problem) => problem.subject)).toEqual([subject]);
  });

  it('skips both with the reason where nothing depends on an engine', async () => {
    const docker: Partial<Docker> = { readEngine: () => Promise.resolve({ reason: 'there is none' }) };
    const skipped = { kind: 'skipped', reason: 'there is none' };
    expect(await start({ docker }).work()).toEqual({
      built: skipped,
      verification: { status: 'skipped', reason: 'there is none' },
    });
  });

  it('ends with a check that fails, and keeps the whole table', async () => {
    const local = { ...localInputs, checks: { ...localInputs.checks, path: '/up', isPathGiven: true } };
    const { calls, run, work } = start({ inputs: { local }, status: 500 });
    const error = await failureOf(ProjectError, work);
    const { values, failure } = run.fail(error);
    expect(failure).toMatchObject({ kind: 'smoke', stage: 'verify' });
    expect(values.verify?.status).toBe('failed');
    expect(calls.at(-1)).toBe('remove');
  });
});

describe('what is built from', () => {
  const labelsFor = (given: Partial<RunContext>): object => {
    const around = { context: runContext(given), ...toolEnv, ports: createFakePorts({}) };
    return describeBuild(settledOf(runInputs), around, 'command').labels;
  };

  it('is labelled with commit, repository and tag', () => {
    expect(labelsFor({ gitTag: 'v1.2' })).toEqual({
      'org.opencontainers.image.revision': 'abcdef0123456789',
      'org.opencontainers.image.source': 'https://github.com/acme/shop',
      'org.opencontainers.image.version': 'v1.2',
    });
  });

  it('has no label that would be empty', () => {
    expect(labelsFor({ sha: '', repositoryUrl: '' })).toEqual({});
  });

  it('has secrets, and what package managers and caches may know', () => {
    const tools = { installEnv: { NODE_AUTH_TOKEN: 'a' }, cacheEnv: { ACTIONS_RUNTIME_TOKEN: 'b' } };
    const around = { context: runContext(), ...tools, ports: createFakePorts({}) };
    const settled = settledOf(runInputs, { buildSecrets: { npm: 'c' }, repository: '/work' });
    expect(describeBuild(settled, around, 'command')).toMatchObject({
      isNeededBy: 'command',
      inputs: runInputs,
      buildSecrets: { npm: 'c' },
      repository: '/work',
      stepLabel: 'cloudbase-run-1a2b',
      tempFolder: '/tmp/step',
      ...tools,
    });
  });
});

it('starts a service with the env vars of the local run, and never with those of the step', () => {
  const around = { context: runContext(), ...toolEnv, ports: createFakePorts({}) };
  const config = serviceConfig({ Cpu: 1 });
  const inputs = { ...runInputs, envFrom: ['SECRET'] };
  const settled = settledOf(inputs, { config, localEnv: { A: '1' }, envFrom: { SECRET: 'canary' } });
  const described = describeServe(settled, around, undefined);
  expect(described).toMatchObject({ settings: { Cpu: 1 }, env: { A: '1' }, envFrom: ['SECRET'] });
  expect(JSON.stringify(described)).not.toContain('canary');
});
