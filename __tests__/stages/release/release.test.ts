import { describe, expect, it } from '@jest/globals';

import { CloudError, InputError } from '../../../src/errors.ts';
import type { CloudRun, ReleaseRequest as Written, ServiceDetail } from '../../../src/ports.ts';
import type { EnvStrategy } from '../../../src/service-config/merge.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { compare } from '../../../src/stages/compare.ts';
import type { LiveState } from '../../../src/stages/look.ts';
import type { Project } from '../../../src/stages/project/project.ts';
import { release, type ReleaseRequest } from '../../../src/stages/release/release.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeHttp, createFakeLog } from '../../support/fakes.ts';
import {
  containerProject,
  deployRecord,
  functionProject,
  liveState,
  network,
  releaseTask,
  serviceConfig,
  serviceDetail,
  target,
  sourcePackage,
} from '../../support/samples.ts';

interface Case {
  readonly settings?: Settings;
  readonly envStrategy?: EnvStrategy;
  readonly project?: Project;
  /** The service as look saw it, and as it stands right before the write. */
  readonly before?: ServiceDetail | undefined;
  readonly now?: ServiceDetail | undefined;
  readonly network?: LiveState['network'];
  /** The number of the newest release by then. */
  readonly newest?: number;
  readonly answers?: Partial<CloudRun>;
}

const slot = { url: 'https://store.test/p', headers: { h: '1' }, packageName: 'pkg', packageVersion: 'v1' };

function start(given: Case) {
  const { settings = {}, project = containerProject(), before, envStrategy = 'merge', newest = 1 } = given;
  const now = 'now' in given ? given.now : before;
  const calls: string[] = [];
  const writes: Written[] = [];
  const write =
    (name: string): CloudRun['createService'] =>
    (_target, written) => {
      calls.push(name);
      writes.push(written);
      return Promise.resolve(77);
    };
  const note = <T>(name: string, value: T): Promise<T> => {
    calls.push(name);
    return Promise.resolve(value);
  };
  const log = createFakeLog();
  const ports = {
    cloudRun: createFakeCloudRun({
      createUploadSlot: () => note('slot', slot),
      readServing: () => note('read', now),
      listRecords: () =>
        note('records', [deployRecord({ number: newest }), deployRecord({ number: newest - 1 })]),
      readTask: () => note('task', releaseTask({ id: 15 })),
      createService: write('create'),
      updateService: write('update'),
      ...given.answers,
    }),
    http: createFakeHttp({
      upload: async (file, nextAddress) => {
        const address = await nextAddress();
        return note(`upload ${address.url} ${address.headers['h']} ${file}`, address);
      },
    }),
    clock: createFakeClock(),
    log,
  };
  const live = { ...liveState(before), network: given.network };
  const plan = compare({ config: serviceConfig(settings), envFrom: {}, envStrategy, live, project });
  const request: ReleaseRequest = {
    project,
    live,
    plan,
    verification: { status: 'skipped', reason: 'x' },
    artifact: sourcePackage({ file: '/tmp/p.zip', bytes: 9 }),
    remark: 'https://github.test/run/5',
  };
  return { calls, writes, plan, log, work: () => release(request, ports) };
}

const itemsOf = ([written]: readonly Written[]): Record<string, unknown> =>
  Object.fromEntries((written?.items ?? []).map(({ Key, ...value }) => [Key, Object.values(value)[0]]));

const envOf = (writes: readonly Written[]): unknown => JSON.parse(String(itemsOf(writes)['EnvParam']));

const withEnv = (env: object, settings: object = {}): ServiceDetail =>
  serviceDetail({ settings: { Port: 8080, ...settings, EnvParams: JSON.stringify(env) } });

const noticed = 'notice: The live service was changed while this run was at work. This is what changes now:';

