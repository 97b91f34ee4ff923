import type { Docker } from '../../src/docker-port.ts';
import type { Command, Finished } from '../../src/process-port.ts';
import type { Http, HttpReply, HttpRequest } from '../../src/ports.ts';
import type { Project } from '../../src/stages/project/project.ts';
import type { Verification } from '../../src/stages/verify/check.ts';
import { verify, type VerifyRequest } from '../../src/stages/verify/verify.ts';
import { createFakeFiles } from './fake-files.ts';
import {
  createFakeClock,
  createFakeDocker,
  createFakeExec,
  createFakeHttp,
  createFakeLog,
  createFakeToolCache,
} from './fakes.ts';
import { builtImage, checkInputs, containerProject, functionProject } from './samples.ts';

const framework = '/copy/node_modules/@cloudbase/functions-framework/bin/tcb-ff.js';
/** The state of a container that runs. */
export const running = { isRunning: true, exitCode: 0, isOutOfMemory: false, pid: 7 };
export const ok: HttpReply = { status: 200, headers: {}, body: 'hello' };

/** What a test changes of a world in which all goes well. */
export interface Outside {
  readonly docker?: Partial<Docker>;
  readonly http?: Partial<Http>;
  readonly run?: (command: Command) => Partial<Finished>;
  /** What a function's process has written. */
  readonly log?: readonly string[];
  readonly exitCode?: () => number | undefined;
  readonly peak?: number;
}

function createDocker(seen: string[], given: Partial<Docker>): Docker {
  return createFakeDocker({
    start: (args, { inherited }) => {
      seen.push(`start ${Object.keys(inherited).join()}`);
      seen.push(...args.filter((arg) => arg.includes('canary')));
      return Promise.resolve('id-1');
    },
    readContainer: () => Promise.resolve(running),
    readHostPort: () => Promise.resolve(49_152),
    readListeners: () => Promise.resolve([{ address: '::', port: 8080 }]),
    readWorkingSet: () => Promise.resolve(1024 * 1024),
    readLogs: (_id, lines) => Promise.resolve([`last ${lines}`]),
    listChanges: () => Promise.resolve([]),
    listLayers: () => Promise.resolve([]),
    stop: (_id, seconds) => {
      seen.push(`stop ${seconds}`);
      return Promise.resolve(true);
    },
    removeContainers: (label) => {
      seen.push(`remove ${label}`);
      return Promise.resolve(undefined);
    },
    ...given,
  });
}

/**
 * A world in which containers listen on port 8080 and functions on 4711, and all answer; with what was done in it.
 * `work` verifies.
 */
export function startVerification({
  docker = {},
  http = {},
  run = () => ({}),
  log = [],
  exitCode,
  peak,
}: Outside = {}) {
  const seen: string[] = [];
  const requests: HttpRequest[] = [];
  const clock = createFakeClock();
  const exec = createFakeExec((command) => ({ stdout: '/node\n20.18.1', ...run(command) }), {
    exitCode: exitCode ?? (() => undefined),
    logTail: (lines) => Promise.resolve(log.slice(-lines)),
    stop: (graceMs) => {
      seen.push(`stop ${graceMs ?? 'now'}`);
      return Promise.resolve(true);
    },
  });
  const ports = {
    clock,
    docker: createDocker(seen, docker),
    exec: { ...exec, readPeakMemory: () => Promise.resolve(peak) },
    files: createFakeFiles({ [framework]: '', '/copy/index.js': '' }),
    http: createFakeHttp({
      request: (request) => {
        requests.push(request);
        return Promise.resolve(ok);
      },
      accepts: () => Promise.resolve(true),
      freePort: () => Promise.resolve(4711),
      ...http,
    }),
    log: createFakeLog(),
    toolCache: createFakeToolCache(),
  };
  const work = (given: Partial<VerifyRequest> = {}, project?: Project) => {
    const built = given.built ?? builtImage();
    const known = project ?? (built.kind === 'function-copy' ? functionProject() : containerProject());
    return verify(known, { ...request, ...given, built }, ports);
  };
  return { seen, requests, ports, work };
}

const request: Omit<VerifyRequest, 'built'> = {
  settings: {},
  live: undefined,
  envFrom: [],
  env: {},
  verify: 'auto',
  checks: checkInputs,
  stepLabel: 'step',
  tempFolder: '/tmp/step',
  installEnv: {},
};

/** The rows as `name: result`, in their order; with the details of those that have one of these results. */
export function rowsOf(verification: Verification, ...detailed: string[]): string[] {
  if (verification.status === 'skipped') return [];
  return verification.checks.map(({ name, result, detail }) =>
    detailed.includes(result) ? `${name}: ${result}, ${detail}` : `${name}: ${result}`,
  );
}
