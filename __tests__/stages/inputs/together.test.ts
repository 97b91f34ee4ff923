import { describe, expect, it } from '@jest/globals';

import type { Environment } from '../../../src/context.ts';
import { InputError } from '../../../src/errors.ts';
import type { RawInputs } from '../../../src/inputs.ts';
import { settleInputs, type Settled } from '../../../src/stages/inputs/inputs.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { rawInputs } from '../../support/samples.ts';

const env: Environment = { TOKEN: 'canary-token', KEY: 'canary-key' };

const settle = (given: Partial<RawInputs>): Promise<Settled> =>
  settleInputs(rawInputs(given), { env, context: { workspace: root } }, createFakeFiles({ 'index.js': '' }));

const problemsOf = async (given: Partial<RawInputs>): Promise<string[]> =>
  (await failureOf(InputError, () => settle(given))).problems.map(
    ({ subject, message }) => `${subject}: ${message}`,
  );

const image = { image: 'ghcr.io/acme/shop:1' };
const repository = { 'image-repository': 'ghcr.io/acme/shop' };
const login = { 'registry-username': 'me', 'registry-password': 'canary-password' };
const builds: Partial<RawInputs> = {
  'build-args': 'A=1',
  'build-secrets': 'npm=TOKEN',
  target: 'runtime',
  'cache-from': 'type=gha',
  'cache-to': 'type=gha',
  builder: 'remote',
};
const speedUps = { 'cache-from': 'type=gha', 'cache-to': 'type=gha', builder: 'remote' };
const checks: Partial<RawInputs> = {
  'verify-path': '/healthz',
  'verify-status': '200',
  'verify-sse-path': '/events',
  'verify-websocket-path': '/socket',
  'verify-burst': '10',
};
const localEnv = { 'verify-env': 'A=1', 'verify-env-from': 'TOKEN' };

describe('inputs of images', () => {
  const needsRepository =
    "needs image-repository: the platform's own build knows no such thing, so what was verified would not be what it builds. " +
    'Give image-repository, or leave it out.';
  const isBuilt = 'has no effect, for image names an image that is built already. Leave one of the two out.';
  const isPushed = 'needs image-repository, where the image is pushed to. Give it, or leave this one out.';
  const isRemote =
    'needs image or image-repository, whose registry it is for. Give one of them, or leave this one out.';
  const earlier = 'Give both, or leave both out to use an earlier docker login.';
  const noImage = (mode: string): string =>
    `is for an image, but mode "${mode}" builds none. Leave it out, or use mode "container".`;
  const noDelivery = (mode: string): string =>
    `is for an image, but mode "${mode}" deploys source alone. Leave it out, or use mode "container".`;

  it.each<[Partial<RawInputs>, string[]]>([
    [{ 'build-args': 'A=1' }, [`build-args: ${needsRepository}`]],
    [{ 'build-secrets': 'TOKEN' }, [`build-secrets: ${needsRepository}`]],
    [{ target: 'runtime', mode: 'container' }, [`target: ${needsRepository}`]],
    [{ target: 'runtime', command: 'plan' }, [`target: ${needsRepository}`]],
    [
      { ...image, ...repository },
      [
        'image: is an image that exists, and image-repository is for one that is built. Leave one of the two out.',
      ],
    ],
    [{ ...image, ...builds }, Object.keys(builds).map((name) => `${name}: ${isBuilt}`)],
    [{ ...image, 'generate-dockerfile': 'true' }, [`generate-dockerfile: ${isBuilt}`]],
    [
      { ...image, ...speedUps, command: 'run' },
      ['cache-from', 'cache-to', 'builder'].map((name) => `${name}: ${isBuilt}`),
    ],
    [
      { ...image, 'skip-unchanged': 'true' },
      ['skip-unchanged: compares the source, and image is deployed without one. Leave one of the two out.'],
    ],
    [{ 'image-tags': 'v1' }, [`image-tags: ${isPushed}`]],
    [{ ...image, 'image-tags': 'v1' }, [`image-tags: ${isPushed}`]],
    [{ 'image-reference': 'digest' }, [`image-reference: ${isPushed}`]],
    [{ ...image, 'image-reference': 'digest' }, [`image-reference: ${isPushed}`]],
    [login, [`registry-username: ${isRemote}`, `registry-password: ${isRemote}`]],
    [
      { ...login, command: 'run' },
      ['registry-username', 'registry-password'].map(
        (name) => `${name}: needs image, whose registry it is for. Give it, or leave this one out.`,
      ),
    ],
    [{ ...image, 'registry-username': 'me' }, [`registry-username: needs registry-password. ${earlier}`]],
    [
      { ...repository, 'registry-password': 'canary' },
      [`registry-password: needs registry-username. ${earlier}`],
    ],
    [{ ...image, mode: 'function' }, [`image: ${noDelivery('function')}`]],
    [
      { ...image, ...speedUps, mode: 'agent' },
      [
        ...Object.keys(speedUps).map((name) => `${name}: ${noImage('agent')}`),
        `image: ${noDelivery('agent')}`,
      ],
    ],
    [{ ...repository, mode: 'agent' }, [`image-repository: ${noDelivery('agent')}`]],
    [{ ...builds, mode: 'function' }, Object.keys(builds).map((name) => `${name}: ${noImage('function')}`)],
    [
      { ...speedUps, mode: 'agent', command: 'run' },
      Object.keys(speedUps).map((name) => `${name}: ${noImage('agent')}`),
    ],
  ])('are refused: %j', async (given, problems) => {
    expect(await problemsOf(given)).toEqual(problems);
  });

  it.each<[Partial<RawInputs>]>([
    [{ ...repository, ...builds }],
    [{ ...repository, ...builds, command: 'plan', mode: 'container' }],
    [{ ...builds, command: 'run' }],
    [{ ...speedUps, mode: 'container' }],
    [{ ...repository, ...login, 'image-tags': 'v1 latest', 'image-reference': 'digest' }],
    [{ ...repository, 'skip-unchanged': 'true', 'generate-dockerfile': 'true' }],
    [{ ...image, ...login }],
    [{ ...image, ...login, command: 'run' }],
    [{ ...image, redeploy: 'true', mode: 'container' }],
    [{ ...image, command: 'plan', source: 'gone' }],
    [{ ...image, command: 'run', source: 'gone' }],
    [{ 'image-reference': 'tag' }],
  ])('are taken: %j', async (given) => {
    expect((await settle(given)).inputs.command).toBe(given.command ?? 'deploy');
  });
});

