import { describe, expect, it } from '@jest/globals';

import { CloudError, InputError } from '../../../src/errors.ts';
import type { CloudRun, ConfigItem, ServiceDetail } from '../../../src/ports.ts';
import type { EnvStrategy } from '../../../src/service-config/merge.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { compare } from '../../../src/stages/compare.ts';
import { configure } from '../../../src/stages/release/configure.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import {
  deployRecord,
  liveState,
  releaseTask,
  serviceConfig,
  serviceDetail,
  target,
} from '../../support/samples.ts';

interface Case {
  readonly settings: Settings;
  readonly envStrategy?: EnvStrategy;
  readonly before?: ServiceDetail;
  /** The service right before the write, where it is another one by then. */
  readonly now?: ServiceDetail | undefined;
  /** The numbers of the records at each look; the last ones stay. */
  readonly looks?: readonly (readonly number[])[];
  /** The ids of the latest task at each look; the last one stays. */
  readonly tasks?: readonly number[];
  readonly answers?: Partial<CloudRun>;
}

const VpcConf = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
const withSettings = (settings: object, given: Partial<ServiceDetail> = {}): ServiceDetail =>
  serviceDetail({ settings: { Cpu: 0.5, Mem: 1, MinNum: 0, MaxNum: 5, VpcConf, ...settings }, ...given });

function start(given: Case) {
  const { settings, envStrategy = 'merge', before = withSettings({}), looks = [[1]], tasks = [15] } = given;
  const now = 'now' in given ? given.now : before;
  const writes: [action: string, ...sent: unknown[]][] = [];
  let [look, taskLook] = [0, 0];
  const answers: Partial<CloudRun> = {
    readServing: () => Promise.resolve(now),
    listRecords: () => {
      const numbers = looks[Math.min(look++, looks.length - 1)] ?? [];
      return Promise.resolve(numbers.map((number) => deployRecord({ number })));
    },
    readTask: () => Promise.resolve(releaseTask({ id: tasks[Math.min(taskLook++, tasks.length - 1)] ?? 0 })),
    ...given.answers,
  };
  const cloudRun = createFakeCloudRun({
    ...answers,
    updateService: (_target, { deployInfo, items, network }) => {
      writes.push(['update', deployInfo, keyed(items), network]);
      return given.answers?.updateService?.(_target, { deployInfo, items }) ?? Promise.resolve(77);
    },
    changeSettings: (_target, items) => {
      writes.push(['change', keyed(items)]);
      return given.answers?.changeSettings?.(_target, items) ?? Promise.resolve(77);
    },
  });
  const live = liveState(before);
  const plan = compare({ config: serviceConfig(settings), envFrom: {}, envStrategy, live });
  const ports = { cloudRun, clock: createFakeClock(), log: createFakeLog() };
  const remark = 'https://github.test/run/5';
  const since = ports.clock.now();
  return {
    writes,
    log: ports.log,
    waitedMs: () => ports.clock.now() - since,
    work: () => configure({ target, plan, remark }, ports),
  };
}

const keyed = (items: readonly ConfigItem[]): Record<string, unknown> =>
  Object.fromEntries(items.map(({ Key, ...value }) => [Key, Object.values(value)[0]]));

const zero = { changeSettings: () => Promise.resolve(0) };
const lost = (action: 'changeSettings' | 'updateService'): Partial<CloudRun> => ({
  [action]: () =>
    Promise.reject(new CloudError('Lost.', { kind: 'network', action: 'X', code: '', isRetryable: true })),
});

