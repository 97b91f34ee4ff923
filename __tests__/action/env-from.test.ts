import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import {
  ask,
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  readLive,
  removeWorkspaces,
  shownBy,
} from '../support/step.ts';

const canary = `canary ${randomBytes(6).toString('hex')}`;
const pem = `-----BEGIN PRIVATE KEY-----\n${'Zm9v'.repeat(8)}\nMIIBVgIBADAN\n-----END PRIVATE KEY-----\n`;
const sha = '0123456789abcdef0123456789abcdef01234567';
const event = { pull_request: { number: 7, head: { sha, repo: { full_name: 'acme/shop' } } } };
const open = 'OpenAccessTypes: [WEB]';
const secretCode = 'exports.main = () => ({ secret: process.env.THE_SECRET, pem: process.env.PEM });\n';

let emulator: Emulator;
let client: CloudClient;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  client = createClient(emulator);
  workspace = await makeWorkspace({ 'index.js': secretCode });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

describe('a secret that env-from names', () => {
  let dumps: string;
  let result: StepResult;
  let body = '';

  beforeAll(async () => {
    dumps = mkdtempSync(join(tmpdir(), 'dumps-'));
    const bin = await makeWorkspace({ npm: wrapperOf(join(dumps, 'npm')) });
    await chmod(join(bin, 'npm'), 0o755);
    const withDependency = await makeWorkspace({
      'index.js': secretCode,
      'package.json': '{"name":"app","main":"index.js","dependencies":{"near":"file:./near"}}',
      'near/package.json': '{"name":"near","version":"1.0.0"}',
    });
    result = await deploy(emulator, {
      workspace: withDependency,
      event,
      inputs: {
        'service-name': 'secret',
        'server-config': open,
        'env-from': 'THE_SECRET, PEM',
        verify: 'true',
        'github-token': emulator.github.token,
      },
      env: {
        THE_SECRET: canary,
        PEM: pem,
        PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_API_URL: emulator.githubApiUrl,
      },
    });
    body = emulator.github.comments('acme', 'shop', 7)[0]?.body ?? '';
  }, 90_000);
  afterAll(() => {
    rmSync(dumps, { recursive: true, force: true });
  });

  it('reaches the service as it is, lines included', async () => {
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    const answer = await ask(result.outputs['url'] ?? '');
    expect(answer).toEqual({ status: 200, body: { secret: canary, pem } });
  });

  it('is shown nowhere, but for its name', () => {
    const shown = `${shownBy(result)}\n${JSON.stringify(result.state)}\n${body}`;
    for (const value of [canary, 'Zm9vZm9v', 'MIIBVgIBADAN']) expect(shown).not.toContain(value);
    for (const text of [result.lines.join('\n'), result.summary, body, result.outputs['plan']]) {
      expect(text).toMatch(/EnvParams\.THE\\?_SECRET/);
    }
  });

  it('is masked, line by line where it has several', () => {
    const lines = pem.split('\n').filter((line) => line !== '');
    expect(result.masks).toEqual(expect.arrayContaining([canary, pem, ...lines]));
  });

  it('stands in the arguments and in the environment of no command', () => {
    const commands = readdirSync(dumps).map((name) => readFileSync(join(dumps, name), 'utf8'));
    expect(commands.join('\n')).toContain('"install"');
    expect(commands.join('\n')).not.toContain(canary);
    expect(commands.join('\n')).not.toContain('Zm9vZm9v');
  });
});

describe('the local run of a service', () => {
  it('does not get what env-from names', async () => {
    const dumps = mkdtempSync(join(tmpdir(), 'dumps-'));
    try {
      const file = JSON.stringify(join(dumps, 'env'));
      const nosy = await makeWorkspace({
        'index.js':
          `require('node:fs').writeFileSync(${file} + process.pid, JSON.stringify(process.env));\n` +
          'exports.main = () => 1;\n',
      });
      const inputs = {
        'service-name': 'nosy',
        command: 'plan',
        verify: 'true',
        'env-from': 'THE_SECRET',
        'server-config': 'EnvParams: {SPELLED: out}',
      };
      const result = await deploy(emulator, { workspace: nosy, inputs, env: { THE_SECRET: canary } });
      expect([result.exitCode, result.outputs['status']]).toEqual([0, 'planned']);
      const seen = readdirSync(dumps).map((name) => readFileSync(join(dumps, name), 'utf8'));
      expect(seen.length).toBeGreaterThan(0);
      for (const env of seen) {
        expect(env).toContain('"SPELLED":"out"');
        expect(env).not.toContain(canary);
        expect(env).not.toContain('THE_SECRET');
      }
    } finally {
      rmSync(dumps, { recursive: true, force: true });
    }
  }, 60_000);
});

