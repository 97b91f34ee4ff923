import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import {
  deploy,
  envId,
  errorsOf,
  expectTruePlan,
  instant,
  makeWorkspace,
  pretend,
  pretended,
  readLive,
  removeWorkspaces,
  writesTo,
  type StepRequest,
} from '../support/step.ts';

let emulator: Emulator;
let client: CloudClient;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

/** Changes settings from a checkout that holds nothing: there is no build. */
async function update(
  serviceName: string,
  config: string,
  request: Partial<StepRequest> = {},
): Promise<StepResult> {
  const inputs = { command: 'update-config', 'service-name': serviceName, 'server-config': config };
  const merged = { ...inputs, source: 'no-such-folder', ...request.inputs };
  return deploy(emulator, { workspace: await makeWorkspace({}), ...request, inputs: merged });
}

async function create(serviceName: string, config = 'OpenAccessTypes: [WEB]'): Promise<StepResult> {
  const inputs = { 'service-name': serviceName, 'server-config': config };
  const result = await pretend(emulator, { workspace, inputs });
  emulator.journal.clear();
  return result;
}

describe('update-config', () => {
  let url: string;

  beforeAll(async () => {
    const { outputs } = await create('app', 'OpenAccessTypes: [WEB]\nEnvParams: {KEPT: x, LEVEL: info}');
    url = outputs['url'] ?? '';
  }, 30_000);

  it('changes limits and access on the version that serves', async () => {
    const result = await update('app', 'MinNum: 1\nMaxNum: 8\nOpenAccessTypes: [WEB, VPC]');
    expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
    expect(result.outputs).toMatchObject({
      status: 'live',
      url,
      version: 'app-001',
      'previous-version': 'app-001',
      mode: 'function',
      changed: 'true',
      'task-id': '',
    });
    const [write, ...more] = writesTo(emulator, 'app');
    expect([write?.action, write?.items, more]).toEqual([
      'SubmitServerConfigChangeDiff',
      { MinNum: 1, MaxNum: 8, AccessTypes: ['PUBLIC', 'VPC'] },
      [],
    ]);
    expect(result.lines).toContain('MaxNum: 5 → 8 (hot)');
    expect(result.lines).toContain('The platform has taken the settings; they need no new version.');
    expect((await readLive(client, 'app')).access).toEqual(['PUBLIC', 'VPC']);
  });

  it('follows a new version where the change needs one, and keeps what it does not name', async () => {
    emulator.journal.clear();
    const env = { TOKEN: 'kq-5544332211' };
    const request = { env, inputs: { 'env-from': 'TOKEN' } };
    const result = await update('app', 'Cpu: 1\nMem: 2\nEnvParams: {LEVEL: debug}', request);
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    expect(result.outputs).toMatchObject({ url, version: 'app-002', 'previous-version': 'app-001' });
    expect(result.outputs['task-id']).toMatch(/^\d+$/);
    expect(writesTo(emulator, 'app').map(({ action }) => action)).toEqual(['SubmitServerConfigChangeDiff']);
    expect((await readLive(client, 'app')).env).toEqual({ KEPT: 'x', LEVEL: 'debug', ...env });
    expect((await client.detail('app')).ServerConfig).toMatchObject({ Cpu: 1, Mem: 2, MaxNum: 8 });
    expect(result.summary).toContain(
      '| <code>app-002</code> | <code>app-001</code> | <code>function</code> |',
    );
    expect(result.summary).not.toContain(env.TOKEN);
  });

  it('ends unchanged, without a write, where all is live already', async () => {
    emulator.journal.clear();
    const result = await update('app', 'MaxNum: 8\nMem: 2\nCpu: 1\nOpenAccessTypes: [VPC, PUBLIC]');
    expect([result.exitCode, result.outputs['status'], result.outputs['url']]).toEqual([0, 'unchanged', url]);
    expect([result.outputs['changed'], result.outputs['version']]).toEqual(['false', 'app-002']);
    expect(result.lines.at(-1)).toBe(`Unchanged: ${url}`);
    expect(emulator.journal.writes()).toEqual([]);
  });

  it('fails with what the platform says when the new version does not come up', async () => {
    emulator.script(envId, 'app', { end: 'deploy_failed', log: 'LEVEL "loud" is unknown' });
    const result = await update('app', 'EnvParams: {LEVEL: loud}');
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({
      status: 'failed',
      'failure-kind': 'crash-loop',
      version: 'app-002',
    });
    expect(result.lines).toContain('LEVEL "loud" is unknown');
  });
});

