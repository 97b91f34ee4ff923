import { describe, expect, it } from '@jest/globals';

import { deploy } from '../../src/commands/deploy.ts';
import { CloudError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { ReleaseRequest, ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakeDocker, createFakeHttp, createFakePorts } from '../support/fakes.ts';
import {
  builtImage,
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
  readonly nodes?: Readonly<Record<string, string>>;
  readonly inputs?: Partial<DeployInputs>;
  readonly settings?: Settings;
  /** The service before the run. */
  readonly service?: ServiceDetail | undefined;
  readonly isBusy?: boolean;
}

const source = { 'index.js': 'exports.main = () => 1;' };
const whole = [
  ...['look', 'project', 'lint', 'compare', 'scan', 'build', 'verify'],
  ...['package', 'release', 'follow'],
];
const names = (stages: readonly string[]): string[] =>
  stages.flatMap((stage) => [`${stage} started`, `${stage} finished`]);

/** A function service; a release makes the version 2 of it, or the first one, and shows what was sent. */
function start({ nodes = source, inputs = {}, settings = {}, service, isBusy = false }: Case) {
  const calls: string[] = [];
  const heard: string[] = [];
  const number = service === undefined ? 1 : 2;
  const versionName = `shop-00${number}`;
  let now = service;
  const write =
    (name: string, taskId: number) =>
    (_target: unknown, { items }: ReleaseRequest): Promise<number> => {
      calls.push(name);
      const env = items.find(({ Key }) => Key === 'EnvParam')?.['Value'];
      now = functionService(
        { ...now?.settings, ...(env === undefined ? {} : { EnvParams: env }), MinNum: settings.MinNum ?? 0 },
        versionName,
      );
      return Promise.resolve(taskId);
    };
  const written = (): boolean => now !== service;
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readService: () => Promise.resolve(now),
      readServing: () => Promise.resolve(now),
      listRecords: () => Promise.resolve([deployRecord({ number: written() ? number : 1 })]),
      readTask: () =>
        Promise.resolve(
          isBusy && !written() ? releaseTask({ status: 'running' }) : releaseTask({ versionName }),
        ),
      createUploadSlot: () =>
        Promise.resolve({ url: 'https://s', headers: {}, packageName: 'p', packageVersion: 'v' }),
      createService: write('create', 11),
      updateService: write('update', 11),
      listGatewayUrls: () => Promise.resolve([]),
    }),
    files: createFakeFiles(nodes),
    http: createFakeHttp({
      upload: (_file, nextAddress) => {
        calls.push('upload');
        return nextAddress();
      },
    }),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const run = createRun(events, ports.clock);
  const local = { ...localInputs, verify: 'false' as const };
  const config = serviceConfig({ OpenAccessTypes: ['WEB'], ...settings });
  const settled = settledOf({ ...deployInputs, local, ...inputs }, { config });
  const around = { context: runContext(), ...toolEnv, ports };
  return { calls, heard, run, now: () => now, work: () => deploy(run, settled, around) };
}

function functionService(settings: object, versionName = 'shop-001'): ServiceDetail {
  return serviceDetail({
    serviceType: 'function',
    accessTypes: ['PUBLIC'],
    settings: { Port: 3000, MinNum: 0, ...settings },
    onlineVersions: [{ versionName, imageUrl: 'i', share: 100 }],
  });
}

