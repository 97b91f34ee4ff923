import { describe, expect, it } from '@jest/globals';

import type { BuildInputs } from '../../../src/inputs.ts';
import { buildDockerBuild, imageName, type BuildArgsRequest } from '../../../src/stages/build/docker-args.ts';
import { buildInputs, containerProject } from '../../support/samples.ts';

function command(build: Partial<BuildInputs> = {}, given: Partial<BuildArgsRequest> = {}) {
  const request: BuildArgsRequest = {
    build: { ...buildInputs, ...build },
    buildSecrets: {},
    labels: {},
    cacheEnv: { ACTIONS_RUNTIME_TOKEN: 'cache-token' },
    dockerfile: '/elsewhere/D',
    reference: 'cloudbase-run-1a2b:verify',
    progress: 'rawjson',
    ...given,
  };
  return buildDockerBuild(containerProject({ buildFolder: 'image', dockerfile: 'D' }), request);
}

const head = [
  ...['buildx', 'build', '--load', '--progress', 'rawjson', '--platform', 'linux/amd64'],
  ...['--provenance', 'false', '--sbom', 'false', '--tag', 'cloudbase-run-1a2b:verify'],
];
const tail = ['--file', '/elsewhere/D', '/repo/image'];

describe('the docker command of a build', () => {
  it.each<[string, Partial<BuildInputs>, Partial<BuildArgsRequest>, readonly string[]]>([
    ['nothing', {}, {}, []],
    [
      'labels',
      {},
      { labels: { 'org.opencontainers.image.revision': 'abc', b: 'x=y' } },
      ['--label', 'org.opencontainers.image.revision=abc', '--label', 'b=x=y'],
    ],
    [
      'build args by their names',
      { buildArgs: { VERSION: '1.2', EMPTY: '' } },
      {},
      ['--build-arg', 'VERSION', '--build-arg', 'EMPTY'],
    ],
    [
      'secrets by their ids',
      { buildSecrets: { npm: 'NPM_TOKEN', pip: 'PIP' } },
      { buildSecrets: { npm: 'canary', pip: 'canary' } },
      [
        ...['--secret', 'id=npm,env=CLOUDBASE_RUN_BUILD_SECRET_0'],
        ...['--secret', 'id=pip,env=CLOUDBASE_RUN_BUILD_SECRET_1'],
      ],
    ],
    ['a target', { target: 'runtime' }, {}, ['--target', 'runtime']],
    [
      'caches',
      { cacheFrom: ['type=gha', 'acme/shop:cache'], cacheTo: ['type=local,dest=/c'] },
      {},
      ['--cache-from', 'type=gha', '--cache-from', 'acme/shop:cache', '--cache-to', 'type=local,dest=/c'],
    ],
    ['a builder', { builder: 'remote' }, {}, ['--builder', 'remote']],
  ])('with %s', (_what, ...[build, given, args]) => {
    expect(command(build, given).args).toEqual([...head, ...args, ...tail]);
  });

  it('has plain progress for a buildx that knows no other', () => {
    expect(command({}, { progress: 'plain' }).args.slice(3, 5)).toEqual(['--progress', 'plain']);
  });

  it('hands values over by its environment, never on its argv', () => {
    const { args, env } = command(
      { buildArgs: { VERSION: 'canary-arg' } },
      { buildSecrets: { npm: 'canary-secret', pip: 'canary-other' } },
    );
    expect(args.join(' ')).not.toContain('canary');
    expect(env).toEqual({
      VERSION: 'canary-arg',
      CLOUDBASE_RUN_BUILD_SECRET_0: 'canary-secret',
      CLOUDBASE_RUN_BUILD_SECRET_1: 'canary-other',
    });
  });

  it.each([
    ...['PATH', 'HOME', 'HTTPS_PROXY', 'http_proxy', 'DOCKER_HOST', 'BUILDX_BUILDER', 'BUILDKIT_HOST'],
    ...['GOFLAGS', 'LD_PRELOAD', 'SSL_CERT_FILE', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'ACTIONS_CACHE_URL'],
    ...['CLOUDBASE_RUN_STEP', 'CLOUDBASE_RUN_BUILD_SECRET_0'],
  ])('keeps the build arg "%s" out of the environment, for docker or the step obeys it', (name) => {
    const { args, env } = command({ buildArgs: { [name]: 'x' } }, { buildSecrets: { npm: 'secret' } });
    expect(args).toContain(`${name}=x`);
    expect(env).toEqual({ CLOUDBASE_RUN_BUILD_SECRET_0: 'secret' });
  });

  it.each(['PATHS', 'GO_VERSION', 'PROXY', 'MY_HOME', 'DOCKER', 'GIT_SHA'])(
    'takes the build arg "%s" from the environment',
    (name) => {
      expect(command({ buildArgs: { [name]: 'x' } })).toMatchObject({
        args: expect.arrayContaining([name]),
        env: { [name]: 'x' },
      });
    },
  );

  it.each<[string, boolean]>([
    ['type=gha', true],
    ['type=gha,scope=api', true],
    ['scope=api,type=gha', true],
    ['TYPE=gha', true],
    ['"type=gha",mode=max', true],
    ['type=registry,ref=acme/shop:cache', false],
    ['type=local,dest=/gha', false],
    ['type=registry,ref=acme/type=gha', false],
    ['acme/gha', false],
  ])('knows GitHub’s cache for "%s": %s', (cache, isKnown) => {
    const known = isKnown ? { ACTIONS_RUNTIME_TOKEN: 'cache-token' } : {};
    expect(command({ cacheFrom: [cache] }).env).toEqual(known);
    expect(command({ cacheTo: [cache] }).env).toEqual(known);
  });
});

it('names the image after the step, in lower case', () => {
  expect(imageName('cloudbase-run-1A2b')).toBe('cloudbase-run-1a2b:verify');
});
