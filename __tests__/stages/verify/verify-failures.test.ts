import { describe, expect, it } from '@jest/globals';

import type { Docker } from '../../../src/docker-port.ts';
import { InputError, ProjectError } from '../../../src/errors.ts';
import type { VerifyRequest } from '../../../src/stages/verify/verify.ts';
import { failureOf } from '../../support/failure.ts';
import { builtImage, checkInputs, liveState, serviceDetail } from '../../support/samples.ts';
import { ok, rowsOf, running, startVerification as start } from '../../support/verify-world.ts';

const notUp = 'the service did not come up';

describe('a container that does not come up', () => {
  const silent: Partial<Docker> = { readListeners: () => Promise.resolve(undefined) };
  const endsWith = (log: string[], exitCode = 1): Partial<Docker> => ({
    ...silent,
    readContainer: () => Promise.resolve({ ...running, isRunning: false, exitCode }),
    readLogs: () => Promise.resolve(log),
  });
  const skippedRows = ['start-time', 'http', 'secrets', 'memory', 'files'].map(
    (name) => `${name}: skipped, ${notUp}`,
  );

  it.each<[string, Partial<Docker>, string[]]>([
    [
      'ends',
      endsWith(['why'], 3),
      ['starts: failed, ended with exit code 3 before it listened', `listens: skipped, ${notUp}`],
    ],
    [
      'listens elsewhere',
      { readListeners: () => Promise.resolve([{ address: '0.0.0.0', port: 3000 }]) },
      ['starts: passed', 'listens: failed, listens on port 3000 instead of 8080'],
    ],
    [
      'listens for this machine alone',
      { readListeners: () => Promise.resolve([{ address: '127.0.0.1', port: 8080 }]) },
      ['starts: passed', 'listens: failed, listens on port 8080 of the loopback interface only'],
    ],
    [
      'may not listen',
      endsWith(['Error: listen EACCES: permission denied 0.0.0.0:80']),
      [
        `starts: skipped, ${notUp}`,
        'listens: failed, may not listen on port 80 as a user other than root; 8080 is expected',
      ],
    ],
  ])('because it %s fails, and its image is looked at', async (_name, docker, rows) => {
    const { work, seen } = start({ docker });
    const verification = await work();
    expect(rowsOf(verification, 'failed', 'skipped')).toEqual([
      'architecture: passed',
      ...rows,
      ...skippedRows,
      'user: passed',
      'image-size: passed',
      `shutdown: skipped, ${notUp}`,
    ]);
    expect(verification).toMatchObject({ status: 'failed', timeToListenMs: undefined });
    expect(seen.at(-1)).toBe('remove step');
  });

  it.each<[string, string, Partial<VerifyRequest>]>([
    [
      'connect ECONNREFUSED 127.0.0.1:5432',
      'its database, cache or queue at 127.0.0.1:5432; to have it checked',
      {},
    ],
    [
      'Error: Missing required environment variable: TOKEN',
      'the env var "TOKEN" is not set in this run; the platform has it; to have it checked',
      { envFrom: ['TOKEN'] },
    ],
  ])('because of %j, which is only so here, is warned of', async (line, detail, given) => {
    const { work, seen } = start({ docker: endsWith([line]) });
    const verification = await work(given);
    expect(verification).toMatchObject({ status: 'warned', timeToListenMs: undefined });
    expect(rowsOf(verification)).toEqual([
      ...['architecture: passed', 'starts: warned', 'listens: skipped'],
      ...['start-time: skipped', 'http: skipped', 'secrets: skipped', 'memory: skipped', 'files: skipped'],
      ...['user: passed', 'image-size: passed', 'shutdown: skipped'],
    ]);
    expect(rowsOf(verification, 'warned').join('\n')).toContain(detail);
    expect(seen.at(-1)).toBe('remove step');
  });

  it('because its program cannot be run fails', async () => {
    const logTail = ['docker: exec: "nope": executable file not found in $PATH'];
    const refusal = new ProjectError('no', { kind: 'exit-on-start', exitCode: 127, logTail });
    const { work, seen } = start({ docker: { start: () => Promise.reject(refusal) } });
    const verification = await work();
    expect(verification).toMatchObject({ status: 'failed', logTail });
    expect(rowsOf(verification, 'failed').slice(0, 3)).toEqual([
      'architecture: passed',
      'starts: failed, ended with exit code 127 because it cannot run "nope"',
      'listens: skipped',
    ]);
    expect(seen).toEqual(['remove step']);
  });

  it('because the engine fails is no fault of the service', async () => {
    const refusal = new ProjectError('no', { kind: 'unexpected', exitCode: 125 });
    const { work } = start({ docker: { start: () => Promise.reject(refusal) } });
    expect(await failureOf(ProjectError, work)).toBe(refusal);
  });

  it('because it is for another architecture is not started', async () => {
    const { work, seen } = start();
    const verification = await work({ built: builtImage({ architecture: 'arm64', user: '' }) });
    const rows = rowsOf(verification, 'skipped');
    expect(rows).toContain('architecture: failed');
    expect(rows).toContain('user: warned');
    expect(rows).toContain('starts: skipped, the service was not started');
    expect([verification.status, seen]).toEqual(['failed', []]);
  });

  it('where it can be asked is skipped with the reason, and refused where it is demanded', async () => {
    const { work, seen } = start({
      docker: silent,
      http: { request: () => Promise.resolve('refused'), accepts: () => Promise.resolve(false) },
    });
    const reason = expect.stringMatching(
      /^the service runs, but its published port cannot be reached/,
    ) as unknown;
    expect(await work({ verify: 'auto' })).toEqual({ status: 'skipped', reason });
    const { problems } = await failureOf(InputError, () => work({ verify: 'true' }));
    expect(problems).toEqual([
      { subject: 'verify', message: expect.stringMatching(/^is "true", but its published port/) as unknown },
    ]);
    expect(seen.at(-1)).toBe('remove step');
  });

  it('for as long as the platform waits', async () => {
    const { work, ports } = start({ docker: { readListeners: () => Promise.resolve([]) } });
    const since = ports.clock.now();
    const live = liveState(serviceDetail({ settings: { InitialDelaySeconds: 30 } }));
    expect(await work({ live })).toMatchObject({ status: 'failed' });
    expect(ports.clock.now() - since).toBe(180_000);
  });
});

