import type { RunContext } from '../../src/context.ts';
import type { ImageFacts } from '../../src/docker-port.ts';
import {
  inputDefaults,
  type BuildInputs,
  type CheckInputs,
  type DeliveryInputs,
  type DeployInputs,
  type DownloadInputs,
  type LintInputs,
  type LocalInputs,
  type PackageInputs,
  type RawInputs,
  type RunInputs,
  type SelectionInputs,
  type UpdateConfigInputs,
} from '../../src/inputs.ts';
import type { DeployRecord, FileEntry, Network, ReleaseTask, ServiceDetail } from '../../src/ports.ts';
import type { ServiceConfig } from '../../src/service-config/parse.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import type { SourcePackage } from '../../src/stages/package/artifact.ts';
import type { Image } from '../../src/stages/build/built.ts';
import type { LiveState } from '../../src/stages/look.ts';
import type {
  ContainerProject,
  FoundProject,
  FunctionProject,
  ImageProject,
  Project,
} from '../../src/stages/project/project.ts';
import type { Plan } from '../../src/stages/compare.ts';
import type { Release } from '../../src/stages/release/write.ts';
import { root } from './fake-files.ts';

export const target = { envId: 'demo-env', serviceName: 'shop' } as const;

/** Inputs as the runner hands them over: complete, but for what is given. */
export function rawInputs(given: Partial<RawInputs> = {}): RawInputs {
  return {
    ...inputDefaults,
    'service-name': 'shop',
    'env-id': 'demo-env',
    'secret-id': 'AKID-sample',
    'secret-key': 'sample-secret-key',
    'github-token': 'token',
    ...given,
  };
}

const serviceInputs = {
  target,
  mode: 'auto',
  overlay: '',
  envFrom: [],
  envStrategy: 'merge',
  cloud: {
    credentials: { secretId: 'AKID-sample', secretKey: 'sample-secret-key', sessionToken: '' },
    region: 'ap-shanghai',
    apiEndpoint: 'https://{service}.tencentcloudapi.com',
  },
  timeoutMs: 1_800_000,
  comment: 'auto',
  gitHubToken: 'token',
} as const;

export const buildInputs: BuildInputs = {
  buildArgs: {},
  buildSecrets: {},
  target: '',
  cacheFrom: [],
  cacheTo: [],
  builder: '',
};

export const checkInputs: CheckInputs = {
  path: '/',
  isPathGiven: false,
  statuses: [],
  ssePath: '',
  webSocketPath: '',
  burst: 0,
  botId: '',
};

export const localInputs: LocalInputs = { verify: 'auto', checks: checkInputs, env: {}, envFrom: [] };

export const deliveryInputs: DeliveryInputs = {
  image: '',
  repository: '',
  tags: [],
  referenceBy: 'tag',
  access: undefined,
};

export const noPatterns: SelectionInputs = { include: [], exclude: [], allowedSecrets: [] };

const projectInputs = { selection: noPatterns, generatesDockerfile: false } as const;

const imageInputs = { build: buildInputs, local: localInputs, delivery: deliveryInputs } as const;

export const deployInputs: DeployInputs = {
  ...serviceInputs,
  command: 'deploy',
  lint: 'error',
  lintIgnore: [],
  sarifFile: '',
  ...projectInputs,
  ...imageInputs,
  skipUnchanged: false,
  redeploy: false,
};

export const lintInputs: LintInputs = {
  command: 'lint',
  mode: 'auto',
  overlay: '',
  envFrom: [],
  timeoutMs: 1_800_000,
  lint: 'error',
  lintIgnore: [],
  sarifFile: '',
  ...projectInputs,
};

export const runInputs: RunInputs = {
  command: 'run',
  mode: 'auto',
  overlay: '',
  envFrom: [],
  timeoutMs: 1_800_000,
  ...projectInputs,
  ...imageInputs,
  port: undefined,
};

export const packageInputs: PackageInputs = {
  command: 'package',
  mode: 'auto',
  overlay: '',
  envFrom: [],
  timeoutMs: 1_800_000,
  ...projectInputs,
  ...imageInputs,
  outputPath: 'app.zip',
  overwrites: false,
};

export const downloadInputs: DownloadInputs = {
  command: 'download',
  target,
  mode: 'auto',
  overlay: '',
  envFrom: [],
  timeoutMs: 1_800_000,
  cloud: serviceInputs.cloud,
  outputPath: 'out',
  overwrites: false,
};

export const updateConfigInputs: UpdateConfigInputs = { ...serviceInputs, command: 'update-config' };

export function runContext(given: Partial<RunContext> = {}): RunContext {
  return {
    repository: 'acme/shop',
    sha: 'abcdef0123456789',
    gitTag: '',
    repositoryUrl: 'https://github.com/acme/shop',
    runUrl: 'https://github.com/acme/shop/actions/runs/5',
    actionUrl: 'https://github.com/acme/deploy/blob/v1',
    pullRequest: { number: 7, headSha: 'abcdef0123456789' },
    workspace: root,
    tempFolder: '/tmp/step',
    summaryFile: '/summary.md',
    stepLabel: 'cloudbase-run-1a2b',
    ...given,
  };
}

