import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import type { TestEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { startFaultProxy, type FaultProxy } from '../support/registry-faults.ts';
import { describeWithRegistry } from '../support/registry.ts';
import {
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  removeWorkspaces,
  shownBy,
  writesTo,
  type StepRequest,
} from '../support/step.ts';

/** Every image differs from those before it, so that there is something to push. */
const dockerfileOf = (mark: string): string => `FROM node:24-slim
RUN echo "${mark}" > mark && head -c 8000000 /dev/urandom > ballast
USER node
EXPOSE 8080
CMD ["node", "-e", "process.once('SIGTERM', () => process.exit(0)); require('node:http').createServer((q, r) => r.end()).listen(8080)"]
`;
const slowDockerfileOf = (mark: string): string =>
  `FROM node:24-slim\nRUN echo "${mark} begins" && sleep 60\nUSER node\nEXPOSE 8080\nCMD ["node", "x.js"]\n`;

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

interface World {
  readonly engine: TestEngine;
  readonly emulator: () => Emulator;
  readonly proxy: () => FaultProxy;
}

type Push = Partial<StepRequest> & { readonly mark: string; readonly dockerfile?: string };

/** Deploys an image of its own through the registry, both named after the mark. */
async function push(
  { engine, emulator, proxy }: World,
  { mark, dockerfile = dockerfileOf(mark), inputs, env, ...request }: Push,
): Promise<StepResult> {
  return deploy(emulator(), {
    workspace: await makeWorkspace({ Dockerfile: dockerfile }),
    ...request,
    inputs: {
      lint: 'off',
      mode: 'container',
      'image-repository': `${proxy().address}/${mark}`,
      'service-name': mark,
      ...inputs,
    },
    env: { ...engine.env, ...env },
  });
}

/** Pushes with a registry that takes the layers and never answers, and sends the signal once it hangs. */
async function killPush(world: World, signal: NodeJS.Signals, request: Push): Promise<StepResult> {
  const proxy = world.proxy();
  proxy.fault({ method: /^PATCH$/, path: pathOf(request.mark), answer: 'hang' });
  const ended = new AbortController();
  const isHanging = (): boolean =>
    proxy.seen.some(({ path, fault }) => pathOf(request.mark).test(path) && fault === 'hang');
  const killWhenHanging = async (kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    while (!isHanging() && !ended.signal.aborted) await delay(50);
    kill(signal);
  };
  const result = await push(world, { ...request, onStart: (kill) => void killWhenHanging(kill) });
  ended.abort();
  expect(isHanging()).toBe(true);
  return result;
}

const pathOf = (mark: string): RegExp => new RegExp(`^/v2/${mark}/`);

async function expectNothingLeft({ engine, proxy }: World, result: StepResult, mark: string): Promise<void> {
  const label = `cloudbase-run-${result.state['step'] ?? ''}`;
  const args = ['images', '--format', '{{.Repository}}:{{.Tag}}'];
  const { stdout } = await execa('docker', args, { env: engine.env });
  expect({
    containersAndImages: await listLabelled(engine, label),
    // What the emulator runs has a name of its own.
    names: stdout.split('\n').filter((name) => name.startsWith(`${proxy().address}/${mark}:`)),
    processes: listProcesses(label),
    files: result.leftAfterPost,
  }).toEqual({ containersAndImages: [], names: [], processes: [], files: [] });
}

describeWithRegistry('an image on its way to a registry', ({ engine, registry }) => {
  let emulator: Emulator;
  let proxy: FaultProxy;
  const world: World = { engine, emulator: () => emulator, proxy: () => proxy };

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
    proxy = await startFaultProxy(registry.address);
  });
  afterAll(async () => {
    await proxy.close();
    await emulator.close();
    await removeWorkspaces();
  });

  describe('that refuses', () => {
    const refusals = [
      { mark: 'refused-401', answer: { status: 401 }, kind: 'auth' },
      { mark: 'refused-403', answer: { status: 403 }, kind: 'auth' },
      { mark: 'refused-429', answer: { status: 429 }, kind: 'upload' },
      { mark: 'refused-503', answer: { status: 503 }, kind: 'network' },
      { mark: 'refused-drop', answer: 'drop' as const, kind: 'network' },
    ];
    const results = new Map<string, StepResult>();

    beforeAll(async () => {
      // Docker itself waits long before it gives up: all of them at once.
      const runs = refusals.map(async ({ mark, answer }) => {
        proxy.fault({ method: /^(POST|PATCH|PUT)$/, path: pathOf(mark), answer });
        results.set(mark, await push(world, { mark }));
      });
      await Promise.all(runs);
    }, 180_000);

    it.each(refusals)('ends with one error: $mark is $kind', async ({ mark, kind }) => {
      const result = results.get(mark);
      if (result === undefined) throw new Error('The step did not end.');
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': kind });
      expect(errorsOf(result)).toEqual([expect.stringContaining(proxy.address)]);
      expect(writesTo(emulator, mark)).toEqual([]);
      expect(result.leftAfterMain).toEqual([]);
      await expectNothingLeft(world, result, mark);
    });

    it('gets it all the same when the refusal passes', async () => {
      proxy.fault({ method: /^POST$/, path: pathOf('passing'), times: 1, answer: { status: 429 } });
      const result = await push(world, { mark: 'passing' });
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []]);
      expect(proxy.seen.filter(({ path, fault }) => pathOf('passing').test(path) && fault)).toHaveLength(1);
      await expectNothingLeft(world, result, 'passing');
    }, 60_000);
  });

  describe('when the step is killed', () => {
    it.each(signals)(
      'in the middle of the push by %s, leaves nothing',
      async (signal) => {
        const mark = `killed-push-${signal.toLowerCase()}`;
        const result = await killPush(world, signal, { mark });
        if (signal !== 'SIGKILL') expect(result.outputs).toMatchObject({ status: 'cancelled' });
        expect(writesTo(emulator, mark)).toEqual([]);
        await expectNothingLeft(world, result, mark);
      },
      60_000,
    );

    it.each(signals)(
      'in the middle of the build by %s, leaves nothing',
      async (signal) => {
        const mark = `killed-build-${signal.toLowerCase()}`;
        let stop = (): void => undefined;
        let hasBegun = false;
        const result = await push(world, {
          mark,
          dockerfile: slowDockerfileOf(mark),
          onStart: (kill) => {
            stop = () => {
              kill(signal);
            };
          },
          onLine: (line) => {
            if (hasBegun || !line.endsWith(`] ${mark} begins`)) return;
            hasBegun = true;
            stop();
          },
        });
        expect(hasBegun).toBe(true);
        if (signal !== 'SIGKILL') expect(result.outputs).toMatchObject({ status: 'cancelled' });
        await expectNothingLeft(world, result, mark);
      },
      60_000,
    );
  });
});

