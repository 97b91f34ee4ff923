import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
  writesTo,
} from '../support/step.ts';

const [base, level, flag] = ['everywhere 4711', 'prod only 0815', 'dropped 1147'];

const config = `Cpu: 0.5
Mem: 1
MaxNum: 4
OpenAccessTypes: [VPC, MINIAPP]
EnvParams: {SHARED: ${base}, LEVEL: ${base}, FLAG: ${flag}}
environments:
  dev: {}
  prod:
    MinNum: 2
    OpenAccessTypes: [WEB]
    EnvParams: {LEVEL: ${level}, FLAG: null, PROD_ONLY: "1"}
`;

const twice = `EnvParams: {FLAG: a}
environments:
  dev: {MinNum: 60}
  prod: {EnvParams: {FLAG: b}}
`;

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  workspace = await makeWorkspace({
    'index.js': 'exports.main = () => 1;\n',
    'service.yml': config,
    'twice.yml': twice,
  });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

describe('the overlay that config-environment picks', () => {
  let result: StepResult;

  beforeAll(async () => {
    const inputs = { 'service-name': 'prod', 'server-config': 'service.yml', 'config-environment': 'prod' };
    result = await pretend(emulator, { workspace, inputs });
  });

  it('is merged over the base: maps merge, lists and scalars replace, null deletes', () => {
    expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
    const [create] = writesTo(emulator, 'prod');
    const { EnvParam, ...items } = create?.items ?? {};
    expect(items).toMatchObject({ CpuSpecs: 0.5, MaxNum: 4, MinNum: 2, AccessTypes: ['PUBLIC'] });
    expect(JSON.parse(String(EnvParam))).toEqual({ SHARED: base, LEVEL: level, PROD_ONLY: '1' });
  });

  it('is shown as it was merged, in the log and in the summary, without values of env vars', () => {
    const shown = [
      'Cpu: 0.5',
      'Mem: 1',
      'MaxNum: 4',
      'MinNum: 2',
      'OpenAccessTypes: ["WEB"]',
      'EnvParams.SHARED: [redacted]',
      'EnvParams.LEVEL: [redacted]',
      'EnvParams.FLAG: (deleted)',
      'EnvParams.PROD_ONLY: [redacted]',
    ];
    const title = result.lines.indexOf('server-config with "prod":');
    expect(title).toBeGreaterThan(0);
    expect(result.lines.slice(title + 1, title + 1 + shown.length).sort()).toEqual([...shown].sort());
    expect(result.summary).toContain('<summary>server-config with <code>prod</code></summary>');
    for (const line of shown) expect(result.summary.split('\n')).toContain(line);
    for (const value of [base, level, flag]) expect(shownBy(result)).not.toContain(value);
  });
});

describe('a config with overlays of which none is picked', () => {
  it('counts with its base alone, and says which there are', async () => {
    const inputs = { 'service-name': 'base', 'server-config': 'service.yml', command: 'plan' };
    const result = await deploy(emulator, { workspace, inputs });
    expect([result.exitCode, result.outputs['status']]).toEqual([0, 'planned']);
    expect(result.lines).toContain(
      'server-config holds the environments "dev", "prod"; config-environment picks none, so its base counts alone.',
    );
    expect(result.lines).toContain('OpenAccessTypes: (not set) → MINIAPP, VPC (new version)');
    expect(result.lines.join('\n')).not.toContain('PROD_ONLY');
  });
});

describe('an overlay that cannot be taken', () => {
  const rows = [
    {
      name: 'that is mistyped',
      inputs: { 'server-config': 'service.yml', 'config-environment': 'prd' },
      errors: [
        'config-environment: must be an overlay that the service config holds (dev, prod), not "prd". Did you mean "prod"?',
      ],
    },
    {
      name: 'from a config without overlays',
      inputs: { 'server-config': 'MinNum: 0', 'config-environment': 'prod' },
      errors: [
        'config-environment: is "prod", and the service config holds no overlays. Add it as "environments: {prod: {MinNum: 1}}", or leave the input out.',
      ],
    },
    {
      name: 'without a config',
      inputs: { 'config-environment': 'prod' },
      errors: ['config-environment: is "prod", but there is no server-config to pick it from. Leave it out.'],
    },
    {
      name: 'beside one that is wrong',
      inputs: { 'server-config': 'twice.yml', 'config-environment': 'prod' },
      errors: ['server-config: environments.dev.MinNum: must be a whole number from 0 to 50, not 60.'],
    },
    {
      name: 'beside a secret of the same name',
      inputs: { 'server-config': 'twice.yml', 'config-environment': 'prod', 'env-from': 'FLAG' },
      errors: [
        'server-config: environments.dev.MinNum: must be a whole number from 0 to 50, not 60.',
        'server-config: EnvParams.FLAG: is named by env-from, too: set it in one of the two places.',
      ],
    },
  ];

  it.each(rows)('$name is refused before any request', async ({ inputs, errors }) => {
    emulator.journal.clear();
    const result = await deploy(emulator, { workspace, inputs, env: { FLAG: 'c' } });
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'input']);
    expect(errorsOf(result).sort()).toEqual([...errors].sort());
    expect(emulator.journal.entries()).toEqual([]);
  });

  it('has its line, also where the other overlay is wrong', async () => {
    const inputs = { 'server-config': 'twice.yml', 'config-environment': 'prod', 'env-from': 'FLAG' };
    const { lines } = await deploy(emulator, { workspace, inputs, env: { FLAG: 'c' } });
    const places = lines.flatMap(
      (line) => /^::error file=(.*?),line=(\d+),col=(\d+)::/.exec(line)?.slice(1, 4).join(':') ?? [],
    );
    expect(places.sort()).toEqual(['twice.yml:3:17', 'twice.yml:4:22']);
  });
});
