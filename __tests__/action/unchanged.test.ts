import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient, waitFor, type CloudClient } from '../support/cloud-client.ts';
import {
  deploy,
  envId,
  instant,
  makeWorkspace,
  pretend,
  pretended,
  readLive,
  removeWorkspaces,
  shownBy,
  writesTo,
  type StepRequest,
} from '../support/step.ts';

const mark = 'CLOUDBASE_RUN_FINGERPRINT';
const config = 'OpenAccessTypes: [WEB]\nEnvParams: {KEY: one}\n';

let emulator: Emulator;
let client: CloudClient;
let workspace: string;
let first: StepResult;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
  workspace = await makeWorkspace({
    'src/index.js': 'exports.main = () => 1;\n',
    'src/tool.sh': '#!/bin/sh\n',
    'service.yml': config,
  });
  emulator.script(envId, 'app', pretended);
  first = await run();
}, 60_000);
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

/** Runs the step; whatever it releases is only pretended, for the image of the first release was. */
function run(request: Partial<StepRequest> = {}): Promise<StepResult> {
  emulator.journal.clear();
  const inputs = { source: 'src', 'server-config': 'service.yml', 'skip-unchanged': 'true' };
  return deploy(emulator, { workspace, ...request, inputs: { ...inputs, ...request.inputs } });
}

/** Expects the next run to release, and the one after it to have nothing to do. */
async function expectOneRelease(
  change: () => Promise<unknown>,
  request: Partial<StepRequest> = {},
): Promise<void> {
  const before = versionOf(await client.detail('app'));
  await change();
  emulator.script(envId, 'app', pretended);
  const released = await run(request);
  expect([released.exitCode, released.stderr, released.outputs['status']]).toEqual([0, '', 'live']);
  expect(writesTo(emulator, 'app').map(({ action }) => action)).toEqual(['UpdateCloudRunServer']);
  expect(released.outputs['version']).not.toBe(before);
  expect(released.outputs['plan']).not.toContain(mark);
  await expectUnchanged(await run({ ...request, inputs: { ...request.inputs, redeploy: 'false' } }));
}

async function expectUnchanged(result: StepResult): Promise<void> {
  expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
  const url = first.outputs['url'];
  const { status, changed, version, urls } = result.outputs;
  expect({ status, changed, url: result.outputs['url'] }).toEqual({
    status: 'unchanged',
    changed: 'false',
    url,
  });
  expect(urls).toBe(first.outputs['urls']);
  expect(version).toBe(versionOf(await client.detail('app')));
  expect(result.lines.at(-1)).toBe(`Unchanged: ${url ?? ''}`);
  expect(result.lines).not.toContain('::group::Build');
  expect(emulator.journal.writes()).toEqual([]);
}

function versionOf({ OnlineVersionInfos }: Awaited<ReturnType<CloudClient['detail']>>): string {
  return OnlineVersionInfos?.[0]?.VersionName ?? '';
}

it('a source and settings that are live are not released again, and the URL is given', async () => {
  expect([first.exitCode, first.outputs['status'], first.outputs['changed']]).toEqual([0, 'live', 'true']);
  await expectUnchanged(await run());
  const plan = await run({ inputs: { command: 'plan' } });
  expect([plan.outputs['status'], plan.outputs['changed']]).toEqual(['planned', 'false']);
  expect(plan.lines).toContain('The source is the one that serves.');
});

it('the env var that keeps the fingerprint is live, and is shown as no change', async () => {
  const { env } = await readLive(client, 'app');
  expect(env).toEqual({ KEY: 'one', [mark]: expect.stringMatching(/^[0-9a-f]{16,}:1$/) as unknown });
  const { service, ...outputs } = first.outputs;
  expect(service).toContain(mark);
  expect(shownBy({ ...first, outputs })).not.toContain(mark);
  expect(shownBy(first)).not.toContain(env[mark]?.split(':')[0]);
});

it('a changed file is released', async () => {
  const code = 'exports.main = () => 2;\n';
  await expectOneRelease(() => writeFile(join(workspace, 'src/index.js'), code));
}, 60_000);

it('a file that may be executed from now on is released', async () => {
  await expectOneRelease(() => chmod(join(workspace, 'src/tool.sh'), 0o755));
}, 60_000);

it('a changed setting is released, and a plan says that the source is the same', async () => {
  await expectOneRelease(async () => {
    await writeFile(join(workspace, 'service.yml'), config.replace('one', 'two'));
    const { outputs } = await run({ inputs: { command: 'plan' } });
    expect(JSON.parse(outputs['plan'] ?? '')).toMatchObject({
      changed: true,
      source: 'same',
      settings: [{ setting: 'EnvParams.KEY' }],
      keptEnv: [],
    });
  });
}, 60_000);

