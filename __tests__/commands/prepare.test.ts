import { describe, expect, it } from '@jest/globals';

import { describeProject, prepare } from '../../src/commands/prepare.ts';
import { CloudError, InputError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs, RunInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakePorts } from '../support/fakes.ts';
import {
  buildInputs,
  deliveryInputs,
  deployInputs,
  deployRecord,
  lintInputs,
  runInputs,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

const live = serviceDetail({
  serviceType: 'function',
  settings: { Port: 3000, EnvParams: '{"KEPT":"live"}' },
});

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly task?: string;
  readonly settings?: Settings;
  /** A live function where nothing is given. */
  readonly service?: ServiceDetail | undefined;
}

const one = { 'index.js': 'exports.main = () => 1;' };

function start(given: Partial<DeployInputs>, around: Case = {}) {
  const { files = one, task = 'finished', settings } = around;
  const service = 'service' in around ? around.service : live;
  const heard: string[] = [];
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(service),
      listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
      readTask: () => Promise.resolve(releaseTask({ status: task })),
    }),
    files: createFakeFiles(files),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const config = serviceConfig({ EnvParams: { MINE: '1' }, ...settings });
  const settled = settledOf({ ...deployInputs, ...given }, { config, envFrom: { SECRET: '2' } });
  const place = { context: runContext(), ...toolEnv, ports };
  return { heard, ports, work: () => prepare(createRun(events, ports.clock), settled, place) };
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

describe('an image', () => {
  const container = serviceDetail();
  const image = 'ghcr.io/acme/shop:1';
  const doubts = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('notice'));

  it('that exists needs no source and no lint, and its reach is doubted first', async () => {
    const { work, ports, heard } = start(
      { delivery: { ...deliveryInputs, image } },
      { files: {}, service: container },
    );
    const { project, plan } = await work();
    expect(project).toMatchObject({ kind: 'image', reference: image, port: 8080 });
    expect([plan.source, heard.at(-1)]).toEqual(['unknown', 'compare finished']);
    expect(ports.log.lines[0]).toMatch(/^notice: About the registry "ghcr.io": /);
  });

  it.each<[string, Partial<typeof deliveryInputs>, number]>([
    ['nothing to pull', {}, 0],
    ['the platform’s own registry', { repository: 'ccr.ccs.tencentyun.com/acme/shop' }, 0],
    ['a registry that is private', { repository: '1.dkr.ecr.eu-west-1.amazonaws.com/shop' }, 1],
  ])('is doubted once at most: %s', async (_what, given, count) => {
    const { work, ports } = start(
      { lint: 'off', delivery: { ...deliveryInputs, ...given } },
      { files: { Dockerfile: 'FROM a\n' }, service: container },
    );
    await work();
    expect(doubts(ports.log.lines)).toHaveLength(count);
  });

  it('is refused where the source turns out to be a function', async () => {
    const build = {
      buildArgs: { A: '1' },
      buildSecrets: { npm: 'NPM' },
      target: 'x',
      cacheFrom: ['a'],
      cacheTo: ['b'],
      builder: 'far',
    };
    const delivery = { ...deliveryInputs, repository: 'ccr.ccs.tencentyun.com/acme/shop' };
    const { work, heard } = start({ build, delivery });
    const { problems } = await failureOf(InputError, work);
    expect(problems.map(({ subject }) => subject)).toEqual([
      ...['build-args', 'build-secrets', 'target', 'cache-from', 'cache-to', 'builder', 'image-repository'],
    ]);
    expect(heard.at(-1)).toBe('project failed');
  });
});

it('takes the port of the stage that is built', async () => {
  const files = { Dockerfile: 'FROM a AS runtime\nEXPOSE 8080\nFROM a AS test\nEXPOSE 9229\n' };
  const portOf = async (target: string): Promise<number> => {
    const build = { ...buildInputs, target };
    const given = { lint: 'off', mode: 'container', build } as const;
    return (await start(given, { files, service: undefined }).work()).project.port;
  };
  expect([await portOf('runtime'), await portOf('test'), await portOf('')]).toEqual([8080, 9229, 9229]);
});

describe('what the fingerprint holds', () => {
  const fingerprinted = (build: Partial<typeof buildInputs>, repository = ''): string | undefined => {
    const delivery = { ...deliveryInputs, repository };
    const inputs = { ...deployInputs, build: { ...buildInputs, ...build }, delivery };
    return describeProject(settledOf(inputs), undefined).buildFacts;
  };

  it.each<[Partial<typeof buildInputs>, string | undefined]>([
    [{}, undefined],
    [{ builder: 'far', cacheFrom: ['a'], cacheTo: ['b'], buildSecrets: { npm: 'NPM' } }, undefined],
    [{ buildArgs: { A: '1' } }, '{"args":[["A","1"]],"target":""}'],
    [{ target: 'x' }, '{"args":[],"target":"x"}'],
  ])('of a build with %j besides the files', (build, facts) => {
    expect(fingerprinted(build)).toBe(facts);
  });

  it('tells an image that is pushed from a package of the same source, wherever it is pushed to', () => {
    const facts = '{"args":[],"target":"","isImage":true}';
    expect([fingerprinted({}, 'a.test/b'), fingerprinted({}, 'a.test/c')]).toEqual([facts, facts]);
    expect(fingerprinted({ target: 'x' }, 'a.test/b')).toBe('{"args":[],"target":"x","isImage":true}');
  });

  it('is asked for by skip-unchanged alone, and never by lint and run', () => {
    const asked = (inputs: DeployInputs | RunInputs): boolean | undefined =>
      describeProject(settledOf(inputs), undefined).isFingerprinted;
    expect(asked(deployInputs)).toBe(false);
    expect(asked({ ...deployInputs, skipUnchanged: true })).toBe(true);
    expect(asked(runInputs)).toBe(false);
    const ofLint = describeProject(settledOf(lintInputs), undefined);
    expect([ofLint.isFingerprinted, ofLint.isPortOptional]).toEqual([undefined, true]);
  });
});
