import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { startFaultProxy, type FaultProxy } from '../support/registry-faults.ts';
import { describeWithRegistry } from '../support/registry.ts';
import {
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  removeWorkspaces,
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

const labelOf = (result: StepResult): string => `cloudbase-run-${result.state['step'] ?? ''}`;

describeWithRegistry('an image on its way to a registry', ({ engine, registry }) => {
  let emulator: Emulator;
  let proxy: FaultProxy;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
    proxy = await startFaultProxy(registry.address);
  });
  afterAll(async () => {
    await proxy.close();
    await emulator.close();
    await removeWorkspaces();
  });

  const push = async (mark: string, request: Omit<StepRequest, 'workspace'>): Promise<StepResult> =>
    deploy(emulator, {
      workspace: await makeWorkspace({ Dockerfile: dockerfileOf(mark) }),
      ...request,
      inputs: {
        lint: 'off',
        mode: 'container',
        'image-repository': `${proxy.address}/${mark}`,
        'service-name': mark,
        ...request.inputs,
      },
      env: engine.env,
    });
  const namesOf = async (mark: string): Promise<string[]> => {
    const { stdout } = await execa('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], {
      env: engine.env,
    });
    return stdout.split('\n').filter((name) => name.includes(`/${mark}:`));
  };
  const expectNothingLeft = async (result: StepResult, mark: string): Promise<void> => {
    const label = labelOf(result);
    expect({
      containersAndImages: await listLabelled(engine, label),
      names: await namesOf(mark),
      processes: listProcesses(label),
      files: result.leftAfterPost,
    }).toEqual({ containersAndImages: [], names: [], processes: [], files: [] });
  };

  describe('that refuses', () => {
    it.each([
      { mark: 'refused-401', answer: { status: 401 }, kind: 'auth' },
      { mark: 'refused-403', answer: { status: 403 }, kind: 'auth' },
      { mark: 'refused-429', answer: { status: 429 }, kind: 'upload' },
      { mark: 'refused-503', answer: { status: 503 }, kind: 'network' },
      { mark: 'refused-drop', answer: 'drop' as const, kind: 'network' },
    ])(
      'ends with one error: $mark is $kind',
      async ({ mark, answer, kind }) => {
        proxy.heal();
        proxy.fault({ method: /^(POST|PATCH|PUT)$/, path: /./, answer });
        const result = await push(mark, {});
        expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': kind });
        expect(errorsOf(result)).toEqual([expect.stringContaining(proxy.address)]);
        expect(writesTo(emulator, mark)).toEqual([]);
        expect(result.leftAfterMain).toEqual([]);
        await expectNothingLeft(result, mark);
      },
      180_000,
    );

    it('gets it all the same when the refusal passes', async () => {
      proxy.heal();
      proxy.fault({ method: /^POST$/, path: /uploads/, times: 1, answer: { status: 429 } });
      const result = await push('passing', {});
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []]);
      await expectNothingLeft(result, 'passing');
    }, 180_000);
  });

  describe('when the step is killed', () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

    it.each(signals)(
      'in the middle of the push by %s, leaves nothing',
      async (signal) => {
        const mark = `killed-push-${signal.toLowerCase()}`;
        proxy.heal();
        proxy.fault({ method: /^PATCH$/, path: /./, answer: 'hang' });
        let stop = (): void => undefined;
        const isHanging = (): boolean =>
          proxy.seen.some(({ path, fault }) => path.includes(mark) && fault === 'hang');
        const watch = async (): Promise<void> => {
          while (!isHanging()) await delay(50);
          stop();
        };
        void watch();
        const result = await push(mark, {
          onStart: (kill) => {
            stop = () => {
              kill(signal);
            };
          },
        });
        expect(isHanging()).toBe(true);
        if (signal !== 'SIGKILL') expect(result.outputs).toMatchObject({ status: 'cancelled' });
        expect(writesTo(emulator, mark)).toEqual([]);
        await expectNothingLeft(result, mark);
      },
      120_000,
    );

    it.each(signals)(
      'in the middle of the build by %s, leaves nothing',
      async (signal) => {
        const mark = `killed-build-${signal.toLowerCase()}`;
        let stop = (): void => undefined;
        const result = await deploy(emulator, {
          workspace: await makeWorkspace({
            Dockerfile: `FROM node:24-slim\nRUN echo "${mark} begins" && sleep 60\nUSER node\nEXPOSE 8080\nCMD ["node", "x.js"]\n`,
          }),
          env: engine.env,
          inputs: {
            lint: 'off',
            'image-repository': `${proxy.address}/${mark}`,
            'service-name': mark,
          },
          onStart: (kill) => {
            stop = () => {
              kill(signal);
            };
          },
          onLine: (line) => {
            if (line.includes(`${mark} begins`) && !line.includes('RUN')) stop();
          },
        });
        expect(Number(result.outputs['duration-seconds'] ?? 0)).toBeLessThan(30);
        await expectNothingLeft(result, mark);
      },
      120_000,
    );
  });
});
