import { describe, expect, it } from '@jest/globals';

import { CloudError, InputError } from '../../src/errors.ts';
import type { CloudRun } from '../../src/ports.ts';
import { look, refuseUnderWay } from '../../src/stages/look.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun } from '../support/fakes.ts';
import { deployRecord, liveState, network, releaseTask, serviceDetail, target } from '../support/samples.ts';

const lookAt = (answers: Partial<CloudRun>): ReturnType<typeof look> =>
  look(
    target,
    createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(serviceDetail()),
      listRecords: () => Promise.resolve([deployRecord({ number: 4 }), deployRecord({ number: 3 })]),
      readTask: (_target, id) => Promise.resolve(id === 0 ? releaseTask({ id: 12 }) : undefined),
      ...answers,
    }),
  );

describe('what is live', () => {
  it('is the service, and the newest release as the baseline', async () => {
    expect(await lookAt({})).toEqual({
      target,
      service: serviceDetail(),
      baseline: { recordNumber: 4, taskId: 12 },
      network,
      underWay: undefined,
    });
  });

  it.each([
    ['what the service has, where its newest release serves', 4, { Cpu: 1, Port: 9000, Cmd: ['own'] }],
    ['none, where it does not', 5, { Cpu: 1, Cmd: [] }],
  ])('has for what its version tells as null %s', async (_what, number, settings) => {
    const service = serviceDetail({
      settings: { Cpu: 1, Port: null, Cmd: null },
      ownSettings: { Cpu: 2, Port: 9000, Cmd: ['own'] },
      onlineVersions: [{ versionName: 'shop-004', imageUrl: '', share: 100 }],
    });
    const found = await lookAt({
      readServing: () => Promise.resolve(service),
      listRecords: () => Promise.resolve([deployRecord({ number })]),
    });
    expect(found.service).toEqual({ ...service, settings });
  });

  it('is nothing before the first release; nothing more is asked then', async () => {
    const cloudRun = createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readServing: () => Promise.resolve(undefined),
    });
    expect(await look(target, cloudRun)).toEqual({
      target,
      service: undefined,
      baseline: { recordNumber: 0, taskId: 0 },
      network,
      underWay: undefined,
    });
  });

  it('may have no record and no task', async () => {
    const none = { listRecords: () => Promise.resolve([]), readTask: () => Promise.resolve(undefined) };
    expect((await lookAt(none)).baseline).toEqual({ recordNumber: 0, taskId: 0 });
  });
});

describe('a release is refused', () => {
  const closed = (hasEnvironment: boolean): Partial<CloudRun> => ({
    readEnvironment: () => Promise.resolve({ isOpen: false, status: '', network: undefined }),
    hasEnvironment: () => Promise.resolve(hasEnvironment),
  });

  it('in an environment that the account does not have', async () => {
    const error = await failureOf(InputError, () => lookAt(closed(false)));
    expect(error.message).toBe(
      'env-id: the account has no environment "demo-env". Copy the id from the console\'s environment page.',
    );
  });

  it('in an environment without CloudBase Run', async () => {
    const error = await failureOf(CloudError, () => lookAt(closed(true)));
    expect(error).toMatchObject({
      kind: 'env-not-opened',
      message: 'CloudBase Run is not open in the environment "demo-env".',
    });
    expect(error.advice).toContain('https://tcb.cloud.tencent.com/dev?envId=demo-env#/platform-run');
  });

  it('in an environment that is not ready', async () => {
    const readEnvironment: CloudRun['readEnvironment'] = () =>
      Promise.resolve({ isOpen: true, status: 'isolated', network });
    const error = await failureOf(CloudError, () => lookAt({ readEnvironment }));
    expect(error.message).toBe('The environment "demo-env" is not ready: its status is "isolated".');
  });
});

describe('a release under way', () => {
  it.each([
    ['is told by its version', releaseTask({ status: 'running', versionName: 'shop-003' }), '"shop-003"'],
    ['is told by its task', releaseTask({ status: 'running', versionName: '' }), 'task 11'],
    ['is none that has ended', releaseTask({ status: 'failed' }), undefined],
    ['is none where there is no task', undefined, undefined],
  ])('%s', async (_name, task, underWay) => {
    expect((await lookAt({ readTask: () => Promise.resolve(task) })).underWay).toBe(underWay);
  });

  it('refuses another one', async () => {
    const live = { ...liveState(serviceDetail()), underWay: '"shop-003"' };
    const error = await failureOf(CloudError, () => {
      refuseUnderWay(live);
    });
    expect(error).toMatchObject({
      kind: 'conflict',
      message: 'Another release of "shop" is under way: "shop-003".',
    });
    expect(error.advice).toContain('Wait until it ends');
  });

  it('refuses nothing where there is none', () => {
    expect(() => {
      refuseUnderWay(liveState(serviceDetail()));
    }).not.toThrow();
  });
});

it('an environment may have no network of its own', async () => {
  const readEnvironment: CloudRun['readEnvironment'] = () =>
    Promise.resolve({ isOpen: true, status: 'normal', network: undefined });
  expect((await lookAt({ readEnvironment })).network).toBeUndefined();
});
