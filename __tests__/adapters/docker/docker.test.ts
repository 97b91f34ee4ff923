import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createDocker, parseListeners } from '../../../src/adapters/docker/docker.ts';
import { createExec } from '../../../src/adapters/process.ts';
import { MissingProgramError, ProjectError } from '../../../src/errors.ts';
import type { Command, Finished } from '../../../src/ports.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec, type FakeExec } from '../../support/fakes.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid';
const socket = (local: string, state: string): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;

describe('the listening sockets', () => {
  it.each([
    ['00000000:1F90', '0.0.0.0', 8080],
    ['0100007F:0050', '127.0.0.1', 80],
    ['020011AC:0BB8', '172.17.0.2', 3000],
    ['00000000000000000000000000000000:1F90', '::', 8080],
    ['00000000000000000000000001000000:1F90', '::1', 8080],
    ['0000000000000000FFFF00000100007F:1F90', '127.0.0.1', 8080],
  ])('%s is %s, port %s', (local, address, port) => {
    expect(parseListeners([head, socket(local, '0A')].join('\n'))).toEqual([{ address, port }]);
  });

  it('are not connections, and an empty table has none', () => {
    expect(
      parseListeners([head, socket('00000000:1F90', '01'), socket('00000000:1F90', '06'), ''].join('\n')),
    ).toEqual([]);
    expect(parseListeners('')).toEqual([]);
  });
});

function start(run: (command: Command) => Partial<Finished>) {
  const exec = createFakeExec(run);
  const cleanup: FakeExec = createFakeExec(run);
  return { exec, cleanup, docker: createDocker(exec, cleanup) };
}

describe('the engine', () => {
  const readEngine = (info: Partial<Finished>, buildx: Partial<Finished> = {}): Promise<unknown> =>
    start(({ args }) => (args[0] === 'info' ? info : buildx)).docker.readEngine();

  it.each<[Partial<Finished>, Partial<Finished>, unknown]>([
    [{ stdout: '{"ServerVersion":"27.1","NCPU":4}' }, {}, { version: '27.1', cpus: 4 }],
    [{ stdout: '{"ServerVersion":"27.1"}' }, {}, { version: '27.1', cpus: 1 }],
    [{ stdout: '{"ServerVersion":"27.1"}' }, { exitCode: 1 }, { reason: 'the docker command has no buildx' }],
    [
      { exitCode: 1, stdout: '{"ServerErrors":["x"]}', lines: ['Cannot connect'] },
      {},
      { reason: 'no Docker engine answers (Cannot connect)' },
    ],
    [{ exitCode: 1, stdout: 'no json' }, {}, { reason: 'no Docker engine answers (exit code 1)' }],
    [{ stdout: '{"ServerVersion":""}' }, {}, { reason: 'no Docker engine answers (exit code 0)' }],
  ])('that says %j, %j', async (info, buildx, answer) => {
    expect(await readEngine(info, buildx)).toEqual(answer);
  });

  it('is none without a docker command, and a bug stays a bug', async () => {
    const failing = (error: Error): Promise<unknown> =>
      createDocker(
        { ...createFakeExec(), capture: () => Promise.reject(error) },
        createFakeExec(),
      ).readEngine();
    expect(await failing(new MissingProgramError('docker'))).toEqual({
      reason: 'there is no docker command on this machine',
    });
    await failureOf(TypeError, () => failing(new TypeError('bug')));
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
    const work = (): Promise<string> => createDocker(exec, exec).start(['run', 'a b'], withLines);
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

  it('whose process is not of this machine shows no sockets', async () => {
    expect(await start(() => ({})).docker.readListeners('no-such-id', process.pid)).toBeUndefined();
  });

  it('is removed by its label, each one once, on the way that still works after an abort', async () => {
    const { docker, exec, cleanup } = start(({ args }) => {
      if (args[0] === 'ps') return { stdout: 'c1\nc2\n' };
      return args[0] === 'images' ? { stdout: 'i1\ni1\n' } : {};
    });
    await docker.removeLabelled('step=1');
    expect(exec.commands).toEqual([]);
    expect(cleanup.commands.map(({ args }) => args.join(' '))).toEqual([
      'ps --all --filter label=step=1 --quiet',
      'rm --force --volumes c1 c2',
      'images --filter label=step=1 --quiet',
      'rmi --force i1',
    ]);
  });

  it('is tried again while the engine refuses', async () => {
    const answers = [{ exitCode: 1, lines: ['removal is already in progress'] }, {}];
    const { docker, cleanup } = start(({ args }) =>
      args[0] === 'ps' ? { stdout: 'c1' } : args[0] === 'rm' ? (answers.shift() ?? {}) : {},
    );
    expect(await docker.removeLabelled('step=1')).toBeUndefined();
    expect(cleanup.commands.filter(({ args }) => args[0] === 'rm')).toHaveLength(2);
  });

  it.each([
    ['rm', 'still in use'],
    ['ps', 'no engine'],
  ])('that stays, for %s fails, is told with what docker said', async (failing, said) => {
    const { docker } = start(({ args }) =>
      args[0] === failing ? { exitCode: 1, lines: [said] } : args[0] === 'ps' ? { stdout: 'c1' } : {},
    );
    expect(await docker.removeLabelled('step=1')).toBe(said);
  });
});
