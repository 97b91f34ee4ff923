import { describe, expect, it } from '@jest/globals';

import { CloudError, InputError } from '../../src/errors.ts';
import type { CloudRun } from '../../src/ports.ts';
import { look } from '../../src/stages/look.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun } from '../support/fakes.ts';
import { deployRecord, releaseTask, serviceDetail, target } from '../support/samples.ts';

const lookAt = (answers: Partial<CloudRun>): ReturnType<typeof look> =>
  look(
    target,
    createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal' }),
      readService: () => Promise.resolve(serviceDetail()),
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
    });
  });

  it('is nothing before the first release; nothing more is asked then', async () => {
    const cloudRun = createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal' }),
      readService: () => Promise.resolve(undefined),
    });
    expect(await look(target, cloudRun)).toEqual({
      target,
      service: undefined,
      baseline: { recordNumber: 0, taskId: 0 },
    });
  });

  it('may have no record and no task', async () => {
    const none = { listRecords: () => Promise.resolve([]), readTask: () => Promise.resolve(undefined) };
    expect((await lookAt(none)).baseline).toEqual({ recordNumber: 0, taskId: 0 });
  });
});

describe('a release is refused', () => {
  const closed = (hasEnvironment: boolean): Partial<CloudRun> => ({
    readEnvironment: () => Promise.resolve({ isOpen: false, status: '' }),
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
      Promise.resolve({ isOpen: true, status: 'isolated' });
    const error = await failureOf(CloudError, () => lookAt({ readEnvironment }));
    expect(error.message).toBe('The environment "demo-env" is not ready: its status is "isolated".');
  });

  it.each([
    ['shop-003', '"shop-003"'],
    ['', 'task 11'],
  ])('while another one is under way (%s)', async (versionName, named) => {
    const readTask: CloudRun['readTask'] = () =>
      Promise.resolve(releaseTask({ status: 'running', versionName }));
    const error = await failureOf(CloudError, () => lookAt({ readTask }));
    expect(error).toMatchObject({
      kind: 'conflict',
      message: `Another release of "shop" is under way: ${named}.`,
    });
  });
});
