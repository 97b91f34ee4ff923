import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { describeWithEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { deploy, instant, makeWorkspace, removeWorkspaces } from '../support/step.ts';

/** How many steps are run at once. */
const lanes = 2;

describeWithEngine('a container through dist, at length', (engine) => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
  });
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  it('one that is killed at any moment leaves nothing', async () => {
    const dockerfile = `FROM node:24-slim
LABEL kill-campaign=1
EXPOSE 8080
RUN sleep 1
CMD ["node", "-e", "setTimeout(() => require('node:http').createServer((q, r) => r.end()).listen(8080), 1000)"]
`;
    const workspace = await makeWorkspace({ Dockerfile: dockerfile });
    const killAfter = async (ms: number, signal: NodeJS.Signals): Promise<void> => {
      let stop = (): void => undefined;
      let isStarted = false;
      const result = await deploy(emulator, {
        workspace,
        inputs: { verify: 'true', 'service-name': `kill-${signal.toLowerCase()}-${ms}` },
        env: engine.env,
        onStart: (kill) => {
          stop = () => {
            kill(signal);
          };
        },
        onLine: () => {
          if (!isStarted) void delay(ms).then(stop);
          isStarted = true;
        },
      });
      const label = `cloudbase-run-${result.state['step'] ?? ''}`;
      expect(result.state['step']).toMatch(/^[0-9a-f]{8}$/);
      expect({ ms, left: [...listProcesses(label), ...result.leftAfterPost] }).toEqual({ ms, left: [] });
      expect({ ms, left: await listLabelled(engine, label) }).toEqual({ ms, left: [] });
    };
    const moments = Array.from({ length: 16 }, (_, index) => index * 400);
    const waiting = (['SIGKILL', 'SIGTERM'] as const).flatMap((signal) =>
      moments.map((ms) => [ms, signal] as const),
    );
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await killAfter(...next);
    };
    await Promise.all(Array.from({ length: lanes }, work));
    // What is left now is what the releases that went through run in the cloud.
    await emulator.close();
    expect(await listLabelled(engine, 'kill-campaign')).toEqual([]);
  }, 600_000);
});
