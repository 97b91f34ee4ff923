import { describe, expect, it } from '@jest/globals';

import { CloudError, ReadinessError } from '../../../src/errors.ts';
import type { CloudRun } from '../../../src/ports.ts';
import { failRelease } from '../../../src/stages/follow/failure.ts';
import type { Progress } from '../../../src/stages/follow/progress.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock, createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { deployRecord, releaseOf, releaseTask } from '../../support/samples.ts';

const steps = [
  { name: 'build', status: 'finished', failReason: '' },
  { name: 'deploy', status: 'failed', failReason: 'Readiness probe failed' },
];
const failed: Progress = {
  task: releaseTask({ status: 'failed', failReason: 'Readiness probe failed', steps }),
  record: deployRecord({ status: 'deploy_failed' }),
};
const buildFailed: Progress = { task: undefined, record: deployRecord({ status: 'build_failed' }) };
const refused = new CloudError('x', { kind: 'auth', action: 'X', code: '', isRetryable: false });

function fail(
  progress: Progress,
  answers: Partial<CloudRun>,
  previousVersion = 'shop-001',
): Promise<ReadinessError> {
  const ports = { cloudRun: createFakeCloudRun(answers), clock: createFakeClock(), log: createFakeLog() };
  return failureOf(ReadinessError, () =>
    failRelease(releaseOf({ previousVersion }), { ...progress, waitedMs: 7400 }, ports),
  );
}

describe('a release that failed', () => {
  it('tells kind, step, log and what serves now', async () => {
    const lines = Array.from({ length: 25 }, (_, index) => `line ${index}`);
    const error = await fail(failed, {
      readProcessLog: (_target, runId) => Promise.resolve([...lines, `OOMKilled in ${runId}`]),
    });
    expect(error).toMatchObject({
      kind: 'out-of-memory',
      lastStep: 'deploy',
      waitedSeconds: 7,
      cloudRunId: 'run-2',
      message:
        'The release of "shop" failed at step deploy: Readiness probe failed. "shop-001" keeps serving.',
    });
    expect(error.logTail).toEqual([...lines.slice(6), 'OOMKilled in run-2']);
    expect(error.advice).toContain('Raise Cpu and Mem');
    expect(error.consoleUrl).toContain('serverName=shop');
  });

  it('in the build shows the log of the build', async () => {
    const readBuildLog: CloudRun['readBuildLog'] = (_target, id) => Promise.resolve([`build ${id}`]);
    const error = await fail(
      buildFailed,
      { readBuildLog, readProcessLog: () => Promise.resolve(['process']) },
      '',
    );
    expect(error).toMatchObject({
      kind: 'build',
      logTail: ['build 22'],
      message: 'The release of "shop" failed: build_failed. No version serves.',
    });
  });

  it.each<[string, CloudRun['readBuildLog']]>([
    ['is empty', () => Promise.resolve([])],
    ['cannot be read', () => Promise.reject(refused)],
  ])('in the build, whose log %s, shows the other one', async (_name, readBuildLog) => {
    const error = await fail(buildFailed, {
      readBuildLog,
      readProcessLog: () => Promise.resolve(['process']),
    });
    expect(error.logTail).toEqual(['process']);
  });

  it('does without logs that cannot be read', async () => {
    const error = await fail(failed, { readProcessLog: () => Promise.reject(refused) });
    expect(error).toMatchObject({ kind: 'slow-start', logTail: [] });
  });

  it('asks for no log where there is none, and says that no reason is given', async () => {
    const error = await fail({ task: releaseTask({ status: 'failed' }), record: undefined }, {});
    expect(error).toMatchObject({ lastStep: 'task failed; no record yet', cloudRunId: '' });
    expect(error.message).toBe(
      'The release of "shop" failed: the platform gives no reason. "shop-001" keeps serving.',
    );
  });

  it('does not hide a bug', async () => {
    const readProcessLog: CloudRun['readProcessLog'] = () => Promise.reject(new TypeError('bug'));
    await expect(fail(failed, { readProcessLog })).rejects.toThrow('bug');
  });
});
