import { describe, expect, it } from '@jest/globals';

import { CloudError } from '../../src/errors.ts';
import type { CloudRun, ReleaseRequest as Written, ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { compare } from '../../src/stages/compare.ts';
import type { Project } from '../../src/stages/project/project.ts';
import { release, type ReleaseRequest } from '../../src/stages/release.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeHttp, createFakeLog } from '../support/fakes.ts';
import {
  containerProject,
  deployRecord,
  functionProject,
  liveState,
  releaseTask,
  serviceConfig,
  serviceDetail,
  target,
} from '../support/samples.ts';

interface Case {
  readonly settings?: Settings;
  readonly project?: Project;
  /** The service as look saw it, and as it stands right before the write. */
  readonly before?: ServiceDetail | undefined;
  readonly now?: ServiceDetail | undefined;
  readonly answers?: Partial<CloudRun>;
}

const slot = { url: 'https://store.test/p', headers: { h: '1' }, packageName: 'pkg', packageVersion: 'v1' };

function start(given: Case) {
  const { settings = {}, project = containerProject(), before, answers = {} } = given;
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
  const ports = {
    cloudRun: createFakeCloudRun({
      createUploadSlot: () => note('slot', slot),
      readService: () => note('read', now),
      listRecords: () => note('records', [deployRecord({ number: 5 }), deployRecord({ number: 4 })]),
      readTask: () => note('task', releaseTask({ id: 15 })),
      createService: write('create'),
      updateService: write('update'),
      ...answers,
    }),
    http: createFakeHttp({
      upload: (url, headers, file) => note(`upload ${url} ${headers['h']} ${file}`, undefined),
    }),
    clock: createFakeClock(),
    log: createFakeLog(),
  };
  const live = liveState(before);
  const request: ReleaseRequest = {
    project,
    live,
    plan: compare(serviceConfig(settings), live, project),
    verification: { status: 'skipped', reason: 'x' },
    artifact: { kind: 'package', file: '/tmp/p.zip', bytes: 9, sha256: 'a', fileCount: 1 },
    remark: 'https://github.test/run/5',
  };
  return { calls, writes, work: () => release(request, ports) };
}

const itemsOf = ([written]: readonly Written[]): Record<string, unknown> =>
  Object.fromEntries((written?.items ?? []).map(({ Key, ...value }) => [Key, Object.values(value)[0]]));

describe('a create', () => {
  it('uploads, reads again, and writes once', async () => {
    const { calls, work } = start({});
    expect(await work()).toEqual({
      target,
      action: 'create',
      taskId: 77,
      baseline: { recordNumber: 0, taskId: 0 },
      previousVersion: '',
      expectedShare: 100,
      allowedAccess: ['MINIAPP'],
    });
    expect(calls).toEqual(['slot', 'upload https://store.test/p 1 /tmp/p.zip', 'read', 'create']);
  });

  it('sends every setting, closed', async () => {
    const { writes, work } = start({ settings: { EnvParams: { A: '1', B: null } } });
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
});

describe('an update', () => {
  const before = serviceDetail({ accessTypes: ['PUBLIC'] });

  it('waits for what comes after the newest release of this moment', async () => {
    const { calls, work } = start({ before });
    expect(await work()).toMatchObject({
      action: 'update',
      baseline: { recordNumber: 5, taskId: 15 },
      previousVersion: 'shop-001',
      allowedAccess: ['PUBLIC'],
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

  it('sends no setting where none changes, access types least of all', async () => {
    const { writes, work } = start({ before });
    await work();
    expect(writes).toEqual([
      { deployInfo: expect.objectContaining({ ReleaseType: 'FULL', DeployType: 'package' }), items: [] },
    ]);
  });

  it('keeps what was changed in between, and writes over nothing', async () => {
    const settings = { ...before.settings, Cpu: 2, Mem: 4, EnvParams: '{"KEPT":"changed","NEW":"by hand"}' };
    const now = serviceDetail({ accessTypes: ['VPC'], settings });
    const { writes, work } = start({ settings: { EnvParams: { MINE: '1' } }, before, now });
    expect((await work()).allowedAccess).toEqual(['VPC']);
    expect(itemsOf(writes)).toEqual({ EnvParam: '{"KEPT":"changed","NEW":"by hand","MINE":"1"}' });
  });

  it('sends again what someone took back in between', async () => {
    const now = serviceDetail({ settings: { ...before.settings, MinNum: 0 } });
    const withMin = serviceDetail({ settings: { ...before.settings, MinNum: 1 } });
    const { writes, work } = start({ settings: { MinNum: 1 }, before: withMin, now });
    await work();
    expect(itemsOf(writes)).toEqual({ MinNum: 1 });
  });

  it('that closes the service allows nothing but what was asked for', async () => {
    const { writes, work } = start({ settings: { OpenAccessTypes: ['PRIVATE'] }, before });
    expect((await work()).allowedAccess).toEqual(['MINIAPP']);
    expect(itemsOf(writes)).toEqual({ AccessTypes: ['MINIAPP'] });
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
});

describe('a release does not write', () => {
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

  it('a second time when the write was refused', async () => {
    const refused = new CloudError('x', {
      kind: 'quota',
      action: 'U',
      code: 'LimitExceeded',
      isRetryable: false,
    });
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

describe('a write whose answer was lost', () => {
  const lost = new CloudError('U failed.', { kind: 'network', action: 'U', code: '', isRetryable: true });

  /** `looks` are the records that each look shows; the last ones stay. */
  function lose(before: ServiceDetail | undefined, ...looks: readonly (readonly number[])[]) {
    let tries = 0;
    let look = 0;
    const write = (): Promise<never> => {
      tries++;
      return Promise.reject(lost);
    };
    const listRecords: CloudRun['listRecords'] = () => {
      const numbers = looks[Math.min(look++, looks.length - 1)] ?? [];
      return Promise.resolve(numbers.map((number) => deployRecord({ number })));
    };
    const answers = { createService: write, updateService: write, listRecords };
    return { ...start({ before, answers }), tries: () => tries };
  }

  it('is looked for, and not sent again', async () => {
    const update = lose(serviceDetail(), [4], [4], [5, 4]);
    expect(await update.work()).toMatchObject({ taskId: 0, baseline: { recordNumber: 4, taskId: 15 } });
    const create = lose(undefined, [], [], [1]);
    expect(await create.work()).toMatchObject({ taskId: 0, baseline: { recordNumber: 0, taskId: 0 } });
    expect([update.tries(), create.tries()]).toEqual([1, 1]);
  });

  it.each([
    ['conflict', [6, 5, 4], 'several new releases are there, and none can be told for ours'],
    ['network', [4], 'no new release has shown up within 10 s'],
  ])('is a %s when %j is all there is', async (kind, records, seen) => {
    const { work, tries } = lose(serviceDetail(), [4], records);
    expect(await failureOf(CloudError, work)).toMatchObject({
      kind,
      message: `The answer to the update of "shop" was lost, and ${seen}.`,
    });
    expect(tries()).toBe(1);
  });

  it('of a create is told as such', async () => {
    const { work, tries } = lose(undefined, []);
    const error = await failureOf(CloudError, work);
    expect(error).toMatchObject({ action: 'CreateCloudRunServer', isRetryable: false });
    expect(error.message).toContain('The answer to the create of "shop" was lost');
    expect(tries()).toBe(1);
  });

  it('is none that was refused, throttled or met a bug', async () => {
    const cloud = (kind: 'quota' | 'network', isRetryable: boolean) =>
      new CloudError('x', { kind, action: 'U', code: '', isRetryable });
    for (const error of [cloud('quota', true), cloud('network', false), new TypeError('bug')]) {
      const updateService = (): Promise<never> => Promise.reject(error);
      const { work, calls } = start({ before: serviceDetail(), answers: { updateService } });
      expect(await failureOf(Error, work)).toBe(error);
      expect(calls.filter((call) => call === 'records')).toHaveLength(1);
    }
  });
});
