import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient } from '../support/cloud-client.ts';
import {
  deploy,
  envId,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  pretended,
  removeWorkspaces,
  shownBy,
  type StepRequest,
} from '../support/step.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const event = { pull_request: { number: 7, head: { sha, repo: { full_name: 'acme/shop' } } } };
const [greeting, changed, elsewhere] = ['Moin 4711', 'Servus 0815', 'by hand 1147'];

const planned = `OpenAccessTypes: [WEB]
MaxNum: 9
EnvParams:
  GREETING: ${changed}
  GONE: null
  FRESH: ${changed}
`;

interface PlanJson {
  readonly action: string;
  readonly changed: boolean;
  readonly settings: readonly { readonly setting: string; readonly effect: string }[];
  readonly keptEnv: readonly string[];
  readonly access: readonly string[];
}

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  workspace = await makeWorkspace({
    'index.js': 'exports.main = () => process.env.GREETING;\n',
    'first.yml': `OpenAccessTypes: [VPC]\nEnvParams: {GREETING: ${greeting}, GONE: ${greeting}}\n`,
    'next.yml': planned,
  });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

function plan(inputs: StepRequest['inputs'], request: Partial<StepRequest> = {}): Promise<StepResult> {
  return deploy(emulator, { workspace, ...request, inputs: { command: 'plan', ...inputs } });
}

function planOf({ outputs }: StepResult): PlanJson {
  return JSON.parse(outputs['plan'] ?? '') as PlanJson;
}

describe('a plan for a service that is not there', () => {
  let result: StepResult;

  beforeAll(async () => {
    emulator.journal.clear();
    result = await plan({ 'service-name': 'fresh', 'server-config': 'next.yml' });
  });

  it('ends planned, and asks the cloud to read alone', () => {
    expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
    expect(result.outputs).toMatchObject({ status: 'planned', 'failure-kind': '', url: '', changed: 'true' });
    expect(emulator.journal.writes()).toEqual([]);
    expect(emulator.journal.actions()).toEqual(['DescribeEnvBaseInfo', 'DescribeCloudRunServerDetail']);
    expect(result.leftAfterMain).toEqual([]);
  });

  it('says what would be created, explicit values and access in words included', () => {
    const { action, settings, access } = planOf(result);
    expect([action, access]).toEqual([
      'create',
      ['The service becomes public: anyone on the internet can call it.'],
    ]);
    expect(settings.map(({ setting }) => setting).sort()).toEqual(
      [
        ...['Cpu', 'CustomLogs', 'InitialDelaySeconds', 'MaxNum', 'Mem', 'MinNum', 'OpenAccessTypes', 'Port'],
        ...['EnvParams.FRESH', 'EnvParams.GREETING'],
      ].sort(),
    );
    expect(result.lines).toContain('MaxNum: (not set) → 9 (new version)');
    expect(result.lines.at(-1)).toBe(
      'Planned, nothing was written to the cloud. The service will be created.',
    );
  });

  it('stops before anything is built', () => {
    const groups = result.lines.filter((line) => line.startsWith('::group::'));
    expect(groups.at(-1)).toBe('::group::Compare with the live service');
  });
});

