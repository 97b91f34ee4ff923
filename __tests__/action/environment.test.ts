import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { describeWithEngine } from '../support/engine.ts';
import { deploy, instant, makeWorkspace, removeWorkspaces, writeFiles } from '../support/step.ts';

type Variables = Record<string, string>;

/** What a step may hold and no child may see. The names are those of the runner and of a user's `env:`. */
const canaries: Variables = {
  'INPUT_GITHUB-TOKEN': 'canary-input-token',
  INPUT_EXTRA: 'canary-input-extra',
  GITHUB_TOKEN: 'canary-github-token',
  GH_TOKEN: 'canary-gh-token',
  ACTIONS_RUNTIME_TOKEN: 'canary-runtime-token',
  ACTIONS_RUNTIME_URL: 'https://canary-runtime.example',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-id-token',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://canary-id.example',
  ACTIONS_CACHE_URL: 'https://canary-cache.example',
  TENCENTCLOUD_SECRETID: 'canary-cloud-id',
  TENCENTCLOUD_SECRETKEY: 'canary-cloud-key',
  TENCENTCLOUD_SESSIONTOKEN: 'canary-cloud-session',
  DEPLOY_PASSWORD: 'canary-step-password',
  NODE_OPTIONS: '--title=canary-node-options',
};

const forbiddenNames =
  /^(INPUT_|GITHUB_|GH_|ACTIONS_|RUNNER_|STATE_|TENCENTCLOUD_|TCB_|DEPLOY_|NODE_OPTIONS$)/i;

let emulator: Emulator;
let dumps: string;

beforeAll(async () => {
  dumps = mkdtempSync(join(tmpdir(), 'dumps-'));
  emulator = await startEmulator({ timeline: instant });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
  rmSync(dumps, { recursive: true, force: true });
});

/** A program that writes its environment and its folder into a file of its own. */
const dump = (who: string): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(join(dumps, who))} + '-' + process.pid, ` +
  `JSON.stringify({ PWD: process.cwd(), ...process.env }));\n`;

function readDumps(who: string): Variables[] {
  return readdirSync(dumps)
    .filter((name) => name.startsWith(`${who}-`))
    .map((name) => JSON.parse(readFileSync(join(dumps, name), 'utf8')) as Variables);
}

/** Fails when the environment holds a canary, under whatever name, or a name that belongs to the step. */
function expectClean(env: Variables): void {
  const text = JSON.stringify(env);
  for (const canary of [...Object.values(canaries), emulator.credential.secretKey]) {
    expect(text).not.toContain(canary);
  }
  expect(Object.keys(env).filter((name) => forbiddenNames.test(name))).toEqual([]);
}

describe("children's environment", () => {
  it('of npm, of postinstall scripts, of the loader and of the function', async () => {
    const workspace = await makeWorkspace({
      'index.js': `${dump('function')}exports.main = () => 1;\n`,
      'package.json': '{"name":"app","dependencies":{"nosy":"file:./nosy"}}',
      'nosy/package.json': '{"name":"nosy","version":"1.0.0","scripts":{"postinstall":"node dump.js"}}',
      'nosy/dump.js': dump('postinstall'),
    });
    emulator.script('demo-env', 'app', { end: 'online', run: false });
    const inputs = { verify: 'true', 'server-config': 'EnvParams:\n  GREETING: hello' };
    const result = await deploy(emulator, { workspace, inputs, env: canaries });
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    const [postinstall, ...others] = readDumps('postinstall');
    expect(others).toEqual([]);
    expect(postinstall).toMatchObject({ npm_lifecycle_event: 'postinstall' });
    expectClean(postinstall ?? {});
    const [loader, served, ...more] = readDumps('function').sort((left) =>
      left['PORT'] === undefined ? -1 : 1,
    );
    expect(more).toEqual([]);
    expect(loader).toMatchObject({ GREETING: 'hello' });
    expect(served).toMatchObject({ GREETING: 'hello' });
    expect(served?.['PORT']).toMatch(/^\d+$/);
    for (const env of [loader, served]) expectClean(env ?? {});
  }, 60_000);
});

describeWithEngine("children's environment with Docker", (engine) => {
  let result: StepResult;

  beforeAll(async () => {
    const bin = await makeWorkspace({});
    const path = engine.env['PATH'] ?? process.env['PATH'] ?? '';
    const { stdout: docker } = await execa('sh', ['-c', 'command -v docker'], { env: { PATH: path } });
    const wrapper = `#!${process.execPath}\n${dump('docker')}const { spawnSync } = require('node:child_process');
