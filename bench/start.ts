import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { inTurns, timeProgram, type Row } from './measure.ts';

const root = join(import.meta.dirname, '..');
const action = join(root, 'dist', 'index.js');
const rounds = 11;

/** Compares the action's start with the vendor's command line and with an empty script. */
export async function benchStart(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const emulator = await startEmulator();
  try {
    const empty = join(folder, 'empty.mjs');
    await writeFile(empty, '');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      RUNNER_TEMP: folder,
      GITHUB_WORKSPACE: root,
    };
    const medians = await inTurns(rounds, {
      firstRequest: () => timeToFirstRequest(emulator, env),
      tcb: () =>
        timeProgram([join(root, 'node_modules', '@cloudbase', 'cli', 'bin', 'tcb'), '--version'], env),
      failing: () => timeProgram([action], { ...env, 'INPUT_SERVICE-NAME': '1' }),
      failingConfig: () => timeProgram([action], { ...env, 'INPUT_SERVER-CONFIG': 'Cpuu: 1' }),
      empty: () => timeProgram([empty], env),
    });
    return describe(medians);
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeToFirstRequest(
  emulator: Emulator,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  emulator.journal.clear();
  const since = Date.now();
  await timeProgram([action], {
    ...env,
    'INPUT_SERVICE-NAME': 'bench',
    'INPUT_ENV-ID': 'closed-env',
    'INPUT_SECRET-ID': emulator.credential.secretId,
    'INPUT_SECRET-KEY': emulator.credential.secretKey,
    'INPUT_API-ENDPOINT': emulator.apiEndpoint,
  });
  const [first] = emulator.journal.entries();
  if (first === undefined) throw new Error('The action sent no request.');
  return first.at - since;
}

function describe({ firstRequest = 0, tcb = 0, empty = 0, ...medians }: Record<string, number>): Row[] {
  const { failing = 0, failingConfig = 0 } = medians;
  return [
    {
      what: 'start to first API request',
      ours: `${firstRequest.toFixed(0)} ms`,
      beside: `tcb --version ${tcb.toFixed(0)} ms`,
      result: `${(firstRequest / tcb).toFixed(2)} ×`,
      promised: '≤ 0.3 ×',
    },
    describeFailing('failing input, whole run', failing, empty),
    describeFailing('failing server-config, whole run', failingConfig, empty),
  ];
}

function describeFailing(what: string, ours: number, empty: number): Row {
  return {
    what,
    ours: `${ours.toFixed(0)} ms`,
    beside: `empty script ${empty.toFixed(0)} ms`,
    result: `${(ours / empty).toFixed(2)} ×`,
    promised: '≤ 4 ×',
  };
}
