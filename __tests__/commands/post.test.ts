import { describe, expect, it } from '@jest/globals';

import { post, removeTempFolder } from '../../src/commands/post.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import {
  createFakeClock,
  createFakeDocker,
  createFakeExec,
  createFakeLog,
  createFakeState,
} from '../support/fakes.ts';
import { runContext } from '../support/samples.ts';

interface Left {
  readonly saved: Record<string, string>;
  readonly wasKilled?: boolean;
  readonly refusal?: string;
}

async function clean({ saved, wasKilled = false, refusal }: Left) {
  const done: string[] = [];
  const files = createFakeFiles({});
  const log = createFakeLog();
  const docker = createFakeDocker({
    removeLabelled: (label) => {
      done.push(`remove ${label}`);
      return Promise.resolve(refusal);
    },
  });
  const stopMarked = (marker: string): Promise<boolean> => {
    done.push(`stop ${marker}`);
    return Promise.resolve(wasKilled);
  };
  const clock = createFakeClock(() => void done.push('wait'));
  const exec = { ...createFakeExec(), stopMarked };
  const state = createFakeState(saved);
  const exitCode = await post(runContext(), { clock, docker, exec, files, log, state });
  return { exitCode, done: [...done, ...files.removed], lines: log.lines };
}

const stopped = 'stop CLOUDBASE_RUN_STEP=cloudbase-run-1a2b';
const removed = 'remove cloudbase-run-1a2b';

describe('the post part', () => {
  it('removes what a killed step has left', async () => {
    expect(await clean({ saved: { engine: '27.0' } })).toEqual({
      exitCode: 0,
      done: [stopped, removed, '/tmp/step'],
      lines: [],
    });
  });

  it('looks again for what a killed docker command may still bring up', async () => {
    const { done } = await clean({ saved: { engine: '27.0' }, wasKilled: true });
    expect(done).toEqual([stopped, removed, 'wait', removed, '/tmp/step']);
  });

  it('asks no engine where none was used', async () => {
    const { done } = await clean({ saved: {}, wasKilled: true });
    expect(done).toEqual([stopped, '/tmp/step']);
  });

  it('warns of what the engine does not remove', async () => {
    const { exitCode, lines } = await clean({ saved: { engine: '27.0' }, refusal: 'still in use' });
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'warning: Containers or images with the label "cloudbase-run-1a2b" cannot be removed: still in use',
    ]);
  });
});

it('warns of a temporary folder that cannot be removed', async () => {
  const log = createFakeLog();
  const files = { ...createFakeFiles({}), removeFolder: () => Promise.reject(new Error('EACCES')) };
  await removeTempFolder(runContext(), { files, log });
  expect(log.lines).toEqual(['warning: The temporary folder "/tmp/step" cannot be removed: Error: EACCES']);
});
