import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Drift } from '../../emulator/state/drift.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  deploy,
  envId,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
} from '../support/step.ts';

const secret = 'kq-5544332211';

interface Row {
  readonly name: string;
  readonly created?: string;
  readonly drift: Drift;
  readonly inputs: Readonly<Record<string, string>>;
  readonly error: string;
}

const open = 'OpenAccessTypes: [WEB]';

const rows: readonly Row[] = [
  {
    name: 'an-env-var-that-did-not-arrive',
    created: open,
    drift: { ignoredKeys: ['EnvParam'] },
    inputs: { 'server-config': 'EnvParams: {API_TOKEN: null, LEVEL: debug}' },
    error: 'The env var "LEVEL" did not arrive.',
  },
  {
    name: 'a-secret-with-another-value',
    created: 'EnvParams: {TOKEN: before, KEPT: x}',
    drift: { ignoredKeys: ['EnvParam'] },
    inputs: { 'env-from': 'TOKEN' },
    error: 'The env var "TOKEN" has another value.',
  },
  {
    name: 'an-env-var-that-was-not-deleted',
    created: 'EnvParams: {OLD: x, STAYS: "1"}',
    drift: { ignoredKeys: ['EnvParam'] },
    inputs: { 'server-config': 'EnvParams: {OLD: null}' },
    error: 'The env var "OLD" is live, but was to be deleted.',
  },
  {
    name: 'a-setting-that-did-not-arrive',
    created: '',
    drift: { ignoredKeys: ['InitialDelaySeconds'] },
    inputs: { 'server-config': 'InitialDelaySeconds: 9' },
    error: 'InitialDelaySeconds is 0, not 9.',
  },
  {
    name: 'a-create-that-is-public',
    drift: { access: ['PUBLIC', 'MINIAPP'] },
    inputs: {},
    error: 'The service is open to PUBLIC, which nobody asked for.',
  },
  {
    name: 'an-update-that-is-public',
    created: '',
    drift: { access: ['OA', 'MINIAPP'] },
    inputs: {},
    error: 'The service is open to OA, which nobody asked for.',
  },
  {
    name: 'a-change-without-a-build',
    created: 'OpenAccessTypes: [VPC, WEB]',
    drift: { ignoredKeys: ['AccessTypes'] },
    inputs: { command: 'update-config', 'server-config': 'OpenAccessTypes: [PRIVATE]' },
    error: 'The service is open to PUBLIC, which nobody asked for.',
  },
];

describe('a service that is not as it was asked for', () => {
  const results = new Map<string, StepResult>();
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    const workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
    const run = async ({ name, created, drift, inputs }: Row): Promise<void> => {
      const base = { 'service-name': name };
      if (created !== undefined)
        await pretend(emulator, { workspace, inputs: { ...base, 'server-config': created } });
      emulator.drift(envId, name, drift);
      const go = inputs['command'] === 'update-config' ? deploy : pretend;
      const env = { TOKEN: secret };
      results.set(name, await go(emulator, { workspace, inputs: { ...base, ...inputs }, env }));
    };
    await Promise.all(rows.map(run));
  }, 240_000);
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  it.each(rows)('$name: config-drift after 90 s', ({ name, error }) => {
    const result = results.get(name);
    expect([result?.exitCode, result?.postExitCode, result?.stderr]).toEqual([1, 0, '']);
    expect(result?.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'config-drift' });
    const seconds = Number(result?.outputs['duration-seconds']);
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(125);
    const [shown, ...more] = errorsOf(result ?? { lines: [] });
    expect(more).toEqual([]);
    expect(shown).toContain(`the service "${name}" is not as it was asked for: ${error}`);
    expect(shown).toContain('Correct the settings in the console (https://tcb.cloud.tencent.com/');
    expect(result?.summary).toContain('<code>config-drift</code>');
    expect(`${result?.summary ?? ''}${shown ?? ''}`).not.toContain(secret);
  });
});

describe('a change of settings whose release shows up late, and fails', () => {
  const rows = [
    { name: 'of-which-a-version-tells', config: 'EnvParams: {LEVEL: loud}' },
    { name: 'of-which-no-version-tells', config: 'InitialDelaySeconds: 9\nSessionAffinity: open' },
  ];
  const results = new Map<string, StepResult>();
  let emulator: Emulator;

  beforeAll(async () => {
    // The record is there after half of the registration, the task of its own at once.
    const timeline = { ...instant, registrationMs: 30_000 };
    emulator = await startEmulator({ timeline, assumptions: { taskId: 'zero' } });
    const workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
    const run = async ({ name, config }: (typeof rows)[number]): Promise<void> => {
      const inputs = { 'service-name': name };
      expect((await pretend(emulator, { workspace, inputs })).outputs['status']).toBe('live');
      emulator.script(envId, name, { end: 'deploy_failed', run: false, log: 'LEVEL is unknown' });
      const change = { ...inputs, command: 'update-config', 'server-config': config };
      results.set(name, await deploy(emulator, { workspace, inputs: change }));
    };
    await Promise.all(rows.map(run));
  }, 240_000);
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  it.each(rows)('$name: red, with what the platform says', ({ name }) => {
    const result = results.get(name);
    expect([result?.exitCode, result?.postExitCode, result?.stderr]).toEqual([1, 0, '']);
    expect(result?.outputs).toMatchObject({
      status: 'failed',
      'failure-kind': 'crash-loop',
      version: `${name}-001`,
    });
    expect(result?.lines).toContain('LEVEL is unknown');
  });
});
