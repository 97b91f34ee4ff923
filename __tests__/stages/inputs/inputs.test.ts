import { describe, expect, it } from '@jest/globals';

import type { Environment } from '../../../src/context.ts';
import { InputError, type Problem } from '../../../src/errors.ts';
import type { RawInputs } from '../../../src/inputs.ts';
import { settleInputs } from '../../../src/stages/inputs/inputs.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { rawInputs } from '../../support/samples.ts';

const settle = (
  given: Partial<RawInputs>,
  nodes: Record<string, FakeNode> = {},
  env: Environment = {},
): ReturnType<typeof settleInputs> =>
  settleInputs(rawInputs(given), { env, context: { workspace: root } }, createFakeFiles(nodes));

/** Every problem of inputs that cannot be settled. */
async function problemsOf(given: Partial<RawInputs>, env: Environment = {}): Promise<readonly Problem[]> {
  const error = await failureOf(InputError, () => settle(given, { 'index.js': '' }, env));
  return error.problems;
}
const fileForm =
  'Give the path of a YAML file relative to the workspace, or the YAML itself, such as "Cpu: 0.5".';

describe('the inputs', () => {
  it('are settled with the source folder and the config given inline', async () => {
    const { config, sourceFolder, inputs } = await settle(
      { source: 'app', 'server-config': 'Port: 80' },
      { 'app/index.js': '' },
    );
    expect(sourceFolder).toBe('/repo/app');
    expect(config.settings).toEqual({ Port: 80 });
    expect(inputs).toMatchObject({ target: { serviceName: 'shop' } });
  });

  it('take the config from a file', async () => {
    const { config } = await settle(
      { 'server-config': 'deploy/cloud.yml' },
      { 'deploy/cloud.yml': 'Port: 80' },
    );
    expect(config).toEqual({
      settings: { Port: 80 },
      positions: { Port: { file: 'deploy/cloud.yml', line: 1, column: 1 } },
      overlays: [],
    });
  });

  it.each<[string, FakeNode | undefined, string]>([
    ['cloud.yml', undefined, 'the file "cloud.yml" does not exist.'],
    ['../cloud.yml', undefined, 'the file "../cloud.yml" lies outside the workspace.'],
    ['/etc/cloud.yml', undefined, 'the file "../etc/cloud.yml" lies outside the workspace.'],
    ['cloud.yml', { kind: 'other' }, 'the file "cloud.yml" cannot be read as UTF-8 text.'],
    ['cloud.yml', { link: 'gone.yml' }, 'the file "cloud.yml" does not exist.'],
  ])('refuse the config file %s (%j)', async (path, node, fault) => {
    const nodes: Record<string, FakeNode> = node === undefined ? {} : { [path]: node };
    const error = await failureOf(InputError, () => settle({ 'server-config': path }, nodes));
    expect(error.problems).toEqual([{ subject: 'server-config', message: `${fault} ${fileForm}` }]);
  });

  it('follow a link to the config file, but not out of the workspace', async () => {
    const files = { 'shared/base.yml': 'Port: 80', '/etc/base.yml': 'Port: 81' };
    const inside = await settle(
      { 'server-config': 'cloud.yml' },
      { ...files, 'cloud.yml': { link: 'shared/base.yml' } },
    );
    expect(inside.config.settings).toEqual({ Port: 80 });
    const outside = { ...files, 'cloud.yml': { link: '/etc/base.yml' } };
    const error = await failureOf(InputError, () => settle({ 'server-config': 'cloud.yml' }, outside));
    expect(error.message).toContain('the file "cloud.yml" lies outside the workspace.');
  });

  it('tell of env-from beside other wrong inputs', async () => {
    const error = await failureOf(InputError, () => settle({ mode: 'funtion', 'env-from': 'GONE' }, {}));
    expect(error.problems.map(({ subject }) => subject)).toEqual(['mode', 'env-from']);
  });

  it('refuse a folder as the config file', async () => {
    const error = await failureOf(InputError, () =>
      settle({ 'server-config': 'deploy' }, { 'deploy/a': '' }),
    );
    expect(error.message).toContain('the file "deploy" is a folder.');
  });

  it.each([
    ['gone', 'does not exist; was the repository checked out?'],
    ['index.js', 'is not a folder.'],
  ])('refuse the source %s', async (source, fault) => {
    const error = await failureOf(InputError, () => settle({ source }, { 'index.js': '' }));
    expect(error.problems).toEqual([
      {
        subject: 'source',
        message: `must be the folder to deploy, relative to the workspace: "${source}" ${fault}`,
      },
    ]);
  });

  it('show all problems at once: of inputs, config and source', async () => {
    const given = { 'service-name': '', 'server-config': 'Cup: 1\nPort: x', source: 'gone' };
    const error = await failureOf(InputError, () => settle(given));
    expect(error.problems.map(({ subject }) => subject).sort()).toEqual([
      'server-config: Cup',
      'server-config: Port',
      'service-name',
      'source',
    ]);
  });

  it.each(['function', 'agent'])('show what mode %s does not take with all other problems', async (mode) => {
    const given = { mode, 'service-name': '', 'server-config': 'Port: 80\nDockerfile: D\nCup: 1' };
    const error = await failureOf(InputError, () => settle(given, { 'index.js': '' }));
    expect(error.problems.map(({ subject }) => subject)).toEqual([
      'service-name',
      'server-config: Cup',
      'server-config: Port',
      'server-config: Dockerfile',
    ]);
  });

  it.each(['auto', 'container'])('leave a port to mode %s', async (mode) => {
    const { config } = await settle({ mode, 'server-config': 'Port: 80' }, { 'index.js': '' });
    expect(config.settings).toEqual({ Port: 80 });
  });
});

