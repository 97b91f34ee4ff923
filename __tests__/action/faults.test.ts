import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts';
import { DEFAULT_ASSUMPTIONS, type Assumptions } from '../../emulator/options.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient } from '../support/cloud-client.ts';
import { listProcesses } from '../support/leftovers.ts';
import {
  ask,
  deploy,
  envId,
  errorsOf,
  instant,
  makeWorkspace,
  removeWorkspaces,
  type StepRequest,
} from '../support/step.ts';

const pretend: ReleaseScript = { end: 'online', run: false };
const open = { 'server-config': 'OpenAccessTypes: [WEB]' };

const emulators: Emulator[] = [];

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ timeline: instant, ...options });
  emulators.push(emulator);
  return emulator;
}

function close(): Promise<unknown> {
  return Promise.all(emulators.splice(0).map((emulator) => emulator.close()));
}

let workspace: string;

beforeAll(async () => {
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => "first";\n' });
});
afterAll(removeWorkspaces);

/** Runs a release that goes as scripted. */
function release(
  emulator: Emulator,
  script: ReleaseScript,
  request: Partial<StepRequest> = {},
): Promise<StepResult> {
  emulator.script(envId, request.inputs?.['service-name'] ?? 'app', script);
  return deploy(emulator, { workspace, ...request });
}

describe('a release that the platform gives up', () => {
  let emulator: Emulator;
  let url = '';

  beforeAll(async () => {
    emulator = await start();
    const first = await deploy(emulator, { workspace, inputs: open });
    url = first.outputs['url'] ?? '';
  });
  afterAll(close);

  const failures = [
    {
      name: 'in the build',
      script: { end: 'build_failed', log: 'npm error 404 no-such-module' },
      kind: 'build',
      tail: 'npm error 404 no-such-module',
    },
    {
      name: 'because the version does not stay up',
      script: { end: 'deploy_failed', log: 'Error: connect ECONNREFUSED' },
      kind: 'crash-loop',
      tail: 'Error: connect ECONNREFUSED',
    },
    {
      name: 'because the version does not listen',
      script: { end: 'deploy_failed', failReason: 'Readiness probe failed: connection refused', log: 'up' },
      kind: 'slow-start',
      tail: 'up',
    },
    {
      name: 'because the image cannot be pulled',
      script: { end: 'deploy_failed', failReason: 'ErrImagePull', log: 'manifest unknown' },
      kind: 'image-pull',
      tail: 'manifest unknown',
    },
    {
      name: 'because somebody stopped it',
      script: { end: 'stopped', log: 'half way' },
      kind: 'cancelled',
      tail: 'half way',
    },
  ] as const;

  it.each(failures)('$name: $kind, with the log, and the old version serves', async (failure) => {
    const result = await release(emulator, failure.script);
    expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([1, 0, '']);
    expect(result.outputs).toMatchObject({
      status: 'failed',
      'failure-kind': failure.kind,
      version: 'app-001',
      'previous-version': 'app-001',
      mode: 'function',
      'task-id': expect.stringMatching(/^\d+$/) as unknown,
    });
    const [error, ...more] = errorsOf(result);
    expect(more).toEqual([]);
    expect(error).toMatch(/^The release of "app" failed at step CreateVersion: .*"app-001" keeps serving\./);
    expect(result.lines.some((line) => line.includes(failure.tail))).toBe(true);
    expect(result.summary).toContain(failure.tail);
    expect(result.leftAfterMain).toEqual([]);
    expect(await ask(url)).toEqual({ status: 200, body: 'first' });
  });

  it('for code that really does not load, with what the framework printed', async () => {
    const broken = await makeWorkspace({
      'index.js': 'require("no-such-module");\nexports.main = () => 1;\n',
    });
    const result = await deploy(emulator, { workspace: broken, inputs: { lint: 'off' } });
    expect([result.exitCode, result.outputs['status']]).toEqual([1, 'failed']);
    expect(['entry-not-found', 'crash-loop']).toContain(result.outputs['failure-kind']);
    expect(result.lines.join('\n')).toContain("Cannot find module 'no-such-module'");
    expect(await ask(url)).toEqual({ status: 200, body: 'first' });
  });

  it('and the next good one goes live', async () => {
    const result = await deploy(emulator, { workspace });
    expect([result.exitCode, result.outputs['status'], result.outputs['url']]).toEqual([0, 'live', url]);
    expect(result.outputs['previous-version']).toBe('app-001');
  });
});