describe('a create', () => {
  it('uploads, reads again, and writes once', async () => {
    const { calls, plan, work } = start({});
    expect(await work()).toMatchObject({
      target,
      plan,
      taskId: 77,
      baseline: { recordNumber: 0, taskId: 0 },
      previousVersion: '',
      makesVersion: true,
      expectedShare: 100,
      asked: { allowedAccess: ['MINIAPP'] },
    });
    expect(calls).toEqual(['slot', 'upload https://store.test/p 1 /tmp/p.zip', 'read', 'create']);
  });

  it('sends every setting, closed', async () => {
    const { writes, log, work } = start({ settings: { EnvParams: { A: '1', B: null } } });
    await work();
    expect(writes[0]?.deployInfo).toEqual({
      DeployType: 'package',
      PackageName: 'pkg',
      PackageVersion: 'v1',
      DeployRemark: 'https://github.test/run/5',
    });
    expect(itemsOf(writes)).toEqual({
      AccessTypes: ['MINIAPP'],
      CpuSpecs: 0.5,
      MemSpecs: 1,
      MinNum: 0,
      MaxNum: 5,
      LogPath: 'stdout',
      EnvParam: '{"A":"1"}',
      Port: 8080,
      Dockerfile: 'Dockerfile',
      InitialDelaySeconds: 0,
      HasDockerfile: true,
    });
    expect(log.lines).toEqual(['info: Upload the package (9 bytes).']);
  });

  it('of a function tells its mode and what it is built with', async () => {
    const { writes, work } = start({ project: functionProject() });
    await work();
    expect(writes[0]?.deployInfo).toMatchObject({
      BuildPacks: { RepoLanguage: 'Node.js', LanguageVersion: '20.18' },
    });
    expect(itemsOf(writes)).toMatchObject({
      Port: 3000,
      Dockerfile: 'Dockerfile',
      Tag: 'function:',
      HasDockerfile: true,
    });
  });

  const VpcConf = { VpcId: 'vpc-user', SubnetId: 'subnet-user' };
  const ofUser = { vpcId: 'vpc-user', subnetIds: ['subnet-user'] };

  it.each<[string, Case, LiveState['network']]>([
    ['the user’s', { settings: { VpcConf }, network }, ofUser],
    ['the environment’s', { network }, network],
    ['none, where there is none', {}, undefined],
  ])('has a network: %s', async (_name, given, sent) => {
    const { writes, work } = start(given);
    await work();
    expect(writes[0]?.network).toEqual(sent);
    expect(itemsOf(writes)['VpcConf']).toEqual(given.settings?.VpcConf);
  });

  it('marks the source where the service is to keep it', async () => {
    const { writes, work } = start({ project: containerProject({ fingerprint: 'ab12' }) });
    await work();
    expect(envOf(writes)).toEqual({ CLOUDBASE_RUN_FINGERPRINT: 'ab12:1' });
  });
});

describe('an update', () => {
  const before = serviceDetail({ accessTypes: ['PUBLIC'] });

  it('waits for what comes after the newest release of this moment', async () => {
    const { calls, work } = start({ before, network });
    expect(await work()).toMatchObject({
      plan: { action: 'update' },
      baseline: { recordNumber: 1, taskId: 15 },
      previousVersion: 'shop-001',
      makesVersion: true,
      asked: { allowedAccess: ['PUBLIC'] },
    });
    expect(calls).toEqual([
      'slot',
      'upload https://store.test/p 1 /tmp/p.zip',
      'read',
      'records',
      'task',
      'update',
    ]);
  });

  it('sends no setting where none changes, access types least of all, and no network', async () => {
    const { writes, work } = start({ before, network });
    await work();
    expect(writes).toEqual([
      { deployInfo: expect.objectContaining({ ReleaseType: 'FULL', DeployType: 'package' }), items: [] },
    ]);
  });

  it('names the version that has traffic as the one before', async () => {
    const onlineVersions = [
      { versionName: 'shop-002', imageUrl: '', share: 0 },
      { versionName: 'shop-001', imageUrl: '', share: 100 },
    ];
    expect((await start({ before: serviceDetail({ onlineVersions }) }).work()).previousVersion).toBe(
      'shop-001',
    );
    expect((await start({ before: serviceDetail({ onlineVersions: [] }) }).work()).previousVersion).toBe('');
  });

  it('marks the source with the number that the release will have', async () => {
    const project = containerProject({ fingerprint: 'cd34' });
    const { writes, work } = start({ before: withEnv({ A: '1' }), project });
    await work();
    expect(envOf(writes)).toEqual({ A: '1', CLOUDBASE_RUN_FINGERPRINT: 'cd34:2' });
  });
});

