import { describe, expect, it } from '@jest/globals';

import type { HttpRequest } from '../../../src/ports.ts';
import type { Built } from '../../../src/stages/build/built.ts';
import type { VerifyRequest } from '../../../src/stages/verify/verify.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeClock } from '../../support/fakes.ts';
import { builtImage, checkInputs, liveState, serviceDetail } from '../../support/samples.ts';
import { ok, rowsOf, startVerification as start, type Outside } from '../../support/verify-world.ts';

const copy: Built = { kind: 'function-copy', folder: '/copy' };

describe('a container', () => {
  it('that does what it should passes every check, and is stopped and removed', async () => {
    const { work, seen } = start();
    const verification = await work();
    expect(rowsOf(verification, 'passed')).toEqual([
      'architecture: passed, linux/amd64',
      'starts: passed, the process keeps running',
      'listens: passed, on port 8080 of every interface',
      'start-time: passed, listens after 0 ms',
      'http: passed, "GET /" answers 200',
      'secrets: passed, no answer holds the header x-cloudbase-context or an env var',
      'memory: passed, up to 1 MiB of 1024 MiB in use',
      'files: passed, none written outside /tmp',
      'user: passed, runs as "node"',
      'image-size: passed, 104.0 MiB in the overlay2 store',
      'shutdown: passed, ends when it is asked to (SIGTERM)',
    ]);
    expect(verification).toMatchObject({ status: 'passed', timeToListenMs: 0 });
    expect(seen).toEqual(['start CLOUDBASE_RUN_CANARY,PORT', 'stop 10', 'remove step']);
  });

  it.each<[string, Outside, Partial<VerifyRequest>, string]>([
    ['500', { http: { request: () => Promise.resolve({ ...ok, status: 500 }) } }, {}, 'http: warned'],
    ['root', {}, { built: builtImage({ user: '' }) }, 'user: warned'],
    ['size', {}, { built: builtImage({ bytes: 2 ** 31 }) }, 'image-size: warned'],
    [
      'files',
      { docker: { listChanges: () => Promise.resolve([{ kind: 'added', path: '/a' }]) } },
      {},
      'files: warned',
    ],
    [
      'memory',
      { docker: { readWorkingSet: () => Promise.resolve(2 ** 29) } },
      { settings: { Cpu: 0.25, Mem: 0.5 } },
      'memory: warned',
    ],
    ['SIGTERM', { docker: { stop: () => Promise.resolve(false) } }, {}, 'shutdown: warned'],
  ])('is warned of: %s', async (...[, outside, given, row]) => {
    const verification = await start(outside).work(given);
    expect(verification.status).toBe('warned');
    expect(rowsOf(verification).filter((each) => !each.endsWith('passed'))).toEqual([row]);
  });

  it('is asked for what the inputs name', async () => {
    const { work, requests } = start({
      http: {
        readEvents: () => Promise.resolve({ ...ok, eventTimesMs: [], isEnded: true }),
        openWebSocket: () => Promise.resolve('silent'),
      },
    });
    const checks = {
      ...checkInputs,
      path: '/health',
      isPathGiven: true,
      ssePath: '/e',
      webSocketPath: '/w',
      burst: 2,
    };
    const verification = await work({ checks });
    expect(rowsOf(verification).slice(4, 9)).toEqual([
      'http: passed',
      'secrets: passed',
      'event-stream: failed',
      'websocket: failed',
      'burst: passed',
    ]);
    expect(verification).toMatchObject({ status: 'failed', timeToListenMs: 0, logTail: ['last 20'] });
    expect(requests.map(({ url }) => url)).toEqual(
      Array.from({ length: 4 }, () => 'http://127.0.0.1:49152/health'),
    );
  });

  it.each([
    ['header', (sent: HttpRequest) => sent.headers?.['x-cloudbase-context'] ?? ''],
    ['env', () => 'CLOUDBASE_RUN_CANARY=canary-env-step'],
  ])('that sends back its %s fails', async (_name, bodyOf) => {
    const respond = (sent: HttpRequest) => Promise.resolve({ ...ok, body: bodyOf(sent) });
    const verification = await start({ http: { request: respond } }).work();
    expect(verification.status).toBe('failed');
    expect(rowsOf(verification)).toContain('secrets: failed');
  });

  it.each<[number, object, string]>([
    [0, {}, 'passed, listens after 3000 ms'],
    [3, {}, 'passed, listens after 3000 ms'],
    [2, {}, 'warned, takes 3000 ms to listen, longer than InitialDelaySeconds (2)'],
    [2, { InitialDelaySeconds: 9 }, 'warned, takes 3000 ms to listen, longer than InitialDelaySeconds (2)'],
  ])('that takes 3 s of %s s to listen, live %j, has %s', async (seconds, live, row) => {
    let looks = 0;
    const listeners = () => Promise.resolve(looks++ < 60 ? [] : [{ address: '0.0.0.0', port: 8080 }]);
    const verification = await start({ docker: { readListeners: listeners } }).work({
      settings: { InitialDelaySeconds: seconds },
      live: liveState(serviceDetail({ settings: { ...live } })),
    });
    expect(rowsOf(verification, 'passed', 'warned')).toContain(`start-time: ${row}`);
  });

  it('has its memory watched while it is asked', async () => {
    const clock = createFakeClock();
    let isAsked = false;
    const request = async () => {
      isAsked = true;
      await clock.sleep(1);
      await clock.sleep(1);
      isAsked = false;
      return ok;
    };
    const { work } = start({
      docker: { readWorkingSet: () => Promise.resolve(isAsked ? 2 ** 20 * 700 : 2 ** 20) },
      http: { request },
    });
    expect(rowsOf(await work(), 'passed')).toContain('memory: passed, up to 700 MiB of 1024 MiB in use');
  });
});

it.each<[Partial<VerifyRequest>, string]>([
  [{ built: { kind: 'skipped', reason: 'no engine answers' } }, 'no engine answers'],
  [{ verify: 'false' }, 'input "verify" is false'],
  [{ built: copy, verify: 'false' }, 'input "verify" is false'],
])('is skipped for a reason: %#', async (given, reason) => {
  const { work, seen } = start();
  expect(await work(given)).toEqual({ status: 'skipped', reason });
  expect(seen).toEqual([]);
});

it.each<[Partial<VerifyRequest>, string[]]>([
  [{}, []],
  [{ envFrom: ['API_KEY', 'B'], env: { B: 'value' } }, ['API_KEY']],
])('names the env vars that only the platform has: %j', async (given, names) => {
  const { work, ports } = start();
  await work(given);
  expect(ports.log.lines).toEqual(
    names.map(
      (name) =>
        `info: Not set in this local run, only on the platform: ${name}. verify-env and verify-env-from set them here, too.`,
    ),
  );
});

it.each<[string, Outside]>([
  ['it is awaited', { docker: { readListeners: () => Promise.reject(new Error('aborted')) } }],
  ['it is asked', { http: { request: () => Promise.reject(new Error('aborted')) } }],
  ['its files are listed', { docker: { listChanges: () => Promise.reject(new Error('aborted')) } }],
  ['it is ended', { docker: { stop: () => Promise.reject(new Error('aborted')) } }],
])('removes the container when the run is aborted while %s', async (_name, outside) => {
  const { work, seen } = start(outside);
  expect((await failureOf(Error, work)).message).toBe('aborted');
  expect(seen.at(-1)).toBe('remove step');
});