describe('a container that comes up and does not stay', () => {
  /** It listens until it was asked twice; then it has no sockets, or has ended. */
  const lasting = (end: Partial<typeof running>, log: string[] = [], body = '') => {
    let asked = 0;
    const isOver = (): boolean => asked >= 2;
    return {
      docker: {
        readListeners: () =>
          Promise.resolve(
            !isOver() ? [{ address: '::', port: 8080 }] : end.isRunning === false ? undefined : [],
          ),
        readContainer: () => Promise.resolve(isOver() ? { ...running, ...end } : running),
        readLogs: () => Promise.resolve(log),
      },
      http: {
        request: () => {
          asked++;
          return Promise.resolve({ ...ok, body });
        },
      },
    };
  };
  const ended = { isRunning: false, exitCode: 9 };

  it('fails, with what was seen of it', async () => {
    const { work, seen } = start(lasting(ended));
    expect(rowsOf(await work(), 'failed', 'skipped')).toEqual([
      'architecture: passed',
      'starts: failed, ended with exit code 9 soon after it listened',
      ...['listens: passed', 'start-time: passed', 'http: passed', 'secrets: passed'],
      'memory: skipped, the service did not stay up',
      'files: passed',
      ...['user: passed', 'image-size: passed'],
      'shutdown: skipped, the service did not stay up',
    ]);
    expect(seen.at(-1)).toBe('remove step');
  });

  it('fails when it runs on and listens no more', async () => {
    const { work } = start(lasting({}));
    expect(rowsOf(await work(), 'failed').slice(1, 3)).toEqual([
      'starts: passed',
      'listens: failed, runs, but does not listen on port 8080',
    ]);
  });

  it('for a reason of this machine is warned of, but not when it has given secrets away', async () => {
    const log = ['connect ECONNREFUSED 127.0.0.1:5432'];
    const verification = await start(lasting(ended, log)).work();
    expect(verification.status).toBe('warned');
    expect(verification).toMatchObject({ logTail: log });
    expect(rowsOf(verification)).toContain('http: passed');
    expect(rowsOf(verification)).toContain('shutdown: skipped');
    const leaking = await start(lasting(ended, log, 'canary-env-step')).work();
    expect(leaking.status).toBe('failed');
    expect(rowsOf(leaking)).toContain('secrets: failed');
    const checks = { ...checkInputs, statuses: [{ from: 418, to: 418 }] };
    const wrong = await start(lasting(ended, log)).work({ checks });
    expect([wrong.status, rowsOf(wrong).includes('http: failed')]).toEqual(['failed', true]);
  });
});
