import { describe, expect, it } from '@jest/globals';

import { CloudError, ReadinessError, StopError } from '../../../src/errors.ts';
import type { Clock, CloudRun, DeployRecord, ReleaseTask, ServiceDetail } from '../../../src/ports.ts';
import { follow } from '../../../src/stages/follow/follow.ts';
import type { Release } from '../../../src/stages/release.ts';
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
    const given = { release: { allowedAccess: ['PUBLIC'] } };
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
    expect(error.advice).toContain('The release goes on in the cloud');
  });
});

describe('access that nobody asked for', () => {
  const liveWith = (accessTypes: string[]): Moment[] => [
    { task: releaseTask(), records: [deployRecord()], service: online(100, { accessTypes }) },
  ];

  it.each([
    [['PUBLIC', 'MINIAPP'], 'PUBLIC'],
    [['OA', 'PUBLIC'], 'PUBLIC and OA'],
  ])('%j is a drift of the config', async (accessTypes, open) => {
    const error = await failureOf(CloudError, start(liveWith(accessTypes)).work);
    expect(error).toMatchObject({
      kind: 'config-drift',
      message: `The service "shop" is open to ${open}, which nobody asked for.`,
    });
  });

  it('is not what stays closed, or was asked for', async () => {
    await expect(start(liveWith(['VPC', 'MINIAPP'])).work()).resolves.toMatchObject({
      versionName: 'shop-002',
    });
    const given = { release: { allowedAccess: ['OA'] } };
    await expect(start(liveWith(['OA']), given).work()).resolves.toMatchObject({ urls: [] });
  });
});