describe('update-config where the newest version is not the one that serves', () => {
  beforeAll(async () => {
    const dockerfile = 'FROM node:24-slim\nEXPOSE 8080\nCMD ["node", "server.js"]\n';
    const box = await makeWorkspace({ Dockerfile: dockerfile });
    const createAndFail = async (name: string, folder: string): Promise<void> => {
      const inputs = { 'service-name': name };
      await pretend(emulator, { workspace: folder, inputs });
      emulator.script(envId, name, { end: 'deploy_failed', run: false, log: 'no' });
      const failed = await deploy(emulator, { workspace: folder, inputs });
      expect(failed.outputs['failure-kind']).toBe('crash-loop');
    };
    await Promise.all([createAndFail('boxed', box), createAndFail('bare', workspace)]);
    emulator.journal.clear();
  }, 60_000);

  it('releases the image that serves again, for a container', async () => {
    const [online] = (await client.detail('boxed')).OnlineVersionInfos ?? [];
    const result = await update('boxed', 'EnvParams: {LEVEL: debug}\nMaxNum: 3');
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    expect(result.outputs).toMatchObject({ version: 'boxed-003', 'previous-version': 'boxed-001' });
    const [write, ...more] = writesTo(emulator, 'boxed');
    expect([write?.action, more]).toEqual(['UpdateCloudRunServer', []]);
    expect(write?.params['DeployInfo']).toMatchObject({
      DeployType: 'image',
      ImageUrl: online?.ImageUrl,
      ReleaseType: 'FULL',
    });
    expect(online?.ImageUrl).toContain('boxed-001');
    expect((await client.detail('boxed')).ServerConfig).toMatchObject({ MaxNum: 3 });
    expect((await readLive(client, 'boxed')).env).toEqual({ LEVEL: 'debug' });
  }, 60_000);

  it('is refused for a function, and nothing is written', async () => {
    emulator.journal.clear();
    const result = await update('bare', 'EnvParams: {LEVEL: debug}');
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'conflict']);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^The settings of "bare" cannot be changed without a build: it serves "bare-001", which is not its newest version, .* Use the command "deploy"/,
      ),
    ]);
    expect(emulator.journal.writes()).toEqual([]);
    expect((await client.detail('bare')).OnlineVersionInfos?.[0]?.VersionName).toBe('bare-001');
  });
});

describe.each(['service', 'online-version'] as const)(
  'update-config after a release that failed, where an update builds on the %s',
  (updateBase) => {
    const failing = 'Cpu: 1\nMem: 2\nEnvParams: {LEVEL: broken, NEWKEY: x}';
    const untold = 'SessionAffinity: open\nInitialDelaySeconds: 9';
    let cloud: Emulator;
    let own: CloudClient;

    beforeAll(async () => {
      cloud = await startEmulator({ timeline: instant, assumptions: { updateBase } });
      own = createClient(cloud);
      const box = await makeWorkspace({
        Dockerfile: 'FROM node:24-slim\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
      });
      const createAndFail = async (name: string, folder: string): Promise<void> => {
        const run = (go: typeof deploy, config: string): Promise<StepResult> =>
          go(cloud, { workspace: folder, inputs: { 'service-name': name, 'server-config': config } });
        await run(pretend, 'EnvParams: {LEVEL: info}');
        cloud.script(envId, name, { end: 'deploy_failed', run: false, log: 'no' });
        const next = name === 'limits' ? failing : `${failing}\n${untold}`;
        expect((await run(deploy, next)).outputs['failure-kind']).toBe('crash-loop');
      };
      const names = ['limits', 'asked-again'];
      await Promise.all([...names.map((name) => createAndFail(name, box)), createAndFail('bare', workspace)]);
      cloud.journal.clear();
    }, 60_000);
    afterAll(() => cloud.close());

    const change = async (serviceName: string, config: string): Promise<StepResult> => {
      const inputs = { command: 'update-config', 'service-name': serviceName, 'server-config': config };
      return deploy(cloud, { workspace: await makeWorkspace({}), inputs });
    };
    const versionOf = async (ServerName: string, VersionName: string): Promise<object> => {
      expect((await own.detail(ServerName)).OnlineVersionInfos?.[0]?.VersionName).toBe(VersionName);
      const detail = await own.call('DescribeVersionDetail', { ServerName, VersionName });
      const { Cpu, Mem, MaxNum, EnvParams } = detail;
      return { Cpu, Mem, MaxNum, env: JSON.parse(String(EnvParams)) as unknown };
    };

    it('brings what was asked for and nothing of the release that failed', async () => {
      const place = { emulator: cloud, client: own, serviceName: 'limits' };
      const result = await expectTruePlan(place, () => change('limits', 'MaxNum: 7'));
      expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
      const settings = { Cpu: 0.5, Mem: 1, MaxNum: 7, env: { LEVEL: 'info' } };
      expect(await versionOf('limits', 'limits-003')).toEqual(settings);
      const [write] = writesTo(cloud, 'limits');
      expect(write?.action).toBe('UpdateCloudRunServer');
      expect((write?.params['DeployInfo'] as { readonly ImageUrl: string }).ImageUrl).toContain('limits-001');
    });

    it('shows nothing as a change at once, for it comes with a new version', async () => {
      await expectFailing('limits');
      const result = await change('limits', 'MaxNum: 8');
      expect(result.lines).toContain('MaxNum: 7 → 8 (new version)');
      expect(result.lines.filter((line) => line.includes('(hot)'))).toEqual([]);
      expect(result.summary).not.toContain('| hot |');
    });

    it('releases settings of which no version tells, though the service holds them', async () => {
      const result = await change('asked-again', untold);
      expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
      expect(result.outputs).toMatchObject({ version: 'asked-again-003', changed: 'true' });
      const settings = { Cpu: 0.5, Mem: 1, MaxNum: 5, env: { LEVEL: 'info' } };
      expect(await versionOf('asked-again', 'asked-again-003')).toEqual(settings);
      const { ServerConfig } = await own.detail('asked-again');
      expect(ServerConfig).toMatchObject({ SessionAffinity: 'open', InitialDelaySeconds: 9 });
      cloud.journal.clear();
      const again = await change('asked-again', untold);
      expect([again.exitCode, again.outputs['status'], again.outputs['changed']]).toEqual([
        0,
        'unchanged',
        'false',
      ]);
      expect(cloud.journal.writes()).toEqual([]);
    });

    it('is refused for a function, also with nothing but the settings that failed', async () => {
      const result = await change('bare', untold);
      expect([result.exitCode, result.outputs['status'], result.outputs['failure-kind']]).toEqual([
        1,
        'failed',
        'conflict',
      ]);
      expect(errorsOf(result).join('\n')).toContain('it serves "bare-001", which is not its newest version');
      expect(writesTo(cloud, 'bare')).toEqual([]);
    });

    async function expectFailing(serviceName: string): Promise<void> {
      cloud.script(envId, serviceName, { end: 'deploy_failed', run: false, log: 'no' });
      const failed = await change(serviceName, failing);
      expect(failed.outputs['failure-kind']).toBe('crash-loop');
    }
  },
);

