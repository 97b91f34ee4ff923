import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { describeWithEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { deploy, errorsOf, instant, makeWorkspace, removeWorkspaces } from '../support/step.ts';

describeWithEngine('a container through dist, at length', (engine) => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
  });
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  it.each([
    {
      fixture: 'never-listens',
      kind: 'slow-start',
      error: /^The service runs, but does not listen on port 8080\. .*Find out what it waits for/,
      tail: 'Waiting for the database',
    },
    {
      fixture: 'other-port',
      kind: 'wrong-port',
      error: /^The service listens on port 5000 instead of 8080\. Listen on the port/,
      tail: 'Listening on port 5000',
    },
  ])(
    '$fixture is $kind after the 150 seconds that the platform grants',
    async ({ fixture, kind, error, tail }) => {
      emulator.journal.clear();
      const workspace = await makeWorkspace({ app: { copy: `__tests__/fixtures/containers/${fixture}` } });
      const inputs = { source: 'app', verify: 'true' };
      const result = await deploy(emulator, { workspace, inputs, env: engine.env });
      expect([result.exitCode, result.outputs['status'], result.stderr]).toEqual([1, 'failed', '']);
      expect(result.outputs['failure-kind']).toBe(kind);
      expect(errorsOf(result)).toEqual([expect.stringMatching(error)]);
      expect(result.lines).toContain(tail);
      expect(result.summary).toContain(tail);
      expect(Number(result.outputs['duration-seconds'])).toBeGreaterThan(150);
      expect(emulator.journal.writes()).toEqual([]);
      expect(await listLabelled(engine, `cloudbase-run-${result.state['step'] ?? ''}`)).toEqual([]);
    },
    240_000,
  );

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
        inputs: { verify: 'true', 'service-name': `kill-${ms}` },
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
    const moments = Array.from({ length: 24 }, (_, index) => index * 250);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      for (const ms of moments) await killAfter(ms, signal);
    }
    // What is left now is what the releases that went through run in the cloud.
    await emulator.close();
    expect(await listLabelled(engine, 'kill-campaign')).toEqual([]);
  }, 600_000);
});
