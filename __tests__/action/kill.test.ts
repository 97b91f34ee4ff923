import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { describeWithEngine, type TestEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { deploy, instant, makeWorkspace, removeWorkspaces, type Tree } from '../support/step.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** A step that does not come to its place within this time is killed too, so that it leaves nothing. */
const arrivalMs = 45_000;

/** Where a step is when the signal comes. */
interface Place {
  readonly name: string;
  readonly stage: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** `flag` is a file that the project may write, `id` names this run. */
  readonly files: (run: { readonly flag: string; readonly id: string }) => Tree;
  readonly isThere: (run: Running) => Promise<boolean> | boolean;
}

interface Running {
  readonly flag: string;
  readonly id: string;
  readonly lines: readonly string[];
  readonly engine: TestEngine;
}

interface Killed {
  readonly result: StepResult;
  readonly secondsToEnd: number;
  readonly writes: readonly string[];
  readonly label: string;
  readonly processes: readonly string[];
  readonly images: readonly string[];
}

const write = (flag: string): string => `require('node:fs').writeFileSync(${JSON.stringify(flag)}, '');`;

const stillInstalling: Place = {
  name: 'while npm installs',
  stage: 'Build',
  inputs: { verify: 'true' },
  files: ({ flag }) => ({
    'index.js': 'exports.main = () => 1;\n',
    'package.json': '{"name":"app","dependencies":{"slow":"file:./slow"}}',
    'slow/package.json': '{"name":"slow","version":"1.0.0","scripts":{"postinstall":"node wait.js"}}',
    'slow/wait.js': `${write(flag)} setTimeout(() => {}, 60_000);\n`,
  }),
  isThere: ({ flag }) => existsSync(flag),
};

const stillServing: Place = {
  name: 'while the function is probed',
  stage: 'Verify locally',
  inputs: { verify: 'true' },
  files: ({ flag }) => ({
    'index.js': `exports.main = () => { ${write(flag)} return new Promise(() => {}); };\n`,
  }),
  isThere: ({ flag }) => existsSync(flag),
};

const stillLoading: Place = {
  name: 'while the function is loaded',
  stage: 'Verify locally',
  inputs: { verify: 'true' },
  files: ({ flag }) => ({
    'index.js': `${write(flag)} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);\nexports.main = () => 1;\n`,
  }),
  isThere: ({ flag }) => existsSync(flag),
};

const stillLooking: Place = {
  name: 'while the API does not answer',
  stage: 'Look at the live service',
  inputs: {},
  files: () => ({ 'index.js': 'exports.main = () => 1;\n' }),
  // The line in the log comes before the call: a step killed between them leaves its fault to the next place.
  isThere: () => countCalls('DescribeEnvBaseInfo') >= signals.length,
};

const stillReleasing: Place = {
  name: 'while the release is followed',
  stage: 'Follow the release',
  inputs: {},
  files: () => ({ 'index.js': 'exports.main = () => 1;\n' }),
  isThere: ({ lines }) => lines.some((line) => line.includes('task running')),
};

const stillBuilding: Place = {
  name: 'while the image is built',
  stage: 'Build',
  inputs: { verify: 'true' },
  files: ({ id }) => ({
    Dockerfile: `FROM node:24-slim\nLABEL ${id}=1\nEXPOSE 8080\nRUN echo building ${id} && sleep 60\nCMD ["sleep", "60"]\n`,
  }),
  isThere: ({ lines, id }) =>
    lines.some((line) => /^ +\[\d+\/\d+\] building /.test(line) && line.includes(id)),
};

const stillStarting: Place = {
  name: 'while the container is probed',
  stage: 'Verify locally',
  inputs: { verify: 'true' },
  files: ({ id }) => ({
    Dockerfile: `FROM node:24-slim\nLABEL ${id}=1\nEXPOSE 8080\nCMD ["sleep", "60"]\n`,
  }),
  isThere: async ({ id, engine }) => {
    const args = ['ps', '--filter', `label=${id}`, '--quiet'];
    return (await execa('docker', args, { env: engine.env })).stdout !== '';
  },
};

let emulator: Emulator;

const countCalls = (action: string): number =>
  emulator.journal.entries().filter((entry) => entry.action === action).length;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: { ...instant, buildMs: 60_000 } });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

