import { describe, expect, it } from '@jest/globals';

import { CloudError, ReadinessError, StopError } from '../../../src/errors.ts';
import type { Clock, CloudRun, DeployRecord, ReleaseTask, ServiceDetail } from '../../../src/ports.ts';
import type { Asked } from '../../../src/service-config/drift.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { follow } from '../../../src/stages/follow/follow.ts';
import type { Release } from '../../../src/stages/release/write.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { deployRecord, releaseOf, releaseTask, serviceDetail } from '../../support/samples.ts';

/** What the cloud shows at one poll. */
interface Moment {
  readonly task?: ReleaseTask;
  readonly records?: readonly DeployRecord[];
  readonly service?: ServiceDetail;
}

const old = serviceDetail();
const online = (share = 100, given: Partial<ServiceDetail> = {}): ServiceDetail =>
  serviceDetail({
    onlineVersions: [{ versionName: 'shop-002', imageUrl: 'registry.test/live:2', share }],
    ...given,
  });

const withMin = serviceDetail({ settings: { MinNum: 1 } });

/** What a release asks for that sets these settings. */
function askedFor(settings: Settings, allowedAccess: readonly string[] = ['MINIAPP']): Asked {
  return { settings, setByUser: new Set(Object.keys(settings)), allowedAccess };
}

/** The service as each reading shows it; the last one stays. */
function readings(...services: readonly ServiceDetail[]): Partial<CloudRun> {
  let at = 0;
  return { readServing: () => Promise.resolve(services[Math.min(at++, services.length - 1)]) };
}

interface Given {
  readonly release?: Partial<Release>;
  readonly clock?: Clock;
  readonly answers?: Partial<CloudRun>;
}

function start(
  moments: readonly Moment[],
  { release = {}, clock = createFakeClock(), answers = {} }: Given = {},
) {
  const log = createFakeLog();
  let at = -1;
  const now = (): Moment => moments[Math.min(at, moments.length - 1)] ?? {};
  const cloudRun = createFakeCloudRun({
    readTask: () => {
      at++;
      return Promise.resolve(now().task);
    },
    listRecords: () => Promise.resolve(now().records ?? []),
    readService: () => Promise.resolve(now().service ?? old),
    readServing: () => Promise.resolve(now().service ?? old),
    listGatewayUrls: () => Promise.resolve([]),
    ...answers,
  });
  return {
    log,
    clock,
    polls: () => at + 1,
    work: () => follow(releaseOf(release), { cloudRun, clock, log }),
  };
}

const running = releaseTask({
  status: 'running',
  steps: [{ name: 'build', status: 'running', failReason: '' }],
});
const building = deployRecord({ status: 'building' });

describe('a release is live', () => {
  it('when its version is online with all of the traffic; the old one is normal all the while', async () => {
    const { work, polls } = start([
      {},
      { task: running },
      { task: running, records: [building] },
      { task: releaseTask(), records: [deployRecord()] },
      { task: releaseTask(), records: [deployRecord()], service: online(50) },
      { task: releaseTask(), records: [deployRecord()], service: online() },
    ]);
    expect(await work()).toEqual({
      versionName: 'shop-002',
      share: 100,
      previousVersion: 'shop-001',
      imageUrl: 'registry.test/live:2',
      cloudRunId: 'run-2',
      service: online(),
      urls: [],
    });
    expect(polls()).toBe(6);
  });

  it('not before task or record say so, whatever serves already', async () => {
    const { work, polls } = start([
      { task: running, records: [building], service: online() },
      { task: running, records: [building], service: online() },
      { task: running, records: [deployRecord()], service: online() },
    ]);
    await work();
    expect(polls()).toBe(3);
  });

  it('when the platform told no task id, and none is found', async () => {
    const { work } = start([{ records: [deployRecord()], service: online() }], { release: { taskId: 0 } });
    expect((await work()).versionName).toBe('shop-002');
  });

  it('when its record comes late', async () => {
    const { work } = start([{ task: releaseTask(), service: online() }]);
    expect(await work()).toMatchObject({ versionName: 'shop-002', cloudRunId: '' });
  });

  it('with the share that was asked for', async () => {
    const moment = { task: releaseTask(), records: [deployRecord()], service: online(20) };
    const { work } = start([moment], { release: { expectedShare: 20 } });
    expect((await work()).versionName).toBe('shop-002');
  });

  it('with its URLs when it is public', async () => {
    const service = online(100, { accessTypes: ['PUBLIC'] });
    const given = { release: { asked: askedFor({}, ['PUBLIC']) } };
    const { work } = start([{ task: releaseTask(), records: [deployRecord()], service }], given);
    expect((await work()).urls).toEqual([{ url: 'https://shop.example.test', source: 'default-domain' }]);
  });
});

describe('while it waits', () => {
  it('it says what changes, and gives a sign of life every half minute', async () => {
    const { work, log } = start([
      {},
      ...Array.from({ length: 20 }, () => ({ task: running, records: [building] })),
      { task: releaseTask(), records: [deployRecord()], service: online() },
    ]);
    await work();
    const said = log.lines.map((line) => line.replace(/^info: [\d.]+ s: /, ''));
    expect(said[0]).toBe('waiting for the release to be registered; no record yet');
    expect(said.at(-1)).toBe('task finished; record normal');
    expect(said.slice(1, -1).length).toBeGreaterThan(1);
    expect(new Set(said.slice(1, -1)).size).toBe(1);
    expect(said.length).toBeLessThan(7);
  });

  it('it asks less and less often', async () => {
    const times: number[] = [];
    const clock = createFakeClock((now) => times.push(now));
    const waiting = Array.from({ length: 30 }, () => ({}));
    await start([...waiting, { task: releaseTask(), service: online() }], { clock }).work();
    const pauses = times.map((time, index) => time - (times[index - 1] ?? 1_000_000));
    expect(pauses[0]).toBe(500);
    expect([...pauses].sort((left, right) => left - right)).toEqual(pauses);
    expect(Math.max(...pauses)).toBe(5_000);
  });
});

