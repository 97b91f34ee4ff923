import { describe, expect, it } from '@jest/globals';

import type { Environment } from '../../../src/context.ts';
import { InputError } from '../../../src/errors.ts';
import type { RawInputs } from '../../../src/inputs.ts';
import { settleInputs, type Settled } from '../../../src/stages/inputs/inputs.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { rawInputs } from '../../support/samples.ts';

const settle = (given: Partial<RawInputs>, env: Environment = {}): Promise<Settled> =>
  settleInputs(rawInputs(given), { env, context: { workspace: root } }, createFakeFiles({ 'index.js': '' }));

const problemsOf = async (given: Partial<RawInputs>, env: Environment = {}): Promise<string[]> =>
  (await failureOf(InputError, () => settle(given, env))).problems.map(
    ({ subject, message }) => `${subject}: ${message}`,
  );

describe('env vars of the local run', () => {
  it.each<[Partial<RawInputs>, Record<string, string>]>([
    [{}, {}],
    [{ 'verify-env': 'A=1\nB=' }, { A: '1', B: '' }],
    [{ 'verify-env-from': 'TOKEN' }, { TOKEN: 'canary' }],
    [
      { 'verify-env': 'A=1', 'verify-env-from': 'TOKEN' },
      { A: '1', TOKEN: 'canary' },
    ],
    [
      { 'verify-env': 'A=1', 'verify-env-from': 'TOKEN', command: 'plan' },
      { A: '1', TOKEN: 'canary' },
    ],
    [
      { 'verify-env': 'A=1', 'verify-env-from': 'TOKEN', command: 'run' },
      { A: '1', TOKEN: 'canary' },
    ],
    // What the service has elsewhere may be another thing here.
    [{ 'env-from': 'TOKEN', 'verify-env': 'TOKEN=test' }, { TOKEN: 'test' }],
    [{ 'server-config': 'EnvParams: {A: live}', 'verify-env': 'A=test' }, { A: 'test' }],
  ])('of %j are %j', async (given, localEnv) => {
    expect((await settle(given, { TOKEN: 'canary', OTHER: 'x' })).localEnv).toEqual(localEnv);
  });

  const advice =
    'Set it in the step\'s "env:", such as "GONE: ${{ secrets.GONE }}", and check that the secret exists.';
  const port = 'must not name "PORT", which is set to the port of the service anyway. Leave it out.';

  it.each<[Partial<RawInputs>, string[]]>([
    [
      { 'verify-env-from': 'GONE' },
      [`verify-env-from: names "GONE", which is not set in the step's environment. ${advice}`],
    ],
    [
      { 'verify-env-from': 'GONE', command: 'run' },
      [`verify-env-from: names "GONE", which is not set in the step's environment. ${advice}`],
    ],
    [
      { 'verify-env-from': 'EMPTY' },
      [
        `verify-env-from: names "EMPTY", which is empty in the step's environment. ${advice.replaceAll('GONE', 'EMPTY')}`,
      ],
    ],
    [{ 'verify-env': 'PORT=canary' }, [`verify-env: ${port}`]],
    [{ 'verify-env-from': 'PORT' }, [`verify-env-from: ${port}`]],
    [
      { 'verify-env': 'TOKEN=1\nA=2', 'verify-env-from': 'TOKEN' },
      ['verify-env-from: names "TOKEN", which verify-env sets, too: set it in one of the two places.'],
    ],
  ])('%j are refused', async (given, problems) => {
    const env = { TOKEN: 'canary', EMPTY: '', PORT: '80' };
    expect(await problemsOf(given, env)).toEqual(problems);
  });

  it.each(['toString', '__proto__'])('named %s are no exception', async (name) => {
    const [problem] = await problemsOf({ 'verify-env-from': name });
    expect(problem).toContain(`names "${name}", which is not set`);
    const env = JSON.parse(`{"${name}":"x"}`) as Environment;
    expect(Object.entries((await settle({ 'verify-env-from': name }, env)).localEnv)).toEqual([[name, 'x']]);
  });
});

it('a local run asks for no values of env-from', async () => {
  const { envFrom, inputs } = await settle({ command: 'run', 'env-from': 'GONE' });
  expect([envFrom, inputs.envFrom]).toEqual([{}, ['GONE']]);
  expect((await settle({ command: 'run', 'env-from': 'TOKEN' }, { TOKEN: 'canary' })).envFrom).toEqual({});
});

describe('build secrets', () => {
  const repository = { 'image-repository': 'acme/shop' };

  it.each<[Partial<RawInputs>, Record<string, string>]>([
    [{}, {}],
    [
      { 'build-secrets': 'npm=TOKEN\nTOKEN', ...repository },
      { npm: 'canary', TOKEN: 'canary' },
    ],
    [{ 'build-secrets': 'npm=TOKEN', command: 'run' }, { npm: 'canary' }],
    [{ 'build-secrets': 'lines=LINES', command: 'run' }, { lines: 'a\nb' }],
  ])('of %j are %j', async (given, buildSecrets) => {
    expect((await settle(given, { TOKEN: 'canary', LINES: 'a\nb' })).buildSecrets).toEqual(buildSecrets);
  });

  // The name may be the value itself.
  it.each([
    ['npm=GHP_CANARY', 'npm', 'not set'],
    ['GONE', 'GONE', 'not set'],
    ['npm=EMPTY', 'npm', 'empty'],
    ['npm=toString', 'npm', 'not set'],
  ])('%j are refused', async (text, id, fault) => {
    expect(await problemsOf({ 'build-secrets': text, ...repository }, { EMPTY: '' })).toEqual([
      `build-secrets: takes the secret "${id}" from an environment variable that is ${fault} in the step's environment. ` +
        'Set it in the step\'s "env:", and check that the secret exists.',
    ]);
  });

  it('show nothing of a wrong line, nor of what stands beside it', async () => {
    const problems = await problemsOf({ 'build-secrets': 'npm=can-ary\nother=CANARY', ...repository });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toMatch(/can-?ary/i);
  });
});
