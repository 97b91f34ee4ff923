import { describe, expect, it } from '@jest/globals';

import { post, removeTempFolder } from '../../src/commands/post.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { createFakeDocker, createFakeExec, createFakeLog, createFakeState } from '../support/fakes.ts';
import { runContext } from '../support/samples.ts';

async function clean(saved: Record<string, string>): Promise<{ exitCode: number; done: string[] }> {
  const done: string[] = [];
  const files = createFakeFiles({});
  const docker = createFakeDocker({
    removeLabelled: (label) => Promise.resolve(void done.push(`remove ${label}`)),
  });
  const stopMarked = (marker: string): Promise<void> => Promise.resolve(void done.push(`stop ${marker}`));
  const exec = { ...createFakeExec(), stopMarked };
  const exitCode = await post(runContext(), {
    docker,
    exec,
    files,
    log: createFakeLog(),
    state: createFakeState(saved),
  });
  return { exitCode, done: [...done, ...files.removed] };
}

describe('the post part', () => {
  it('removes what a killed step has left', async () => {
    expect(await clean({ engine: '27.0' })).toEqual({
      exitCode: 0,
      done: ['stop CLOUDBASE_RUN_STEP=cloudbase-run-1a2b', 'remove cloudbase-run-1a2b', '/tmp/step'],
    });
  });

  it('asks no engine where none was used', async () => {
    expect(await clean({})).toEqual({
      exitCode: 0,
      done: ['stop CLOUDBASE_RUN_STEP=cloudbase-run-1a2b', '/tmp/step'],
    });
  });
});

it('warns of a temporary folder that cannot be removed', async () => {
  const log = createFakeLog();
  const files = { ...createFakeFiles({}), removeFolder: () => Promise.reject(new Error('EACCES')) };
  await removeTempFolder(runContext(), { files, log });
  expect(log.lines).toEqual(['warning: The temporary folder "/tmp/step" cannot be removed: Error: EACCES']);
});
