import { describe, expect, it } from '@jest/globals';

import { CloudError, ReadinessError } from '../../../src/errors.ts';
import type { ServiceDetail } from '../../../src/ports.ts';
import type { Asked } from '../../../src/service-config/drift.ts';
import { readBack } from '../../../src/stages/follow/read-back.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { releaseOf, serviceDetail } from '../../support/samples.ts';

/** What a reading shows: these settings and this access, no service, or a failure. */
type Reading = ServiceDetail | undefined | Error;

const live = (settings: object, accessTypes: readonly string[] = ['MINIAPP']): ServiceDetail =>
  serviceDetail({ settings: { MinNum: 0, EnvParams: '{}', ...settings }, accessTypes });

const failing = (isRetryable: boolean): CloudError =>
  new CloudError('Read failed.', { kind: 'network', action: 'X', code: '', isRetryable });

/** `readings` in their order; the last one stays. */
function start(given: Partial<Asked>, readings: readonly Reading[]) {
  let reads = 0;
  const readServing = (): Promise<ServiceDetail | undefined> => {
    const reading = readings[Math.min(reads++, readings.length - 1)];
    return reading instanceof Error ? Promise.reject(reading) : Promise.resolve(reading);
  };
  const ports = {
    cloudRun: createFakeCloudRun({ readServing }),
    clock: createFakeClock(),
    log: createFakeLog(),
  };
  const asked = { settings: {}, setByUser: new Set<string>(), allowedAccess: ['MINIAPP'], ...given };
  const since = ports.clock.now();
  return {
    log: ports.log,
    seen: () => ({ reads, seconds: (ports.clock.now() - since) / 1000 }),
    work: () => readBack(releaseOf({ asked }), undefined, ports),
  };
}

const wanted: Partial<Asked> = { settings: { MinNum: 1 }, setByUser: new Set(['MinNum']) };
const env = (name: string): Partial<Asked> => ({
  settings: { EnvParams: { KEY: 'canary' } },
  setByUser: new Set([name]),
});

describe('the service as it was asked for', () => {
  it('is read once', async () => {
    const { work, seen, log } = start(wanted, [live({ MinNum: 1 })]);
    expect(await work()).toEqual(live({ MinNum: 1 }));
    expect([seen(), log.lines]).toEqual([{ reads: 1, seconds: 0 }, []]);
  });

  it.each<[string, Partial<Asked>, Reading, Reading]>([
    ['a setting', wanted, live({}), live({ MinNum: 1 })],
    ['an env var', env('EnvParams.KEY'), live({}), live({ EnvParams: '{"KEY":"canary"}' })],
    [
      'one that is deleted',
      { settings: { EnvParams: {} }, setByUser: new Set(['EnvParams.OLD']) },
      live({ EnvParams: '{"OLD":"canary"}' }),
      live({}),
    ],
    ['access that closes', {}, live({}, ['PUBLIC', 'MINIAPP']), live({})],
    [
      'access that opens',
      {
        settings: { OpenAccessTypes: ['PUBLIC'] },
        setByUser: new Set(['OpenAccessTypes']),
        allowedAccess: ['PUBLIC'],
      },
      live({}, []),
      live({}, ['PUBLIC']),
    ],
    ['a service that cannot be read for the moment', {}, failing(true), live({})],
    ['a service that is not listed for the moment', {}, undefined, live({})],
  ])('may come late: %s', async (...[, asked, early, late]) => {
    const { work, seen } = start(asked, [early, early, late]);
    expect(await work()).toEqual(late);
    expect(seen()).toEqual({ reads: 3, seconds: 6 });
  });

  it.each<[string, Partial<Asked>, object, ServiceDetail['settings']]>([
    ['a setting', wanted, { MinNum: null }, { MinNum: 1 }],
    ['an env var', env('EnvParams.KEY'), { EnvParams: null }, { EnvParams: '{"KEY":"canary"}' }],
    [
      'a command',
      { settings: { Cmd: ['node', 'a.js'] }, setByUser: new Set(['Cmd']) },
      { Cmd: null },
      { Cmd: ['node', 'a.js'] },
    ],
  ])('may stand in the service alone, where its version tells null: %s', async (...[, asked, told, own]) => {
    const { work, seen, log } = start(asked, [{ ...live(told), ownSettings: own }]);
    await work();
    expect([seen().reads, log.lines]).toEqual([1, []]);
    const { work: fail } = start(asked, [{ ...live(told), ownSettings: {} }]);
    expect(await failureOf(ReadinessError, fail)).toMatchObject({ kind: 'config-drift' });
  });

  it('may come at the very last', async () => {
    const { work, seen } = start(wanted, [
      ...Array.from({ length: 30 }, () => live({})),
      live({ MinNum: 1 }),
    ]);
    await work();
    expect(seen()).toEqual({ reads: 31, seconds: 90 });
  });
});

