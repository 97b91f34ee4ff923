import type { LocalPorts, Log, Ports } from '../ports.ts';
import { createState, createToolCache, findProxy } from './actions.ts';
import { createArchive } from './archive.ts';
import { createClock } from './clock.ts';
import type { CloudConnection } from './cloudbase/call.ts';
import { createCloudRun } from './cloudbase/cloudbase.ts';
import { createDocker } from './docker/docker.ts';
import { createFiles } from './files.ts';
import { createGitHub } from './github.ts';
import { createDownload } from './http/download.ts';
import { createHttp } from './http/http.ts';
import { createUpload } from './http/upload.ts';
import { createExec } from './process.ts';

/** What the adapters have to know; none of them reads the environment itself. */
export interface Surroundings {
  /** What child processes inherit. */
  readonly env: Readonly<Record<string, string>>;
  readonly context: { readonly repository: string };
  /** GitHub's token; empty without one. */
  readonly token: string;
  readonly toolCache: string | undefined;
  /** The one log of the step: it counts what the runner shows of it. */
  readonly log: Log;
}

/** Makes the ports of a run; none opens a connection or loads its packages before it is used. */
export function createPorts(
  { env, context, token, toolCache, log }: Surroundings,
  signal: AbortSignal,
): LocalPorts {
  const exec = createExec(env, signal);
  return {
    log,
    exec,
    docker: createDocker(exec, createExec(env, new AbortController().signal), env),
    files: createFiles(signal),
    archive: createArchive(signal),
    http: {
      ...createHttp(signal),
      upload: createUpload({ log, findProxy }, signal),
      download: createDownload({ log, findProxy }, signal),
    },
    state: createState(),
    toolCache: createToolCache(toolCache),
    clock: createClock(signal),
    gitHub: createGitHub(token, context.repository, signal),
  };
}

/** Adds the cloud; its proxy is what the runner's variables name for the endpoint. */
export function connectCloud(
  ports: LocalPorts,
  cloud: Omit<CloudConnection, 'proxy'>,
  signal: AbortSignal,
): Ports {
  const proxy = findProxy(cloud.apiEndpoint.replaceAll('{service}', 'tcb'));
  return { ...ports, cloudRun: createCloudRun({ ...cloud, proxy }, ports.log, signal) };
}
