import { join } from 'node:path';

import type { RunningProcess } from '../../process-port.ts';
import type { Files } from '../../ports.ts';
import type { FunctionCopy } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import { findFramework, findNode, loadFunction } from './function-runtime.ts';
import type { Served, ServePorts, ServeRequest } from './served.ts';

interface FunctionRequest {
  readonly built: FunctionCopy;
  readonly env: Readonly<Record<string, string>>;
  /** Names of env vars that are set on the platform and not here. */
  readonly platformEnv: readonly string[];
  readonly request: ServeRequest;
}

/** Starts a function with the functions framework on a port of the loopback interface. */
export async function serveFunction(
  project: Project,
  { built, env, platformEnv, request }: FunctionRequest,
  ports: ServePorts,
): Promise<Served> {
  const { tempFolder } = request;
  const framework = await findFramework(built.folder, request, ports);
  const node = await findNode(project.kind === 'function' ? project.nodeVersion : undefined, ports);
  const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
  const folder = isShipped ? await copyForRun(built.folder, tempFolder, ports.files) : built.folder;
  const before = new Set(await listFiles(folder, ports.files));
  await loadFunction({ node, framework, folder, env, platformEnv }, ports);
  const port = request.hostPort ?? (await ports.http.freePort());
  const command = {
    file: node,
    args: [framework, `--port=${port}`],
    cwd: folder,
    env: { ...env, PORT: String(port) },
  };
  const logFile = join(tempFolder, 'function.log');
  const process = await ports.exec.start(command, logFile);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    startedAt: ports.clock.now(),
    healthPath: '/_healthz',
    handle: { kind: 'process', logFile },
    ...describeProcess(process, ports),
    listWrites: async () => (await listFiles(folder, ports.files)).filter((path) => !before.has(path)),
  };
}

/** A copy that is shipped with its dependencies stays untouched: what the local run writes must not be released. */
async function copyForRun(folder: string, tempFolder: string, files: Files): Promise<string> {
  const copy = join(tempFolder, 'run');
  await files.copyFolder(folder, copy);
  return copy;
}

/** The framework itself writes its logs beside the function. */
async function listFiles(root: string, files: Files, folder = ''): Promise<string[]> {
  const found: string[] = [];
  for (const { kind, path } of await files.listFolder(join(root, folder))) {
    const full = folder === '' ? path : `${folder}/${path}`;
    if (/(^|\/)node_modules$/.test(full) || full === 'logs') continue;
    if (kind === 'folder') found.push(...(await listFiles(root, files, full)));
    else found.push(full);
  }
  return found;
}

function describeProcess(
  process: RunningProcess,
  { exec }: ServePorts,
): Pick<Served, 'readState' | 'readLog' | 'readPeakMemory' | 'end' | 'remove'> {
  return {
    readState: () =>
      Promise.resolve({ exitCode: process.exitCode(), isOutOfMemory: false, listeners: undefined }),
    readLog: (lines) => process.logTail(lines),
    readPeakMemory: () => exec.readPeakMemory(process.pid),
    end: (seconds) => process.stop(seconds * 1000),
    remove: async () => {
      await process.stop();
    },
  };
}
