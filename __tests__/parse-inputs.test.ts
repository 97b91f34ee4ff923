import { describe, expect, it } from '@jest/globals';

import type { RawInputs } from '../src/inputs.ts';
import { parseInputs } from '../src/parse-inputs.ts';
import { rawInputs } from './support/samples.ts';

const problemsOf = (given: Partial<RawInputs>, env = {}): string[] =>
  parseInputs(rawInputs(given), env).problems.map(({ subject, message }) => `${subject}: ${message}`);

describe('good inputs', () => {
  it('become typed values', () => {
    expect(parseInputs(rawInputs({ 'timeout-seconds': '60', mode: 'container' }), {})).toEqual({
      problems: [],
      value: {
        command: 'deploy',
        target: { envId: 'demo-env', serviceName: 'shop' },
        mode: 'container',
        overlay: '',
        envFrom: [],
        envStrategy: 'merge',
        cloud: {
          credentials: { secretId: 'AKID-sample', secretKey: 'sample-secret-key', sessionToken: '' },
          region: 'ap-shanghai',
          apiEndpoint: 'https://{service}.tencentcloudapi.com',
        },
        lint: 'error',
        lintIgnore: [],
        sarifFile: '',
        selection: { include: [], exclude: [], allowedSecrets: [] },
        generatesDockerfile: false,
        build: {
          buildArgs: {},
          buildSecrets: {},
          target: '',
          cacheFrom: [],
          cacheTo: [],
          builder: '',
        },
        local: {
          verify: 'auto',
          checks: {
            path: '/',
            isPathGiven: false,
            statuses: [],
            ssePath: '',
            webSocketPath: '',
            burst: 0,
            botId: '',
          },
          env: {},
          envFrom: [],
        },
        delivery: { image: '', repository: '', tags: [], referenceBy: 'tag', access: undefined },
        skipUnchanged: false,
        redeploy: false,
        timeoutMs: 60_000,
        comment: 'auto',
        gitHubToken: 'token',
      },
    });
  });

  it.each<[Partial<RawInputs>, object]>([
    [{ 'config-environment': 'prod' }, { overlay: 'prod' }],
    [{ 'env-strategy': 'replace' }, { envStrategy: 'replace' }],
    [{ 'skip-unchanged': 'true' }, { skipUnchanged: true, redeploy: false }],
    [{ redeploy: 'true' }, { skipUnchanged: false, redeploy: true }],
    [{ 'lint-ignore': 'CBR002 DL3008,\nSC2086' }, { lintIgnore: ['CBR002', 'DL3008', 'SC2086'] }],
    [
      { include: 'docs/\n# why\n\n  *.md', exclude: './test' },
      { selection: { include: ['docs/', '*.md'], exclude: ['/test'], allowedSecrets: [] } },
    ],
    [
      { 'allow-secret-files': 'a b.key: local: test\n*.pem : public' },
      {
        selection: {
          include: [],
          exclude: [],
          allowedSecrets: [
            { pattern: 'a b.key', reason: 'local: test' },
            { pattern: '*.pem', reason: 'public' },
          ],
        },
      },
    ],
    [{ 'sarif-file': 'out/lint.sarif' }, { sarifFile: 'out/lint.sarif' }],
    [{ 'generate-dockerfile': 'true' }, { generatesDockerfile: true }],
    [
      { 'bot-id': 'ibot-shop_1-a', mode: 'agent' },
      { mode: 'agent', local: { checks: { botId: 'ibot-shop_1-a' } } },
    ],
    [{ 'build-args': 'A=1\nB=x=y' }, { build: { buildArgs: { A: '1', B: 'x=y' } } }],
    [
      { 'build-secrets': 'npm=NPM_TOKEN\nKEY' },
      { build: { buildSecrets: { npm: 'NPM_TOKEN', KEY: 'KEY' } } },
    ],
    [{ target: 'runtime', builder: 'remote' }, { build: { target: 'runtime', builder: 'remote' } }],
    [
      { 'cache-from': 'type=gha\na/b:cache', 'cache-to': 'type=inline' },
      { build: { cacheFrom: ['type=gha', 'a/b:cache'], cacheTo: ['type=inline'] } },
    ],
    [{ verify: 'true' }, { local: { verify: 'true' } }],
    [{ 'verify-path': '/' }, { local: { checks: { path: '/', isPathGiven: true } } }],
    [{ 'verify-path': '/healthz' }, { local: { checks: { path: '/healthz', isPathGiven: true } } }],
    [
      { 'verify-status': '200-299, 404' },
      {
        local: {
          checks: {
            isPathGiven: false,
            statuses: [
              { from: 200, to: 299 },
              { from: 404, to: 404 },
            ],
          },
        },
      },
    ],
    [
      { 'verify-sse-path': '/events', 'verify-websocket-path': '/socket', 'verify-burst': '500' },
      { local: { checks: { ssePath: '/events', webSocketPath: '/socket', burst: 500 } } },
    ],
    [{ 'verify-env': 'A=1', 'verify-env-from': 'B,C' }, { local: { env: { A: '1' }, envFrom: ['B', 'C'] } }],
    [{ image: 'ghcr.io/a/b:1' }, { delivery: { image: 'ghcr.io/a/b:1', access: undefined } }],
    [
      { 'image-repository': 'a/b', 'image-tags': 'v1, latest', 'image-reference': 'digest' },
      { delivery: { repository: 'a/b', tags: ['v1', 'latest'], referenceBy: 'digest' } },
    ],
    ...(
      [
        ['image', 'ghcr.io/a/b:1', 'ghcr.io'],
        ['image', 'node', 'docker.io'],
        ['image-repository', '127.0.0.1:5000/a', '127.0.0.1:5000'],
      ] as const
    ).map(([name, reference, registry]): [Partial<RawInputs>, object] => [
      { [name]: reference, 'registry-username': 'me', 'registry-password': 'canary' },
      { delivery: { access: { registry, username: 'me', password: 'canary' } } },
    ]),
    [{ command: 'run' }, { command: 'run', port: undefined, generatesDockerfile: false }],
    [{ command: 'run', 'run-port': '1' }, { port: 1 }],
    [{ command: 'run', 'run-port': '65535' }, { port: 65_535 }],
  ])('take %j as %j', (given, value) => {
    expect(parseInputs(rawInputs(given), {}).value).toMatchObject(value);
  });

  it.each([
    ['', []],
    [' \n , ', []],
    ['TOKEN', ['TOKEN']],
    ['A,B', ['A', 'B']],
    ['A B\tC', ['A', 'B', 'C']],
    ['  A ,\n B\r\n_C1,, ', ['A', 'B', '_C1']],
    ['A, B A\nB', ['A', 'B']],
    ['a A', ['a', 'A']],
    ['constructor', ['constructor']],
  ])('take the names %j as %j', (text, names) => {
    expect(parseInputs(rawInputs({ 'env-from': text }), {}).value?.envFrom).toEqual(names);
  });

  it.each(['abc', 'Shop-1', 'a_b', `a${'b'.repeat(44)}`])('takes the service name "%s"', (name) => {
    expect(problemsOf({ 'service-name': name })).toEqual([]);
  });

  it.each(['10', '21600'])('takes a timeout of %s seconds', (seconds) => {
    expect(problemsOf({ 'timeout-seconds': seconds })).toEqual([]);
  });

  it.each([
    ['https://{service}.internal.test/', 'https://{service}.internal.test'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1/{service}', 'http://localhost:1/{service}'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ])('takes the endpoint %s', (endpoint, used) => {
    expect(parseInputs(rawInputs({ 'api-endpoint': endpoint }), {}).value).toMatchObject({
      cloud: { apiEndpoint: used },
    });
  });
});

describe('the inputs of a command', () => {
  const parse = (command: string) =>
    parseInputs(rawInputs({ command, 'output-path': /^(package|download)$/.test(command) ? 'out' : '' }), {});
  const namesOf = (command: string): string[] => Object.keys(parse(command).value ?? {}).sort();
  const ofAll = ['command', 'envFrom', 'mode', 'overlay', 'timeoutMs'];
  const ofService = ['cloud', 'comment', 'envStrategy', 'gitHubToken', 'target'];
  const ofProject = ['generatesDockerfile', 'selection'];
  const ofSource = [...ofProject, 'lint', 'lintIgnore', 'sarifFile'];
  const ofImage = ['build', 'delivery', 'local'];
  const ofRelease = ['redeploy', 'skipUnchanged', ...ofImage];

  it.each([
    ['deploy', [...ofAll, ...ofService, ...ofSource, ...ofRelease]],
    ['plan', [...ofAll, ...ofService, ...ofSource, ...ofRelease]],
    ['update-config', [...ofAll, ...ofService]],
    ['lint', [...ofAll, ...ofSource]],
    ['run', [...ofAll, ...ofImage, ...ofProject, 'port']],
    ['package', [...ofAll, ...ofImage, ...ofProject, 'outputPath', 'overwrites']],
    ['download', [...ofAll, 'cloud', 'target', 'outputPath', 'overwrites']],
  ])('%s are what it needs', (command, names) => {
    expect(namesOf(command)).toEqual([...names].sort());
    expect(parse(command).value?.command).toBe(command);
  });
});

it('a lint needs neither a service nor credentials', () => {
  const raw = { command: 'lint', 'service-name': '', 'env-id': '', 'secret-id': '', 'secret-key': '' };
  expect(problemsOf({ ...raw, 'lint-ignore': 'CBR002, DL3008', 'generate-dockerfile': 'true' })).toEqual([]);
});

it('a download needs a folder, a service and credentials', () => {
  const none = { 'service-name': '', 'env-id': '', 'secret-id': '', 'secret-key': '', overwrite: 'yes' };
  expect(problemsOf({ ...none, command: 'download' }).map((problem) => problem.split(' must ')[0])).toEqual([
    expect.stringMatching(/^env-id: is missing/),
    expect.stringMatching(/^service-name/),
    expect.stringMatching(/^secret-id: is missing/),
    expect.stringMatching(/^secret-key: is missing/),
    'output-path: is missing: give the path of the folder that the code is put into.',
    'overwrite:',
  ]);
});

it('a local run needs neither a service nor credentials', () => {
  const none = { 'service-name': '', 'env-id': '', 'secret-id': '', 'secret-key': '', region: '?' };
  expect(problemsOf({ ...none, command: 'run' })).toEqual([]);
});

describe('bad inputs', () => {
  const nameForm =
    '3 to 45 letters, digits, hyphens and underscores, beginning with a letter and ending with a letter or digit';
  const endpointForm =
    'must be an https URL, or http on the loopback interface, such as "https://{service}.tencentcloudapi.com"';

  const commandForm =
    'must be "deploy" or "plan" or "update-config" or "lint" or "run" or "package" or "download"';
  const namesForm = 'must be names of environment variables, separated by spaces, commas or line breaks';
  const namesPlace = 'The values stand in the "env:" of the step.';

  it.each<[Partial<RawInputs>, string]>([
    [{ command: 'deplo' }, `command: ${commandForm}, not "deplo". Did you mean "deploy"?`],
    [{ command: 'plans' }, `command: ${commandForm}, not "plans". Did you mean "plan"?`],
    [
      { command: 'update_config' },
      `command: ${commandForm}, not "update_config". Did you mean "update-config"?`,
    ],
    [{ command: 'rollback' }, `command: ${commandForm}, not "rollback".`],
    [{ command: '' }, `command: ${commandForm}, not "".`],
    [
      { 'env-strategy': 'replaced' },
      'env-strategy: must be "merge" or "replace", not "replaced". Did you mean "replace"?',
    ],
    [
      { 'skip-unchanged': 'True' },
      'skip-unchanged: must be "true" or "false", not "True". Did you mean "true"?',
    ],
    [{ 'skip-unchanged': 'auto' }, 'skip-unchanged: must be "true" or "false", not "auto".'],
    [{ redeploy: 'yes' }, 'redeploy: must be "true" or "false", not "yes".'],
    [{ 'env-from': 'A 1B' }, `env-from: ${namesForm}, not "1B…". ${namesPlace}`],
    [{ 'env-from': 'MY-TOKEN' }, `env-from: ${namesForm}, not "MY…". ${namesPlace}`],
    [{ 'env-from': '["A"]' }, `env-from: ${namesForm}, not "…". ${namesPlace}`],
    [{ 'env-from': 'KEY=canary' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY=can-ary' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY="canary"' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY=a can-ary' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY=a,can-ary\nB' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY: can-ary' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [{ 'env-from': 'KEY: canary' }, `env-from: ${namesForm}, not "KEY…". ${namesPlace}`],
    [
      { mode: 'functoin' },
      'mode: must be "auto" or "function" or "container" or "agent", not "functoin". Did you mean "function"?',
    ],
    [{ mode: 'lambda' }, 'mode: must be "auto" or "function" or "container" or "agent", not "lambda".'],
    [{ lint: 'of' }, 'lint: must be "error" or "warning" or "off", not "of". Did you mean "off"?'],
    [
      { 'bot-id': 'ibot-My-1' },
      'bot-id: must have the form ibot-NAME-TAG, with lower-case letters, digits and underscores, not "ibot-My-1".',
    ],
    [{ 'generate-dockerfile': 'yes' }, 'generate-dockerfile: must be "true" or "false", not "yes".'],
    [{ verify: 'True' }, 'verify: must be "auto" or "true" or "false", not "True". Did you mean "true"?'],
    [{ comment: 'sometimes' }, 'comment: must be "auto" or "true" or "false", not "sometimes".'],
    [{ 'service-name': '' }, `service-name: is missing: give the name of the service, ${nameForm}.`],
    [{ 'service-name': 'ab' }, `service-name: must be ${nameForm}, not "ab".`],
    [{ 'service-name': '1shop' }, `service-name: must be ${nameForm}, not "1shop".`],
    [{ 'service-name': 'shop-' }, `service-name: must be ${nameForm}, not "shop-".`],
    [{ 'service-name': 'my shop' }, `service-name: must be ${nameForm}, not "my shop".`],
    [
      { 'service-name': `a${'b'.repeat(45)}` },
      `service-name: must be ${nameForm}, not "a${'b'.repeat(45)}".`,
    ],
    [
      { 'service-name': 'lcap-shop' },
      'service-name: must not begin with "lcap" or "lowcode", which the platform keeps for itself: "lcap-shop".',
    ],
    [
      { 'env-id': '' },
      'env-id: is missing: give the id of the CloudBase environment, such as "my-env-1a2b3c".',
    ],
    [{ 'env-id': 'a/b' }, 'env-id: must be an environment id of letters, digits and hyphens, not "a/b".'],
    [{ region: 'Shanghai' }, 'region: must be a region\'s id such as "ap-shanghai", not "Shanghai".'],
    [
      { 'secret-id': '' },
      'secret-id: is missing: give it from a repository secret, or set the environment variable TENCENTCLOUD_SECRETID.',
    ],
    [
      { 'secret-key': '' },
      'secret-key: is missing: give it from a repository secret, or set the environment variable TENCENTCLOUD_SECRETKEY.',
    ],
    [{ 'api-endpoint': 'http://api.test' }, `api-endpoint: ${endpointForm}, not "http://api.test".`],
    [
      { 'api-endpoint': 'http://127.0.0.1.evil.test' },
      `api-endpoint: ${endpointForm}, not "http://127.0.0.1.evil.test".`,
    ],
    [{ 'api-endpoint': 'api.test' }, `api-endpoint: ${endpointForm}, not "api.test".`],
    [{ 'api-endpoint': 'https://a@api.test' }, `api-endpoint: ${endpointForm}, not "https://a@api.test".`],
    [
      { 'api-endpoint': 'https://api.test?a=b' },
      `api-endpoint: ${endpointForm}, not "https://api.test?a=b".`,
    ],
    [{ 'image-reference': 'sha' }, 'image-reference: must be "tag" or "digest", not "sha".'],
    [
      { 'image-reference': 'digests' },
      'image-reference: must be "tag" or "digest", not "digests". Did you mean "digest"?',
    ],
    ...['-1', '501', 'many', '1.5'].map((burst): [Partial<RawInputs>, string] => [
      { 'verify-burst': burst },
      `verify-burst: must be a whole number from 0 to 500, not "${burst}".`,
    ]),
    ...['0', '65536', '80 81', '-1'].map((port): [Partial<RawInputs>, string] => [
      { command: 'run', 'run-port': port },
      `run-port: must be a whole number from 1 to 65535, not "${port}".`,
    ]),
    ...['soon', '9', '21601', '60.5', '-60', '1e3', ''].map((seconds): [Partial<RawInputs>, string] => [
      { 'timeout-seconds': seconds },
      `timeout-seconds: must be a whole number from 10 to 21600, not "${seconds}".`,
    ]),
  ])('%j', (given, message) => {
    expect(problemsOf(given)).toEqual([message]);
    expect(parseInputs(rawInputs(given), {}).value).toBeUndefined();
  });

  it('come all at once', () => {
    const problems = problemsOf({ command: 'x', 'service-name': '', 'env-id': '', 'timeout-seconds': 'x' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'command',
      'env-id',
      'service-name',
      'timeout-seconds',
    ]);
  });
});

it.each<[Partial<RawInputs>]>([
  [{ 'build-args': 'canary' }],
  [{ 'build-secrets': 'npm=can-ary' }],
  [{ target: 'a b' }],
  [{ 'cache-from': 'type=inline' }],
  [{ 'cache-to': 'type=gha,canary' }],
  [{ builder: '*' }],
  [{ 'verify-path': 'a' }],
  [{ 'verify-status': 'ok' }],
  [{ 'verify-env': 'canary' }],
  [{ 'verify-env-from': 'A=canary' }],
  [{ 'verify-sse-path': 'a' }],
  [{ 'verify-websocket-path': 'a' }],
  [{ image: 'A' }],
  [{ 'image-repository': 'a:1' }],
  [{ 'image-tags': '.a' }],
])('each has a rule of its own: %j', (given) => {
  const problems = problemsOf(given);
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(Object.keys(given));
  expect(problems.join()).not.toMatch(/can-?ary/);
});

describe('credentials', () => {
  const env = {
    TENCENTCLOUD_SECRETID: 'AKID-env',
    TENCENTCLOUD_SECRETKEY: 'key-env',
    TENCENTCLOUD_SESSIONTOKEN: 'token-env',
  };
  const credentialsOf = (given: Partial<RawInputs>): unknown => {
    const inputs = parseInputs(rawInputs(given), env).value;
    return inputs?.command === 'deploy' ? inputs.cloud.credentials : undefined;
  };

  it('fall back to the environment variables', () => {
    expect(credentialsOf({ 'secret-id': '', 'secret-key': '' })).toEqual({
      secretId: 'AKID-env',
      secretKey: 'key-env',
      sessionToken: 'token-env',
    });
  });

  it('of the inputs do not get the token of another pair', () => {
    expect(credentialsOf({})).toMatchObject({ secretId: 'AKID-sample', sessionToken: '' });
    expect(credentialsOf({ 'session-token': 'own' })).toMatchObject({ sessionToken: 'own' });
  });
});
