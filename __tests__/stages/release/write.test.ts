import { describe, expect, it } from '@jest/globals';

import { CloudError } from '../../../src/errors.ts';
import type { CloudRun, DeployRecord } from '../../../src/ports.ts';
import type { Wanted } from '../../../src/service-config/merge.ts';
import {
  countNewer,
  readBaseline,
  refuseSurprise,
  servingVersion,
  settle,
  writeOnce,
  type Settlement,
} from '../../../src/stages/release/write.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { deployRecord, planOf, releaseTask, serviceDetail, target } from '../../support/samples.ts';

const baseline = { recordNumber: 4, taskId: 15 };
const recordsOf = (numbers: readonly number[]): DeployRecord[] =>
  numbers.map((number) => deployRecord({ number }));

const cloudError = (kind: 'quota' | 'network', isRetryable: boolean): CloudError =>
  new CloudError('U failed.', { kind, action: 'U', code: '', isRetryable });

describe('the baseline', () => {
  const cloudRun = (numbers: readonly number[], taskId?: number): CloudRun =>
    createFakeCloudRun({
      listRecords: () => Promise.resolve(recordsOf(numbers)),
      readTask: (_target, id) =>
        Promise.resolve(id === 0 && taskId !== undefined ? releaseTask({ id: taskId }) : undefined),
    });

  it.each([
    ['the newest of both', [5, 4], 15, { recordNumber: 5, taskId: 15 }],
    ['zero where there is none', [], undefined, { recordNumber: 0, taskId: 0 }],
  ])('is %s', async (...[, numbers, taskId, found]) => {
    expect(await readBaseline(target, serviceDetail(), cloudRun(numbers, taskId))).toEqual(found);
  });

  it('of a service that is not there is zero, and nothing is asked', async () => {
    const none = await readBaseline(target, undefined, createFakeCloudRun({}));
    expect(none).toEqual({ recordNumber: 0, taskId: 0 });
  });
});

describe('what the service has to show in the end', () => {
  const live = serviceDetail({
    accessTypes: ['VPC'],
    settings: { Cpu: 0.5, Mem: 1, EnvParams: '{"KEPT":"1","OLD":"2"}' },
    onlineVersions: [{ versionName: 'shop-004', imageUrl: '', share: 100 }],
  });
  const settleFor = (wanted: Partial<Wanted>, setByUser: readonly string[] = []): Settlement => {
    const plan = planOf({ wanted: { settings: {}, envStrategy: 'merge', ...wanted }, setByUser });
    return settle(plan, { service: live, baseline }, createFakeLog());
  };

  const gone = ['EnvParams.KEPT', 'EnvParams.OLD'];

  it.each<[string, Partial<Wanted>, string[], readonly string[]]>([
    ['nothing', {}, [], ['VPC']],
    ['plain settings', { settings: { Cpu: 0.5, Mem: 1 } }, ['Cpu', 'Mem'], ['VPC']],
    ['access', { settings: { OpenAccessTypes: ['WEB'] } }, ['OpenAccessTypes'], ['PUBLIC']],
    [
      'env vars, one of them deleted',
      { settings: { EnvParams: { NEW: 'x', OLD: null } } },
      ['EnvParams.NEW', 'EnvParams.OLD'],
      ['VPC'],
    ],
    [
      'all env vars',
      { settings: { EnvParams: { NEW: 'x' } }, envStrategy: 'replace' },
      ['EnvParams.NEW', ...gone],
      ['VPC'],
    ],
    ['that none stays', { settings: { EnvParams: {} }, envStrategy: 'replace' }, gone, ['VPC']],
  ])('where the user set %s', (...[, wanted, set, allowed]) => {
    const named = wanted.envStrategy === 'replace' ? set.filter((name) => !gone.includes(name)) : set;
    const { setByUser, allowedAccess } = settleFor(wanted, named).drift;
    expect([[...setByUser], allowedAccess]).toEqual([set, allowed]);
  });

  it('is all that was asked for, sent or not', () => {
    const { sent, drift } = settleFor({ settings: { Cpu: 0.5, Mem: 1, EnvParams: { NEW: 'x' } } });
    const EnvParams = { KEPT: '1', OLD: '2', NEW: 'x' };
    expect(sent).toEqual({ EnvParams });
    expect(drift.settings).toEqual({ Cpu: 0.5, Mem: 1, EnvParams });
  });

  it('is the mark of the source, which is not the user’s', () => {
    const { drift } = settleFor({ fingerprint: 'ab12' });
    expect(drift.settings.EnvParams).toMatchObject({ CLOUDBASE_RUN_FINGERPRINT: 'ab12:5' });
    expect([...drift.setByUser]).toEqual([]);
  });

  it('of a new service is what a create sends', () => {
    const plan = planOf({ action: 'create' });
    const { sent, live: known, drift } = settle(plan, { service: undefined, baseline }, createFakeLog());
    expect([drift.settings, known, drift.allowedAccess]).toEqual([sent, undefined, ['MINIAPP']]);
  });
});