const user = { name: 'robot', password: 'zq-registry-password' };

describeWithRegistry(
  'an image on its way to a registry with a login',
  ({ engine, registry }) => {
    let emulator: Emulator;
    let proxy: FaultProxy;
    const world: World = { engine, emulator: () => emulator, proxy: () => proxy };

    beforeAll(async () => {
      emulator = await startEmulator({ timeline: instant });
      proxy = await startFaultProxy(registry.address);
    });
    afterAll(async () => {
      await proxy.close();
      await emulator.close();
      await removeWorkspaces();
    });

    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'leaves no login when the step is killed by %s',
      async (signal) => {
        const mark = `killed-login-${signal.toLowerCase()}`;
        const config = await makeWorkspace({});
        const own = engine.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '', '.docker');
        const before = JSON.stringify({ auths: {}, cliPluginsExtraDirs: [join(own, 'cli-plugins')] });
        await writeFile(join(config, 'config.json'), before);
        const result = await killPush(world, signal, {
          mark,
          env: { DOCKER_CONFIG: config },
          inputs: { 'registry-username': user.name, 'registry-password': user.password },
        });
        if (signal === 'SIGTERM') expect(result.outputs).toMatchObject({ status: 'cancelled' });
        // The login was there: what SIGKILL left is what the post part had to remove.
        expect(result.leftAfterMain).toHaveLength(signal === 'SIGKILL' ? 1 : 0);
        expect(await readFile(join(config, 'config.json'), 'utf8')).toBe(before);
        const { stdout } = await execa('grep', ['-rlE', `auth"|${user.password}`, config], { reject: false });
        expect(stdout).toBe('');
        expect(shownBy(result)).not.toContain(user.password);
        await expectNothingLeft(world, result, mark);
      },
      60_000,
    );
  },
  { user },
);
