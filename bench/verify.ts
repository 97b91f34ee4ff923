import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { ensureEngine } from '../scripts/engine.ts';
import { runStep } from '../scripts/runner.ts';
import { inTurns, type Row } from './measure.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const rounds = 3;
const image = 'cloudbase-run-bench';

type Env = Readonly<Record<string, string>>;

/** Measures build and local verification beside what the same takes by hand: docker buildx build, docker run and curl. */
export async function benchVerify(): Promise<Row[]> {
  const engine = await ensureEngine({ baseImages: ['node'], log: console.log });
  if ('reason' in engine) return [{ ...empty, what: `build and verify: no engine (${engine.reason})` }];
  const emulator = await startEmulator({ dockerEnv: engine.env });
  try {
    const { ours = 0, byHand = 0 } = await inTurns(rounds, {
      ours: () => onFreshSource((folder) => verifyOnce(folder, emulator, engine.env)),
      byHand: () => onFreshSource((folder) => verifyByHand(folder, engine.env)),
    });
    return [
      {
        what: 'build and verify of an uncached image with npm ci',
        ours: `${(ours / 1000).toFixed(2)} s`,
        beside: `by hand ${(byHand / 1000).toFixed(2)} s`,
        result: `+ ${((ours - byHand) / 1000).toFixed(2)} s`,
        promised: '≤ + 1.5 s',
      },
    ];
  } finally {
    await emulator.close();
    await engine.stop();
  }
}

const empty: Row = { what: '', ours: '', beside: '', result: '', promised: '' };

/** A package.json that no build has seen yet: nothing of `npm ci` comes from the cache. */
async function onFreshSource(measure: (folder: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await cp(join(root, 'examples/node-container'), folder, { recursive: true });
    const file = join(folder, 'package.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...manifest, description: `bench ${performance.now()}` }));
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The stages "build" and "verify" of a plan; the service ends at once when it is asked to. */
async function verifyOnce(workspace: string, emulator: Emulator, env: Env): Promise<number> {
  const { exitCode, lines, summary } = await runStep({
    workspace,
    env,
    inputs: {
      command: 'plan',
      verify: 'true',
      lint: 'off',
      'service-name': 'bench',
      'server-config': 'cloudbase-run.yml',
      'env-id': 'demo-env',
      'secret-id': emulator.credential.secretId,
      'secret-key': emulator.credential.secretKey,
      'api-endpoint': emulator.apiEndpoint,
    },
  });
  if (exitCode !== 0) throw new Error(`The plan ended with exit code ${exitCode}:\n${lines.join('\n')}`);
  return stageMs(summary, 'Build') + stageMs(summary, 'Verify locally');
}

function stageMs(summary: string, title: string): number {
  const [, seconds] = new RegExp(`^\\| ${title} \\| ([\\d.]+) s \\|$`, 'm').exec(summary) ?? [];
  if (seconds === undefined) throw new Error(`The summary has no stage "${title}".`);
  return Number(seconds) * 1000;
}

async function verifyByHand(folder: string, engineEnv: Env): Promise<number> {
  const docker = async (...args: string[]): Promise<string> =>
    (await run('docker', args, { env: { ...process.env, ...engineEnv } })).stdout.trim();
  const since = performance.now();
  await docker('buildx', 'build', '--load', '--tag', image, folder);
  const id = await docker('run', '--detach', '--env', 'PORT=3000', '--publish', '127.0.0.1::3000', image);
  try {
    const port = (await docker('port', id, '3000/tcp')).split(':').at(-1);
    while (!(await isAnswering(`http://127.0.0.1:${port}/`))) await sleep(20);
    return performance.now() - since;
  } finally {
    await docker('rm', '--force', id);
    await docker('rmi', image);
  }
}

function isAnswering(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .once('error', () => {
        resolve(false);
      })
      .end();
  });
}
