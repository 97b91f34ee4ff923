import { join } from 'node:path';

import { diagnoseStart, type Diagnosis } from '../../diagnosis/local.ts';
import { ProjectError } from '../../errors.ts';
import type { Finished } from '../../process-port.ts';
import type { ServePorts } from './served.ts';
import { StartError } from './start-error.ts';

/** The functions framework for projects that do not bring their own. */
const pinned = { name: '@cloudbase/functions-framework', version: '1.18.0' } as const;

const cacheName = 'cloudbase-functions-framework';

/** Where the framework's command stands inside a folder that holds its package. */
const commandPath = join('node_modules', '@cloudbase', 'functions-framework', 'bin', 'tcb-ff.js');

/** The Node.js of the platform's function mode (SDK cloudrun service, 5.6.5: BuildPacks LanguageVersion). */
const platformNode = '20.18';

interface FrameworkRequest {
  readonly tempFolder: string;
  readonly installEnv: Readonly<Record<string, string>>;
}

/** A machine that cannot get the functions framework: nothing is known of the function then. */
export class MissingFrameworkError extends ProjectError {}

/**
 * The command `tcb-ff` of the project, else the pinned one of the runner's tool cache, where it is installed once. A
 * MissingFrameworkError when it cannot be installed.
 */
export async function findFramework(
  folder: string,
  request: FrameworkRequest,
  ports: ServePorts,
): Promise<string> {
  const own = join(folder, commandPath);
  if ((await ports.files.kindOf(own)) === 'file') return own;
  const cached = await findCached(ports);
  if (cached !== undefined) return cached;
  const target = join(request.tempFolder, 'framework');
  await ports.files.makeFolder(target);
  ports.log.info(`Install ${pinned.name} ${pinned.version} into the tool cache.`);
  const args = [
    'install',
    '--prefix',
    target,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    `${pinned.name}@${pinned.version}`,
  ];
  const { exitCode, lines } = await ports.exec.capture({
    file: 'npm',
    args,
    cwd: target,
    env: request.installEnv,
  });
  if (exitCode === 0) {
    if ((await findCached(ports)) === undefined)
      await ports.toolCache.store(target, cacheName, pinned.version);
    return join(target, commandPath);
  }
  throw new MissingFrameworkError(
    `The functions framework cannot be installed: npm ended with exit code ${exitCode}.`,
    {
      kind: 'build',
      exitCode,
      logTail: lines.slice(-20),
      advice: `Add "${pinned.name}" to the project's dependencies, or run on a machine that reaches a package registry.`,
    },
  );
}

/** Steps on one machine share the cache: one that is just being filled, or replaced, is not there yet. */
async function findCached({ toolCache, files }: ServePorts): Promise<string | undefined> {
  const folder = await toolCache.find(cacheName, pinned.version);
  if (folder === undefined) return undefined;
  const command = join(folder, commandPath);
  return (await files.kindOf(command)) === 'file' ? command : undefined;
}

/** The Node.js that the platform would use (the project's, else 20.18) if the runner has it, else the one that it has. */
export async function findNode(asked: string | undefined, ports: ServePorts): Promise<string> {
  const wanted = asked ?? platformNode;
  const cached = await ports.toolCache.find('node', wanted);
  if (cached !== undefined) {
    ports.log.info(`Run on Node.js ${wanted} of the tool cache, as the platform does.`);
    return join(cached, 'bin', 'node');
  }
  const script = 'process.execPath + "\\n" + process.versions.node';
  const { stdout } = await ports.exec.capture({ file: 'node', args: ['-p', script] });
  const [node = 'node', version = ''] = stdout.trim().split('\n');
  const isWanted = version === wanted || version.startsWith(`${wanted}.`);
  const hint = isWanted
    ? ''
    : `; the platform runs ${wanted}, add actions/setup-node with that version to use it here`;
  ports.log.info(`Run on Node.js ${version}${hint}.`);
  return node;
}

interface LoadRequest {
  readonly node: string;
  readonly framework: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names of env vars that are set on the platform and not here. */
  readonly platformEnv: readonly string[];
}

/** Code that takes longer to load does not come up within the platform's window either. */
const loadMs = 60_000;

/** The exit code of a program that was ended because it took too long (Command.timeoutMs). */
const timedOut = 124;

/** Lets the framework load the function without serving it; one that does not load is a StartError. */
export async function loadFunction(request: LoadRequest, ports: ServePorts): Promise<void> {
  const { node, framework, folder, env, platformEnv } = request;
  const command = { file: node, args: [framework, '--dry-run'], cwd: folder, env, timeoutMs: loadMs };
  const finished = await ports.exec.capture(command);
  const { exitCode, lines } = finished;
  if (exitCode === 0) return;
  const diagnosis = exitCode === timedOut ? endless : diagnoseLoad(finished, platformEnv);
  throw new StartError(diagnosis, { exitCode, logTail: lines.slice(-20) });
}

const endless: Diagnosis = {
  kind: 'slow-start',
  finding: `does not load within ${loadMs / 1000} s`,
  isOnlyHere: false,
  advice: 'Move what takes long out of the top level of the code, into the function.',
};

function diagnoseLoad({ exitCode, lines }: Finished, platformEnv: readonly string[]): Diagnosis {
  const diagnosis = diagnoseStart({
    port: platformPort,
    exitCode,
    isOutOfMemory: false,
    hasListened: false,
    listeners: undefined,
    logTail: lines.slice(-50),
    platformEnv,
  });
  const hint = ' Run "npx tcb-ff --dry-run" in the source folder to see it load.';
  return diagnosis.isOnlyHere ? diagnosis : { ...diagnosis, advice: `${diagnosis.advice}${hint}` };
}

/** Where a function listens on the platform; to load it opens no port. */
const platformPort = 3000;
