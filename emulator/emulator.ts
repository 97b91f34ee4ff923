import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, type Listening } from './api/server.ts';
import { startGitHub, type GitHubOptions, type GitHubServer } from './github/server.ts';
import { Journal } from './journal.ts';
import {
  DEFAULT_ASSUMPTIONS,
  DEFAULT_CREDENTIAL,
  DEFAULT_ENVIRONMENTS,
  DEFAULT_STORE,
  DEFAULT_TIMELINE,
  type Assumptions,
  type Credential,
  type EnvironmentSeed,
  type StoreOptions,
  type Timeline,
} from './options.ts';
import type { ReleaseScript } from './release/script.ts';
import { changeAtConsole } from './release/settings.ts';
import { createRuntime } from './runtime/runtime.ts';
import { createEnvironment, runInBackground, scriptKey, type Cloud } from './state/cloud.ts';
import type { Drift } from './state/drift.ts';
import { Faults, type Fault } from './state/faults.ts';
import { PackageStore } from './state/packages.ts';

/** How the emulator differs from its defaults. */
export interface EmulatorOptions {
  /** 0, the default, takes any free port; it listens on 127.0.0.1 only. */
  readonly port?: number;
  /** Where packages are kept; by default a new temporary folder that goes away on close. */
  readonly dataDir?: string;
  readonly credentials?: readonly [Credential, ...Credential[]];
  readonly environments?: readonly EnvironmentSeed[];
  readonly timeline?: Partial<Timeline>;
  readonly assumptions?: Partial<Assumptions>;
  readonly store?: Partial<StoreOptions>;
  /** The environment of the docker CLI; without it there is no engine, and container releases fail as a build would. */
  readonly dockerEnv?: Readonly<Record<string, string>>;
  /** The GitHub that runs beside it. */
  readonly github?: GitHubOptions;
}

/** A running emulator. */
export interface Emulator {
  /** Serves tcb and tcbr, told apart by the scope of the signature. */
  readonly apiEndpoint: string;
  /** What a workflow would find in GITHUB_API_URL. */
  readonly githubApiUrl: string;
  readonly github: GitHubServer;
  readonly credential: Credential;
  readonly journal: Journal;
  /** What the next release of the service does; several calls script several releases. */
  script(envId: string, serverName: string, script: ReleaseScript): void;
  /** What the platform does otherwise than asked with a service's settings, from now on; `{}` ends it. */
  drift(envId: string, serverName: string, drift: Drift): void;
  /** Changes what is read of a live service and its online versions, as somebody at the console would; no release. */
  changeSettings(
    envId: string,
    serverName: string,
    items: readonly Readonly<Record<string, unknown>>[],
  ): void;
  /** What coming calls of an action, or of `PUT package` and `GET package`, meet instead of an answer; some only a transfer can meet. */
  fault(action: string, fault: Fault, times?: number): void;
  /** Adds a domain to the environment's gateway, in the shape of the API's `HTTPServiceDomain`. */
  seedRoute(envId: string, domain: Readonly<Record<string, unknown>>): void;
  /** Stops every process and container it started, closes its sockets and removes its own data folder. */
  close(): Promise<void>;
}

/** Starts an emulated Tencent CloudBase Run on loopback that builds and runs what is deployed to it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'cloudbase-run-emulator-')));
  await mkdir(dataDir, { recursive: true });
  const closing = new AbortController();
  const cloud = createCloud(options, dataDir, closing.signal);
  const server = await listen(cloud, options.port ?? 0);
  cloud.baseUrl = server.url;
  runInBackground(cloud, cloud.runtime.removeOrphans());
  const github = await startGitHub(options.github);
  const end = async (): Promise<void> => {
    closing.abort();
    await Promise.all([closeCloud(cloud, server), github.close()]);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  };
  let closed: Promise<void> | undefined;
  const [credential] = options.credentials ?? [DEFAULT_CREDENTIAL];
  return {
    apiEndpoint: server.url,
    githubApiUrl: github.url,
    github,
    credential,
    journal: cloud.journal,
    script(envId, serverName, script) {
      const key = scriptKey(envId, serverName);
      cloud.scripts.set(key, [...(cloud.scripts.get(key) ?? []), script]);
    },
    drift(envId, serverName, drift) {
      cloud.drifts.set(scriptKey(envId, serverName), drift);
    },
    changeSettings(envId, serverName, items) {
      const service = cloud.environments.get(envId)?.services.get(serverName);
      if (service === undefined) throw new Error(`There is no service "${serverName}" in "${envId}".`);
      changeAtConsole(service, items);
    },
    fault(action, fault, times = 1) {
      cloud.faults.add(action, fault, times);
    },
    seedRoute(envId, domain) {
      cloud.environments.get(envId)?.routes.push(domain);
    },
    close() {
      closed ??= end();
      return closed;
    },
  };
}

function createCloud(options: EmulatorOptions, dataDir: string, closing: AbortSignal): Cloud {
  const timeline = { ...DEFAULT_TIMELINE, ...options.timeline };
  const { dockerEnv, environments = DEFAULT_ENVIRONMENTS } = options;
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...options.assumptions };
  const runtime = createRuntime({
    dataDir,
    dockerfile: assumptions.dockerfile,
    probeWindowMs: timeline.probeWindowMs,
    ...(dockerEnv === undefined ? {} : { dockerEnv }),
  });
  return {
    baseUrl: '',
    credentials: options.credentials ?? [DEFAULT_CREDENTIAL],
    timeline,
    assumptions,
    environments: new Map(environments.map((seed) => [seed.envId, createEnvironment(seed)])),
    journal: new Journal(),
    store: { ...DEFAULT_STORE, ...options.store },
    packages: new PackageStore(join(dataDir, 'packages')),
    runtime,
    faults: new Faults(),
    scripts: new Map(),
    drifts: new Map(),
    background: new Set(),
    closing,
    nextTaskId: 2_300_000,
  };
}

async function closeCloud(cloud: Cloud, server: Listening): Promise<void> {
  await server.close();
  await Promise.allSettled(cloud.background);
  const services = [...cloud.environments.values()].flatMap((environment) => [
    ...environment.services.values(),
  ]);
  await Promise.all(services.map((service) => service.gateway.close()));
  await cloud.runtime.close();
}
