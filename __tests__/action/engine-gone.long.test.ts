import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { startEngineProxy, type EngineProxy } from '../support/engine-proxy.ts';
import { describeWithEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { deploy, errorsOf, instant, makeWorkspace, removeWorkspaces, writesTo } from '../support/step.ts';

describeWithEngine('an engine that goes away', (engine) => {
  let emulator: Emulator;
  let proxy: EngineProxy;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    proxy = await startEngineProxy(engine.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
  });
  afterAll(async () => {
    await proxy.close();
    await emulator.close();
    await removeWorkspaces();
  });

  it.each([
    {
      mark: 'gone-in-build',
      run: (mark: string) => `RUN echo "${mark} begins" && sleep 60`,
      isThere: (lines: readonly string[], mark: string) =>
        lines.some((line) => line.endsWith(`] ${mark} begins`)),
      error: /^The image does not build\. The connection to the builder broke in the middle of the build/,
    },
    {
      mark: 'gone-in-run',
      run: () => 'RUN true',
      isThere: async (_lines: readonly string[], mark: string) =>
        (await execa('docker', ['ps', '--filter', `label=${mark}`, '--quiet'], { env: engine.env }))
          .stdout !== '',
      error: /^The Docker engine does not answer any more\./,
    },
  ])(
    '$mark ends in one error, and the post part removes what is left once it is back',
    async ({ mark, run, isThere, error }) => {
      proxy.restore();
      const lines: string[] = [];
      const ended = new AbortController();
      const cutWhenThere = async (): Promise<void> => {
        while (!ended.signal.aborted && !(await isThere(lines, mark))) await delay(50);
        proxy.cut();
      };
      void cutWhenThere();
      const result = await deploy(emulator, {
        workspace: await makeWorkspace({
          Dockerfile: `FROM node:24-slim\nLABEL ${mark}=1\n${run(mark)}\nUSER node\nEXPOSE 8080\nCMD ["sleep", "60"]\n`,
        }),
        env: { ...engine.env, DOCKER_HOST: proxy.host },
        inputs: { lint: 'off', verify: 'true', 'service-name': mark },
        onLine: (line) => lines.push(line),
        onMainEnd: () => {
          ended.abort();
          proxy.restore();
        },
      });
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([1, 0, '']);
      expect(result.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'build' });
      expect(errorsOf(result)).toEqual([expect.stringMatching(error)]);
      expect(writesTo(emulator, mark)).toEqual([]);
      const label = `cloudbase-run-${result.state['step'] ?? ''}`;
      expect({
        engine: [...(await listLabelled(engine, label)), ...(await listLabelled(engine, mark))],
        processes: listProcesses(label),
        files: result.leftAfterPost,
      }).toEqual({ engine: [], processes: [], files: [] });
    },
    60_000,
  );
});