describe('env-from', () => {
  it('takes the values from the environment of the step', async () => {
    const env = { TOKEN: 'secret, with "signs"\nand lines', OTHER: 'not taken' };
    const { envFrom, inputs, config } = await settle({ 'env-from': 'TOKEN' }, { a: '' }, env);
    expect(envFrom).toEqual({ TOKEN: env.TOKEN });
    expect(inputs.envFrom).toEqual(['TOKEN']);
    expect(config.settings).toEqual({});
  });

  it('refuses what is not set, and what is empty, for a secret that does not exist is', async () => {
    const advice = (name: string): string =>
      `Set it in the step's "env:", such as "${name}: \${{ secrets.${name} }}", and check that the secret exists.`;
    expect(await problemsOf({ 'env-from': 'GONE EMPTY THERE' }, { EMPTY: '', THERE: 'canary' })).toEqual([
      {
        subject: 'env-from',
        message: `names "GONE", which is not set in the step's environment. ${advice('GONE')}`,
      },
      {
        subject: 'env-from',
        message: `names "EMPTY", which is empty in the step's environment. ${advice('EMPTY')}`,
      },
    ]);
  });

  it.each(['toString', 'constructor', '__proto__'])('refuses %s like any other', async (name) => {
    const [problem] = await problemsOf({ 'env-from': name });
    expect(problem?.message).toContain(`names "${name}", which is not set`);
    const env = JSON.parse(`{"${name}":"x"}`) as Environment;
    const { envFrom } = await settle({ 'env-from': name }, { 'index.js': '' }, env);
    expect(Object.entries(envFrom)).toEqual([[name, 'x']]);
  });

  it.each([
    ['cloud.yml', { at: { file: 'cloud.yml', line: 3, column: 3 } }, ''],
    ['Port: 80\nEnvParams:\n  TOKEN: x', {}, ' (line 3, column 3)'],
  ])('names nothing that EnvParams sets, too: %j', async (config, at, place) => {
    const given = { 'env-from': 'TOKEN, TOKEN', 'server-config': config };
    const nodes = { 'cloud.yml': 'Port: 80\nEnvParams:\n  TOKEN: x' };
    const error = await failureOf(InputError, () => settle(given, nodes, { TOKEN: 'canary' }));
    expect(error.problems).toEqual([
      {
        subject: 'server-config: EnvParams.TOKEN',
        message: `is named by env-from, too: set it in one of the two places.${place}`,
        ...at,
      },
    ]);
  });

  it('names nothing that EnvParams of the overlay sets or deletes', async () => {
    const config = 'environments:\n  prod:\n    EnvParams: {TOKEN: null}';
    const given = { 'env-from': 'TOKEN', 'server-config': config };
    const problems = await problemsOf({ ...given, 'config-environment': 'prod' }, { TOKEN: 'canary' });
    expect(problems).toMatchObject([
      { subject: 'server-config: EnvParams.TOKEN', message: expect.stringContaining('line 3, column 17') },
    ]);
    await settle(given, { 'index.js': '' }, { TOKEN: 'canary' });
  });

  it.each(['PORT', 'CLOUDBASE_RUN_FINGERPRINT'])('does not name %s', async (name) => {
    expect(await problemsOf({ 'env-from': name }, { [name]: '80' })).toEqual([
      {
        subject: 'env-from',
        message: `must not name "${name}", which is set for the service anyway. Leave it out.`,
      },
    ]);
  });

  it('shows no value with any other problem', async () => {
    const given = { 'env-from': 'TOKEN=canary', 'server-config': 'EnvParams: {TOKEN: canary}\nCup: 1' };
    const problems = await problemsOf({ ...given, 'service-name': '' }, { TOKEN: 'canary' });
    expect(problems.map(({ subject }) => subject).sort()).toEqual([
      'env-from',
      'server-config: Cup',
      'service-name',
    ]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });
});

describe('env-strategy replace', () => {
  it.each(['', 'Cpu: 1\nMem: 2', 'environments: {dev: {EnvParams: {A: x}}}'])(
    'does not delete all env vars by accident: %j',
    async (config) => {
      expect(await problemsOf({ 'env-strategy': 'replace', 'server-config': config })).toEqual([
        {
          subject: 'env-strategy',
          message:
            'is "replace", but neither EnvParams nor env-from names an env var: it would delete all of them. ' +
            'Name those that stay, or write "EnvParams: {}" to delete all.',
        },
      ]);
    },
  );

  it.each<[Partial<RawInputs>]>([
    [{ 'server-config': 'EnvParams: {}' }],
    [{ 'server-config': 'EnvParams: {A: x}' }],
    [{ 'env-from': 'TOKEN' }],
    [{ 'server-config': 'environments: {dev: {EnvParams: {A: x}}}', 'config-environment': 'dev' }],
  ])('is fine with %j', async (given) => {
    const raw = { ...given, 'env-strategy': 'replace' };
    const { inputs } = await settle(raw, { 'index.js': '' }, { TOKEN: 'x' });
    expect(inputs).toMatchObject({ envStrategy: 'replace' });
  });

  it('is not blamed where the config cannot be read', async () => {
    const problems = await problemsOf({ 'env-strategy': 'replace', 'server-config': 'gone.yml' });
    expect(problems.map(({ subject }) => subject)).toEqual(['server-config']);
  });
});

describe('an overlay', () => {
  const config =
    'MinNum: 0\nEnvParams: {A: base, B: base}\nenvironments:\n  prod: {MinNum: 2, EnvParams: {B: prod}}\n  dev:\n';

  it.each([
    ['', { MinNum: 0, EnvParams: { A: 'base', B: 'base' } }],
    ['dev', { MinNum: 0, EnvParams: { A: 'base', B: 'base' } }],
    ['prod', { MinNum: 2, EnvParams: { A: 'base', B: 'prod' } }],
  ])('%j is picked', async (overlay, settings) => {
    const settled = await settle(
      { 'server-config': 'cloud.yml', 'config-environment': overlay },
      { 'cloud.yml': config },
    );
    expect(settled.config.settings).toEqual(settings);
    expect(settled.config.overlays).toEqual(['prod', 'dev']);
    expect(settled.inputs.overlay).toBe(overlay);
  });

  it('that does not exist is refused', async () => {
    expect(await problemsOf({ 'server-config': config, 'config-environment': 'prd' })).toEqual([
      {
        subject: 'config-environment',
        message: expect.stringMatching(/\(prod, dev\), not "prd"\. Did you mean "prod"\?$/),
      },
    ]);
  });

  it('is in the settings that function mode does not take', async () => {
    const given = { mode: 'function', 'server-config': 'environments: {prod: {Port: 80}}' };
    const problems = await problemsOf({ ...given, 'config-environment': 'prod' });
    expect(problems.map(({ subject }) => subject)).toEqual(['server-config: Port']);
    await settle(given, { 'index.js': '' });
  });

  it.each(['', '  \n'])('cannot be picked from the server-config %j', async (text) => {
    expect(await problemsOf({ 'server-config': text, 'config-environment': 'prod' })).toEqual([
      {
        subject: 'config-environment',
        message: 'is "prod", but there is no server-config to pick it from. Leave it out.',
      },
    ]);
  });
});

describe('the command update-config', () => {
  const command = 'update-config';

  it.each<[Partial<RawInputs>]>([[{ 'server-config': 'MinNum: 1' }], [{ 'env-from': 'TOKEN' }]])(
    'takes %j, and no source',
    async (given) => {
      const settled = await settle({ ...given, command, source: 'gone' }, {}, { TOKEN: 'x' });
      expect(settled.inputs.command).toBe(command);
    },
  );

  it.each(['', '\n', ' , '])('is refused where there is nothing to change: %j', async (names) => {
    expect(await problemsOf({ command, 'server-config': ' ', 'env-from': names })).toEqual([
      {
        subject: 'command',
        message: 'is "update-config", but there is nothing to change: give server-config or env-from.',
      },
    ]);
  });

  it('does not take what is for a source', async () => {
    const given = { 'skip-unchanged': 'true', redeploy: 'true', 'server-config': 'MinNum: 1' };
    const message = 'is for the commands "deploy" and "plan". Leave it out.';
    expect(await problemsOf({ ...given, command })).toEqual([
      { subject: 'skip-unchanged', message },
      { subject: 'redeploy', message },
    ]);
    for (const other of ['deploy', 'plan']) await settle({ ...given, command: other }, { 'index.js': '' });
  });
});

it('a plan needs its source as a deploy does', async () => {
  const problems = await problemsOf({ command: 'plan', source: 'gone' });
  expect(problems.map(({ subject }) => subject)).toEqual(['source']);
});

describe('the repository of the source', () => {
  const files = { 'repo/api/index.js': '', 'repo/api/cloud.yml': 'Port: 80', 'index.js': '' };

  it.each<[string, Record<string, FakeNode>, string, string]>([
    ['the workspace', { '.git/config': '' }, 'repo/api', '/repo'],
    ['the workspace without a checkout by git', {}, 'repo/api', '/repo'],
    ['the folder that was checked out to', { 'repo/.git/config': '' }, 'repo/api', '/repo/repo'],
    ['the source itself', { 'repo/api/.git/config': '' }, 'repo/api', '/repo/repo/api'],
    ['not a submodule', { '.git/config': '', 'repo/.git': 'gitdir: x' }, 'repo/api', '/repo'],
    ['not outside of the workspace', {}, '.', '/repo'],
  ])('is %s', async (...[, git, source, repository]) => {
    expect((await settle({ source }, { ...files, ...git })).repository).toBe(repository);
  });

  it('is what places in the config file are relative to', async () => {
    const raw = { source: 'repo/api', 'server-config': 'repo/api/cloud.yml' };
    const { config } = await settle(raw, { ...files, 'repo/.git/config': '' });
    expect(config.positions['Port']?.file).toBe('api/cloud.yml');
    const outside = { 'cloud.yml': 'Port: 80', 'repo/.git/config': '' };
    const other = await settle({ ...raw, 'server-config': 'cloud.yml' }, { ...files, ...outside });
    expect(other.config.positions['Port']?.file).toBe('../cloud.yml');
  });
});

describe('the inputs of lint', () => {
  const problems = async (given: Partial<RawInputs>): Promise<string[]> =>
    (await problemsOf(given)).map(({ subject, message }) => `${subject}: ${message}`);

  it.each<[Partial<RawInputs>, string]>([
    [{ command: 'lint', lint: 'off' }, 'lint: is "off", but the command is "lint". Leave it out.'],
    [
      { lint: 'off', 'sarif-file': 'a.sarif' },
      'sarif-file: has nothing to hold, for lint is "off". Leave it out.',
    ],
    [
      { 'sarif-file': '../a.sarif' },
      'sarif-file: must be a path inside the workspace that ends with ".sarif", not "../a.sarif".',
    ],
    [
      { 'sarif-file': '/tmp/a.sarif' },
      'sarif-file: must be a path inside the workspace that ends with ".sarif", not "/tmp/a.sarif".',
    ],
    [
      { 'sarif-file': 'server.js' },
      'sarif-file: must be a path inside the workspace that ends with ".sarif", not "server.js".',
    ],
    [
      { 'lint-ignore': 'DL3008 cbr001' },
      'lint-ignore: must name rules such as CBR002, separated by spaces, commas or line breaks, not "cbr001". Did you mean "CBR001"?',
    ],
    [
      { mode: 'function', 'generate-dockerfile': 'true' },
      'generate-dockerfile: is "true", but mode "function" uses no Dockerfile. Leave it out, or use mode "container".',
    ],
    [
      { 'bot-id': 'ibot-shop-1' },
      'bot-id: is for mode "agent", and mode is "auto". Leave it out, or set mode to "agent".',
    ],
    [
      { command: 'lint', 'skip-unchanged': 'true' },
      'skip-unchanged: is for the commands "deploy" and "plan". Leave it out.',
    ],
  ])('are refused: %j', async (given, problem) => {
    expect(await problems(given)).toEqual([problem]);
  });

  it.each<[Partial<RawInputs>]>([
    [{ 'sarif-file': 'out/lint.sarif' }],
    [{ 'lint-ignore': 'CBR001 DL3008\nJSONArgsRecommended' }],
    [{ mode: 'container', 'generate-dockerfile': 'true' }],
    [{ mode: 'agent', 'bot-id': 'ibot-shop-1' }],
  ])('are taken: %j', async (given) => {
    expect((await settle(given, { 'index.js': '' })).sourceFolder).toBe(root);
  });

  it('do not ask for the values of env-from, which a fork does not have', async () => {
    const settled = await settle({ command: 'lint', 'env-from': 'TOKEN' }, { 'index.js': '' });
    expect(settled.envFrom).toEqual({});
  });
});
