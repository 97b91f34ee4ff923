import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { createExec } from '../../../src/adapters/process.ts';
import type { Docker } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Command, Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec, type FakeExec } from '../../support/fakes.ts';

function start(run: (command: Command) => Partial<Finished>) {
  const exec = createFakeExec(run);
  const cleanup: FakeExec = createFakeExec(run);
  return { exec, cleanup, docker: createDocker(exec, cleanup, {}) };
}

describe('a build', () => {
  it('is docker with these arguments and env vars, each line handed on', async () => {
    const { docker, exec } = start(() => ({ exitCode: 1, lines: ['a', 'b'] }));
    const lines: string[] = [];
    const command = { args: ['buildx', 'build'], env: { ACTIONS_RUNTIME_TOKEN: 'canary' } };
    const finished = await docker.build(command, (line) => lines.push(line));
    expect(finished).toMatchObject({ exitCode: 1, lines });
    expect(exec.commands).toEqual([{ file: 'docker', ...command }]);
    expect(lines).toEqual(['a', 'b']);
  });
});

describe('a check', () => {
  it('is docker with these arguments, for a minute at most', async () => {
    const { docker, exec, cleanup } = start(() => ({ exitCode: 1, stdout: '{}' }));
    expect(await docker.check(['buildx', 'build'])).toMatchObject({ exitCode: 1, stdout: '{}' });
    const command = { file: 'docker', args: ['buildx', 'build'], timeoutMs: 60_000 };
    expect([exec.commands, cleanup.commands]).toEqual([[command], []]);
  });
});

