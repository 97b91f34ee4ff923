import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  deploy,
  envId,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
} from '../support/step.ts';

const secret = 'kq-5544332211';

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  workspace = await makeWorkspace({ 'app/index.js': 'exports.main = () => 1;\n' });
});
beforeEach(() => {
  emulator.journal.clear();
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

async function run(
  config: string | Buffer,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const file = join(workspace, 'deploy/cloud.yml');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, config);
  return deploy(emulator, {
    workspace,
    inputs: { source: 'app', 'server-config': 'deploy/cloud.yml', ...inputs },
  });
}

/** Fails as `input` before any request, and shows no secret. */
function expectRefused(result: StepResult): void {
  expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([1, 0, '']);
  expect([result.outputs['status'], result.outputs['failure-kind']]).toEqual(['failed', 'input']);
  expect(emulator.journal.entries()).toEqual([]);
  expect(shownBy(result)).not.toContain(secret);
  expect(result.summary).toContain('<code>input</code>');
}

/** The errors as `line:column message`: annotations, and the lines for which GitHub has no room for annotations. */
function placesOf({ lines }: StepResult): string[] {
  const forms = [
    /^::error file=deploy\/cloud\.yml,line=(\d+),col=(\d+)::server-config(?:: (.*))?$/,
    /^Error: deploy\/cloud\.yml:(\d+):(\d+): server-config(?:: (.*))?$/,
  ];
  return lines.flatMap((line) => {
    const found = forms.map((form) => form.exec(line)).find((match) => match !== null);
    return found === undefined ? [] : `${found[1] ?? ''}:${found[2] ?? ''} ${found[3] ?? ''}`;
  });
}

describe('a config file with many faults', () => {
  const config = `cpu: 1
Mem: 1
MinNum: 6
MaxNum: 2
MaxNumm: 2
Port: web
EnvParams:
  LIST: [${secret}]
  PORT: 9000
  CLOUDBASE_RUN_FINGERPRINT: ${secret}
OpenAccessTypes: [PRIVATE, WEB]
VpcConf: {VpcID: vpc-1}
SessionAffinity: on
InitialDelaySeconds: 99999999999999999999
environments:
  prod:
    Cpu: 3
    minnum: 1
    environments: {}
`;
  const faults: readonly (readonly [place: string, words: string])[] = [
    ['1:1', 'cpu: is not a setting of CloudBase Run. Did you mean "Cpu"?'],
    ['2:1', 'Mem: must be set together with its twin'],
    ['2:1', 'environments.prod.Mem: must be 2 × Cpu, as one of the pairs 0.25/0.5'],
    ['3:1', 'MinNum: must not exceed MaxNum.'],
    ['5:1', 'MaxNumm: is not a setting of CloudBase Run. Did you mean "MaxNum"?'],
    ['6:7', 'Port: must be a whole number from 1 to 65535, not "web".'],
    ['8:9', 'EnvParams.LIST: must be a text, or null to delete the variable, not a list.'],
    ['10:3', 'EnvParams.CLOUDBASE_RUN_FINGERPRINT: is a name that the action keeps for itself.'],
    ['11:1', 'OpenAccessTypes: must not hold both PRIVATE and a type that opens'],
    ['12:10', 'VpcConf.VpcId: is missing'],
    ['12:10', 'VpcConf.SubnetId: is missing'],
    ['12:11', 'VpcConf.VpcID: is not a setting of CloudBase Run. Did you mean "VpcId"?'],
    ['13:18', 'SessionAffinity: must be open or close, not "on".'],
    ['14:22', 'InitialDelaySeconds: must be a whole number of seconds'],
    ['18:5', 'environments.prod.minnum: is not a setting of CloudBase Run. Did you mean "MinNum"?'],
    ['19:5', 'environments.prod.environments: cannot stand within an overlay'],
  ];

  it('is refused with all of them at once, each at its line', async () => {
    const result = await run(config);
    expectRefused(result);
    const places = placesOf(result);
    expect(places).toHaveLength(faults.length);
    for (const [place, words] of faults)
      expect(places).toContainEqual(expect.stringContaining(`${place} ${words}`));
  });

  it('has its lines in the message where it is written in the workflow', async () => {
    const result = await deploy(emulator, {
      workspace,
      inputs: { source: 'app', 'server-config': 'MinNum: 6\nMaxNum: 2\nmaxnum: 3', command: 'plan' },
    });
    expectRefused(result);
    expect(errorsOf(result)).toEqual([
      'server-config: maxnum: is not a setting of CloudBase Run. Did you mean "MaxNum"? (line 3, column 1)',
      'server-config: MinNum: must not exceed MaxNum. (line 1, column 1)',
    ]);
  });
});

describe('YAML that means something else than it seems to', () => {
  const bomb = [
    'a: &a [x]',
    ...'bcdefgh'.split('').map((name, index) => {
      const inner = `*${'abcdefg'[index] ?? ''}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    }),
  ].join('\n');

  it.each([
    { name: 'a key twice', config: `Cpu: 1\nMem: 2\nCpu: 2\n`, place: '3:1', words: /unique/ },
    { name: 'a tab', config: 'EnvParams:\n\tKEY: x\n', place: '2:1', words: /tab/i },
    { name: 'a tag', config: 'MinNum: 0\nEnvParams:\n  KEY: !secret x\n', place: '3:16', words: /has a tag/ },
    { name: 'an alias without its anchor', config: 'EnvParams:\n  KEY: *x\n', place: '2:8', words: /alias/ },
    { name: 'an alias bomb', config: `MinNum: 0\n${bomb}\n`, place: '', words: /too many aliases/ },
    {
      name: 'a broken list',
      config: `MinNum: 0\nOpenAccessTypes: [WEB\n`,
      place: '',
      words: /is not valid YAML/,
    },
  ])('$name is refused at its place', async ({ config, place, words }) => {
    const result = await run(config);
    expectRefused(result);
    const places = placesOf(result);
    expect(places).toHaveLength(errorsOf(result).length);
    expect(places[0]).toMatch(words);
    expect(places[0]?.split(' ')[0]).toMatch(place === '' ? /^[2-9]:\d+$/ : new RegExp(`^${place}$`));
  });
});

describe('a config file that cannot be read', () => {
  const form = 'Give the path of a YAML file relative to the workspace, or the YAML itself';

  it.each([
    { name: 'missing', path: 'deploy/none.yml', fault: 'does not exist' },
    { name: 'a folder', path: 'app', fault: 'is a folder' },
    { name: 'outside the workspace', path: '../cloud.yml', fault: 'lies outside the workspace' },
    { name: 'an absolute path elsewhere', path: '/etc/hostname', fault: 'lies outside the workspace' },
  ])('$name', async ({ path, fault }) => {
    const result = await run('MinNum: 0\n', { 'server-config': path });
    expectRefused(result);
    const [error, ...more] = errorsOf(result);
    expect(error).toMatch(/^server-config: the file "[^"]*" /);
    expect(error).toContain(`${fault}. ${form}`);
    expect(more).toEqual([]);
  });

  it('not UTF-8', async () => {
    const result = await run(Buffer.from('EnvParams:\n  NAME: Gr\xfc\xdfe\n', 'latin1'));
    expectRefused(result);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^server-config: the file "deploy\/cloud\.yml" cannot be read as UTF-8 text\. Give/,
      ),
    ]);
  });

  it('a link that leads to nothing', async () => {
    await symlink('nowhere.yml', join(workspace, 'link.yml'));
    const result = await run('', { 'server-config': 'link.yml' });
    expectRefused(result);
    expect(errorsOf(result)).toHaveLength(1);
  });
});

describe('inputs that make no sense together', () => {
  it('are named together, before any request', async () => {
    const result = await run('MinNum: 0\n', {
      'config-environment': 'prod',
      'env-strategy': 'repalce',
      'skip-unchanged': 'yes',
      command: 'plan',
    });
    expectRefused(result);
    expect(errorsOf(result)).toEqual([
      'env-strategy: must be "merge" or "replace", not "repalce". Did you mean "replace"?',
      'skip-unchanged: must be "true" or "false", not "yes".',
      expect.stringMatching(/^config-environment: is "prod", and the service config holds no overlays/),
    ]);
  });

  it('replace without a name is refused, for it would delete every env var', async () => {
    const result = await run('MinNum: 0\n', { 'env-strategy': 'replace' });
    expectRefused(result);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^env-strategy: is "replace", but neither EnvParams nor env-from names an env var/,
      ),
    ]);
  });
});

describe('live env vars that are not JSON', () => {
  it.each(['{"KEY":', '["KEY"]', 'KEY=x'])(
    '%s: every command stops, and nothing is written',
    async (text) => {
      const serviceName = `broken-${text.length}`;
      await pretend(emulator, { workspace, inputs: { source: 'app', 'service-name': serviceName } });
      emulator.changeSettings(envId, serviceName, [{ Key: 'EnvParam', Value: `${text}${secret}` }]);
      emulator.journal.clear();
      for (const command of ['deploy', 'plan', 'update-config']) {
        const result = await run('MaxNum: 3\n', { command, 'service-name': serviceName });
        expect([result.exitCode, result.outputs['status'], result.outputs['failure-kind']]).toEqual([
          1,
          'failed',
          'input',
        ]);
        expect(errorsOf(result)).toEqual([
          'server-config: EnvParams: the env vars of the live service are not a JSON object, so nothing can be merged with them. Correct them in the console, then run again.',
        ]);
        expect(shownBy(result)).not.toContain(secret);
      }
      expect(emulator.journal.writes()).toEqual([]);
    },
    60_000,
  );
});

describe('a setting that does not fit what is live', () => {
  it.each([
    { name: 'low-limit', live: 'MinNum: 4\nMaxNum: 9\n', config: 'MaxNum: 2\n', setting: 'MaxNum' },
    { name: 'high-least', live: 'MaxNum: 3\n', config: 'MinNum: 7\n', setting: 'MinNum' },
  ])('$name: is refused at its line, and nothing is written', async ({ name, live, config, setting }) => {
    await pretend(emulator, {
      workspace,
      inputs: { source: 'app', 'service-name': name, 'server-config': live },
    });
    emulator.journal.clear();
    const result = await run(config, { 'service-name': name });
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'input']);
    expect(placesOf(result)).toEqual([
      expect.stringMatching(`^1:1 ${setting}: .*MinNum must not exceed MaxNum`),
    ]);
    expect(emulator.journal.writes()).toEqual([]);
  });
});
