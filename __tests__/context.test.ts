import { describe, expect, it } from '@jest/globals';

import {
  isDockerVariable,
  isVendorVariable,
  pickChildEnv,
  pickToolEnv,
  readContext,
} from '../src/context.ts';

const runner = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SHA: 'merge-commit',
  GITHUB_SERVER_URL: 'https://github.test',
  GITHUB_RUN_ID: '5',
  GITHUB_ACTION_REPOSITORY: 'acme/deploy',
  GITHUB_ACTION_REF: 'v1',
  GITHUB_WORKSPACE: '/work',
  GITHUB_STEP_SUMMARY: '/summary.md',
  RUNNER_TEMP: '/temp',
};

describe('where a run takes place', () => {
  it('comes from the variables of the runner', () => {
    expect(readContext(runner, {}, '1a2b')).toEqual({
      repository: 'acme/shop',
      sha: 'merge-commit',
      gitTag: '',
      repositoryUrl: 'https://github.test/acme/shop',
      runUrl: 'https://github.test/acme/shop/actions/runs/5',
      actionUrl: 'https://github.test/acme/deploy/blob/v1',
      pullRequest: undefined,
      workspace: '/work',
      tempFolder: '/temp/cloudbase-run-1a2b',
      summaryFile: '/summary.md',
      stepLabel: 'cloudbase-run-1a2b',
    });
  });

  it.each([
    ['tag', 'v1.2', 'v1.2'],
    ['branch', 'main', ''],
    [undefined, 'main', ''],
    ['tag', undefined, ''],
  ])('has a tag only where the run is for one: %s %s', (type, ...[name, gitTag]) => {
    const given = { ...runner, GITHUB_REF_TYPE: type, GITHUB_REF_NAME: name };
    expect(readContext(given, {}, '1').gitTag).toBe(gitTag);
  });

  it('takes the head of a pull request for the commit', () => {
    const context = readContext(runner, { pull_request: { number: 7, head: { sha: 'head-commit' } } }, '1');
    expect(context.pullRequest).toEqual({ number: 7, headSha: 'head-commit' });
    expect(context.sha).toBe('head-commit');
  });

  it.each([undefined, null, 'text', { pull_request: null }, { pull_request: { number: '7' } }])(
    'takes the event %j for none of a pull request',
    (event) => {
      expect(readContext(runner, event, '1').pullRequest).toBeUndefined();
    },
  );

  it.each([{ GITHUB_ACTION_REPOSITORY: '' }, { GITHUB_ACTION_REF: '' }])(
    'knows no address of an action that stands in the repository itself: %j',
    (given) => {
      expect(readContext({ ...runner, ...given }, {}, '1').actionUrl).toBe('');
    },
  );

  it('outside a runner has no URL of the run', () => {
    expect(readContext({}, undefined, '1')).toMatchObject({
      repository: '',
      sha: '',
      gitTag: '',
      repositoryUrl: '',
      runUrl: '',
      actionUrl: '',
      workspace: '.',
      tempFolder: '/tmp/cloudbase-run-1',
    });
  });
});

const everything = Object.fromEntries(
  [
    ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'XDG_CACHE_HOME', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
    ...[
      'HTTPS_PROXY',
      'https_proxy',
      'NO_PROXY',
      'http_proxy',
      'DOCKER_HOST',
      'BUILDX_BUILDER',
      'Path',
      'CLOUDBASE_RUN_STEP',
    ],
    ...[
      'INPUT_SECRET-KEY',
      'INPUT_PATH',
      'GITHUB_TOKEN',
      'GITHUB_PATH',
      'GITHUB_ENV',
      'ACTIONS_RUNTIME_TOKEN',
    ],
    ...['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'TENCENTCLOUD_SECRETKEY', 'AWS_SECRET_ACCESS_KEY', 'NODE_OPTIONS'],
    ...[
      'RUNNER_TEMP',
      'STATE_step',
      'MY_PATH',
      'PATHS',
      'DOCKER_PASSWORD',
      'NODE_AUTH_TOKEN',
      'npm_config_registry',
    ],
    ...['npm_config_//registry.test/:_authToken', 'NPM_TOKEN', 'COREPACK_HOME', 'PNPM_HOME'],
  ].map((name) => [name, 'value']),
);

describe('what child processes know', () => {
  it('is what finds tools, certificates, proxies and the engine, and nothing else', () => {
    expect(Object.keys(pickChildEnv({ ...everything, USER: undefined }, 'label'))).toEqual([
      ...[
        'PATH',
        'HOME',
        'LANG',
        'LC_ALL',
        'TMPDIR',
        'XDG_CACHE_HOME',
        'SSL_CERT_FILE',
        'NODE_EXTRA_CA_CERTS',
      ],
      ...[
        'HTTPS_PROXY',
        'https_proxy',
        'NO_PROXY',
        'http_proxy',
        'DOCKER_HOST',
        'BUILDX_BUILDER',
        'Path',
        'CLOUDBASE_RUN_STEP',
      ],
    ]);
  });

  it('adds the settings of package managers for package managers', () => {
    expect(Object.keys(pickToolEnv(everything).installEnv)).toEqual([
      ...['NODE_AUTH_TOKEN', 'npm_config_registry', 'npm_config_//registry.test/:_authToken'],
      ...['COREPACK_HOME', 'PNPM_HOME'],
    ]);
  });

  it('adds what reaches GitHub’s cache for builds that use it', () => {
    const names = [
      ...['ACTIONS_CACHE_URL', 'ACTIONS_RESULTS_URL', 'ACTIONS_CACHE_SERVICE_V2'],
      ...['ACTIONS_RUNTIME_URL', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'MY_ACTIONS_CACHE_URL'],
    ];
    const given = { ...everything, ...Object.fromEntries(names.map((name) => [name, 'value'])) };
    expect(Object.keys(pickToolEnv(given).cacheEnv).sort()).toEqual([
      ...['ACTIONS_CACHE_SERVICE_V2', 'ACTIONS_CACHE_URL', 'ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN'],
    ]);
  });
});

describe('a variable that vendor packages read', () => {
  it.each([
    'TENCENTCLOUD_SECRETID',
    'TCB_REGION',
    'TCB_BASE_URL',
    'USE_INTERNAL_ENDPOINT',
    'INTERNAL_ENDPOINT_REGION',
    'http_proxy',
  ])('is %s', (name) => {
    expect(isVendorVariable(name)).toBe(true);
  });

  it.each(['PATH', 'HTTPS_PROXY', 'MY_TCB_REGION', 'INPUT_REGION'])('is not %s', (name) => {
    expect(isVendorVariable(name)).toBe(false);
  });
});

describe('a variable that docker obeys', () => {
  it.each([
    ...['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONFIG', 'BUILDX_BUILDER', 'BUILDKIT_PROGRESS', 'GODEBUG'],
    ...['HTTPS_PROXY', 'no_proxy', 'LD_LIBRARY_PATH', 'XDG_CONFIG_HOME', 'OTEL_SDK_DISABLED', 'TMPDIR'],
  ])('is %s', (name) => {
    expect(isDockerVariable(name)).toBe(true);
  });

  it.each(['PORT', 'NODE_ENV', 'MY_PATH', 'HOMEPAGE', 'DOCKER', 'GO_VERSION', 'PROXY', 'LANGUAGE'])(
    'is not %s',
    (name) => {
      expect(isDockerVariable(name)).toBe(false);
    },
  );
});
