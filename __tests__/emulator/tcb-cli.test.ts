import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts';

const TCB = join(import.meta.dirname, '../../node_modules/@cloudbase/cli/bin/tcb');
const TIMELINE = {
  registrationMs: 0,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 0,
  onlineLagMs: 0,
  deleteMs: 0,
};

/** The CLI as its vendor ships it; a home folder of its own keeps the login away from the user's. */
describe("the vendor's tcb CLI against the emulator", () => {
  let emulator: Emulator;
  let proxy: TlsProxy;
  let client: CloudClient;
  let home = '';
  let source = '';

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tcb-home-'));
    source = join(home, 'source');
    await mkdir(source);
    await say('one');
    emulator = await startEmulator({ timeline: TIMELINE });
    client = createClient(emulator);
    proxy = await startTlsProxy(emulator.apiEndpoint);
    expect(
      await tcb(
        'login',
        '--apiKeyId',
        emulator.credential.secretId,
        '--apiKey',
        emulator.credential.secretKey,
      ),
    ).toContain('login succeeded');
  });
  afterAll(async () => {
    await proxy.close();
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    emulator.journal.clear();
  });

  const say = (text: string): Promise<void> =>
    writeFile(join(source, 'index.js'), `exports.main = () => ({ text: '${text}' });`);
  const journal = (action: string): object[] =>
    emulator.journal.entries().filter((entry) => entry.action === action && entry.code === undefined);
  const writes = (): string[] => emulator.journal.writes().map((entry) => entry.action);

  async function tcb(...args: string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      http_proxy: proxy.url,
      NODE_EXTRA_CA_CERTS: proxy.caFile,
    };
    const child = spawn(process.execPath, [TCB, ...args], {
      cwd: source,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return `${output}\nexit ${String(code)}`;
  }

  it('deploys a new function service, which answers', async () => {
    const output = await tcb('cloudrun', 'deploy', '-e', 'demo-env', '-s', 'hello', '--force');
    expect(output).toMatch(/hello submission completed[^]*exit 0$/);
    expect(writes()).toEqual(['PUT package', 'CreateCloudRunServer']);
    expect(journal('CreateCloudRunServer')).toMatchObject([
      { envId: 'demo-env', serverName: 'hello', params: { DeployInfo: { DeployType: 'package' } } },
    ]);
    const { BaseInfo } = await client.waitOnline('hello', 'hello-001');
    expect(await (await fetch(BaseInfo.DefaultDomainName)).json()).toEqual({ text: 'one' });
  });

  it('lists it', async () => {
    const output = await tcb('cloudrun', 'list', '-e', 'demo-env');
    expect(output).toMatch(/│ hello +│ Function Service +│[^│]+│ normal +│ Allowed +│[^]*exit 0$/);
    expect(journal('DescribeCloudRunServers')).toHaveLength(1);
    expect(writes()).toEqual([]);
  });

  it('deploys a canary of it with --traffic', async () => {
    await say('two');
    const output = await tcb('cloudrun', 'deploy', '-e', 'demo-env', '-s', 'hello', '--force', '--traffic');
    expect(output).toMatch(/hello submission completed[^]*exit 0$/);
    expect(writes()).toEqual(['PUT package', 'UpdateCloudRunServer']);
    expect(journal('UpdateCloudRunServer')).toMatchObject([
      { params: { DeployInfo: { ReleaseType: 'GRAY' } } },
    ]);
  });

  it('is refused with a wrong key', async () => {
    const known = home;
    home = join(known, 'other-home');
    const output = await tcb('login', '--apiKeyId', emulator.credential.secretId, '--apiKey', 'wrong');
    home = known;
    expect(output).not.toContain('login succeeded');
    expect(emulator.journal.entries().at(-1)?.code).toBe('AuthFailure.SignatureFailure');
  });

  it('asks for no host besides the API and its telemetry', () => {
    expect(proxy.refused.filter((host) => host !== 'otheve.beacon.qq.com')).toEqual([]);
  });
});
