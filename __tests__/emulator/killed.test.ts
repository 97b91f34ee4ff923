import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { waitFor, withFolder, type CloudClient } from '../support/cloud-client.ts';
import { isAlive, startEmulatorProcess, type EmulatorProcess } from '../support/emulator-process.ts';
import { describeWithEngine } from '../support/engine.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const BUSY = `
const { spawn } = require('node:child_process');
const own = spawn('sleep', ['60']);
exports.main = (event, context) => {
  if (context.httpContext.url.endsWith('/spin')) while (true);
  return { pids: [process.pid, own.pid] };
};`;
const DOCKERFILE = `
FROM node:24-slim
CMD ["node", "-e", "require('node:http').createServer((q, a) => a.end(process.env.HOSTNAME)).listen(process.env.PORT)"]
`;

let emulator: EmulatorProcess | undefined;

async function killed(): Promise<void> {
  const child = emulator?.child;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
afterEach(killed);

async function deploy(
  files: Readonly<Record<string, string>>,
  serverName: string,
  serverConfig: object,
): Promise<string> {
  emulator = startEmulatorProcess([]);
  const client = await emulator.connect();
  await withFolder(files, (targetPath) =>
    client.sdk.cloudrun.deploy({ serverName, targetPath, serverConfig } as DeployParams),
  );
  return (await client.waitOnline(serverName, `${serverName}-001`)).BaseInfo.DefaultDomainName;
}

describe('an emulator that was killed by force', () => {
  it('leaves no function process behind, not even one that is busy, and none that it started', async () => {
    const url = await deploy({ 'index.js': BUSY }, 'busy', {});
    const { pids } = (await (await fetch(url)).json()) as { pids: number[] };
    expect(pids.map(isAlive)).toEqual([true, true]);
    void fetch(`${url}/spin`).catch(() => undefined);
    await killed();
    await waitFor(
      () => Promise.resolve(pids.filter(isAlive)),
      (alive) => alive.length === 0,
    );
  });
});

describeWithEngine('a container of an emulator that was killed by force', (engine) => {
  const name = `orphan-${process.pid}`;
  const dockerEnv = { ...engine.env, PATH: engine.env['PATH'] ?? process.env['PATH'] ?? '' };
  const docker = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('docker', args, { env: dockerEnv })).stdout.trim();
  const images = (): Promise<string> => docker('image', 'ls', '--quiet', '--filter', `reference=*/${name}`);

  it('is removed with its image by the next emulator, not while its own emulator lives', async () => {
    const url = await deploy({ Dockerfile: DOCKERFILE }, name, { Dockerfile: 'Dockerfile', Port: 8080 });
    const id = await (await fetch(url)).text();
    const containers = (): Promise<string> => docker('ps', '--all', '--quiet', '--filter', `id=${id}`);
    await (await startEmulator({ dockerEnv })).close();
    expect(await (await fetch(url)).text()).toBe(id);
    await killed();
    expect(await containers()).not.toBe('');
    const next = await startEmulator({ dockerEnv });
    await waitFor(containers, (ids) => ids === '');
    await waitFor(images, (ids) => ids === '');
    await next.close();
  });
});
