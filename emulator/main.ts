import { parseArgs } from 'node:util';
import { findEngine } from '../scripts/engine/find.ts';
import { startEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import { DEFAULT_ENVIRONMENTS, type StoreOptions } from './options.ts';

const USAGE =
  'Usage: npm run emulator -- [--port PORT] [--env-id ENV] [--store-rate KB_PER_SECOND] [--store-cut SECONDS]';

interface Settings {
  readonly port: number;
  readonly envId: string;
  readonly store: Partial<StoreOptions>;
}

const settings = readSettings(process.argv.slice(2));
if (typeof settings === 'string') {
  console.error(`${settings}\n${USAGE}`);
  process.exitCode = 1;
} else {
  await run(settings);
}

async function run({ port, envId, store }: Settings): Promise<void> {
  const engine = findEngine();
  const others = DEFAULT_ENVIRONMENTS.filter((seed) => seed.envId !== envId);
  const options: EmulatorOptions = {
    port,
    store,
    environments: [{ envId, opened: true, vpcId: 'vpc-emulator', subnetIds: 'subnet-emulator' }, ...others],
    ...(engine === undefined ? {} : { dockerEnv: engine.env }),
  };
  const emulator = await startEmulator(options);
  console.log(renderSettings(emulator, envId));
  console.log(
    engine === undefined ? 'No Docker engine answers: container releases fail.' : 'Containers run on Docker.',
  );
  console.log('Press Ctrl-C to stop it and everything it runs.');
  await waitForSignal();
  await emulator.close();
  console.log('Stopped.');
}

function renderSettings(emulator: Emulator, envId: string): string {
  const { apiEndpoint, credential, githubApiUrl, github } = emulator;
  return [
    'The embedded CloudBase Run is ready. Use it with:',
    `  api-endpoint: ${apiEndpoint}`,
    `  env-id: ${envId}`,
    `  secret-id: ${credential.secretId}`,
    `  secret-key: ${credential.secretKey}`,
    `  GITHUB_API_URL: ${githubApiUrl}`,
    `  github-token: ${github.token}`,
  ].join('\n');
}

function readSettings(args: readonly string[]): Settings | string {
  try {
    const options = {
      port: { type: 'string', default: '0' },
      'env-id': { type: 'string', default: 'demo-env' },
      'store-rate': { type: 'string' },
      'store-cut': { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return `"${values.port}" is no port.`;
    const { 'store-rate': rate, 'store-cut': cut } = values;
    const wrong = [rate, cut].find((value) => value !== undefined && !(Number(value) > 0));
    if (wrong !== undefined) return `"${wrong}" is no number above 0.`;
    const store = {
      ...(rate === undefined ? {} : { bytesPerSecond: Number(rate) * 1000 }),
      ...(cut === undefined ? {} : { cutMs: Number(cut) * 1000 }),
    };
    return { port, envId: values['env-id'], store };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