describe('a container', () => {
  const withLines = { inherited: { A: 'canary' }, lines: ['PATH=/x', 'HOME=/y'] };

  it('is started with its env vars in the environment alone', async () => {
    const { docker, exec, cleanup } = start(() => ({ stdout: 'id-1\n' }));
    const args = ['run', '--env', 'A', 'image'];
    expect(await docker.start(args, { inherited: { A: 'canary' }, lines: [] })).toBe('id-1');
    const command = { file: 'docker', args, env: { A: 'canary' }, timeoutMs: 60_000 };
    expect([exec.commands, cleanup.commands]).toEqual([[], [command]]);
  });

  it('reads on standard input what must not stand there', async () => {
    const { docker, cleanup } = start(() => ({ stdout: 'id-1\n' }));
    expect(await docker.start(['run', 'image'], withLines)).toBe('id-1');
    expect(cleanup.commands[0]).toMatchObject({ env: { A: 'canary' }, input: 'PATH=/x\nHOME=/y\n' });
    expect(cleanup.commands[0]?.args.join(' ')).not.toMatch(/canary|PATH|HOME/);
  });

  it('can open standard input as a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docker-'));
    const script = '#!/bin/sh\ncat /dev/stdin\necho "$A $#"\nexit 3\n';
    await writeFile(join(folder, 'docker'), script, { mode: 0o755 });
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const exec = createExec({ PATH }, new AbortController().signal);
    const work = (): Promise<string> => createDocker(exec, exec, {}).start(['run', 'a b'], withLines);
    expect(await failureOf(ProjectError, work)).toMatchObject({
      exitCode: 3,
      logTail: ['PATH=/x', 'HOME=/y', 'canary 2'],
    });
    await rm(folder, { recursive: true });
  });

  it.each([
    [127, 'exit-on-start', "The container's command cannot be started: docker run ended with exit code 127."],
    [126, 'exit-on-start', "The container's command cannot be started: docker run ended with exit code 126."],
    [125, 'unexpected', 'The engine does not start the container: docker run ended with exit code 125.'],
  ])('that cannot start (%s) is %s', async (exitCode, kind, message) => {
    const { docker } = start(() => ({ exitCode, lines: ['why'] }));
    expect(await failureOf(ProjectError, () => docker.start([], { inherited: {}, lines: [] }))).toMatchObject(
      {
        kind,
        message,
        exitCode,
        logTail: ['why'],
      },
    );
  });

  it.each([
    [
      '{"Running":true,"ExitCode":0,"OOMKilled":false,"Pid":7}',
      { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 },
    ],
    [
      '{"Running":false,"ExitCode":137,"OOMKilled":true,"Pid":0}',
      { isRunning: false, exitCode: 137, isOutOfMemory: true, pid: 0 },
    ],
    ['', { isRunning: false, exitCode: 1, isOutOfMemory: false, pid: 0 }],
  ])('in the state %j', async (stdout, state) => {
    expect(await start(() => ({ stdout })).docker.readContainer('id')).toEqual(state);
  });

  it.each([
    ['127.0.0.1:49153\n', 49153],
    ['127.0.0.1:49153\n[::1]:49154\n', 49153],
    ['', 0],
  ])('is reached as %j says', async (stdout, port) => {
    expect(await start(() => ({ stdout })).docker.readHostPort('id', 80)).toBe(port);
  });

  it('is stopped with its own signal, also after an abort', async () => {
    const { docker, exec, cleanup } = start(() => ({}));
    expect(await docker.stop('id', 10)).toBe(true);
    const command = { file: 'docker', args: ['stop', '-t', '10', 'id'], timeoutMs: 30_000 };
    expect([exec.commands, cleanup.commands]).toEqual([[], [command]]);
  });

  it.each([
    ['{"ExitCode":137}', false],
    ['{"ExitCode":0}', true],
  ])('that took all of the time and ended as %j has ended by itself: %s', async (stdout, isOwn) => {
    expect(await start(() => ({ stdout })).docker.stop('id', 0)).toBe(isOwn);
  });

  it('that is not there any more has ended', async () => {
    const lines = ['Error response from daemon: No such container: id'];
    expect(await start(() => ({ exitCode: 1, lines })).docker.stop('id', 0)).toBe(true);
  });

  it('differs from its image as docker says', async () => {
    const stdout = 'C /etc\nA /etc/my file\nD /bin/sh\n?\n';
    const { docker, exec } = start(() => ({ stdout }));
    expect(await docker.listChanges('id')).toEqual([
      { kind: 'changed', path: '/etc' },
      { kind: 'added', path: '/etc/my file' },
      { kind: 'deleted', path: '/bin/sh' },
    ]);
    expect(exec.commands).toEqual([{ file: 'docker', args: ['diff', 'id'] }]);
  });

  it('whose changes cannot be listed is an error that shows what docker said', async () => {
    const { docker } = start(() => ({ exitCode: 1, lines: ['why'] }));
    expect(await failureOf(ProjectError, () => docker.listChanges('id'))).toMatchObject({
      kind: 'unexpected',
      message: 'The files that the container has written cannot be listed: docker ended with exit code 1.',
      logTail: ['why'],
    });
  });
});

const calls: [string, (docker: Docker) => Promise<unknown>][] = [
  ['start', (docker) => docker.start([], { inherited: {}, lines: [] })],
  ['readContainer', (docker) => docker.readContainer('id')],
  ['readHostPort', (docker) => docker.readHostPort('id', 80)],
  ['readLogs', (docker) => docker.readLogs('id', 5)],
  ['listChanges', (docker) => docker.listChanges('id')],
  ['stop', (docker) => docker.stop('id', 1)],
  ['readImage', (docker) => docker.readImage('a:1')],
  ['listLayers', (docker) => docker.listLayers('a:1')],
  ['tag', (docker) => docker.tag('a:1', 'b:1')],
  ['push', (docker) => docker.push('a:1', () => undefined)],
];

it.each(calls)('%s without an engine says so, whatever it was about', async (_, call) => {
  const lines = ['Cannot connect to the Docker daemon at unix:///docker.sock. Is the docker daemon running?'];
  const failed = await failureOf(ProjectError, () => call(start(() => ({ exitCode: 1, lines })).docker));
  expect(failed).toMatchObject({
    kind: 'build',
    message: expect.stringMatching(/Docker engine does not answer/),
    advice: expect.stringContaining('docker info'),
    logTail: lines,
  });
});