/** Runs a step, sends it the signal once it is at the place, and looks at what is left after the post part. */
async function killAt(place: Place, signal: NodeJS.Signals, engine: TestEngine): Promise<Killed> {
  const id = `kill-${randomUUID().slice(0, 8)}`;
  const flag = join(await makeWorkspace({}), 'flag');
  const lines: string[] = [];
  const ended = new AbortController();
  const arrival = { isThere: false };
  let killedAt = 0;
  let endedAt = 0;
  const killWhenThere = async (kill: (signal: NodeJS.Signals) => void): Promise<void> => {
    const giveUpAt = Date.now() + arrivalMs;
    while (!arrival.isThere && !ended.signal.aborted && Date.now() < giveUpAt) {
      arrival.isThere = await place.isThere({ flag, id, lines, engine });
      if (!arrival.isThere) await delay(50);
    }
    killedAt = Date.now();
    kill(signal);
  };
  const result = await deploy(emulator, {
    workspace: await makeWorkspace(place.files({ flag, id })),
    inputs: { ...place.inputs, 'service-name': id },
    env: engine.env,
    onLine: (line) => lines.push(line),
    onStart: (kill) => void killWhenThere(kill),
    onMainEnd: () => {
      endedAt = Date.now();
    },
  });
  ended.abort();
  if (!arrival.isThere) throw new Error(`The step was never there: ${place.name}.`);
  const label = `cloudbase-run-${result.state['step'] ?? 'unknown'}`;
  const ours = emulator.journal.writes().filter(({ serverName }) => serverName === id);
  return {
    result,
    secondsToEnd: (endedAt - killedAt) / 1000,
    writes: ours.map(({ action }) => action),
    label,
    processes: listProcesses(label),
    images: engine.env['DOCKER_HOST'] === undefined ? [] : await listLabelled(engine, id),
  };
}

function describePlace(place: Place, engine: TestEngine): void {
  describe(place.name, () => {
    const killed = new Map<string, Killed>();
    const of = (signal: string): Killed => {
      const found = killed.get(signal);
      if (found === undefined) throw new Error('The step did not end.');
      return found;
    };

    beforeAll(async () => {
      if (place === stillLooking) emulator.fault('DescribeEnvBaseInfo', { kind: 'hang' }, signals.length);
      const runs = signals.map(async (signal) => killed.set(signal, await killAt(place, signal, engine)));
      await Promise.all(runs);
    }, 60_000);

    it.each(['SIGINT', 'SIGTERM'])('%s ends the step within seconds as cancelled', (signal) => {
      const { result, secondsToEnd } = of(signal);
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([1, 0, '']);
      expect(result.outputs).toMatchObject({ status: 'cancelled', 'failure-kind': 'cancelled' });
      const said =
        place === stillReleasing
          ? /^::error::The release of "kill-\w+" was left by the cancelled run; last seen: task running .*console/
          : new RegExp(`^::error::The run was cancelled \\(${signal}\\)\\. Run the step again\\.$`);
      expect(result.lines.at(-1)).toMatch(said);
      expect(result.summary).toContain(`**Cancelled** at "${place.stage}"`);
      expect(secondsToEnd).toBeLessThan(6);
      expect(result.leftAfterMain).toEqual([]);
    });

    it('SIGKILL leaves the cleaning to the post part', () => {
      const { result } = of('SIGKILL');
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([137, 0, '']);
      expect(result.outputs).toEqual({});
    });

    it.each(signals)('after %s no process, container, image or folder is left', (signal) => {
      const { result, label, processes, images } = of(signal);
      expect(label).toMatch(/^cloudbase-run-[0-9a-f]{8}$/);
      expect(processes).toEqual([]);
      expect(images).toEqual([]);
      expect(result.leftAfterPost).toEqual([]);
    });

    it.each(signals)('%s lets nothing go out that was not out yet', (signal) => {
      const isOut = place === stillReleasing;
      expect(of(signal).writes).toEqual(isOut ? ['CreateCloudRunServer'] : []);
    });
  });
}

describe('a function step that is stopped', () => {
  for (const place of [stillLooking, stillInstalling, stillLoading, stillServing, stillReleasing]) {
    describePlace(place, { env: {} });
  }
});

it('a step that is killed before it does anything deploys nothing in its post part either', async () => {
  const workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
  const { exitCode, postExitCode, outputs } = await deploy(emulator, {
    workspace,
    inputs: { 'service-name': 'killed-at-once' },
    onStart: (kill) => {
      kill('SIGKILL');
    },
  });
  expect([exitCode, postExitCode, outputs]).toEqual([137, 0, {}]);
  const seen = emulator.journal.entries().filter(({ serverName }) => serverName === 'killed-at-once');
  expect(seen).toEqual([]);
});

describeWithEngine('a container step that is stopped', (engine) => {
  for (const place of [stillBuilding, stillStarting]) describePlace(place, engine);
});