describe('what changes between compare and release', () => {
  it('at the console survives, and nothing is written over it', async () => {
    const before = withEnv({ KEPT: 'live' }, { Cpu: 0.5, Mem: 1 });
    const now = serviceDetail({
      accessTypes: ['VPC'],
      settings: { Port: 8080, Cpu: 2, Mem: 4, EnvParams: '{"KEPT":"changed","NEW":"by hand"}' },
    });
    const { writes, work } = start({ settings: { EnvParams: { MINE: '1' } }, before, now });
    expect((await work()).asked.allowedAccess).toEqual(['VPC']);
    expect(itemsOf(writes)).toEqual({ EnvParam: '{"KEPT":"changed","NEW":"by hand","MINE":"1"}' });
  });

  it('and does not touch what is asked for is not worth a word', async () => {
    const before = withEnv({ A: '1' }, { Cpu: 1 });
    const now = withEnv({ A: 'changed' }, { Cpu: 2 });
    const { log, work } = start({ settings: { MinNum: 1 }, before, now });
    await work();
    expect(log.lines).toEqual(['info: Upload the package (9 bytes).']);
  });

  it('and changes the plan is shown again, and handed on', async () => {
    const before = withEnv({ A: '1' }, { Cpu: 1, Mem: 2, MinNum: 1 });
    const now = withEnv({ A: '1' }, { Cpu: 1, Mem: 2, MinNum: 0 });
    const settings = { MinNum: 1, Cpu: 2, Mem: 4 };
    const { writes, log, work } = start({ settings, before, now });
    const { plan } = await work();
    expect(log.lines).toEqual([
      'info: Upload the package (9 bytes).',
      noticed,
      'info: MinNum: 0 → 1 (hot)',
      'info: Cpu: 1 → 2 (new version)',
      'info: Mem: 2 → 4 (new version)',
    ]);
    expect(itemsOf(writes)).toEqual({ MinNum: 1, CpuSpecs: 2, MemSpecs: 4 });
    expect(plan.changes.settings.map(({ setting }) => setting)).toEqual(['MinNum', 'Cpu', 'Mem']);
  });

  it('may leave nothing to change', async () => {
    const { writes, log, work } = start({
      settings: { MinNum: 1 },
      before: withEnv({}, { MinNum: 0 }),
      now: withEnv({}, { MinNum: 1 }),
    });
    await work();
    expect(log.lines.slice(1)).toEqual([noticed, 'info: No setting changes.']);
    expect(itemsOf(writes)).toEqual({});
  });

  it('is replaced, too, where the user replaces', async () => {
    const { writes, log, work } = start({
      settings: { EnvParams: { MINE: '1' } },
      envStrategy: 'replace',
      before: withEnv({ MINE: '1' }),
      now: withEnv({ MINE: '1', NEW: 'canary' }),
    });
    expect([...(await work()).asked.setByUser]).toContain('EnvParams.NEW');
    expect(envOf(writes)).toEqual({ MINE: '1' });
    expect(log.lines.slice(1)).toEqual([noticed, 'info: EnvParams.NEW: (a value) → (deleted) (new version)']);
  });

  it('may be access, which stays as it is now', async () => {
    const before = serviceDetail({ accessTypes: ['PUBLIC'] });
    const now = serviceDetail({ accessTypes: ['VPC'] });
    const { writes, work } = start({ before, now });
    expect((await work()).asked.allowedAccess).toEqual(['VPC']);
    expect(itemsOf(writes)).toEqual({});
  });
});