/** A command that writes its arguments and its environment into a file, and then does what it is named for. */
function wrapperOf(file: string): string {
  const name = JSON.stringify(file);
  return `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const { dirname, delimiter } = require('node:path');
require('node:fs').writeFileSync(${name} + process.pid, JSON.stringify([process.argv, process.env]));
const path = process.env.PATH.split(delimiter).filter((each) => each !== dirname(__filename)).join(delimiter);
const env = { ...process.env, PATH: path };
process.exit(spawnSync('npm', process.argv.slice(2), { stdio: 'inherit', env }).status ?? 1);
`;
}

describe('values that a mask would harm', () => {
  const values = { ONE: '1', YES: 'true', BRACE: '{', DOT: '.', SHORT: 'abcdefg' };

  it('reach the service unmasked, and every output stays', async () => {
    const inputs = {
      'service-name': 'short',
      'server-config': open,
      'env-from': Object.keys(values).join('\n'),
    };
    const result = await pretend(emulator, { workspace, inputs, env: values });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'live']);
    expect((await readLive(client, 'short')).env).toEqual(values);
    const { secretId, secretKey } = emulator.credential;
    expect(result.masks).toEqual([secretId, secretKey]);
    expectNoMaskIn(result);
  });

  it('the URL of the service itself is no mask, with and without a slash', async () => {
    const inputs = { 'service-name': 'itself', 'server-config': open };
    const { outputs } = await pretend(emulator, { workspace, inputs });
    const url = outputs['url'] ?? '';
    const env = { SELF_URL: url, API_TOKEN: `${url}/` };
    const names = { 'env-from': 'SELF_URL API_TOKEN' };
    const second = await pretend(emulator, { workspace, inputs: { ...inputs, ...names }, env });
    expect(url).toMatch(/^http:\/\//);
    expect([second.exitCode, second.outputs['url']]).toEqual([0, url]);
    expect((await readLive(client, 'itself')).env).toEqual(env);
    expectNoMaskIn(second);
  });

  /** The runner drops an output that holds a mask. */
  function expectNoMaskIn({ masks, outputs }: StepResult): void {
    for (const [name, value] of Object.entries(outputs)) {
      expect({ name, held: masks.filter((mask) => value.includes(mask)) }).toEqual({ name, held: [] });
    }
  }
});

describe('an env-from that cannot be taken', () => {
  const rows = [
    {
      name: 'a variable that is not set, and one that is empty',
      inputs: { 'env-from': 'NOT_SET EMPTY' },
      errors: [
        /^env-from: names "NOT_SET", which is not set in the step's environment\. Set it in the step's "env:", such as "NOT_SET: \$\{\{ secrets\.NOT_SET \}\}"/,
        /^env-from: names "EMPTY", which is empty in the step's environment\./,
      ],
    },
    {
      name: 'a value instead of a name',
      inputs: { 'env-from': `TOKEN=${canary.replace(' ', '-')}` },
      errors: [/^env-from: must be names of environment variables, .*, not "TOKEN…"\./],
    },
    {
      name: 'a name that is set in the YAML, too',
      inputs: { 'env-from': 'GIVEN', 'server-config': 'MinNum: 0\nEnvParams:\n  GIVEN: x\n' },
      errors: [/^server-config: EnvParams\.GIVEN: is named by env-from, too: .* \(line 3, column 3\)$/],
    },
    {
      name: 'names that the platform and the action set',
      inputs: { 'env-from': 'PORT CLOUDBASE_RUN_FINGERPRINT' },
      errors: [
        /^env-from: must not name "PORT", which is set for the service anyway/,
        /^env-from: must not name "CLOUDBASE_RUN_FINGERPRINT"/,
      ],
    },
  ];

  it.each(rows)('$name: refused before any request', async ({ inputs, errors }) => {
    emulator.journal.clear();
    const env = { EMPTY: '', GIVEN: 'y', PORT: '80', CLOUDBASE_RUN_FINGERPRINT: 'z' };
    const result = await deploy(emulator, { workspace, inputs, env });
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'input']);
    expect(errorsOf(result)).toEqual(errors.map((error) => expect.stringMatching(error) as unknown));
    expect(shownBy(result)).not.toContain(canary.replace(' ', '-'));
    expect(emulator.journal.entries()).toEqual([]);
  });
});