describe('a deploy', () => {
  it('goes through every stage, and ends with each one’s value', async () => {
    const { work, heard, calls } = start({});
    const outcome = await work();
    expect(heard).toEqual(names(whole));
    expect(outcome.status).toBe('live');
    expect(Object.keys(outcome.values)).toEqual(whole);
    expect(outcome.values.follow?.versionName).toBe('shop-001');
    expect(outcome.values.verify).toEqual({ status: 'skipped', reason: 'input "verify" is false' });
    expect(calls).toEqual(['upload', 'create']);
  });

  it('that lint refuses writes nothing, and keeps what was found', async () => {
    const { work, run, calls } = start({ nodes: { 'index.js': 'return (;' } });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('lint');
    const { values } = run.fail(error);
    expect(values.lint?.findings).toHaveLength(1);
    expect(values.compare).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it('is refused before anything is read of the source while another release is under way', async () => {
    const { work, run, heard, calls } = start({ service: functionService({}), isBusy: true });
    const error = await failureOf(CloudError, work);
    expect(error).toMatchObject({ kind: 'conflict' });
    expect([heard, calls]).toEqual([names(['look']), []]);
    const outcome = run.fail(error);
    expect(outcome.values.look?.service?.serviceType).toBe('function');
    const { version, service } = buildOutputs(outcome);
    expect([version, service]).toEqual(['shop-001', expect.stringContaining('"serviceType":"function"')]);
  });
});

describe('a source and a config that are live', () => {
  const upToCompare = ['look', 'project', 'lint', 'compare'];

  /** The service as a deploy with these settings leaves it. */
  async function deployed(settings: Settings = {}): Promise<ServiceDetail> {
    const first = start({ inputs: { skipUnchanged: true }, settings });
    await first.work();
    return first.now() ?? serviceDetail();
  }

  it('are not released again where that is asked for; the URL is given', async () => {
    const { work, heard, calls } = start({ inputs: { skipUnchanged: true }, service: await deployed() });
    const { status, values } = await work();
    expect(status).toBe('unchanged');
    expect(heard).toEqual(names([...upToCompare, 'online']));
    expect(calls).toEqual([]);
    expect(values.online).toMatchObject({
      versionName: 'shop-001',
      previousVersion: '',
      urls: [{ url: 'https://shop.example.test' }],
    });
    expect(values.compare).toMatchObject({ source: 'same', changes: { settings: [] } });
  });

  it.each<[string, Omit<Case, 'service'>]>([
    ['nobody asks to skip', { inputs: { skipUnchanged: false } }],
    ['redeploy is asked for', { inputs: { skipUnchanged: true, redeploy: true } }],
    ['the source is another one', { nodes: { 'index.js': 'exports.main = () => 2;' } }],
    ['a setting changes', { settings: { MinNum: 1 } }],
  ])('are released again where %s', async (_name, given) => {
    const service = await deployed();
    const inputs = { skipUnchanged: true, ...given.inputs };
    const { work, heard, calls } = start({ ...given, inputs, service });
    expect((await work()).status).toBe('live');
    expect(heard).toEqual(names(whole));
    expect(calls).toEqual(['upload', 'update']);
  });

  it('are released again where nobody knows the source that serves', async () => {
    const { work, calls, now } = start({ inputs: { skipUnchanged: true }, service: functionService({}) });
    expect((await work()).status).toBe('live');
    expect(calls).toEqual(['upload', 'update']);
    expect(now()?.settings['EnvParams']).toMatch(/"CLOUDBASE_RUN_FINGERPRINT":"[0-9a-f]{64}:2"/);
  });

  it('keep their mark up to date, also where nobody asks to skip', async () => {
    const service = await deployed();
    const { work, now } = start({ service });
    await work();
    expect(now()?.settings['EnvParams']).toBe(String(service.settings['EnvParams']).replace(':1"', ':2"'));
  });

  it('have no mark where nobody ever asked to skip', async () => {
    const { work, now } = start({});
    await work();
    expect(now()?.settings['EnvParams']).toBe('{}');
  });
});

describe('an image', () => {
  const reference = 'ccr.ccs.tencentyun.com/acme/shop';
  const { facts } = builtImage();
  const digest = 'sha256:d';

  /** A container service that a deploy of an image makes; every call that matters is heard in its order. */
  function deployImage(inputs: Partial<DeployInputs>, status = 200) {
    const calls: string[] = [];
    const writes: ReleaseRequest[] = [];
    const service = serviceDetail({ settings: { Cpu: 0.5, Mem: 1, Port: 8080, EnvParams: '{}' } });
    const now = () => Promise.resolve(writes.length === 0 ? undefined : service);
    const ports = createFakePorts({
      cloudRun: createFakeCloudRun({
        readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
        readService: now,
        readServing: now,
        listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
        readTask: () => Promise.resolve(releaseTask({ versionName: 'shop-001' })),
        createService: (_target, request) => {
          calls.push('create');
          writes.push(request);
          return Promise.resolve(11);
        },
        listGatewayUrls: () => Promise.resolve([]),
      }),
      docker: createFakeDocker({
        ...createServingDocker(calls),
        readImage: (name) =>
          Promise.resolve(name.startsWith(reference) && name.includes(':abc') ? undefined : facts),
        tag: () => Promise.resolve(),
        push: (name) => Promise.resolve(void calls.push(`push ${name}`)),
        readManifest: () =>
          Promise.resolve(
            calls.some((call) => /^pu(sh|ll)/.test(call)) ? { digest, configDigest: facts.id } : undefined,
          ),
      }),
      http: createFakeHttp({
        request: () => Promise.resolve({ status, headers: {}, body: '' }),
        accepts: () => Promise.resolve(true),
      }),
      files: createFakeFiles({ Dockerfile: 'FROM scratch\nEXPOSE 8080\n' }),
    });
    const run = createRun(createEvents(), ports.clock);
    const settled = settledOf<DeployInputs>(
      { ...deployInputs, lint: 'off', ...inputs },
      { config: serviceConfig({ Port: 8080 }) },
    );
    const around = { context: runContext({ sha: 'abc' }), ...toolEnv, ports };
    return { calls, writes, run, work: () => deploy(run, settled, around) };
  }

  const served = ['start', 'stop', 'remove'];

  it.each<[string, Partial<typeof deliveryInputs>, readonly string[], string]>([
    [
      'is built, checked, pushed, and then live',
      { repository: reference },
      ['build', ...served, `push ${reference}:abc`],
      `${reference}:abc`,
    ],
    [
      'goes live by its digest',
      { repository: reference, referenceBy: 'digest' },
      ['build', ...served, `push ${reference}:abc`],
      `${reference}@${digest}`,
    ],
    [
      'that exists is pulled, checked, and then live',
      { image: `${reference}:1` },
      [`pull ${reference}:1`, ...served],
      `${reference}:1`,
    ],
  ])('%s', async (_what, ...[given, expected, imageUrl]) => {
    const { calls, writes, work } = deployImage({ delivery: { ...deliveryInputs, ...given } });
    const outcome = await work();
    expect(calls).toEqual([...expected, 'create']);
    expect(writes[0]?.deployInfo).toMatchObject({ DeployType: 'image', ImageUrl: imageUrl });
    expect(outcome.status).toBe('live');
    expect(buildOutputs(outcome)).toMatchObject({ digest, 'image-size-bytes': String(facts.bytes) });
  });

  it('that fails a check is neither pushed nor released', async () => {
    const local = { ...localInputs, checks: { ...localInputs.checks, isPathGiven: true } };
    const delivery = { ...deliveryInputs, repository: reference };
    const { calls, work } = deployImage({ local, delivery }, 500);
    expect((await failureOf(ProjectError, work)).kind).toBe('smoke');
    expect(calls).toEqual(['build', ...served]);
  });
});
