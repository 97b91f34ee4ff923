import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { parseRepository } from '../../../src/adapters/docker/manifest.ts';
import { createExec } from '../../../src/adapters/process.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec } from '../../support/fakes.ts';

const ignore = (): void => undefined;

/** A docker command that ends in these ways, one after the other. */
function start(...answers: Partial<Finished>[]) {
  const exec = createFakeExec(({ file }) => (file === 'docker' ? (answers.shift() ?? {}) : {}));
  const programs = (): string[] => exec.commands.map(({ file, args }) => `${file} ${args[0] ?? ''}`);
  const argv = (): string[] => exec.commands.map(({ args }) => args.join(' '));
  return {
    docker: createDocker(exec, createFakeExec(), { TMPDIR: tmpdir(), HOME: '/nowhere' }),
    programs,
    argv,
  };
}

const busy = { exitCode: 1, lines: ['toomanyrequests: slow down'] };

describe('a push', () => {
  it('that is told to wait is tried three times, and says so', async () => {
    const { docker, programs } = start(busy, busy, { lines: ['pushed'] });
    const lines: string[] = [];
    await docker.push('a:1', (line) => lines.push(line));
    expect(programs()).toEqual(['docker push', 'sleep 2', 'docker push', 'sleep 6', 'docker push']);
    const finding =
      'The image "a:1" cannot be pushed: the registry takes no more requests for now (toomanyrequests: slow down).';
    expect(lines).toEqual([
      ...busy.lines,
      `${finding} Trying again in 2 seconds (try 2 of 3).`,
      ...busy.lines,
      `${finding} Trying again in 6 seconds (try 3 of 3).`,
      'pushed',
    ]);
  });

  it('fails with what the registry said at last', async () => {
    const { docker } = start(busy, busy, { exitCode: 1, lines: ['a', 'denied: https://me:canary@r/ no'] });
    const failed = await failureOf(ProjectError, () => docker.push('a:1', ignore));
    expect(failed).toMatchObject({ kind: 'auth', exitCode: 1, logTail: ['a', 'denied: https://r/ no'] });
    expect(failed.message).toContain('(denied: https://r/ no)');
  });

  it.each([
    ['a refusal', ['denied: no']],
    [
      'what docker itself has tried again',
      ['ab: Retrying in 15 seconds', 'received unexpected HTTP status: 503 Service'],
    ],
  ])('is not repeated after %s', async (_, lines) => {
    const { docker, programs } = start({ exitCode: 1, lines });
    await failureOf(ProjectError, () => docker.push('a:1', ignore));
    expect(programs()).toEqual(['docker push']);
  });

  it('ends with the run while it waits', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docker-push-'));
    await writeFile(join(folder, 'docker'), '#!/bin/sh\necho "toomanyrequests: x" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const stop = new AbortController();
    const exec = createExec(env, stop.signal);
    const seen: string[] = [];
    const work = (): Promise<void> =>
      createDocker(exec, exec, env).push('a:1', (line) => {
        seen.push(line);
        if (line.includes('Trying again'))
          setTimeout(() => {
            stop.abort(new RangeError('stopped'));
          }, 50);
      });
    expect(await failureOf(RangeError, work)).toBe(stop.signal.reason);
    expect(seen.filter((line) => line.includes('Trying again'))).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});

it('a pull is for linux/amd64', async () => {
  const { docker, argv } = start();
  await docker.pull('a:1', ignore);
  expect(argv()).toEqual(['pull --platform linux/amd64 a:1']);
});

describe('a manifest', () => {
  const inspect = 'buildx imagetools inspect';
  const config = { config: { digest: 'sha256:c' } };
  const platform = (architecture: string, os = 'linux') => ({ os, architecture });

  it('is read under the digest that its reference has', async () => {
    const { docker, argv } = start({ stdout: '{"digest":"sha256:1"}' }, { stdout: JSON.stringify(config) });
    expect(await docker.readManifest('r.example:5000/a/b:1')).toEqual({
      digest: 'sha256:1',
      configDigest: 'sha256:c',
    });
    expect(argv()).toEqual([
      `${inspect} --format {{json .Manifest}} r.example:5000/a/b:1`,
      `${inspect} --raw r.example:5000/a/b@sha256:1`,
    ]);
  });

  it('of an index is that for linux/amd64', async () => {
    const manifests = [
      { digest: 'sha256:u', platform: platform('unknown', 'unknown') },
      { digest: 'sha256:w', platform: platform('amd64', 'windows') },
      { digest: 'sha256:arm', platform: platform('arm64') },
      { digest: 'sha256:own', platform: platform('amd64') },
    ];
    const index = { stdout: JSON.stringify({ digest: 'sha256:1', manifests }) };
    const { docker, argv } = start(index, { stdout: JSON.stringify(config) });
    expect(await docker.readManifest('a:1')).toEqual({ digest: 'sha256:1', configDigest: 'sha256:c' });
    expect(argv()[1]).toBe(`${inspect} --raw a@sha256:own`);

    const other = { stdout: JSON.stringify({ digest: 'sha256:1', manifests: manifests.slice(0, 3) }) };
    const failed = await failureOf(ProjectError, () => start(other).docker.readManifest('a:1'));
    expect(failed).toMatchObject({ kind: 'architecture', advice: expect.stringContaining('linux/amd64') });
  });

  it.each([
    [[{ stdout: 'no json' }]],
    [[{ stdout: '{"digest":"sha256:1"}' }, { stdout: '{"schemaVersion":1}' }]],
  ])('that is none is an error: %j', async (answers) => {
    const failed = await failureOf(ProjectError, () => start(...answers).docker.readManifest('a:1'));
    expect(failed).toMatchObject({ kind: 'image-pull', message: expect.stringContaining('"a:1"') });
  });

  it('of a registry that gives no answer in time is no answer', async () => {
    const silent = { exitCode: 124, lines: [] };
    const failed = await failureOf(ProjectError, () =>
      start(silent, silent, silent).docker.readManifest('a:1'),
    );
    expect(failed).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('no answer within 60 seconds'),
    });
  });

  it.each([
    ['a', 'a'],
    ['a:1', 'a'],
    ['r:5000/a', 'r:5000/a'],
    ['r:5000/a/b:1', 'r:5000/a/b'],
    ['r:5000/a:1@sha256:0', 'r:5000/a'],
  ])('%s is of %s', (reference, repository) => {
    expect(parseRepository(reference)).toBe(repository);
  });
});

it.each([
  [{ stdout: '{}' }, true],
  [
    { exitCode: 1, lines: ['ERROR: unexpected status from HEAD request to https://r/: 403 Forbidden'] },
    false,
  ],
  [{ exitCode: 1, lines: ['ERROR: a:1: not found'] }, undefined],
  [{ exitCode: 1, lines: ['ERROR: dial tcp: no such host'] }, undefined],
  [{ exitCode: 124, lines: [] }, undefined],
])('what everybody may read, where docker ends as %j: %s', async (finished, isPublic) => {
  const { docker, programs } = start(finished);
  expect(await docker.isPublic('a:1', tmpdir())).toBe(isPublic);
  expect(programs()).toEqual(['docker buildx']);
});