describe('inputs of the local run', () => {
  const isOff = 'has no effect, for verify is "false". Leave one of the two out.';

  it.each<[Partial<RawInputs>]>([[checks], [localEnv]])(
    'are refused where nothing runs: %j',
    async (given) => {
      const expected = Object.keys(given).map((name) => `${name}: ${isOff}`);
      expect((await problemsOf({ ...given, verify: 'false' })).sort()).toEqual(expected.sort());
    },
  );

  it.each<[Partial<RawInputs>]>([
    [{ ...checks, ...localEnv }],
    [{ ...checks, ...localEnv, verify: 'true', command: 'plan' }],
    [{ ...checks, mode: 'function' }],
    [{ ...localEnv, command: 'run', 'run-port': '8080' }],
    [{ verify: 'false', 'verify-burst': '0' }],
  ])('are taken: %j', async (given) => {
    expect((await settle(given)).inputs.command).toBe(given.command ?? 'deploy');
  });
});

describe('a command', () => {
  const ofService = 'is for the commands "deploy" and "plan". Leave it out.';
  const ofLocal = 'is for the commands "deploy", "plan" and "run". Leave it out.';
  const each = (given: Partial<RawInputs>, message: string): string[] =>
    Object.keys(given).map((name) => `${name}: ${message}`);
  const delivery = { ...repository, 'image-tags': 'v1', 'image-reference': 'digest' };
  const ofRelease = { 'skip-unchanged': 'true', redeploy: 'true' };

  it.each([['lint'], ['update-config']])(
    '%s takes no input of build, local run and image',
    async (command) => {
      const given = { ...builds, ...checks, ...localEnv, ...image, ...login, ...delivery, ...ofRelease };
      const expected = [
        ...each({ ...builds, ...localEnv, ...image, ...login }, ofLocal),
        ...each({ ...checks, ...delivery, ...ofRelease }, ofService),
        'run-port: is for the command "run". Leave it out.',
      ];
      const problems = await problemsOf({
        ...given,
        'run-port': '80',
        command,
        'server-config': 'MinNum: 1',
      });
      expect(problems.sort()).toEqual(expected.sort());
    },
  );

  it('run takes no input of release and checks', async () => {
    const given = { ...checks, ...delivery, ...ofRelease, verify: 'true' };
    expect((await problemsOf({ ...given, command: 'run' })).sort()).toEqual(each(given, ofService).sort());
  });

  it('run takes no verify "false" either, and says so once', async () => {
    const given = { ...localEnv, verify: 'false', command: 'run' };
    expect(await problemsOf(given)).toEqual([`verify: ${ofService}`]);
  });

  it.each(['deploy', 'plan'])('%s takes no port of the local run', async (command) => {
    expect(await problemsOf({ command, 'run-port': '8080' })).toEqual([
      'run-port: is for the command "run". Leave it out.',
    ]);
  });

  it.each(['lint', 'update-config'])('%s may stand beside verify, as it always could', async (command) => {
    const given = { command, verify: 'false', 'server-config': 'MinNum: 1' };
    expect((await settle(given)).inputs.command).toBe(command);
  });

  it('that is none is the only thing that is blamed', async () => {
    const problems = await problemsOf({ ...repository, 'run-port': '80', command: 'start' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['command']);
  });

  it('run needs neither a service nor credentials', async () => {
    const given = {
      'service-name': '',
      'env-id': '',
      'secret-id': '',
      'secret-key': '',
      'env-strategy': 'replace',
    };
    const { inputs } = await settle({ ...given, command: 'run', 'run-port': '8080' });
    expect(inputs).toMatchObject({ command: 'run', port: 8080 });
  });

  it('run needs its source as a deploy does', async () => {
    expect(await problemsOf({ command: 'run', source: 'gone' })).toEqual([
      expect.stringContaining('source: must be the folder to deploy'),
    ]);
  });
});

it('shows no value of a secret with any problem', async () => {
  const given = { ...login, 'build-args': 'A=canary\ncanary', 'verify-env': 'PORT=canary', 'env-id': '' };
  expect((await problemsOf({ ...given, ...localEnv })).join()).not.toContain('canary');
});
