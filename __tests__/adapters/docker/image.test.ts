import { describe, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec } from '../../support/fakes.ts';

function start(finished: Partial<Finished>) {
  const exec = createFakeExec(() => finished);
  const cleanup = createFakeExec(() => finished);
  const argv = (): string[] => exec.commands.map(({ args }) => args.join(' '));
  const lastingArgv = (): string[] => cleanup.commands.map(({ args }) => args.join(' '));
  return { argv, lastingArgv, docker: createDocker(exec, cleanup, {}) };
}

describe('an image', () => {
  it.each([
    [
      {
        Id: 'sha256:1',
        Architecture: 'amd64',
        Os: 'linux',
        Config: { User: 'node', ExposedPorts: { '8080/tcp': {}, '53/udp': {}, '80/tcp': {} } },
        Size: 29,
      },
      {
        id: 'sha256:1',
        architecture: 'amd64',
        os: 'linux',
        user: 'node',
        exposedPorts: [80, 8080],
        bytes: 29,
      },
    ],
    [
      { Id: 'sha256:1', Architecture: 'arm64', Os: 'linux', Config: null, Size: 0 },
      { id: 'sha256:1', architecture: 'arm64', os: 'linux', user: '', exposedPorts: [], bytes: 0 },
    ],
  ])('that docker describes as %j', async (told, facts) => {
    const { docker, argv } = start({ stdout: JSON.stringify(told) });
    expect(await docker.readImage('a:1')).toEqual(facts);
    expect(argv()).toEqual(['image inspect --format {{json .}} a:1']);
  });

  it.each(['Error response from daemon: No such image: a:1', 'Error: No such object: a:1'])(
    'that the engine does not have, in the words "%s"',
    async (line) => {
      expect(await start({ exitCode: 1, lines: ['[]', line] }).docker.readImage('a:1')).toBeUndefined();
    },
  );

  it('has layers with exact sizes, the newest first', async () => {
    const stdout =
      '{"CreatedBy":"COPY a /a # buildkit","Size":"29"}\n{"CreatedBy":"CMD [\\"a\\"]","Size":"0"}\n';
    const { docker, argv } = start({ stdout });
    expect(await docker.listLayers('a:1')).toEqual([
      { bytes: 29, command: 'COPY a /a # buildkit' },
      { bytes: 0, command: 'CMD ["a"]' },
    ]);
    expect(argv()).toEqual(['history --no-trunc --human=false --format {{json .}} a:1']);
  });

  it('gets another name, also after an abort', async () => {
    const { docker, argv, lastingArgv } = start({});
    await docker.tag('a:1', 'b:1');
    expect([argv(), lastingArgv()]).toEqual([[], ['tag a:1 b:1']]);
    const refusing = start({ exitCode: 1, lines: ['invalid reference format'] });
    expect(await failureOf(ProjectError, () => refusing.docker.tag('a:1', 'B'))).toMatchObject({
      message: 'The image "a:1" cannot be named "B": docker ended with exit code 1.',
      logTail: ['invalid reference format'],
    });
  });
});