describe('a change that takes effect at once', () => {
  const settings = { MinNum: 1, MaxNum: 5, Cpu: 0.5, Mem: 1 };

  it('sends what changes and nothing else, and waits for no version', async () => {
    const { writes, work } = start({ settings, answers: zero });
    expect(await work()).toMatchObject({
      target,
      taskId: 0,
      makesVersion: false,
      baseline: { recordNumber: 1, taskId: 15 },
      previousVersion: 'shop-001',
      asked: { allowedAccess: ['MINIAPP'] },
    });
    expect(writes).toEqual([['change', { MinNum: 1 }]]);
  });

  it('is access, too', async () => {
    const { writes, work } = start({ settings: { OpenAccessTypes: ['WEB'] }, answers: zero });
    expect(await work()).toMatchObject({ makesVersion: false, asked: { allowedAccess: ['PUBLIC'] } });
    expect(writes).toEqual([['change', { AccessTypes: ['PUBLIC'] }]]);
  });

  it('is followed as a release where the platform makes one of it', async () => {
    expect(await start({ settings }).work()).toMatchObject({ taskId: 77, makesVersion: true });
  });

  it('is read back when its answer is lost', async () => {
    const { writes, log, work } = start({ settings, answers: lost('changeSettings') });
    expect(await work()).toMatchObject({ taskId: 0, makesVersion: false });
    expect(log.lines).toEqual([
      'warning: SubmitServerConfigChangeDiff got no clear answer (network). The platform may have made the change: it is read back.',
    ]);
    expect(writes).toHaveLength(1);
  });

  it.each([
    ['is refused', new CloudError('no', { kind: 'auth', action: 'X', code: 'A', isRetryable: false })],
    ['is throttled', new CloudError('no', { kind: 'quota', action: 'X', code: 'L', isRetryable: true })],
    ['meets a bug', new TypeError('bug')],
  ])('fails where it %s', async (_name, failure) => {
    const changeSettings = (): Promise<never> => Promise.reject(failure);
    const { writes, work } = start({ settings, answers: { changeSettings } });
    expect(await failureOf(Error, work)).toBe(failure);
    expect(writes).toHaveLength(1);
  });
});

describe('a change that makes a version', () => {
  const settings = { MinNum: 1, Cpu: 1, Mem: 2, EnvParams: { NEW: 'x' } };
  const before = withSettings({ EnvParams: '{"KEPT":"live"}' });
  const items = {
    MinNum: 1,
    CpuSpecs: 1,
    MemSpecs: 2,
    EnvParam: '{"KEPT":"live","NEW":"x"}',
    VpcConf,
  };

  it('sends all of it, the VPC with it, and waits for the version', async () => {
    const { writes, work } = start({ settings, before });
    expect(await work()).toMatchObject({ taskId: 77, makesVersion: true, expectedShare: 100 });
    expect(writes).toEqual([['change', items]]);
  });

  it.each<[string, Partial<Case>, boolean, number]>([
    ['a newer task by then', { tasks: [15, 16] }, true, 0],
    [
      'a record that shows up late',
      { looks: [[1], ...Array.from({ length: 29 }, () => [1]), [2, 1]] },
      true,
      30,
    ],
    [
      'a record that shows up at the very last',
      { looks: [...Array.from({ length: 45 }, () => [1]), [2, 1]] },
      true,
      45,
    ],
    [
      'a record that shows up too late',
      { looks: [...Array.from({ length: 46 }, () => [1]), [2, 1]] },
      false,
      45,
    ],
    ['the task and the record from before alone', { tasks: [15, 15] }, false, 45],
  ])('without a task is told by %s', async (...[, given, makesVersion, seconds]) => {
    const { work, writes, waitedMs } = start({ settings, before, answers: zero, ...given });
    expect(await work()).toMatchObject({ taskId: 0, makesVersion });
    expect([writes.length, waitedMs()]).toEqual([1, seconds * 1000]);
  });

  it('without a task is told by its record', async () => {
    const { work } = start({ settings, before, answers: zero, looks: [[1], [1], [2, 1]] });
    expect(await work()).toMatchObject({ taskId: 0, makesVersion: true });
  });

  it('without a task and without a record has taken effect at once', async () => {
    const { work } = start({ settings, before, answers: zero });
    expect(await work()).toMatchObject({ taskId: 0, makesVersion: false });
  });

  it('whose answer was lost is looked for', async () => {
    const answers = lost('changeSettings');
    const found = start({ settings, before, answers, looks: [[1], [1], [2, 1]] });
    expect(await found.work()).toMatchObject({ taskId: 0, makesVersion: true });
    expect(found.writes).toHaveLength(1);
    const error = await failureOf(CloudError, start({ settings, before, answers }).work);
    expect(error).toMatchObject({ kind: 'network', action: 'SubmitServerConfigChangeDiff' });
  });
});