describe('a platform that answers otherwise', () => {
  afterEach(close);

  const alternatives: readonly Partial<Assumptions>[] = [
    { taskId: 'zero' },
    { emptyList: 'null' },
    { flowRatio: 'percent' },
    { statusCase: 'upper' },
    { recordNormal: 'when-online', recordOrder: 'oldest-first', deployId: 'prefixed' },
    { notFound: 'resource-not-found', firstFailure: 'normal', processLog: 'log-text' },
    {
      ...DEFAULT_ASSUMPTIONS,
      taskId: 'zero',
      emptyList: 'null',
      flowRatio: 'percent',
      statusCase: 'upper',
      deployId: 'prefixed',
      recordOrder: 'oldest-first',
      notFound: 'server-not-found',
      recordNormal: 'when-online',
      readBack: 'filled-in',
      accessTypeOrder: 'reversed',
      buildLogOffset: 'characters',
      vpcConfOnUpdate: 'dropped',
    },
  ];

  it.each(
    alternatives.map((assumptions) => [Object.values(assumptions).slice(0, 3).join(', '), assumptions]),
  )('is followed to the end: %s …', async (_, assumptions) => {
    const emulator = await start({ assumptions: assumptions as Partial<Assumptions> });
    const failed = await release(emulator, { end: 'build_failed', log: 'the build said this' });
    expect([failed.exitCode, failed.outputs['failure-kind'], failed.stderr]).toEqual([1, 'build', '']);
    expect(failed.summary).toContain('the build said this');
    const created = await release(emulator, pretend, { inputs: open });
    expect(created.outputs).toMatchObject({ status: 'live', version: 'app-002', 'previous-version': '' });
    const updated = await release(emulator, { ...pretend, nullRecords: true, taskIdZero: true });
    expect(updated.outputs).toMatchObject({ status: 'live', version: 'app-003', 'task-id': '' });
    expect(updated.outputs['previous-version']).toBe('app-002');
    expect(updated.outputs['url']).toBe(created.outputs['url']);
    expect([created.exitCode, updated.exitCode, created.stderr + updated.stderr]).toEqual([0, 0, '']);
  });
});

describe('the URL', () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(close);

  const domainOf = async (): Promise<string> =>
    (await createClient(emulator).detail('app')).BaseInfo.DefaultDomainName;

  it('falls back to the default domain, with a notice, where the gateway may not be read', async () => {
    const denied = {
      kind: 'error',
      code: 'AuthFailure.UnauthorizedOperation',
      message: 'no permission',
    } as const;
    emulator.fault('DescribeHTTPServiceRoute', denied);
    const result = await release(emulator, pretend, { inputs: open });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
    expect(result.outputs).toMatchObject({ url: await domainOf(), 'url-source': 'default-domain' });
    expect(result.lines).toContain(
      '::notice::The routes of the HTTP gateway cannot be read (AuthFailure.UnauthorizedOperation); the URL is chosen without them.',
    );
  });

  it('is a route of the gateway where there is one, domains of the user first', async () => {
    const route = (name: string, Path: string) => ({
      Path,
      UpstreamResourceType: 'CBR',
      UpstreamResourceName: name,
      Enable: true,
    });
    const routes = [route('other', '/other'), route('app', '/api')];
    emulator.seedRoute(envId, { Domain: 'demo.app.example', IsDefault: true, Enable: true, Routes: routes });
    emulator.seedRoute(envId, { Domain: 'shop.example', IsDefault: false, Enable: true, Routes: routes });
    emulator.seedRoute(envId, { Domain: 'off.example', IsDefault: false, Enable: false, Routes: routes });
    const { outputs } = await release(emulator, pretend);
    expect(outputs).toMatchObject({ url: 'https://shop.example/api', 'url-source': 'gateway' });
    expect(JSON.parse(outputs['urls'] ?? '')).toEqual([
      { url: 'https://shop.example/api', source: 'gateway' },
      { url: 'https://demo.app.example/api', source: 'gateway' },
      { url: await domainOf(), source: 'default-domain' },
    ]);
  });

  it('is empty for a service that is not public, whatever the gateway says', async () => {
    const inputs = { 'server-config': 'OpenAccessTypes: [PRIVATE]' };
    const { outputs, lines } = await release(emulator, pretend, { inputs });
    expect([outputs['status'], outputs['url'], outputs['urls'], outputs['url-source']]).toEqual([
      'live',
      '',
      '[]',
      '',
    ]);
    expect(lines).toContain('The service is no longer public.');
  });
});