it('a read that fails for the moment is told', async () => {
  const { work, log } = start({}, [failing(true), live({})]);
  await work();
  expect(log.lines).toEqual(['info: Read failed. The service is read again.']);
});

it.each([failing(false), new TypeError('bug')])('a read that fails for good ends it: %s', async (failure) => {
  const { work, seen } = start({}, [failure]);
  expect(await failureOf(Error, work)).toBe(failure);
  expect(seen().reads).toBe(1);
});

describe('after 90 seconds it is a drift of the config', () => {
  const began = 'The new version is online, but the service "shop"';

  it.each<[string, Partial<Asked>, Reading, string]>([
    ['a setting of the user', wanted, live({}), 'is not as it was asked for: MinNum is 0, not 1.'],
    [
      'an env var of the user',
      env('EnvParams.KEY'),
      live({}),
      'is not as it was asked for: The env var "KEY" did not arrive.',
    ],
    [
      'access that is wider than asked',
      {},
      live({}, ['MINIAPP', 'PUBLIC', 'OA']),
      'is not as it was asked for: The service is open to PUBLIC, which nobody asked for. ' +
        'The service is open to OA, which nobody asked for.',
    ],
    ['a service that is gone', {}, undefined, 'could not be read back for 90 s.'],
    ['a service that cannot be read', {}, failing(true), 'could not be read back for 90 s.'],
  ])('%s', async (...[, asked, reading, what]) => {
    const { work, seen } = start(asked, [reading]);
    const error = await failureOf(ReadinessError, work);
    expect(error).toMatchObject({
      kind: 'config-drift',
      message: `${began} ${what}`,
      waitedSeconds: 90,
      lastStep: 'online, its settings are read back',
      servingVersion: reading instanceof Error || reading === undefined ? undefined : 'shop-001',
    });
    expect(error.message).not.toContain('canary');
    expect(seen().seconds).toBe(90);
  });

  it.each([
    ['', false, true],
    ['OpenAccessTypes', true, false],
  ])('whose advice knows what the user set: %j', async (name, isSet, advises) => {
    const asked = { setByUser: new Set(isSet ? [name] : []) };
    const error = await failureOf(ReadinessError, start(asked, [live({}, ['PUBLIC'])]).work);
    expect(error.advice).toContain('serverName=shop');
    expect(error.advice?.includes('or set OpenAccessTypes in server-config')).toBe(advises);
  });
});

describe('worth a notice only', () => {
  it.each<[string, Partial<Asked>, Reading, string]>([
    ['a setting that the user did not set', { settings: { MinNum: 1 } }, live({}), 'MinNum is 0, not 1.'],
    [
      'an env var that the user did not set',
      env('EnvParams.B'),
      live({}),
      'The env var "KEY" did not arrive.',
    ],
    [
      'access that is wider, but not to the public',
      {},
      live({}, ['MINIAPP', 'VPC']),
      'The service is open to VPC, which nobody asked for.',
    ],
  ])('is %s', async (...[, asked, reading, what]) => {
    const { work, seen, log } = start(asked, [reading]);
    expect(await work()).toEqual(reading);
    expect(log.lines).toEqual([`notice: The service is not quite as it was written: ${what}`]);
    expect(seen().reads).toBe(1);
  });
});