describe('a plan for a live service', () => {
  let result: StepResult;
  let same: StepResult;
  let deployed: StepResult;

  const comment = (): string => emulator.github.comments('acme', 'shop', 7)[0]?.body ?? '';

  beforeAll(async () => {
    await pretend(emulator, { workspace, inputs: { 'server-config': 'first.yml' } });
    const env = { GREETING: greeting, GONE: greeting, OTHER: elsewhere };
    emulator.changeSettings(envId, 'app', [{ Key: 'EnvParam', Value: JSON.stringify(env) }]);
    emulator.journal.clear();
    const inputs = { 'server-config': 'next.yml', 'github-token': emulator.github.token };
    const env_ = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_API_URL: emulator.githubApiUrl };
    [result, same] = await Promise.all([plan(inputs, { event, env: env_ }), plan({})]);
  }, 60_000);

  it('writes nothing to the cloud', () => {
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'planned']);
    expect(result.outputs).toMatchObject({ version: 'app-001', 'previous-version': 'app-001', url: '' });
    expect(emulator.journal.writes()).toEqual([]);
  });

  const rows = [
    ['MaxNum', '5', '9', 'hot'],
    ['OpenAccessTypes', 'VPC', 'PUBLIC', 'hot'],
    ['EnvParams.FRESH', '(not set)', '(a value)', 'new version'],
    ['EnvParams.GONE', '(a value)', '(deleted)', 'new version'],
    ['EnvParams.GREETING', '(a value)', '(another value)', 'new version'],
  ] as const;
  const access = [
    'The service becomes public: anyone on the internet can call it.',
    'The service is no longer reachable from its VPC.',
  ];

  it('shows the difference in the log', () => {
    const start = result.lines.indexOf('5 settings change.');
    expect(start).toBeGreaterThan(0);
    const shown = result.lines.slice(start + 1, start + 9);
    expect(shown.slice(0, 5).sort()).toEqual(
      rows.map(([setting, from, to, effect]) => `${setting}: ${from} → ${to} (${effect})`).sort(),
    );
    expect(shown.slice(5)).toEqual([...access, 'Env vars that stay: OTHER.']);
  });

  it('shows the same in the summary and in the comment', () => {
    const plain = (cell: string): string => cell.replace(/[()]/g, String.raw`\$&`);
    for (const markdown of [result.summary, comment()]) {
      expect(markdown).toContain('**Planned**, nothing was written to the cloud. 5 settings change.');
      for (const [setting, from, to, effect] of rows) {
        expect(markdown).toContain(`| <code>${setting}</code> | ${plain(from)} | ${plain(to)} | ${effect} |`);
      }
      for (const sentence of access) expect(markdown).toContain(`- ${sentence}`);
      expect(markdown).toContain('Env vars that stay: <code>OTHER</code>');
    }
  });

  it('gives the same as an output, and no value of an env var anywhere', () => {
    expect(result.outputs['changed']).toBe('true');
    const { settings, keptEnv, ...rest } = planOf(result);
    expect(rest).toEqual({
      action: 'update',
      changed: true,
      source: 'unknown',
      access,
      notes: [],
      warnings: [],
    });
    expect(settings.map(({ setting, effect }) => [setting, effect]).sort()).toEqual(
      rows.map(([setting, , , effect]) => [setting, effect]).sort(),
    );
    expect(keptEnv).toEqual(['OTHER']);
    for (const value of [greeting, changed, elsewhere]) {
      expect(shownBy(result) + comment()).not.toContain(value);
    }
  });

  it('is "changed: true" where the config asks for what is live, and the source is not known to be', () => {
    expect([same.exitCode, same.outputs['status'], same.outputs['changed']]).toEqual([0, 'planned', 'true']);
    expect(planOf(same)).toMatchObject({
      changed: true,
      source: 'unknown',
      settings: [],
      keptEnv: ['GREETING', 'GONE', 'OTHER'],
    });
    expect(same.lines.at(-1)).toBe('Planned, nothing was written to the cloud. No setting changes.');
  });

  it('is what a deploy then does', async () => {
    deployed = await pretend(emulator, { workspace, inputs: { 'server-config': 'next.yml' } });
    expect([deployed.exitCode, deployed.outputs['status']]).toEqual([0, 'live']);
    expect(deployed.outputs['plan']).toBe(result.outputs['plan']);
    const { outputs } = await plan({ 'server-config': 'next.yml' });
    expect([outputs['changed'], outputs['url']]).toEqual(['true', '']);
    expect(JSON.parse(outputs['plan'] ?? '')).toMatchObject({ settings: [] });
  });
});