describe('a request that fails', () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await start({ timeline: { ...instant, createVersionMs: 60_000 } });
  });
  afterAll(close);

  it('is repeated when it is a read and the API is throttled', async () => {
    const quick = await start();
    const throttled = { kind: 'error', code: 'RequestLimitExceeded', message: 'slow down' } as const;
    quick.fault('DescribeEnvBaseInfo', throttled);
    quick.fault('DescribeCloudRunServerDetail', { kind: 'drop' });
    const result = await release(quick, pretend);
    expect([result.exitCode, result.outputs['status'], result.stderr]).toEqual([0, 'live', '']);
    expect(result.lines.filter((line) => /Try 2 of 4 in \d+ ms\.$/.test(line))).toHaveLength(2);
  });

  it('ends the run as upload when the store refuses the package, and nothing is released', async () => {
    emulator.fault('PUT package', {
      kind: 'http',
      status: 403,
      body: '<Error><Code>AccessDenied</Code></Error>',
    });
    const result = await deploy(emulator, { workspace, inputs: { 'service-name': 'refused' } });
    expect([result.exitCode, result.outputs['failure-kind'], result.stderr]).toEqual([1, 'upload', '']);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/^The package cannot be uploaded: .* 403 AccessDenied/),
    ]);
    expect(emulator.journal.actions()).not.toContain('CreateCloudRunServer');
  });

  it('ends the run as conflict while another release is under way, without a write', async () => {
    emulator.script(envId, 'busy', pretend);
    await createClient(emulator).deployImage('Create', 'busy');
    const before = emulator.journal.writes().length;
    const result = await deploy(emulator, {
      workspace,
      inputs: { 'service-name': 'busy', mode: 'container' },
    });
    expect([result.exitCode, result.outputs['failure-kind'], result.stderr]).toEqual([1, 'conflict', '']);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/^Another release of "busy" is under way: .*Wait until/),
    ]);
    expect(emulator.journal.writes()).toHaveLength(before);
  });
});

describe('timeout-seconds', () => {
  const results = new Map<string, StepResult>();

  beforeAll(async () => {
    const emulator = await start();
    const hung = await start();
    hung.fault('DescribeEnvBaseInfo', { kind: 'hang' });
    const slow = await makeWorkspace({
      'index.js': 'exports.main = () => 1;\n',
      'package.json': '{"name":"app","dependencies":{"slow":"file:./slow"}}',
      'slow/package.json': '{"name":"slow","version":"1.0.0","scripts":{"postinstall":"node wait.js"}}',
      'slow/wait.js': 'setTimeout(() => {}, 60_000);\n',
    });
    const limit = { 'timeout-seconds': '10' };
    const runs = {
      follow: release(emulator, { end: 'ready-not-online', run: false }, { inputs: limit }),
      build: deploy(emulator, {
        workspace: slow,
        inputs: { ...limit, verify: 'true', 'service-name': 'slow-build' },
      }),
      look: deploy(hung, { workspace, inputs: limit }),
    };
    for (const [name, run] of Object.entries(runs)) results.set(name, await run);
  }, 60_000);
  afterAll(close);

  it.each([
    {
      stage: 'follow',
      title: 'Follow the release',
      error:
        /^The release of "app" was not live within timeout-seconds; last seen: task finished .*record normal/,
    },
    { stage: 'build', title: 'Build', error: /^The run took longer than timeout-seconds \(10\)/ },
    {
      stage: 'look',
      title: 'Look at the live service',
      error: /^The run took longer than timeout-seconds \(10\)/,
    },
  ])(
    'ends the run in "$stage" as timeout, with the last known step, and nothing left',
    ({ stage, title, error }) => {
      const result = results.get(stage);
      expect([result?.exitCode, result?.postExitCode, result?.stderr]).toEqual([1, 0, '']);
      expect(result?.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'timeout' });
      expect(errorsOf(result ?? { lines: [] })).toEqual([expect.stringMatching(error)]);
      expect(result?.summary).toContain(`**Failed** at "${title}" (<code>timeout</code>)`);
      expect(Number(result?.outputs['duration-seconds'])).toBeLessThan(15);
      expect(result?.leftAfterMain).toEqual([]);
      expect(listProcesses(`cloudbase-run-${result?.state['step'] ?? 'unknown'}`)).toEqual([]);
    },
  );
});