describe('where the newest release is not the version that serves', () => {
  const own = { Cpu: 2, Mem: 4, Port: 8080, EnvParams: '{"A":"left"}' };
  const before = serviceDetail({
    settings: { Cpu: 0.5, Mem: 1, Port: 8080, EnvParams: '{"A":"1"}' },
    ownSettings: own,
  });

  it('what it has left goes back, and what is set goes out', async () => {
    const { writes, work } = start({ settings: { MinNum: 1 }, before, newest: 3 });
    const { asked, plan } = await work();
    expect(itemsOf(writes)).toEqual({
      MinNum: 1,
      Port: 8080,
      CpuSpecs: 0.5,
      MemSpecs: 1,
      EnvParam: '{"A":"1"}',
    });
    expect(asked.settings).toMatchObject({ Cpu: 0.5, Mem: 1, EnvParams: { A: '1' } });
    expect([...asked.setByUser]).toEqual(['MinNum']);
    expect(plan.changes.settings.map(({ setting, effect }) => `${setting} ${effect}`)).toEqual([
      'MinNum new version',
    ]);
  });

  it('is found out right before the write', async () => {
    const { writes, log, work } = start({
      before: { ...before, ownSettings: before.settings },
      now: before,
      newest: 2,
    });
    await work();
    expect(itemsOf(writes)).toMatchObject({ CpuSpecs: 0.5, EnvParam: '{"A":"1"}' });
    expect(log.lines).toEqual([
      'info: Upload the package (9 bytes).',
      'notice: Another release has begun or failed meanwhile: what it changed does not go out with this one.',
    ]);
  });
});

describe('a release does not write', () => {
  it.each<[string, Settings, object]>([
    ['MinNum', { MinNum: 4 }, { MinNum: 0, MaxNum: 3 }],
    ['MinNum', { MinNum: 4 }, { MinNum: 0, MaxNum: '3' }],
    ['MaxNum', { MaxNum: 2 }, { MinNum: 3, MaxNum: 5 }],
  ])('when the counts came to contradict each other in between: %s', async (key, settings, counts) => {
    const before = withEnv({}, { MinNum: 0, MaxNum: 5 });
    const { writes, work } = start({ settings, before, now: withEnv({}, counts) });
    const { problems } = await failureOf(InputError, work);
    expect(problems.map(({ subject }) => subject)).toEqual([`server-config: ${key}`]);
    expect(writes).toEqual([]);
  });

  it('when the service was created in between', async () => {
    const { writes, work } = start({ now: serviceDetail() });
    const error = await failureOf(CloudError, work);
    expect(error).toMatchObject({
      kind: 'conflict',
      message: 'The service "shop" was created by someone else while this run was at work.',
    });
    expect(writes).toEqual([]);
  });

  it('when the service was deleted in between', async () => {
    const { writes, work } = start({ before: serviceDetail(), now: undefined });
    const error = await failureOf(CloudError, work);
    expect(error.message).toBe('The service "shop" was deleted while this run was at work.');
    expect(writes).toEqual([]);
  });

  it('when the env vars cannot be read any more', async () => {
    const now = serviceDetail({ settings: { EnvParams: '{canary' } });
    const { writes, work } = start({ before: serviceDetail(), now });
    expect((await failureOf(InputError, work)).message).not.toContain('canary');
    expect(writes).toEqual([]);
  });

  it('a second time when the write was refused', async () => {
    const details = { kind: 'quota', action: 'U', code: 'LimitExceeded', isRetryable: false } as const;
    const refused = new CloudError('x', details);
    let tries = 0;
    const updateService: CloudRun['updateService'] = () => {
      tries++;
      return Promise.reject(refused);
    };
    const { work } = start({ before: serviceDetail(), answers: { updateService } });
    expect(await failureOf(CloudError, work)).toBe(refused);
    expect(tries).toBe(1);
  });
});

it.each<[string, ServiceDetail | undefined]>([
  ['CreateCloudRunServer', undefined],
  ['UpdateCloudRunServer', serviceDetail()],
])('a lost answer to %s is looked for', async (action, before) => {
  const details = { kind: 'network', action: 'U', code: '', isRetryable: true } as const;
  const write = (): Promise<never> => Promise.reject(new CloudError('U failed.', details));
  const answers = {
    createService: write,
    updateService: write,
    listRecords: () => Promise.resolve(before === undefined ? [] : [deployRecord({ number: 1 })]),
  };
  const { work } = start({ before, answers });
  const error = await failureOf(CloudError, work);
  expect(error).toMatchObject({ action, isRetryable: false });
  expect(error.message).toContain(`The answer to ${action} of "shop" was lost`);
});