describe('a read that fails', () => {
  const fault = (isRetryable: boolean) =>
    new CloudError('Read failed.', { kind: 'network', action: 'X', code: '', isRetryable });

  it('for the moment is no word about the release', async () => {
    const faults = [fault(true), fault(true)];
    const { work, log } = start([{ task: releaseTask(), records: [deployRecord()], service: online() }], {
      answers: {
        listRecords: () => {
          const next = faults.pop();
          return next === undefined ? Promise.resolve([deployRecord()]) : Promise.reject(next);
        },
      },
    });
    expect((await work()).versionName).toBe('shop-002');
    const told = 'info: Read failed. The release goes on meanwhile; it is asked for again.';
    expect(log.lines.filter((line) => line === told)).toHaveLength(2);
  });

  it('for good ends the run', async () => {
    const refused = fault(false);
    const { work } = start([], { answers: { readTask: () => Promise.reject(refused) } });
    expect(await failureOf(CloudError, work)).toBe(refused);
  });
});

describe('a release that fails', () => {
  it.each<[string, Moment]>([
    ['build', { records: [deployRecord({ status: 'build_failed' })] }],
    ['unexpected', { task: releaseTask({ status: 'failed' }) }],
    ['cancelled', { task: releaseTask({ status: 'stopped' }) }],
  ])('ends at once, as %s', async (kind, moment) => {
    const none = (): Promise<readonly string[]> => Promise.resolve([]);
    const { work, polls } = start([{ task: running, records: [building] }, moment], {
      answers: { readProcessLog: none, readBuildLog: none },
    });
    expect((await failureOf(ReadinessError, work)).kind).toBe(kind);
    expect(polls()).toBe(2);
  });
});

describe('a run that ends first', () => {
  it.each([
    [StopError.byTimeout(60_000), 'timeout', 'was not live within timeout-seconds'],
    [StopError.bySignal('SIGTERM'), 'cancelled', 'was left by the cancelled run'],
  ])('by %s names the last step', async (stop, kind, why) => {
    const clock = createFakeClock((now) => {
      if (now > 1_010_000) throw stop;
    });
    const { work } = start([{ task: running, records: [building] }], { clock });
    const error = await failureOf(ReadinessError, work);
    expect(error).toMatchObject({
      kind,
      cloudRunId: 'run-2',
      lastStep: 'task running (build running); record building',
      message: `The release of "shop" ${why}; last seen: task running (build running); record building.`,
    });
    expect(error.waitedSeconds).toBeGreaterThanOrEqual(10);
    expect(error.advice).toMatch(/^The release goes on in the cloud: look at it in the console \(https:/);
  });
});

describe('a release that makes no version', () => {
  const asked = askedFor({ MinNum: 1 });

  it('is live once the service shows it; nothing of a version is waited for', async () => {
    const given = { release: { makesVersion: false, asked }, answers: readings(old, withMin) };
    const { work, polls, clock } = start([], given);
    expect(await work()).toEqual({
      versionName: 'shop-001',
      share: 100,
      previousVersion: 'shop-001',
      imageUrl: 'registry.test/shop:1',
      cloudRunId: '',
      service: withMin,
      urls: [],
    });
    expect([polls(), clock.now()]).toEqual([0, 1_003_000]);
  });

  it('names the reading as its last step when the run ends first', async () => {
    const stop = StopError.byTimeout(60_000);
    const clock = createFakeClock(() => {
      throw stop;
    });
    const given = { release: { makesVersion: false, asked }, clock, answers: readings(old) };
    const error = await failureOf(ReadinessError, start([], given).work);
    expect(error).toMatchObject({ kind: 'timeout', lastStep: 'online, its settings are read back' });
    expect(error.message).toContain('the run ended before its settings were confirmed');
    expect(error.advice).not.toContain('goes on');
  });
});

describe('what is read back', () => {
  const moment = { task: releaseTask(), records: [deployRecord()], service: online() };

  it('is waited for, and handed on as it stands then', async () => {
    const asked = askedFor({ MinNum: 1 });
    const settled = { ...online(), settings: { MinNum: 1 } };
    const given = { release: { asked }, answers: readings(online(), settled) };
    expect(await start([moment], given).work()).toMatchObject({
      versionName: 'shop-002',
      imageUrl: 'registry.test/live:2',
      cloudRunId: 'run-2',
      service: settled,
    });
  });

  it('may be access that nobody asked for: the release fails', async () => {
    const service = online(100, { accessTypes: ['PUBLIC', 'MINIAPP'] });
    const error = await failureOf(ReadinessError, start([{ ...moment, service }]).work);
    expect(error).toMatchObject({ kind: 'config-drift', servingVersion: 'shop-002' });
    expect(error.message).toContain('The service is open to PUBLIC, which nobody asked for.');
  });

  it('keeps the run from ending green when it is stopped meanwhile', async () => {
    const stop = StopError.bySignal('SIGTERM');
    const clock = createFakeClock(() => {
      throw stop;
    });
    const given = { release: { asked: askedFor({ MinNum: 1 }) }, clock };
    const error = await failureOf(ReadinessError, start([moment], given).work);
    expect(error).toMatchObject({
      kind: 'cancelled',
      cloudRunId: 'run-2',
      message:
        'The release of "shop" is online, but the run ended before its settings were confirmed; ' +
        'last seen: online, its settings are read back.',
    });
    expect(error.advice).toMatch(/^Look at it in the console \(https:/);
  });
});
