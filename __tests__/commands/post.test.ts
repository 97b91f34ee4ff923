import { describe, expect, it } from '@jest/globals';

import { post, removeLogin, removeTempFolder } from '../../src/commands/post.ts';
import type { ContainerState, Docker } from '../../src/docker-port.ts';
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
  readonly docker?: Partial<Docker>;
  readonly nodes?: Readonly<Record<string, string>>;
}

async function clean({ saved, wasKilled = false, docker = {}, nodes = {} }: Left) {
  const done: string[] = [];
  const files = createFakeFiles(nodes);
  const log = createFakeLog();
  const note = <T>(what: string, value: T): Promise<T> => {
    done.push(what);
    return Promise.resolve(value);
  };
  const engine = createFakeDocker({
    removeContainers: (label) => note(`remove ${label}`, undefined),
    removeImages: (references) => note(`untag ${references.join(' ')}`, undefined),
    readContainer: () => note('look', running),
    stop: (id, seconds) => note(`stop ${id} ${seconds}`, true),
    readLogs: (id, lines) => note(`log ${id} ${lines}`, ['one', 'two']),
    ...docker,
  });
  const clock = createFakeClock(() => void done.push('wait'));
  const exec = { ...createFakeExec(), stopMarked: (marker: string) => note(`stop ${marker}`, wasKilled) };
  const state = createFakeState(saved);
  const exitCode = await post(runContext(), { clock, docker: engine, exec, files, log, state });
  return { exitCode, done: [...done, ...files.removed], lines: log.lines };
}

const running: ContainerState = { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 };
const stopped = 'stop CLOUDBASE_RUN_STEP=cloudbase-run-1a2b';
const removed = ['remove cloudbase-run-1a2b', 'untag cloudbase-run-1a2b:verify'];
const engine = '27.0';

describe('the post part', () => {
  it('removes what a killed step has left', async () => {
    expect(await clean({ saved: { engine } })).toEqual({
      exitCode: 0,
      done: [stopped, ...removed, '/tmp/step'],
      lines: [],
    });
  });

  it('takes the names that were pushed from the engine', async () => {
    const { done } = await clean({ saved: { engine, images: 'r.test/a:abc r.test/a:latest' } });
    expect(done).toContain('untag cloudbase-run-1a2b:verify r.test/a:abc r.test/a:latest');
  });

  it('looks again for what a killed docker command may still bring up', async () => {
    const { done } = await clean({ saved: { engine }, wasKilled: true });
    expect(done).toEqual([stopped, ...removed, 'wait', ...removed, '/tmp/step']);
  });

  it('asks no engine where none was used', async () => {
    const { done } = await clean({ saved: {}, wasKilled: true });
    expect(done).toEqual([stopped, '/tmp/step']);
  });

  it.each<[string, Partial<Docker>, readonly string[]]>([
    [
      'containers, and removes images all the same',
      { removeContainers: () => Promise.resolve('still in use') },
      [stopped, 'untag cloudbase-run-1a2b:verify', '/tmp/step'],
    ],
    [
      'images',
      { removeImages: () => Promise.resolve('still in use') },
      [stopped, 'remove cloudbase-run-1a2b', '/tmp/step'],
    ],
  ])('warns of what the engine does not remove: %s', async (_what, ...[docker, expected]) => {
    const { exitCode, done, lines } = await clean({ saved: { engine }, docker });
    expect([exitCode, done]).toEqual([0, expected]);
    expect(lines).toEqual([
      'warning: What the step "cloudbase-run-1a2b" has left in the Docker engine cannot be removed: still in use',
    ]);
  });
});

describe('a service that was left running', () => {
  const container = { engine, served: '{"kind":"container","id":"c1"}' };
  const process = { served: '{"kind":"process","logFile":"/tmp/step/function.log"}' };
  const tail = ['group: The last lines of the service', 'output: one', 'output: two', 'end'];

  it('in a container is asked to end, and the end of its log is shown', async () => {
    const { done, lines } = await clean({ saved: container });
    expect(done).toEqual(['look', 'stop c1 10', 'log c1 50', stopped, ...removed, '/tmp/step']);
    expect(lines).toEqual(tail);
  });

  it.each<[Partial<ContainerState>, string]>([
    [{ exitCode: 3 }, 'exit code 3.'],
    [{ exitCode: 137, isOutOfMemory: true }, 'exit code 137, out of memory.'],
  ])('in a container and has ended before is warned of: %j', async (given, said) => {
    const readContainer = () => Promise.resolve({ ...running, isRunning: false, ...given });
    const { done, lines } = await clean({ saved: container, docker: { readContainer } });
    expect(done).toEqual(['log c1 50', stopped, ...removed, '/tmp/step']);
    expect(lines).toEqual([
      ...tail,
      `warning: The service did not last until the end of the job: it ended with ${said}`,
    ]);
  });

  it('that cannot be looked at keeps nothing from being removed', async () => {
    const readContainer = () => Promise.reject(new Error('no engine'));
    const { exitCode, done, lines } = await clean({ saved: container, docker: { readContainer } });
    expect([exitCode, done]).toEqual([0, [stopped, ...removed, '/tmp/step']]);
    expect(lines).toEqual(['warning: How the service ended cannot be told: Error: no engine']);
  });

  it('as a process is stopped before its log is shown', async () => {
    const text = Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join('');
    const nodes = { '/tmp/step/function.log': text };
    const { done, lines } = await clean({ saved: process, wasKilled: true, nodes });
    expect(done).toEqual([stopped, '/tmp/step']);
    expect(lines).toHaveLength(52);
    expect([lines[1], lines[50]]).toEqual(['output: line 10', 'output: line 59']);
  });

  it.each(['', 'one\ntwo\n'])('as a process and has ended before is warned of: %j', async (text) => {
    const { lines } = await clean({ saved: process, nodes: { '/tmp/step/function.log': text } });
    expect(lines).toEqual([
      ...tail.filter((line) => text !== '' || !line.startsWith('output')),
      'warning: The service did not last until the end of the job: it was not running any more.',
    ]);
  });
});

it('warns of a temporary folder that cannot be removed', async () => {
  const log = createFakeLog();
  const files = { ...createFakeFiles({}), removeFolder: () => Promise.reject(new Error('EACCES')) };
  await removeTempFolder(runContext(), { files, log });
  expect(log.lines).toEqual(['warning: The temporary folder "/tmp/step" cannot be removed: Error: EACCES']);
});

it('removes the login of a step whose service runs on, and nothing that it may need', async () => {
  const files = createFakeFiles({
    '/tmp/step/docker-config/config.json': '{}',
    '/tmp/step/function.log': '',
  });
  await removeLogin(runContext(), { files, log: createFakeLog() });
  expect(files.removed).toEqual(['/tmp/step/docker-config']);
});
