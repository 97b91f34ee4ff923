import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { announce } from '../support/announced.ts';
import { waitFor, withFolder, type CloudClient } from '../support/cloud-client.ts';
import { isAlive, startEmulatorProcess, type EmulatorProcess } from '../support/emulator-process.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const CANARIES = { INPUT_SECRET: 'leak-1', GITHUB_TOKEN: 'leak-2', ACTIONS_RUNTIME_TOKEN: 'leak-3' };
const SHOW = "require('fs').writeFileSync('seen.json', JSON.stringify(process.env))";
const FILES = {
  'index.js': `exports.main = () => ({
    pid: process.pid,
    running: process.env,
    installing: JSON.parse(require('fs').readFileSync('seen.json', 'utf8')),
  });`,
  'package.json': JSON.stringify({
    main: 'index.js',
    dependencies: { greeter: 'file:./greeter' },
    scripts: { postinstall: `node -e "${SHOW}"` },
  }),
  'greeter/package.json': JSON.stringify({ name: 'greeter', version: '1.0.0' }),
};

describe('npm run emulator', () => {
  let emulator: EmulatorProcess | undefined;

  function start(...args: string[]): EmulatorProcess {
    emulator = startEmulatorProcess(args, CANARIES);
    return emulator;
  }
  afterEach(() => {
    emulator?.child.kill('SIGKILL');
  });

  it('prints settings that work, keeps its environment to itself, and stops what it runs on Ctrl-C', async () => {
    const { child, connect, printed, setting } = start('--env-id', 'my-env');
    const client = await connect();
    expect(setting('env-id')).toBe('my-env');
    expect(setting('GITHUB_API_URL')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    await withFolder(FILES, (targetPath) =>
      client.sdk.cloudrun.deploy({ serverName: 'hello', targetPath } as DeployParams),
    );
    const { BaseInfo } = await client.waitOnline('hello', 'hello-001');
    const seen = (await (await fetch(BaseInfo.DefaultDomainName)).json()) as {
      pid: number;
      running: object;
      installing: object;
    };
    expect(seen.installing).toHaveProperty('npm_lifecycle_event', 'postinstall');
    expect(Object.keys(seen.running).sort()).toEqual(['HOME', 'PATH', 'PORT']);
    expect(JSON.stringify(seen)).not.toContain('leak-');

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(printed()).toContain('Stopped.');
    expect(() => process.kill(seen.pid, 0)).toThrow('ESRCH');
  });

  it('has a slow link to the store where it is asked for one', async () => {
    const client = await start('--store-rate', '500', '--store-cut', '3').connect();
    expect(await (await announce(client)).put(20_000)).toMatch(/^200/);
    expect(await (await announce(client)).put(3_000_000)).toMatch(/^400 .*UserNetworkTooSlow/s);
  });

  it('takes what it runs along when it ends without closing', async () => {
    const script = `
      import { startChild } from ${JSON.stringify(join(import.meta.dirname, '../../emulator/runtime/child.ts'))};
      for (let index = 0; index < 12; index += 1) {
        startChild({ file: 'sh', args: ['-c', 'echo pid $$; sleep 60 & wait'], env: { PATH: process.env.PATH } }, (line) => {
          console.log(line);
          if (++lines === 12) process.exit(3);
        });
      }
      var lines = 0;`;
    const ending = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    ending.stdout.on('data', (chunk) => (output += String(chunk)));
    ending.stderr.on('data', (chunk) => (output += String(chunk)));
    await once(ending, 'close');
    const pids = [...output.matchAll(/^pid (\d+)$/gm)].map((match) => Number(match[1]));
    expect(pids).toHaveLength(12);
    expect(output).not.toContain('Warning');
    for (const pid of pids)
      await waitFor(
        () => Promise.resolve(isAlive(pid)),
        (alive) => !alive,
      );
  });

  it.each([
    ['--port', 'eighty'],
    ['--unknown', 'x'],
    ['--store-rate', 'fast'],
    ['--store-cut', '0'],
  ])('refuses %s %s with the usage', async (...args) => {
    const { child, printed } = start(...args);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(printed()).toContain('Usage: npm run emulator');
  });
});