it('redeploy: true releases all the same', async () => {
  await expectOneRelease(() => Promise.resolve(), { inputs: { redeploy: 'true' } });
}, 60_000);

it('a release without skip-unchanged keeps the fingerprint up to date', async () => {
  await writeFile(join(workspace, 'src/index.js'), 'exports.main = () => "no input";\n');
  emulator.script(envId, 'app', pretended);
  const released = await run({ inputs: { 'skip-unchanged': 'false' } });
  expect([released.exitCode, released.outputs['status']]).toEqual([0, 'live']);
  await expectUnchanged(await run());
}, 60_000);

it("somebody else's release in between is replaced, though it has inherited the fingerprint", async () => {
  await expectOneRelease(async () => {
    const other = await makeWorkspace({ 'index.js': 'exports.main = () => "other";\n' });
    const theirs = await pretend(emulator, { workspace: other });
    expect(theirs.outputs['status']).toBe('live');
    expect((await readLive(client, 'app')).env).toHaveProperty(mark);
  });
  await expectOneRelease(async () => {
    const before = versionOf(await client.detail('app'));
    const Value = JSON.stringify((await readLive(client, 'app')).env);
    await client.call('SubmitServerConfigChangeDiff', {
      ServerName: 'app',
      Items: [{ Key: 'EnvParam', Value }],
    });
    await waitFor(
      () => client.detail('app'),
      (detail) => versionOf(detail) !== before,
    );
  });
}, 60_000);

it('update-config keeps the fingerprint: the next deploy of the same source is unchanged', async () => {
  const next = config.replace('one', 'three');
  await writeFile(join(workspace, 'service.yml'), next);
  const update = await run({ inputs: { command: 'update-config', 'skip-unchanged': 'false' } });
  expect([update.exitCode, update.outputs['status']]).toEqual([0, 'live']);
  expect(update.outputs['version']).not.toBe(update.outputs['previous-version']);
  await expectUnchanged(await run());
}, 60_000);

it('a config that is right, of a service that failed to be updated, is released', async () => {
  await expectOneRelease(async () => {
    await writeFile(join(workspace, 'src/index.js'), 'exports.main = () => 3;\n');
    emulator.script(envId, 'app', { end: 'deploy_failed', log: 'no' });
    const failed = await run();
    expect([failed.exitCode, failed.outputs['failure-kind']]).toEqual([1, 'crash-loop']);
  });
}, 60_000);

describe.each(['service', 'online-version'] as const)(
  'after a release that failed, where an update builds on the %s',
  (updateBase) => {
    const untold = 'SessionAffinity: open\nInitialDelaySeconds: 9\n';
    let cloud: Emulator;

    beforeAll(async () => {
      cloud = await startEmulator({ timeline: instant, assumptions: { updateBase } });
    });
    afterAll(() => cloud.close());

    const rows = [
      { name: 'settings-that-failed', before: config, next: config + untold },
      {
        name: 'settings-that-serve',
        before: config + untold,
        next: config + untold,
        failing: `${config}Cpu: 1\nMem: 2\n`,
      },
    ];

    it.each(rows)(
      '$name are released before they are unchanged',
      async (row) => {
        const { name, before, next, failing = next } = row;
        const release = (settings: string, script: ReleaseScript): Promise<StepResult> => {
          cloud.script(envId, name, script);
          return runWith(settings);
        };
        const runWith = (settings: string, command = 'deploy'): Promise<StepResult> => {
          const inputs = { 'service-name': name, source: 'src', 'skip-unchanged': 'true' };
          return deploy(cloud, { workspace, inputs: { ...inputs, command, 'server-config': settings } });
        };
        expect((await release(before, pretended)).outputs['status']).toBe('live');
        const failed = await release(failing, { end: 'deploy_failed', run: false, log: 'no' });
        expect(failed.outputs['failure-kind']).toBe('crash-loop');
        expect((await runWith(next, 'plan')).outputs['changed']).toBe('true');
        const released = await release(next, pretended);
        expect([released.exitCode, released.stderr, released.outputs['status']]).toEqual([0, '', 'live']);
        expect(released.outputs).toMatchObject({ version: `${name}-003`, changed: 'true' });
        const { ServerConfig } = await createClient(cloud).detail(name);
        expect(ServerConfig).toMatchObject({ SessionAffinity: 'open', InitialDelaySeconds: 9, Cpu: 0.5 });
        const again = await runWith(next);
        expect([again.exitCode, again.outputs['status'], again.outputs['changed']]).toEqual([
          0,
          'unchanged',
          'false',
        ]);
      },
      60_000,
    );
  },
);
