import { describe, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import type { Command, Finished } from '../../../src/process-port.ts';
import { createFakeExec, type FakeExec } from '../../support/fakes.ts';

function start(run: (command: Command) => Partial<Finished>) {
  const cleanup: FakeExec = createFakeExec(run);
  const argv = (): string[] => cleanup.commands.map(({ args }) => args.join(' '));
  // Nothing may go by the way that an abort ends.
  return { argv, docker: createDocker(createFakeExec(), cleanup, {}) };
}

describe('containers with a label', () => {
  it('are removed, each one once, on the way that still works after an abort', async () => {
    const { docker, argv } = start(({ args }) => (args[0] === 'ps' ? { stdout: 'c1\nc2\nc1\n' } : {}));
    expect(await docker.removeContainers('step=1')).toBeUndefined();
    expect(argv()).toEqual(['ps --all --filter label=step=1 --quiet', 'rm --force --volumes c1 c2']);
  });

  it('are tried again while the engine refuses', async () => {
    const answers = [{ exitCode: 1, lines: ['removal is already in progress'] }, {}];
    const { docker, argv } = start(({ args }) =>
      args[0] === 'ps' ? { stdout: 'c1' } : (answers.shift() ?? {}),
    );
    expect(await docker.removeContainers('step=1')).toBeUndefined();
    expect(argv().filter((args) => args.startsWith('rm'))).toHaveLength(2);
  });

  it.each([
    ['rm', 'still in use'],
    ['ps', 'no engine'],
  ])('that stay, for %s fails, are told with what docker said', async (failing, said) => {
    const { docker } = start(({ args }) =>
      args[0] === failing ? { exitCode: 1, lines: [said] } : args[0] === 'ps' ? { stdout: 'c1' } : {},
    );
    expect(await docker.removeContainers('step=1')).toBe(said);
  });
});

describe('names of images', () => {
  it('are removed by name, each once, and never by force', async () => {
    const { docker, argv } = start(() => ({}));
    expect(await docker.removeImages(['a:1', 'b:1', 'a:1'])).toBeUndefined();
    expect(await docker.removeImages([])).toBeUndefined();
    expect(argv()).toEqual(['rmi a:1 b:1']);
  });

  it('that are not there are no error, and the others count as removed', async () => {
    const lines = ['Untagged: a:1', 'Deleted: sha256:0', 'Error response from daemon: No such image: b:1'];
    const { docker, argv } = start(() => ({ exitCode: 1, lines }));
    expect(await docker.removeImages(['a:1', 'b:1'])).toBeUndefined();
    expect(argv()).toHaveLength(1);
  });

  it.each([
    [['Error response from daemon: conflict', 'Error response from daemon: No such image: b:1'], 'conflict'],
    [[], 'exit code 1'],
  ])('that stay are told with what docker said: %j', async (lines, said) => {
    const { docker, argv } = start(() => ({ exitCode: 1, lines }));
    expect(await docker.removeImages(['a:1', 'b:1'])).toContain(said);
    expect(argv()).toHaveLength(4);
  });
});
