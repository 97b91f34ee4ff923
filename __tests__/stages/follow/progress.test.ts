import { describe, expect, it } from '@jest/globals';

import type { DeployRecord, ReleaseTask } from '../../../src/ports.ts';
import {
  describeProgress,
  hasFailed,
  isSettled,
  readProgress,
  versionNameOf,
} from '../../../src/stages/follow/progress.ts';
import type { Release } from '../../../src/stages/release/write.ts';
import { createFakeCloudRun } from '../../support/fakes.ts';
import { deployRecord, releaseOf, releaseTask } from '../../support/samples.ts';

function read(task: ReleaseTask | undefined, numbers: readonly number[], given: Partial<Release> = {}) {
  const asked: number[] = [];
  const cloudRun = createFakeCloudRun({
    readTask: (_target, id) => {
      asked.push(id);
      return Promise.resolve(task);
    },
    listRecords: () => Promise.resolve(numbers.map((number) => deployRecord({ number }))),
  });
  return readProgress(releaseOf(given), cloudRun).then(({ task: found, record }) => ({
    asked,
    task: found?.id,
    record: record?.number,
  }));
}

describe('the progress of this very release', () => {
  it('is its task, and the record of the same version', async () => {
    expect(await read(releaseTask({ versionName: 'shop-003' }), [4, 3, 2, 1])).toEqual({
      asked: [11],
      task: 11,
      record: 3,
    });
  });

  it('is not what was there before', async () => {
    expect(await read(undefined, [1])).toMatchObject({ task: undefined, record: undefined });
    expect(await read(releaseTask({ id: 10 }), [1], { taskId: 0 })).toMatchObject({ task: undefined });
  });

  it('is the newest task where the platform told no id', async () => {
    expect(await read(releaseTask({ id: 12 }), [2, 1], { taskId: 0 })).toEqual({
      asked: [0],
      task: 12,
      record: 2,
    });
  });

  it('is the first record after the baseline while the task names no version', async () => {
    expect(await read(releaseTask({ versionName: '' }), [3, 2, 1])).toMatchObject({ record: 2 });
    expect(await read(undefined, [3, 2, 1])).toMatchObject({ record: 2 });
  });
});

it.each([
  [7, 'shop-007'],
  [42, 'shop-042'],
  [1234, 'shop-1234'],
])('the record %s makes the version %s', (number, name) => {
  expect(versionNameOf(releaseOf(), deployRecord({ number }))).toBe(name);
});

it('is described in one line', () => {
  const steps = [
    { name: 'build', status: 'finished', failReason: '' },
    { name: 'deploy', status: 'running', failReason: '' },
  ];
  expect(describeProgress({ task: undefined, record: undefined })).toBe(
    'waiting for the release to be registered; no record yet',
  );
  expect(
    describeProgress({
      task: releaseTask({ status: 'running', steps }),
      record: deployRecord({ status: 'building' }),
    }),
  ).toBe('task running (build finished, deploy running); record building');
  expect(describeProgress({ task: releaseTask(), record: deployRecord({ status: '' }) })).toBe(
    'task finished; record without a status',
  );
});

it.each<[string, string, boolean, boolean]>([
  ['running', 'building', false, false],
  ['running', 'something_new', false, false],
  ['finished', 'deploying', true, false],
  ['running', 'normal', true, false],
  ['', 'running', true, false],
  ['failed', '', false, true],
  ['stopped', 'building', false, true],
  ['running', 'build_failed', false, true],
  ['running', 'deploy_failed', false, true],
])('a task %j with a record %j is as it should be', (...[task, record, settled, failed]) => {
  const progress = {
    task: task === '' ? undefined : (releaseTask({ status: task }) satisfies ReleaseTask),
    record: deployRecord({ status: record }) satisfies DeployRecord,
  };
  expect([isSettled(progress), hasFailed(progress)]).toEqual([settled, failed]);
});