const { status } = spawnSync(${JSON.stringify(docker)}, process.argv.slice(2), { stdio: 'inherit' });
process.exit(status ?? 1);\n`;
    await writeFiles(bin, { docker: wrapper });
    chmodSync(join(bin, 'docker'), 0o755);
    const dockerfile = `FROM node:24-slim
EXPOSE 8080
RUN echo ${randomUUID()} && node -p "'BUILD ' + JSON.stringify(process.env)"
CMD ["node", "-p", "'RUN ' + JSON.stringify(process.env)"]
`;
    const workspace = await makeWorkspace({ Dockerfile: dockerfile });
    const env = { ...canaries, ...engine.env, PATH: `${bin}${delimiter}${path}` };
    const inputs = {
      verify: 'true',
      'server-config': 'EnvParams:\n  GREETING: hello',
      'service-name': 'boxed',
    };
    result = await deploy(emulator, { workspace, inputs, env });
  }, 60_000);

  const printed = (mark: string): Variables => {
    const line = result.lines.find((each) => each.includes(`${mark} {`)) ?? '';
    return JSON.parse(line.slice(line.indexOf('{'))) as Variables;
  };

  it('of the image build', () => {
    const env = printed('BUILD');
    expect(env).toMatchObject({ HOME: '/root' });
    expectClean(env);
  });

  it('of the container', () => {
    expect(result.outputs['failure-kind']).toBe('exit-on-start');
    const env = printed('RUN');
    expect(env).toMatchObject({ GREETING: 'hello', PORT: '8080' });
    expectClean(env);
  });

  it('of every docker command', () => {
    const commands = readDumps('docker');
    expect(commands.length).toBeGreaterThanOrEqual(5);
    for (const env of commands) {
      expect(env['DOCKER_HOST']).toBe(engine.env['DOCKER_HOST']);
      expectClean(env);
    }
  });
});

describe('a hostile environment', () => {
  it('changes neither the endpoint nor the region nor the key', async () => {
    const nowhere = 'http://127.0.0.1:9';
    const env = {
      TCB_REGION: 'ap-guangzhou',
      TCB_BASE_URL: nowhere,
      TCB_ENV_ID: 'other-env',
      USE_INTERNAL_ENDPOINT: 'true',
      INTERNAL_ENDPOINT_REGION: 'ap-guangzhou',
      TENCENTCLOUD_REGION: 'ap-guangzhou',
      TENCENTCLOUD_SECRETID: 'AKID-of-somebody-else',
      TENCENTCLOUD_SECRETKEY: 'key-of-somebody-else',
      TENCENTCLOUD_SESSIONTOKEN: 'token-of-somebody-else',
      http_proxy: nowhere,
      HTTP_PROXY: nowhere,
      https_proxy: nowhere,
      HTTPS_PROXY: nowhere,
      ALL_PROXY: nowhere,
    };
    emulator.journal.clear();
    const workspace = await makeWorkspace({ 'index.js': 'exports.main = () => "here";\n' });
    const inputs = { 'service-name': 'hostile', verify: 'true', region: 'ap-beijing' };
    const result = await deploy(emulator, { workspace, inputs, env });
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    const calls = emulator.journal.entries().filter(({ api }) => api === 'tcb' || api === 'tcbr');
    expect(calls.map(({ action }) => action)).toContain('CreateCloudRunServer');
    expect(new Set(calls.map(({ region }) => region))).toEqual(new Set(['ap-beijing']));
    expect(new Set(calls.map(({ envId }) => envId))).toEqual(new Set(['demo-env']));
  }, 60_000);

  it('takes the key of the environment where the inputs have none', async () => {
    const { secretId, secretKey } = emulator.credential;
    const workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
    emulator.script('demo-env', 'from-env', { end: 'online', run: false });
    const inputs = { 'service-name': 'from-env', 'secret-id': '', 'secret-key': '' };
    const env = { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey };
    const result = await deploy(emulator, { workspace, inputs, env });
    expect([result.exitCode, result.outputs['status'], result.masks]).toEqual([
      0,
      'live',
      [secretId, secretKey],
    ]);
  });
});
