import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, withFolder, type CloudClient, type TaskAnswer } from '../support/cloud-client.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const TIMELINE = { registrationMs: 0, buildMs: 0, createVersionMs: 0, releaseMs: 0, onlineLagMs: 0 };
const CANARIES = { INPUT_SECRET: 'leak-1', GITHUB_TOKEN: 'leak-2', ACTIONS_RUNTIME_TOKEN: 'leak-3' };

describe('a function package', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    Object.assign(process.env, CANARIES);
    emulator = await startEmulator({ timeline: { ...TIMELINE, probeWindowMs: 4000 } });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
    for (const name of Object.keys(CANARIES)) Reflect.deleteProperty(process.env, name);
  });

  async function deploy(
    serverName: string,
    files: { [path: string]: string },
    serverConfig: object = {},
  ): Promise<TaskAnswer['Task']> {
    await withFolder(files, (targetPath) =>
      client.sdk.cloudrun.deploy({ serverName, targetPath, serverConfig } as DeployParams),
    );
    return client.waitEnded(serverName);
  }

  async function ask(serverName: string): Promise<unknown> {
    const { BaseInfo } = await client.waitOnline(serverName, `${serverName}-001`);
    return (await fetch(BaseInfo.DefaultDomainName)).json();
  }

  async function processLog(serverName: string): Promise<string> {
    const RunId = (await client.records(serverName))?.[0]?.RunId;
    return JSON.stringify((await client.call('DescribeCloudRunProcessLog', { RunId }))['Logs']);
  }

  it('sees PORT, its env vars and nothing of the emulator’s environment', async () => {
    const serverConfig = { EnvParams: JSON.stringify({ GREETING: 'Hi', COUNT: 3 }) };
    await deploy('canary', { 'index.js': 'exports.main = () => process.env;' }, serverConfig);
    const seen = (await ask('canary')) as { [name: string]: string };
    expect(seen).toMatchObject({ GREETING: 'Hi', COUNT: '3' });
    expect(Object.keys(seen).sort()).toEqual(['COUNT', 'GREETING', 'HOME', 'PATH', 'PORT']);
    expect(JSON.stringify(seen)).not.toContain('leak-');
  });

  it('gets its dependencies installed, by a package manager that sees no secrets either', async () => {
    await deploy('installs', {
      'index.js': "exports.main = () => require('greeter');",
      'package.json': JSON.stringify({ main: 'index.js', dependencies: { greeter: 'file:./greeter' } }),
      'greeter/package.json': JSON.stringify({ name: 'greeter', version: '1.0.0' }),
      'greeter/index.js': 'module.exports = { text: "installed" };',
      '.npmrc': 'install-links=true',
    });
    expect(await ask('installs')).toEqual({ text: 'installed' });
    const BuildId = (await client.records('installs'))?.[0]?.BuildId;
    const { Log } = await client.call('DescribeCloudRunBuildLog', { ServerName: 'installs', BuildId });
    expect(JSON.stringify(Log)).toContain('RUN npm install --omit=dev');
  });

  it('runs install scripts of its own without secrets', async () => {
    await deploy('scripts', {
      'index.js': "exports.main = () => JSON.parse(require('fs').readFileSync('seen.json', 'utf8'));",
      'package.json': JSON.stringify({
        main: 'index.js',
        dependencies: { greeter: 'file:./greeter' },
        scripts: {
          postinstall: "node -e \"require('fs').writeFileSync('seen.json', JSON.stringify(process.env))\"",
        },
      }),
      'greeter/package.json': JSON.stringify({ name: 'greeter', version: '1.0.0' }),
    });
    const seen = JSON.stringify(await ask('scripts'));
    expect(seen).toContain('npm_lifecycle_event');
    expect(seen).not.toContain('leak-');
  });

  it('fails in the build when its dependencies cannot be installed', async () => {
    const manifest = { dependencies: { missing: 'file:./missing.tgz' } };
    const task = await deploy('uninstallable', { 'package.json': JSON.stringify(manifest) });
    expect(task).toMatchObject({
      Status: 'failed',
      FailReason: expect.stringContaining('npm install failed'),
    });
    expect((await client.records('uninstallable'))?.[0]?.Status).toBe('build_failed');
  });

  it('fails in the start when its code throws, with what it wrote', async () => {
    const task = await deploy('throws', { 'index.js': "throw new Error('no database today');" });
    expect(task).toMatchObject({ Status: 'failed', FailReason: 'Back-off restarting failed container' });
    expect((await client.records('throws'))?.[0]?.Status).toBe('deploy_failed');
    expect(await processLog('throws')).toContain('no database today');
  });

  it('fails in the start when it never listens', async () => {
    const task = await deploy('silent', { 'index.js': 'while (true);' });
    expect(task).toMatchObject({
      Status: 'failed',
      FailReason: expect.stringContaining('Readiness probe failed'),
    });
  });

  it('shows what it writes while it is online', async () => {
    await deploy('talks', { 'index.js': "exports.main = () => { console.log('asked'); return {}; };" });
    await ask('talks');
    expect(await processLog('talks')).toContain('asked');
  });

  it('leaves no process and no file behind when the emulator is closed', async () => {
    const other = await startEmulator({ timeline: TIMELINE });
    const otherClient = createClient(other);
    await withFolder({ 'index.js': 'exports.main = () => ({ pid: process.pid });' }, (targetPath) =>
      otherClient.sdk.cloudrun.deploy({ serverName: 'leaves', targetPath } as DeployParams),
    );
    const { BaseInfo } = await otherClient.waitOnline('leaves', 'leaves-001');
    const { pid } = (await (await fetch(BaseInfo.DefaultDomainName)).json()) as { pid: number };
    expect(process.kill(pid, 0)).toBe(true);
    const folders = async (): Promise<number> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('cloudbase-run-emulator-')).length;
    const before = await folders();
    await other.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await folders()).toBeLessThan(before);
  });
});