describe('an update-config that cannot be made', () => {
  beforeAll(async () => {
    await create('live');
  });

  const rows = [
    {
      name: 'of a service that is not there',
      service: 'missing',
      config: 'MaxNum: 3',
      inputs: {},
      error:
        /^service-name: names no service of the environment "demo-env": "missing"\. .* "deploy" creates one\.$/,
    },
    {
      name: 'of another mode',
      service: 'live',
      config: 'MaxNum: 3',
      inputs: { mode: 'container' },
      error: /^mode: is "container", but the live service runs in function mode\. Leave the input out\.$/,
    },
    {
      name: 'with a port that a function does not have',
      service: 'live',
      config: 'MaxNum: 3\nPort: 8080',
      inputs: {},
      error: /^server-config: Port: must be 3000 in function mode, .* \(line 2, column 1\)$/,
    },
    {
      name: 'with nothing to change',
      service: 'live',
      config: '',
      inputs: {},
      error:
        /^command: is "update-config", but there is nothing to change: give server-config or env-from\.$/,
    },
    {
      name: 'with an input for a source',
      service: 'live',
      config: 'MaxNum: 3',
      inputs: { 'skip-unchanged': 'true' },
      error: /^skip-unchanged: is for the commands "deploy" and "plan"\. Leave it out\.$/,
    },
  ];

  it.each(rows)('$name is refused', async ({ service, config, inputs, error }) => {
    emulator.journal.clear();
    const result = await update(service, config, { inputs });
    expect([result.exitCode, result.outputs['status'], result.outputs['failure-kind']]).toEqual([
      1,
      'failed',
      'input',
    ]);
    expect(errorsOf(result)).toEqual([expect.stringMatching(error)]);
    expect(emulator.journal.writes()).toEqual([]);
  });

  it('beside a running release is a conflict', async () => {
    const slow = await startEmulator({ timeline: { ...instant, releaseMs: 60_000 } });
    try {
      slow.script(envId, 'app', pretended);
      await createClient(slow).deployImage('Create', 'app');
      const before = slow.journal.writes().length;
      const inputs = { command: 'update-config', 'server-config': 'MaxNum: 3' };
      const result = await deploy(slow, { workspace, inputs });
      expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'conflict']);
      expect(slow.journal.writes()).toHaveLength(before);
    } finally {
      await slow.close();
    }
  });
});