describe('a write', () => {
  /** `looks` are the records that each look shows; the last ones stay. */
  function write(failure: Error | undefined, ...looks: readonly (readonly number[] | Error)[]) {
    let tries = 0;
    let look = 0;
    const listRecords: CloudRun['listRecords'] = () => {
      const seen = looks[Math.min(look++, looks.length - 1)] ?? [];
      return seen instanceof Error ? Promise.reject(seen) : Promise.resolve(recordsOf(seen));
    };
    const send = (): Promise<number> => {
      tries++;
      return failure === undefined ? Promise.resolve(77) : Promise.reject(failure);
    };
    const ports = {
      cloudRun: createFakeCloudRun({ listRecords }),
      clock: createFakeClock(),
      log: createFakeLog(),
    };
    const request = { target, action: 'UpdateCloudRunServer', baseline, send } as const;
    return { ports, seen: () => ({ tries, look }), work: () => writeOnce(request, ports) };
  }
  const lost = cloudError('network', true);

  it('that is answered gives the task, and looks for nothing', async () => {
    const { work, seen } = write(undefined);
    expect([await work(), seen()]).toEqual([77, { tries: 1, look: 0 }]);
  });

  it('whose answer was lost is looked for, and not sent again', async () => {
    const { work, seen, ports } = write(lost, [4], [4], [5, 4]);
    expect([await work(), seen()]).toEqual([0, { tries: 1, look: 3 }]);
    expect(ports.log.lines).toEqual([
      'warning: UpdateCloudRunServer got no clear answer (network). The platform may have accepted the release: look for it.',
    ]);
  });

  it('is looked for beyond a read that fails for the moment', async () => {
    const { work, seen } = write(lost, cloudError('network', true), [5, 4]);
    expect([await work(), seen()]).toEqual([0, { tries: 1, look: 2 }]);
  });

  it('is looked for no longer when the look is refused', async () => {
    const refused = cloudError('quota', false);
    const { work } = write(lost, refused);
    expect(await failureOf(CloudError, work)).toBe(refused);
  });

  it.each([
    ['conflict', [6, 5, 4], 'several new releases are there, and none can be told for ours', 1],
    ['network', [4], 'no new release has shown up within 10 s', 10],
    ['network', [], 'no new release has shown up within 10 s', 10],
  ])('is a %s when %j is all there is', async (...[kind, records, found, look]) => {
    const { work, seen } = write(lost, records);
    expect(await failureOf(CloudError, work)).toMatchObject({
      kind,
      isRetryable: false,
      action: 'UpdateCloudRunServer',
      message: `The answer to UpdateCloudRunServer of "shop" was lost, and ${found}.`,
    });
    expect(seen()).toEqual({ tries: 1, look });
  });

  it.each([
    ['refused for now', cloudError('quota', true)],
    ['refused', cloudError('network', false)],
    ['a bug', new TypeError('bug')],
  ])('that is %s is not looked for', async (_name, failure) => {
    const { work, seen } = write(failure, [5]);
    expect(await failureOf(Error, work)).toBe(failure);
    expect(seen()).toEqual({ tries: 1, look: 0 });
  });
});

it.each<[readonly number[], number]>([
  [[4, 3], 0],
  [[5, 4], 1],
  [[6, 5, 4], 2],
])('of the records %j, %s are newer than the baseline', async (numbers, count) => {
  const cloudRun = createFakeCloudRun({ listRecords: () => Promise.resolve(recordsOf(numbers)) });
  const ports = { cloudRun, clock: createFakeClock(), log: createFakeLog() };
  expect(await countNewer({ target, baseline }, 10, ports)).toBe(count);
});

describe('a surprise', () => {
  it.each([
    ['create', serviceDetail(), 'was created by someone else'],
    ['update', undefined, 'was deleted'],
  ] as const)('is refused: to %s', async (action, service, change) => {
    const work = (): void => {
      refuseSurprise(planOf({ action }), target, service);
    };
    expect(await failureOf(CloudError, work)).toMatchObject({
      kind: 'conflict',
      message: `The service "shop" ${change} while this run was at work.`,
    });
  });

  it.each([
    ['create', undefined],
    ['update', serviceDetail()],
  ] as const)('is none: to %s', (action, service) => {
    expect(() => {
      refuseSurprise(planOf({ action }), target, service);
    }).not.toThrow();
  });
});

describe('the version that serves', () => {
  it.each<[string, readonly (readonly [string, number])[], string]>([
    ['has all of the traffic', [['shop-001', 100]], 'shop-001'],
    [
      'has the most of it',
      [
        ['shop-001', 80],
        ['shop-002', 20],
      ],
      'shop-001',
    ],
    ['has some', [['shop-001', 0]], ''],
    ['may be none', [], ''],
  ])('%s', (_name, versions, name) => {
    const onlineVersions = versions.map(([versionName, share]) => ({ versionName, imageUrl: '', share }));
    expect(servingVersion(serviceDetail({ onlineVersions }))).toBe(name);
  });

  it('is none where there is no service', () => {
    expect(servingVersion(undefined)).toBe('');
  });
});