export function serviceConfig(settings: Settings = {}): ServiceConfig {
  return { settings, positions: {}, overlays: [] };
}

/** A service of which nothing is known but what its version has; its own settings are the same, but for what is given. */
export function serviceDetail(given: Partial<ServiceDetail> = {}): ServiceDetail {
  const settings = { Cpu: 0.5, Mem: 1, Port: 8080, EnvParams: '{"KEPT":"live"}' };
  return {
    serviceType: 'container',
    status: 'normal',
    accessTypes: ['MINIAPP'],
    defaultDomain: 'shop.example.test',
    customDomains: [],
    settings,
    ownSettings: given.settings ?? settings,
    settingsOf: 'version',
    onlineVersions: [{ versionName: 'shop-001', imageUrl: 'registry.test/shop:1', share: 100 }],
    ...given,
  };
}

/** The environment's own private network. */
export const network: Network = { vpcId: 'vpc-env', subnetIds: ['subnet-env'] };

export function liveState(service?: ServiceDetail): LiveState {
  const baseline = service === undefined ? { recordNumber: 0, taskId: 0 } : { recordNumber: 1, taskId: 10 };
  return { target, service, baseline, network: undefined, underWay: undefined };
}

/** What a run would change; nothing, but for what is given. */
export function planOf(given: Partial<Plan> = {}): Plan {
  return {
    action: 'update',
    wanted: { settings: {}, envStrategy: 'merge' },
    setByUser: [],
    changes: { settings: [], keptEnv: [], access: [] },
    source: 'not released',
    isNewestServing: true,
    notes: [],
    warnings: [],
    ...given,
  };
}

export function fileEntry(path: string, given: Partial<FileEntry> = {}): FileEntry {
  return { path, kind: 'file', size: 1, isExecutable: false, ...given };
}

export function containerProject(given: Partial<ContainerProject> = {}): ContainerProject {
  return {
    kind: 'container',
    mode: 'container',
    folder: root,
    port: 8080,
    files: [fileEntry('Dockerfile')],
    differences: [],
    fingerprint: undefined,
    dockerfile: 'Dockerfile',
    buildFolder: '.',
    dockerfileText: 'FROM node:24\nEXPOSE 8080\n',
    ...given,
  };
}

export function functionProject(given: Partial<FunctionProject> = {}): FunctionProject {
  return {
    kind: 'function',
    mode: 'function',
    folder: root,
    port: 3000,
    files: [fileEntry('index.js'), fileEntry('package.json')],
    differences: [],
    fingerprint: undefined,
    entry: 'index.js',
    routes: ['/'],
    needed: [],
    packageManager: 'npm',
    lockfile: undefined,
    hasDependencies: false,
    isInstalledByPlatform: true,
    nodeVersion: undefined,
    ...given,
  };
}

export function imageProject(given: Partial<ImageProject> = {}): ImageProject {
  return {
    kind: 'image',
    mode: 'container',
    folder: root,
    port: 8080,
    files: [],
    differences: [],
    fingerprint: undefined,
    reference: 'ghcr.io/acme/shop:1',
    ...given,
  };
}

/** A package of two files, but for what is given. */
export function sourcePackage(given: Partial<SourcePackage> = {}): SourcePackage {
  return {
    kind: 'package',
    file: '/tmp/p.zip',
    bytes: 10,
    sha256: 'abc',
    contentSha256: 'def',
    fileCount: 2,
    sourceBytes: 30,
    largest: [fileEntry('index.js', { size: 20 }), fileEntry('package.json', { size: 10 })],
    ...given,
  };
}

/** An image that the engine has, but for what is given of it. */
export function builtImage(given: Partial<ImageFacts> = {}): Image {
  return {
    kind: 'image',
    reference: 'cloudbase-run-1a2b:verify',
    facts: {
      id: `sha256:${'c'.repeat(64)}`,
      architecture: 'amd64',
      os: 'linux',
      user: 'node',
      exposedPorts: [8080],
      bytes: 109_000_000,
      ...given,
    },
    engine: { version: '28.0.0', cpus: 2, store: 'overlay2' },
  };
}

/** A project as the stage hands it on. */
export function foundProject(project: Project): FoundProject {
  const { mode, folder } = project;
  const location =
    project.kind === 'container'
      ? { dockerfile: project.dockerfile, buildFolder: project.buildFolder, isNamed: false, target: '' }
      : undefined;
  return { mode, folder, location, result: project };
}

export function releaseTask(given: Partial<ReleaseTask> = {}): ReleaseTask {
  return { id: 11, status: 'finished', versionName: 'shop-002', failReason: '', steps: [], ...given };
}

export function deployRecord(given: Partial<DeployRecord> = {}): DeployRecord {
  return {
    number: 2,
    status: 'normal',
    runId: 'run-2',
    buildId: 22,
    imageUrl: 'registry.test/shop:2',
    ...given,
  };
}

export function releaseOf(given: Partial<Release> = {}): Release {
  return {
    target,
    plan: planOf(),
    taskId: 11,
    baseline: { recordNumber: 1, taskId: 10 },
    previousVersion: 'shop-001',
    makesVersion: true,
    expectedShare: 100,
    asked: { settings: {}, setByUser: new Set(), allowedAccess: ['MINIAPP'] },
    ...given,
  };
}
