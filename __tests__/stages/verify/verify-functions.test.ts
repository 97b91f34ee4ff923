import { describe, expect, it } from '@jest/globals';

import type { Command } from '../../../src/process-port.ts';
import type { Built } from '../../../src/stages/build/built.ts';
import { MissingFrameworkError } from '../../../src/stages/serve/function-runtime.ts';
import type { VerifyRequest } from '../../../src/stages/verify/verify.ts';
import { failureOf } from '../../support/failure.ts';
import { checkInputs, functionProject } from '../../support/samples.ts';
import { ok, rowsOf, startVerification as start, type Outside } from '../../support/verify-world.ts';

const copy: Built = { kind: 'function-copy', folder: '/copy' };

const notUp = 'the service did not come up';

describe('a function', () => {
  const built = copy;
  const ofPlatform = ['architecture', 'user', 'image-size'].map(
    (name) => `${name}: skipped, functions run in an image of the platform`,
  );

  it('that does what it should passes, route by route, and is stopped', async () => {
    const { work, seen, requests, ports } = start({ peak: 2 ** 20 });
    const project = functionProject({ routes: ['/orders', '/people'] });
    const verification = await work({ built, settings: { EnvParams: { A: '1' } } }, project);
    expect(rowsOf(verification, 'skipped', 'passed')).toEqual([
      ofPlatform[0],
      'starts: passed, the process keeps running',
      'listens: passed, on the port of PORT',
      'start-time: passed, listens after 0 ms',
      'http: passed, "GET /orders" answers 200',
      'http: passed, "GET /people" answers 200',
      'secrets: passed, no answer holds the header x-cloudbase-context or an env var',
      'memory: passed, up to 1 MiB of 1024 MiB in use',
      'files: passed, none written in its folder',
      ofPlatform[1],
      ofPlatform[2],
      'shutdown: passed, ends when it is asked to (SIGTERM)',
    ]);
    expect(verification.status).toBe('passed');
    expect(seen).toEqual(['stop 10000', 'stop now']);
    expect(
      requests.filter(({ method }) => method === 'HEAD').map(({ url }) => new URL(url).pathname),
    ).toEqual(['/_healthz', '/_healthz']);
    expect(ports.exec.commands.at(-1)?.env).toEqual({
      A: '1',
      CLOUDBASE_RUN_CANARY: 'canary-env-step',
      PORT: '4711',
    });
  });

  it('is asked for the path of the input alone where there is one', async () => {
    const { work, requests } = start();
    const checks = { ...checkInputs, path: '/one', isPathGiven: true };
    await work({ built, checks }, functionProject({ routes: ['/orders', '/people'] }));
    const paths = requests.filter(({ method }) => method === 'GET').map(({ url }) => new URL(url).pathname);
    expect(new Set(paths)).toEqual(new Set(['/one']));
  });

  it('that sends back its environment fails', async () => {
    const respond = () => Promise.resolve({ ...ok, body: 'canary-env-step' });
    expect((await start({ http: { request: respond } }).work({ built })).status).toBe('failed');
  });

  it.each<[string, string[], string, string]>([
    ['Error: Missing required environment variable: TOKEN', ['TOKEN'], 'warned', 'warned'],
    ['Error: Missing required environment variable: TOKEN', [], 'failed', 'failed'],
    ['Error: no greeting', ['TOKEN'], 'failed', 'failed'],
  ])(
    'that does not load because of %j, %j being only on the platform, is %s',
    async (...[line, envFrom, status, starts]) => {
      const lines = [`Failed to load target function, because "${line}`, `Detailed stack trace: ${line}`];
      const run = ({ args }: Command) => (args.includes('--dry-run') ? { exitCode: 1, lines } : {});
      const verification = await start({ run }).work({ built, envFrom });
      expect(verification.status).toBe(status);
      expect(rowsOf(verification)).toContain(`starts: ${starts}`);
      const reasons = rowsOf(verification, 'skipped').filter((row) => row.includes(': skipped'));
      expect(reasons).toEqual([
        ofPlatform[0],
        ...['listens', 'start-time', 'http', 'secrets', 'memory', 'files'].map(
          (name) => `${name}: skipped, ${notUp}`,
        ),
        ofPlatform[1],
        ofPlatform[2],
        `shutdown: skipped, ${notUp}`,
      ]);
    },
  );

  it('that ends because its database is not here is warned of', async () => {
    const verification = await start({
      exitCode: () => 1,
      log: ['connect ECONNREFUSED 127.0.0.1:5432'],
    }).work({ built });
    expect(verification.status).toBe('warned');
  });

  it('that never listens fails, and is not taken for one on another machine', async () => {
    const { work, seen } = start({
      http: { request: () => Promise.resolve('refused'), accepts: () => Promise.resolve(false) },
    });
    const verification = await work({ built });
    expect(verification.status).toBe('failed');
    expect(rowsOf(verification)).toContain('listens: failed');
    expect(seen).toEqual(['stop now']);
  });

  it('is skipped where the framework cannot be had, unless it must be verified', async () => {
    const { work, ports } = start({ run: ({ file }) => ({ exitCode: file === 'npm' ? 1 : 0 }) });
    const away: Built = { kind: 'function-copy', folder: '/elsewhere' };
    expect(await work({ built: away })).toEqual({
      status: 'skipped',
      reason: 'the functions framework cannot be installed here',
    });
    await failureOf(MissingFrameworkError, () => work({ built: away, verify: 'true' }));
    expect(ports.exec.logFiles).toEqual([]);
  });
});

describe('an agent', () => {
  const project = functionProject({ mode: 'agent' });
  const checks = { ...checkInputs, botId: 'ibot-a-b' };
  const answering = (status: number): Outside => ({
    http: {
      readEvents: () =>
        Promise.resolve({
          status,
          headers: { 'content-type': 'text/event-stream' },
          eventTimesMs: [1, 2],
          isEnded: true,
        }),
    },
  });

  it.each<[number, Partial<VerifyRequest>, string]>([
    [200, { checks }, 'agent: passed'],
    [500, { checks }, 'agent: failed'],
    [500, { checks, envFrom: ['MODEL_KEY'] }, 'agent: warned'],
    [200, {}, 'agent: skipped'],
  ])('that answers %s is told of, with %j', async (status, given, row) => {
    expect(rowsOf(await start(answering(status)).work({ built: copy, ...given }, project))).toContain(row);
  });

  it('is looked for in mode agent alone', async () => {
    const rows = rowsOf(await start(answering(200)).work({ built: copy, checks }));
    expect(rows.filter((row) => row.startsWith('agent'))).toEqual([]);
  });
});
