import { join } from 'node:path';

import { ProjectError } from '../../errors.ts';
import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { Built } from '../build.ts';
import type { LiveState } from '../look.ts';
import type { Project } from '../project/project.ts';
import { serveContainer, serveFunction, type Served, type ServePorts } from '../serve.ts';
import type { Clock } from '../../ports.ts';
import { findFramework, findNode, loadFunction } from './function-runtime.ts';
import { probe, type Check } from './probe.ts';

/** What the local run showed, or why there was none. */
export type Verification =
  | { readonly status: 'passed'; readonly checks: readonly Check[]; readonly timeToListenMs: number }
  | { readonly status: 'skipped'; readonly reason: string };

export interface VerifyRequest {
  readonly built: Built;
  readonly settings: Settings;
  /** Names of env vars whose values come from the step's environment. */
  readonly envFrom: readonly string[];
  readonly live?: LiveState;
  readonly verify: 'auto' | 'true' | 'false';
  readonly stepLabel: string;
  readonly tempFolder: string;
  readonly installEnv: Readonly<Record<string, string>>;
}

export type VerifyPorts = ServePorts & { readonly clock: Clock };

/** Runs what was built as the platform would, and asks it until it answers. Stops it again, whatever happens. */
export async function verify(
  project: Project,
  request: VerifyRequest,
  ports: VerifyPorts,
): Promise<Verification> {
  const { built } = request;
  if (built.kind === 'skipped') return { status: 'skipped', reason: built.reason };
  if (request.verify === 'false') return { status: 'skipped', reason: 'input "verify" is false' };
  noteMissingEnv(request, ports);
  const served =
    built.kind === 'image'
      ? await startImage(project, request, ports)
      : await startFunction(project, request, ports);
  if (served === undefined)
    return { status: 'skipped', reason: 'the functions framework cannot be installed here' };
  try {
    const started = ports.clock.now();
    const deadline = started + ((request.settings.InitialDelaySeconds ?? 0) + platformWindowSeconds) * 1000;
    const result = await probe(served, { ...pathsOf(project), started, deadline }, ports);
    if (result.failure !== undefined) {
      throw new ProjectError(`The service ${result.failure.finding}.`, {
        kind: result.failure.kind,
        advice: result.failure.advice,
        logTail: await served.readLog(20),
      });
    }
    return { status: 'passed', checks: result.checks, timeToListenMs: result.timeToListenMs };
  } finally {
    await served.stop();
  }
}

/** After InitialDelaySeconds the platform probes about 30 times, 5 s apart, before it gives up (vendor's guide). */
const platformWindowSeconds = 150;

/** The framework answers its health path itself; what the functions answer shows on their own paths. */
function pathsOf(project: Project): {
  readonly healthPath: string | undefined;
  readonly paths: readonly string[];
} {
  if (project.kind === 'container') return { healthPath: undefined, paths: ['/'] };
  return { healthPath: '/_healthz', paths: project.routes };
}

/** Env vars that the config spells out; secrets, live or of the step's environment, stay out of a CI run. */
function literalEnv(settings: Settings): Record<string, string> {
  const entries = Object.entries(settings.EnvParams ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return Object.fromEntries(entries);
}

async function startImage(
  project: Project,
  request: VerifyRequest,
  ports: VerifyPorts,
): Promise<Served | undefined> {
  const { built, settings, live } = request;
  if (built.kind !== 'image') return undefined;
  const liveSettings = live?.service?.settings ?? {};
  const cpu = settings.Cpu ?? numberOf(liveSettings['Cpu']) ?? 0.5;
  return serveContainer(
    {
      image: built,
      port: project.port,
      cpu,
      memory: settings.Mem ?? numberOf(liveSettings['Mem']) ?? cpu * 2,
      entryPoint: settings.EntryPoint ?? listOf(liveSettings['EntryPoint']),
      command: settings.Cmd ?? listOf(liveSettings['Cmd']),
      env: literalEnv(settings),
      stepLabel: request.stepLabel,
    },
    ports.docker,
  );
}

function numberOf(value: unknown): number | undefined {
  return Number(value) > 0 ? Number(value) : undefined;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function noteMissingEnv({ envFrom, settings, live }: VerifyRequest, { log }: VerifyPorts): void {
  const names = [...envFrom, ...Object.keys(parseLiveEnv(live?.service?.settings ?? {}))];
  const missing = [...new Set(names)].filter(
    (name) => name !== fingerprintName && settings.EnvParams?.[name] === undefined,
  );
  if (missing.length > 0)
    log.info(`Not set in this local run, only on the platform: ${missing.sort().join(', ')}.`);
}

async function startFunction(
  project: Project,
  request: VerifyRequest,
  ports: VerifyPorts,
): Promise<Served | undefined> {
  const { built } = request;
  if (built.kind !== 'function-copy' || project.kind !== 'function') return undefined;
  const framework = await findFramework(built.folder, request, ports);
  if (framework === undefined) return undefined;
  const node = await findNode(project.nodeVersion, ports);
  const env = literalEnv(request.settings);
  const folder = project.isInstalledByPlatform
    ? built.folder
    : await copyForRun(built.folder, request, ports);
  await loadFunction({ node, framework, folder, env }, ports);
  return serveFunction({ folder, node, framework, env }, ports);
}

/** A copy that is shipped with its dependencies stays untouched: what the local run writes must not be released. */
async function copyForRun(folder: string, request: VerifyRequest, { files }: VerifyPorts): Promise<string> {
  const copy = join(request.tempFolder, 'run');
  await files.copyFolder(folder, copy);
  return copy;
}