describe('the output "changed"', () => {
  const config = 'EnvParams: {KEY: one}';
  const of = (name: string): Readonly<Record<string, string>> => ({
    'service-name': name,
    'server-config': config,
  });

  beforeAll(async () => {
    await Promise.all([
      pretend(emulator, { workspace, inputs: of('unmarked') }),
      pretend(emulator, { workspace, inputs: { ...of('marked'), 'skip-unchanged': 'true' } }),
    ]);
  }, 60_000);

  it.each([
    { name: 'unmarked', skip: 'false', changed: 'true', source: 'unknown' },
    { name: 'unmarked', skip: 'true', changed: 'true', source: 'different' },
    { name: 'marked', skip: 'true', changed: 'false', source: 'same' },
  ])(
    'is $changed for settings that are live, of a source that is $source',
    async ({ name, skip, changed, source }) => {
      const { outputs } = await plan({ ...of(name), 'skip-unchanged': skip });
      expect(outputs).toMatchObject({ status: 'planned', changed });
      expect(JSON.parse(outputs['plan'] ?? '')).toMatchObject({
        changed: changed === 'true',
        source,
        settings: [],
      });
    },
  );

  it('is true for a deploy that cannot tell, and false for an update-config that finds all live', async () => {
    const deployed = await pretend(emulator, { workspace, inputs: of('unmarked') });
    expect(deployed.outputs).toMatchObject({ status: 'live', changed: 'true' });
    const { outputs } = await plan({ ...of('unmarked'), command: 'update-config' });
    expect(outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
  }, 60_000);
});

describe('a plan with verify: true', () => {
  it('runs the service locally, and writes nothing', async () => {
    emulator.journal.clear();
    const result = await plan({ 'service-name': 'tried', verify: 'true', 'server-config': 'next.yml' });
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'planned']);
    expect(result.summary).toContain('| http | passed | "GET /" answers 200 |');
    expect(result.lines).not.toContain('::group::Package the source');
    expect(emulator.journal.writes()).toEqual([]);
  }, 60_000);

  it('fails where the service does not come up', async () => {
    emulator.journal.clear();
    const broken = await makeWorkspace({ 'index.js': 'require("no-such-module");\n' });
    const result = await plan(
      { 'service-name': 'broken', verify: 'true', lint: 'off' },
      { workspace: broken },
    );
    expect([result.exitCode, result.outputs['status'], result.outputs['changed']]).toEqual([
      1,
      'failed',
      'true',
    ]);
    expect(errorsOf(result)).toHaveLength(1);
    expect(emulator.journal.writes()).toEqual([]);
  }, 60_000);
});

describe('a plan with settings that are probably not meant', () => {
  it('warns at their lines, and fails nothing', async () => {
    const doubtful = await makeWorkspace({
      'index.js': 'exports.main = () => 1;\n',
      'service.yml': `OpenAccessTypes: [WEB]\nEnvParams:\n  MYSQL_HOST: ${elsewhere}\n`,
    });
    const inputs = { 'service-name': 'shop-admin', 'server-config': 'service.yml', 'env-from': 'REDIS_URL' };
    const env = { REDIS_URL: `redis://${elsewhere.replaceAll(' ', '-')}` };
    const result = await plan(inputs, { workspace: doubtful, env });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'planned']);
    expect(result.lines.filter((line) => line.startsWith('::warning'))).toEqual([
      expect.stringMatching(
        /^::warning file=service\.yml,line=3,col=3::EnvParams\.MYSQL_HOST: .*"MYSQL_HOST", "REDIS_URL" lead to a database .*Set VpcConf/,
      ),
      expect.stringMatching(
        /^::warning file=service\.yml,line=1,col=1::OpenAccessTypes: .*the name "shop-admin" speaks of admin/,
      ),
    ]);
    const { warnings } = JSON.parse(result.outputs['plan'] ?? '') as { readonly warnings: readonly string[] };
    expect(warnings).toHaveLength(2);
    for (const value of [elsewhere, env.REDIS_URL]) expect(shownBy(result)).not.toContain(value);
  });
});

describe('a plan beside a running release', () => {
  it('is made for what serves until then, and says so', async () => {
    const slow = await startEmulator({ timeline: { ...instant, releaseMs: 60_000 } });
    try {
      slow.script(envId, 'app', pretended);
      const Items = [{ Key: 'Tag', Value: 'function:' }];
      await createClient(slow).deployImage('Create', 'app', { Items });
      const before = slow.journal.writes().length;
      const result = await deploy(slow, { workspace, inputs: { command: 'plan' } });
      expect([result.exitCode, result.outputs['status']]).toEqual([0, 'planned']);
      const sentence = /Another release is under way, .*: the plan is for what serves until then\./;
      expect(result.lines.join('\n')).toMatch(sentence);
      expect(result.summary).toMatch(sentence);
      expect(slow.journal.writes()).toHaveLength(before);
    } finally {
      await slow.close();
    }
  });
});
