import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmulator } from '../emulator/emulator.ts';
import { createCaller, type CloudConnection } from '../src/adapters/cloudbase/call.ts';
import type { Log } from '../src/ports.ts';
import { findEngine } from './engine/find.ts';
import { deleteService, readShapes, rollBack, type Cloud } from './live/calls.ts';
import { compareShapes, type Shapes } from './live/shapes.ts';
import { runStep } from './runner.ts';

const usage = `Usage: node scripts/live.ts shapes --service NAME --env-id ID --out FILE
       node scripts/live.ts rollback --service NAME --env-id ID --to VERSION
       node scripts/live.ts delete --service NAME --env-id ID
       node scripts/live.ts compare FILE --example NAME

What live.yml needs besides the action, which has no commands for it yet. The key comes from TENCENTCLOUD_SECRETID and
TENCENTCLOUD_SECRETKEY; --api-endpoint and --region say where the API is.`;

/** Standard output is the result; all that is told on the way goes to standard error. */
const tell = (message: string): void => {
  console.error(message);
};
const silent = (): void => undefined;
const log: Log = {
  debug: silent,
  info: tell,
  notice: tell,
  warning: tell,
  error: tell,
  output: tell,
  startGroup: silent,
  endGroup: silent,
  mask: silent,
};

const root = join(import.meta.dirname, '..');

const text = { type: 'string', default: '' } as const;
const options = {
  service: text,
  'env-id': text,
  out: text,
  to: text,
  example: text,
  region: { type: 'string', default: 'ap-shanghai' },
  'api-endpoint': { type: 'string', default: 'https://{service}.tencentcloudapi.com' },
} as const;

type Values = Readonly<Record<keyof typeof options, string>>;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [command, file = ''] = positionals;
  if (command === 'compare' && file !== '' && values.example !== '') {
    await compare(file, values.example);
    return 0;
  }
  const { service, 'env-id': envId, out, to } = values;
  const isNamed = service !== '' && envId !== '';
  if (command === 'shapes' && isNamed && out !== '')
    await writeShapes(await readShapes(connect(values)), out);
  else if (command === 'rollback' && isNamed && to !== '') await rollBack(connect(values), to);
  else if (command === 'delete' && isNamed) await deleteService(connect(values));
  else {
    console.error(usage);
    return 2;
  }
  return 0;
}

function connect(values: Values): Cloud {
  const secretId = process.env['TENCENTCLOUD_SECRETID'] ?? '';
  const secretKey = process.env['TENCENTCLOUD_SECRETKEY'] ?? '';
  if (secretId === '' || secretKey === '')
    throw new Error('Set TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY.');
  const { region, 'api-endpoint': apiEndpoint } = values;
  const credentials = { secretId, secretKey, sessionToken: process.env['TENCENTCLOUD_SESSIONTOKEN'] ?? '' };
  const target = { envId: values['env-id'], serviceName: values.service };
  return createCloud({ credentials, region, apiEndpoint, proxy: undefined }, target);
}

function createCloud(connection: CloudConnection, target: Cloud['target'], pauseMs = 5000): Cloud {
  const caller = createCaller(connection, { log, signal: new AbortController().signal });
  return { caller, target, pauseMs };
}

async function writeShapes(shapes: Shapes, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(shapes, undefined, 2)}\n`);
}

async function compare(file: string, example: string): Promise<void> {
  const live = JSON.parse(await readFile(file, 'utf8')) as Shapes;
  const emulated = await readEmulatorShapes(example);
  await writeShapes(emulated, join(dirname(file), `emulator-${example}.json`));
  const differences = compareShapes(live, emulated);
  console.log(`${differences.length} difference(s) between the account and the emulator (${example}):`);
  for (const line of differences) console.log(`- ${line}`);
}

/** Deploys an example to the emulator, twice as live.yml does more often, and reads its shapes. */
async function readEmulatorShapes(example: string): Promise<Shapes> {
  const engine = findEngine();
  const emulator = await startEmulator(engine === undefined ? {} : { dockerEnv: engine.env });
  try {
    const { apiEndpoint, credential } = emulator;
    const target = { envId: 'demo-env', serviceName: `shapes-${example}` };
    const inputs = {
      'service-name': target.serviceName,
      'env-id': target.envId,
      'secret-id': credential.secretId,
      'secret-key': credential.secretKey,
      'api-endpoint': apiEndpoint,
      'server-config': `examples/${example}/cloudbase-run.yml`,
      source: `examples/${example}`,
      verify: 'false',
    };
    for (const round of [1, 2]) {
      const step = await runStep({ inputs, workspace: root });
      if (step.exitCode !== 0)
        throw new Error(`Deployment ${round} to the emulator failed:\n${step.lines.join('\n')}`);
    }
    const credentials = { sessionToken: '', ...credential };
    const cloud = createCloud({ credentials, region: 'ap-shanghai', apiEndpoint, proxy: undefined }, target);
    return await readShapes(cloud);
  } finally {
    await emulator.close();
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
