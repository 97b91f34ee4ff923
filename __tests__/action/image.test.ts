import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { listLabelled } from '../support/leftovers.ts';
import { describeWithRegistry, listTags, readManifest } from '../support/registry.ts';
import {
  ask,
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  removeWorkspaces,
  shownBy,
  writesTo,
  type StepRequest,
  type Tree,
} from '../support/step.ts';
import { resultsOf, verificationOf } from '../support/verification.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const server = `const { createServer } = require('node:http');
const server = createServer((request, response) => response.end(JSON.stringify({ version: process.env.VERSION })));
process.once('SIGTERM', () => server.close(() => process.exit(0)));
server.listen(process.env.PORT);
`;

/** A small service whose image differs with its version. */
function sourceOf(version: string): Tree {
  return {
    Dockerfile: `FROM node:24-slim\nCOPY server.js ./\nENV VERSION="${version}"\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n`,
    'server.js': server,
  };
}

const labelOf = (result: StepResult): string => `cloudbase-run-${result.state['step'] ?? ''}`;

describeWithRegistry('an image through dist', ({ engine, registry }) => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
  });
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  const step = async (tree: Tree, request: Omit<StepRequest, 'workspace'>): Promise<StepResult> =>
    deploy(emulator, {
      workspace: await makeWorkspace(tree),
      ...request,
      inputs: { verify: 'auto', lint: 'off', mode: 'container', ...request.inputs },
      env: { ...engine.env, GITHUB_SHA: sha, ...request.env },
    });
  const docker = async (...args: string[]): Promise<string> =>
    (await execa('docker', args, { env: engine.env })).stdout;
  const names = async (): Promise<string[]> =>
    (await docker('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n').sort();

  describe('that is built, verified and pushed', () => {
    let result: StepResult;
    let before: string[];
    const repository = (): string => `${registry.address}/team/shop`;

    beforeAll(async () => {
      before = await names();
      result = await step(sourceOf('one'), {
        inputs: {
          'service-name': 'shop',
          'image-repository': repository(),
          'image-tags': 'latest, v1',
          'server-config': 'OpenAccessTypes: [WEB]',
        },
      });
    }, 120_000);

    it('is live, and its outputs name what lies in the registry', async () => {
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
      const { digest } = await readManifest(registry, 'team/shop', sha);
      expect(result.outputs).toMatchObject({ status: 'live', image: `${repository()}:${sha}`, digest });
      expect(Number(result.outputs['image-size-bytes'])).toBeGreaterThan(1_000_000);
      expect(Number(result.outputs['time-to-listen-ms'])).toBeGreaterThan(0);
      expect(await listTags(registry, 'team/shop')).toEqual([sha, 'latest', 'v1']);
      expect(await ask(result.outputs['url'] ?? '')).toEqual({ status: 200, body: { version: 'one' } });
    });

    it('runs in the cloud as the very image that was verified', async () => {
      const { configDigest } = await readManifest(registry, 'team/shop', sha);
      const running = await docker('ps', '--quiet', '--filter', 'label=deploy-cloudbase-run.emulator');
      const images = await docker('inspect', '--format', '{{.Image}}', ...running.split('\n'));
      expect(images.split('\n')).toContain(configDigest);
      expect(result.summary).toContain('the very image that was checked here');
      expect(verificationOf(result).status).toBe('passed');
    });

    it('is released by its reference, and no package is uploaded', () => {
      const [write] = writesTo(emulator, 'shop');
      expect(write?.params['DeployInfo']).toMatchObject({
        DeployType: 'image',
        ImageUrl: `${repository()}:${sha}`,
      });
      expect(emulator.journal.actions()).not.toContain('DescribeCloudBaseBuildService');
    });

    it('carries the commit as its revision, and nothing of the step', async () => {
      const reference = `${repository()}:${sha}`;
      await docker('pull', '--quiet', reference);
      const labels = await docker('image', 'inspect', '--format', '{{json .Config.Labels}}', reference);
      await docker('rmi', reference);
      const own = Object.entries(JSON.parse(labels) as Record<string, string>);
      const ofBase = (name: string): boolean => name === 'deploy-cloudbase-run.stand-in';
      expect(own.filter(([name]) => !ofBase(name))).toEqual([['org.opencontainers.image.revision', sha]]);
    });

    it('leaves no container, image, name or file', async () => {
      expect(await listLabelled(engine, labelOf(result))).toEqual([]);
      expect((await names()).filter((name) => !before.includes(name) && name.includes('team/shop:'))).toEqual(
        [],
      );
      expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    });

    it('is not moved by another image of the same commit', async () => {
      const first = await readManifest(registry, 'team/shop', sha);
      const second = await step(sourceOf('two'), {
        inputs: { 'service-name': 'shop', 'image-repository': repository(), 'image-tags': 'latest' },
      });
      expect([second.exitCode, errorsOf(second)]).toEqual([0, []]);
      expect(await readManifest(registry, 'team/shop', sha)).toEqual(first);
      const image = second.outputs['image'] ?? '';
      expect(image).toMatch(new RegExp(`:${sha}-[0-9a-f]{12}$`));
      const { digest } = await readManifest(registry, 'team/shop', image.split(':').at(-1) ?? '');
      expect(second.outputs['digest']).toBe(digest);
      expect((await readManifest(registry, 'team/shop', 'latest')).digest).toBe(digest);
      expect(await ask(result.outputs['url'] ?? '')).toEqual({ status: 200, body: { version: 'two' } });
    }, 120_000);

    it('can be deployed by its digest', async () => {
      const third = await step(sourceOf('two'), {
        inputs: { 'service-name': 'shop', 'image-repository': repository(), 'image-reference': 'digest' },
      });
      expect([third.exitCode, errorsOf(third)]).toEqual([0, []]);
      expect(third.outputs['image']).toBe(`${repository()}@${third.outputs['digest']}`);
      expect(third.lines.some((line) => line.endsWith('is this very image already.'))).toBe(true);
    }, 120_000);
  });

  it('gets build args, a stage and secrets, of which nothing is shown or kept', async () => {
    const secret = 'zq-build-secret-0815';
    const result = await step(
      {
        Dockerfile: `FROM node:24-slim AS app