describe('where the newest release is not the version that serves', () => {
  const settings = { MinNum: 1 };
  const looks = [[3, 2, 1]];

  it('the image that serves is released again', async () => {
    const { writes, work } = start({ settings, looks });
    expect(await work()).toMatchObject({
      taskId: 77,
      makesVersion: true,
      baseline: { recordNumber: 3, taskId: 15 },
    });
    const deployInfo = {
      DeployType: 'image',
      ImageUrl: 'registry.test/shop:1',
      DeployRemark: 'https://github.test/run/5',
      ReleaseType: 'FULL',
    };
    expect(writes).toEqual([['update', deployInfo, { MinNum: 1, VpcConf }, undefined]]);
  });

  const left = { Cpu: 2, Mem: 4, MinNum: 0, MaxNum: 5, VpcConf, EnvParams: '{"A":"left"}' };

  it('what it has left is taken back, though the user changes nothing', async () => {
    const before = withSettings({ EnvParams: '{"A":"1"}' }, { ownSettings: left });
    const { writes, work } = start({ settings: {}, looks, before });
    const { asked, plan, makesVersion } = await work();
    expect([makesVersion, plan.changes.settings]).toEqual([true, []]);
    const restored = { CpuSpecs: 0.5, MemSpecs: 1, EnvParam: '{"A":"1"}', VpcConf };
    expect(writes).toEqual([
      ['update', expect.objectContaining({ ImageUrl: 'registry.test/shop:1' }), restored, undefined],
    ]);
    expect(asked.settings).toMatchObject({ Cpu: 0.5, Mem: 1, EnvParams: { A: '1' } });
  });

  it('what serves is released again, though nothing at all is told', async () => {
    const before = serviceDetail({ settings: { Cpu: 0.5 } });
    const { writes, work } = start({ settings: {}, looks, before });
    expect(await work()).toMatchObject({ makesVersion: true });
    expect(writes).toEqual([['update', expect.anything(), {}, undefined]]);
  });

  it('the answer may be lost', async () => {
    const given = { settings, answers: lost('updateService') };
    const found = start({ ...given, looks: [[3], [4, 3]] });
    expect(await found.work()).toMatchObject({ taskId: 0, makesVersion: true });
    const error = await failureOf(CloudError, start({ ...given, looks }).work);
    expect(error).toMatchObject({ kind: 'network', action: 'UpdateCloudRunServer' });
  });

  const notNewest =
    'it serves "shop-001", which is not its newest version, and the platform would publish the newest one';

  const shared = [
    { versionName: 'shop-003', imageUrl: 'registry.test/shop:3', share: 10 },
    { versionName: 'shop-002', imageUrl: 'registry.test/shop:2', share: 90 },
  ];

  it.each<[string, Partial<ServiceDetail>, string]>([
    ['a function', { serviceType: 'function' }, notNewest],
    [
      'a container whose image is not known',
      { onlineVersions: [{ versionName: 'shop-001', imageUrl: '', share: 100 }] },
      `${notNewest}, and its image is not known`,
    ],
    [
      'a container of which only the service tells settings',
      { settingsOf: 'service' },
      `${notNewest}, and the settings of "shop-001" cannot be read`,
    ],
    [
      'versions that share the traffic',
      { onlineVersions: [...shared] },
      'it shares its traffic between versions',
    ],
    [
      'a function whose versions share it',
      { serviceType: 'function', onlineVersions: shared.toReversed() },
      'it shares its traffic between versions',
    ],
    ['a service that serves nothing', { onlineVersions: [] }, 'it has no version that serves'],
    [
      'a version without traffic',
      { onlineVersions: [{ versionName: 'shop-001', imageUrl: 'i', share: 0 }] },
      'it has no version that serves',
    ],
  ])('is refused: %s', async (...[, given, why]) => {
    const { writes, work } = start({ settings, looks, before: withSettings({}, given) });
    const error = await failureOf(CloudError, work);
    expect(error).toMatchObject({
      kind: 'conflict',
      message: `The settings of "shop" cannot be changed without a build: ${why}.`,
    });
    expect(error.advice).toContain('Use the command "deploy"');
    expect(writes).toEqual([]);
  });
});

it.each<[string, Partial<ServiceDetail>]>([
  ['container', {}],
  ['function', { serviceType: 'function' }],
])('a %s is left alone where its newest release serves and nothing changes', async (_mode, given) => {
  const { writes, work } = start({
    settings: { MinNum: 0, Cpu: 0.5, Mem: 1 },
    before: withSettings({}, given),
  });
  expect(await work()).toMatchObject({ taskId: 0, makesVersion: false });
  expect(writes).toEqual([]);
});

it('a function is refused where its newest release does not serve, though nothing changes', async () => {
  const before = withSettings({}, { serviceType: 'function', ownSettings: { Cpu: 2, Mem: 4 } });
  const { writes, work } = start({ settings: {}, before, looks: [[2, 1]] });
  expect((await failureOf(CloudError, work)).message).toContain('which is not its newest version');
  expect(writes).toEqual([]);
});

