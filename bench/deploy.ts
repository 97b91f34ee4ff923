import { join } from 'node:path';

import { createClient, waitFor } from '../__tests__/support/cloud-client.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { runStep } from '../scripts/runner.ts';
import { median, type Row } from './measure.ts';

const root = join(import.meta.dirname, '..');
const rounds = 7;
const polled = new Set([
  'DescribeServerManageTask',
  'DescribeCloudRunDeployRecord',
  'DescribeCloudRunServerDetail',
]);

interface Sample {
  readonly totalMs: number;
  readonly platformMs: number;
  readonly calls: number;
  readonly stages: ReadonlyMap<string, number>;
}

/** Measures what the action adds to the platform's own time when it deploys a function without dependencies. */
export async function benchDeploy(): Promise<Row[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    const emulator = await startEmulator();
    try {
      samples.push(await deployOnce(emulator));
    } finally {
      await emulator.close();
    }
  }
  const added = median(samples.map(({ totalMs, platformMs }) => totalMs - platformMs));
  const platform = median(samples.map(({ platformMs }) => platformMs));
  const calls = Math.max(...samples.map((sample) => sample.calls));
  return [
    {
      what: 'deploy of a function, added to the platform',
      ours: `${(added + platform).toFixed(0)} ms`,
      beside: `platform ${platform.toFixed(0)} ms`,
      result: `+ ${(added / 1000).toFixed(2)} s`,
      promised: '≤ 1.5 s',
    },
    {
      what: 'API calls besides polling',
      ours: String(calls),
      beside: '',
      result: String(calls),
      promised: '≤ 12',
    },
    ...describeStages(samples),
  ];
}

async function deployOnce(emulator: Emulator): Promise<Sample> {
  const since = Date.now();
  const watched = watchPlatform(emulator);
  const { exitCode, summary } = await runStep({
    workspace: root,
    inputs: {
      'service-name': 'bench',
      source: 'examples/node-function',
      'env-id': 'demo-env',
      verify: 'false',
      'secret-id': emulator.credential.secretId,
      'secret-key': emulator.credential.secretKey,
      'api-endpoint': emulator.apiEndpoint,
    },
  });
  if (exitCode !== 0) throw new Error(`The deploy ended with exit code ${exitCode}.`);
  const totalMs = Date.now() - since;
  const platformMs = await watched;
  return { totalMs, platformMs, calls: countCalls(emulator), stages: readStages(summary) };
}

/** Watches, as another client would, from the accepted create until the version has all of the traffic. */
async function watchPlatform(emulator: Emulator): Promise<number> {
  const created = await waitFor(
    () => Promise.resolve(emulator.journal.entries().find(({ action }) => action === 'CreateCloudRunServer')),
    (entry) => entry !== undefined,
  );
  const client = createClient(emulator);
  await waitFor(
    () => client.detail('bench'),
    ({ OnlineVersionInfos }) => OnlineVersionInfos?.[0]?.FlowRatio === '100',
  );
  return Date.now() - (created?.at ?? 0);
}

/** Calls that a deploy makes once; asking for task, record and service until the version is live is polling. */
function countCalls(emulator: Emulator): number {
  const actions = emulator.journal.actions();
  const released = actions.indexOf('CreateCloudRunServer');
  const after = actions.slice(released + 1).filter((name) => !polled.has(name));
  return released + 1 + after.length;
}

function readStages(summary: string): Map<string, number> {
  const rows = summary.matchAll(/^\| ([A-Z][^|]+) \| ([\d.]+) s \|$/gm);
  return new Map([...rows].map(([, stage = '', seconds]) => [stage, Number(seconds)]));
}

function describeStages(samples: readonly Sample[]): Row[] {
  const names = [...(samples[0]?.stages.keys() ?? [])];
  return names.map((name) => {
    const seconds = median(samples.map(({ stages }) => stages.get(name) ?? 0));
    return {
      what: `  stage: ${name}`,
      ours: `${seconds.toFixed(1)} s`,
      beside: '',
      result: '',
      promised: '',
    };
  });
}