ARG VERSION
COPY server.js ./
RUN --mount=type=secret,id=token node -e "const value = require('fs').readFileSync('/run/secrets/token', 'utf8'); require('fs').writeFileSync('length', String(value.length))"
ENV VERSION=$VERSION
USER node
EXPOSE 8080
CMD ["node", "-e", "process.env.VERSION += require('fs').readFileSync('length', 'utf8'); require('./server.js')"]
FROM node:24-slim
RUN exit 1
`,
        'server.js': server,
      },
      {
        inputs: {
          'service-name': 'args',
          'image-repository': `${registry.address}/args`,
          'build-args': 'VERSION=seven-',
          'build-secrets': 'token=BUILD_TOKEN',
          target: 'app',
          'server-config': 'OpenAccessTypes: [WEB]',
        },
        env: { BUILD_TOKEN: secret },
      },
    );
    expect([result.exitCode, errorsOf(result)]).toEqual([0, []]);
    const body = { version: `seven-${secret.length}` };
    expect(await ask(result.outputs['url'] ?? '')).toEqual({ status: 200, body });
    expect(shownBy(result)).not.toContain(secret);
    const reference = result.outputs['image'] ?? '';
    await docker('pull', '--quiet', reference);
    const kept = [await docker('history', '--no-trunc', reference), await docker('inspect', reference)];
    await docker('rmi', reference);
    expect(kept.join('\n')).not.toContain(secret);
  }, 120_000);

  describe('that exists already', () => {
    const reference = (): string => `${registry.address}/ready:1`;

    beforeAll(async () => {
      const folder = await makeWorkspace(sourceOf('ready'));
      await docker('buildx', 'build', '--provenance=false', '--tag', reference(), '--push', folder);
    }, 60_000);

    it('is verified and deployed without a source', async () => {
      const inputs = {
        'service-name': 'ready',
        image: reference(),
        'server-config': 'Port: 8080\nOpenAccessTypes: [WEB]',
      };
      const result = await step({}, { inputs });
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []]);
      const { digest } = await readManifest(registry, 'ready', '1');
      expect(result.outputs).toMatchObject({ status: 'live', image: reference(), digest });
      expect(resultsOf(result)).toMatchObject({ starts: 'passed', listens: 'passed', user: 'passed' });
      expect(await ask(result.outputs['url'] ?? '')).toEqual({ status: 200, body: { version: 'ready' } });
    }, 60_000);

    it('is refused when the registry does not have it', async () => {
      const inputs = {
        'service-name': 'absent',
        image: `${registry.address}/ready:2`,
        'server-config': 'Port: 8080',
      };
      const result = await step({}, { inputs });
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'image-pull' });
      expect(errorsOf(result)).toEqual([expect.stringContaining(`${registry.address}/ready:2`)]);
      expect(writesTo(emulator, 'absent')).toEqual([]);
    }, 60_000);

    it('needs a port', async () => {
      const result = await step({}, { inputs: { 'service-name': 'portless', image: reference() } });
      expect(result.outputs['failure-kind']).toBe('input');
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^server-config: Port: is missing/)]);
    }, 60_000);
  });
});

const user = { name: 'robot', password: 'zq-registry-password' };

describeWithRegistry(
  'an image in a registry with a login',
  ({ engine, registry }) => {
    let emulator: Emulator;
    let config: string;

    beforeAll(async () => {
      emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
      config = join(await makeWorkspace({}), 'docker');
      const own = join(
        engine.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '', '.docker'),
        'cli-plugins',
      );
      await mkdir(config, { recursive: true });
      await writeFile(join(config, 'config.json'), JSON.stringify({ auths: {}, cliPluginsExtraDirs: [own] }));
    });
    afterAll(async () => {
      await emulator.close();
      await removeWorkspaces();
    });

    const push = async (serviceName: string, password: string): Promise<StepResult> =>
      deploy(emulator, {
        workspace: await makeWorkspace(sourceOf(serviceName)),
        env: { ...engine.env, DOCKER_CONFIG: config, GITHUB_SHA: sha },
        inputs: {
          verify: 'auto',
          lint: 'off',
          'service-name': serviceName,
          'image-repository': `${registry.address}/private`,
          'registry-username': user.name,
          'registry-password': password,
        },
      });

    it('is pushed with the step own login, which goes with the step', async () => {
      const result = await push('private', user.password);
      expect(await listTags(registry, 'private')).toEqual([sha]);
      // The platform has no login for this registry, and that is said before the release.
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'image-pull' });
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/CloudBase Run cannot pull .*without a login/),
      ]);
      expect(writesTo(emulator, 'private')).toEqual([]);
      expect(shownBy(result)).not.toContain(user.password);
      expect(JSON.parse(await readFile(join(config, 'config.json'), 'utf8'))).toMatchObject({ auths: {} });
      expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    }, 120_000);

    it('is refused with a wrong password, before anything is built', async () => {
      const result = await push('wrong', 'zq-wrong-password');
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'auth' });
      expect(errorsOf(result)).toEqual([expect.stringContaining(registry.address)]);
      expect(shownBy(result)).not.toContain('zq-wrong-password');
      expect(result.lines.join('\n')).not.toContain('RUN');
      expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    }, 60_000);
  },
  { user },
);