it('a function is changed where its newest release serves', async () => {
  const before = withSettings({}, { serviceType: 'function' });
  const { writes, work } = start({ settings: { MinNum: 1 }, before, answers: zero });
  expect(await work()).toMatchObject({ makesVersion: false });
  expect(writes).toEqual([['change', { MinNum: 1 }]]);
});

describe('what changes between compare and the write', () => {
  it('survives', async () => {
    const before = withSettings({ EnvParams: '{"A":"1"}' });
    const now = withSettings({ EnvParams: '{"A":"1","BY_HAND":"2"}' });
    const { writes, work } = start({ settings: { EnvParams: { MINE: '3' } }, before, now });
    await work();
    expect(writes).toEqual([['change', { EnvParam: '{"A":"1","BY_HAND":"2","MINE":"3"}', VpcConf }]]);
  });

  it('may leave nothing to do: nothing is written', async () => {
    const now = withSettings({ MinNum: 1 }, { serviceType: 'function' });
    const { writes, log, work } = start({ settings: { MinNum: 1 }, now });
    expect(await work()).toMatchObject({
      taskId: 0,
      makesVersion: false,
      plan: { changes: { settings: [] } },
    });
    expect(writes).toEqual([]);
    expect(log.lines.at(-1)).toBe('info: No setting changes.');
  });

  it('may make the counts contradict each other: nothing is written', async () => {
    const now = withSettings({ MaxNum: 1 });
    const { writes, work } = start({ settings: { MinNum: 2 }, now });
    expect((await failureOf(InputError, work)).message).toContain('would make MinNum 2 and MaxNum 1');
    expect(writes).toEqual([]);
  });

  it('may be a failed release: what serves is released again', async () => {
    const now = withSettings({}, { ownSettings: { Cpu: 2, Mem: 4, MinNum: 0, MaxNum: 5, VpcConf } });
    const { writes, log, work } = start({ settings: { MinNum: 1 }, now, looks: [[2, 1]] });
    expect(await work()).toMatchObject({ makesVersion: true });
    expect(writes).toEqual([
      ['update', expect.anything(), { CpuSpecs: 0.5, MemSpecs: 1, MinNum: 1, VpcConf }, undefined],
    ]);
    expect(log.lines).toContain('info: MinNum: 0 → 1 (new version)');
  });

  it('may be the end of the service', async () => {
    const { writes, work } = start({ settings: { MinNum: 1 }, now: undefined });
    expect((await failureOf(CloudError, work)).message).toContain('was deleted');
    expect(writes).toEqual([]);
  });
});

describe('a service that keeps the fingerprint of its source', () => {
  const before = withSettings({ EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"ab12:1"}' });

  it('gets a new mark with a new version of the same source', async () => {
    const { writes, work } = start({ settings: { Cpu: 1, Mem: 2 }, before });
    await work();
    expect(writes).toMatchObject([['change', { EnvParam: '{"CLOUDBASE_RUN_FINGERPRINT":"ab12:2"}' }]]);
  });

  it('gets the mark of the source that serves by then, not of the one at compare', async () => {
    const onlineVersions = [{ versionName: 'shop-002', imageUrl: 'i', share: 100 }];
    const now = withSettings({ EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"cd34:2"}' }, { onlineVersions });
    const { writes, work } = start({ settings: { Cpu: 1, Mem: 2 }, before, now, looks: [[2]] });
    await work();
    expect(writes).toMatchObject([['change', { EnvParam: '{"CLOUDBASE_RUN_FINGERPRINT":"cd34:3"}' }]]);
  });

  it('gets no new mark where the old one does not hold', async () => {
    const now = withSettings({ EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"ab12:9"}' });
    const { writes, work } = start({ settings: { Cpu: 1, Mem: 2 }, before, now });
    await work();
    expect(writes).toEqual([['change', { CpuSpecs: 1, MemSpecs: 2, VpcConf }]]);
  });

  it('keeps its mark where the version stays, and is asked for no other one', async () => {
    const { writes, work } = start({ settings: { MinNum: 1 }, before, answers: zero });
    const { asked } = await work();
    expect(writes).toEqual([['change', { MinNum: 1 }]]);
    expect(asked.settings).toEqual({ MinNum: 1, VpcConf });
  });
});
