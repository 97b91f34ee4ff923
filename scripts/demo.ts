import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { startGitHub, type GitHubServer } from '../emulator/github/server.ts';
import { ensureEngine, type Engine } from './engine.ts';
import { runStep, type StepResult } from './runner.ts';

const root = join(import.meta.dirname, '..');
const names = ['node-function', 'node-container', 'python-container'] as const;
type Name = (typeof names)[number];

/** What the demo started and has to end, newest last. */
const endings: (() => Promise<void>)[] = [];
let signalAction: ((signal: NodeJS.Signals) => void) | undefined;

async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

async function demo(name: Name): Promise<boolean> {
  const engine = name === 'node-function' ? undefined : await startEngine(name);
  if (engine !== undefined && 'reason' in engine) {
    console.log(
      `The example "${name}" is built and run by Docker, and there is no engine: ${engine.reason}.`,
    );
    console.log('Install Docker with buildx, or try the example that needs none: npm run demo');
    return false;
  }
  const emulator = await startEmulator(engine === undefined ? {} : { dockerEnv: dockerEnv(engine) });
  endings.push(() => emulator.close());
  const gitHub = await startGitHub();
  endings.push(() => gitHub.close());
  console.log(
    `An embedded CloudBase Run answers at ${emulator.apiEndpoint}, an embedded GitHub at ${gitHub.url}.`,
  );
  console.log(`The action deploys examples/${name}, as a workflow step would:\n`);
  const result = await runStep({
    inputs: inputsFor(name, emulator, gitHub),
    env: { ...runnerEnv(gitHub), ...engine?.env },
    workspace: root,
    event: { pull_request: { number: 7, head: { sha: 'a'.repeat(40), repo: { full_name: 'acme/shop' } } } },
    onLine: (line) => {
      if (!/^::(debug|add-mask)::/.test(line)) console.log(line);
    },
    onStart: (kill) => {
      signalAction = kill;
    },
  });
  return show(name, result, gitHub);
}

async function startEngine(name: Name): Promise<Engine | { reason: string }> {
  const baseImage = name === 'python-container' ? 'python' : 'node';
  const engine = await ensureEngine({ baseImages: [baseImage], log: console.log });
  if (!('reason' in engine)) endings.push(() => engine.stop());
  return engine;
}

function dockerEnv({ env }: Engine): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env };
}

function inputsFor(
  name: Name,
  { apiEndpoint, credential }: Emulator,
  gitHub: GitHubServer,
): Record<string, string> {
  return {
    'service-name': name,
    source: `examples/${name}`,
    'server-config': `examples/${name}/cloudbase-run.yml`,
    'env-id': 'demo-env',
    'secret-id': credential.secretId,
    'secret-key': credential.secretKey,
    'api-endpoint': apiEndpoint,
    'github-token': gitHub.token,
  };
}

function runnerEnv({ url }: GitHubServer): Record<string, string> {
  return {
    GITHUB_API_URL: url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '1',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_SHA: 'b'.repeat(40),
  };
}

async function show(name: Name, result: StepResult, gitHub: GitHubServer): Promise<boolean> {
  const folder = join(root, '.tmp', 'demo', name);
  await mkdir(folder, { recursive: true });
  const files = [
    ['summary.md', result.summary],
    ['comment.md', gitHub.comments('acme', 'shop', 7).at(-1)?.body ?? 'There is no comment.\n'],
    ['outputs.json', `${JSON.stringify(result.outputs, null, 2)}\n`],
  ] as const;
  for (const [file, text] of files) await writeFile(join(folder, file), text);
  const { url, status } = result.outputs;
  if (result.exitCode !== 0 || url === undefined || url === '') {
    console.log(`\nThe step ended with exit code ${result.exitCode}, status "${status ?? ''}".`);
    return false;
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  console.log(`\nGET ${url}\n${answer.status} ${await answer.text()}\n`);
  for (const [file] of files) console.log(`Written: ${join('.tmp', 'demo', name, file)}`);
  return answer.ok;
}

async function main(): Promise<number> {
  const name = names.find((each) => each === (process.argv[2] ?? 'node-function'));
  if (name === undefined) {
    console.log(`There is no example "${process.argv[2] ?? ''}". Choose one of: ${names.join(', ')}.`);
    return 2;
  }
  try {
    return (await demo(name)) ? 0 : 1;
  } finally {
    await endAll();
  }
}

/** Ctrl-C reaches the action as it would from a runner; what the demo started ends when the action has. */
async function cancel(): Promise<void> {
  console.log('\nStop: the action cleans up, then the demo.');
  if (signalAction === undefined) {
    await endAll();
    process.exit(130);
  }
  signalAction('SIGINT');
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cancel());

process.exitCode = await main();
