import type { RegistryAccess } from './docker-port.ts';
import type { Credentials } from './input-fields.ts';
import type { Target } from './ports.ts';

/** Every input of action.yml with its default; the two are kept equal by a test. */
export const inputDefaults = {
  command: 'deploy',
  'service-name': '',
  mode: 'auto',
  'bot-id': '',
  'server-config': '',
  'config-environment': '',
  'env-from': '',
  'env-strategy': 'merge',
  source: '.',
  include: '',
  exclude: '',
  'allow-secret-files': '',
  'generate-dockerfile': 'false',
  'build-args': '',
  'build-secrets': '',
  target: '',
  'cache-from': '',
  'cache-to': '',
  builder: '',
  'env-id': '',
  region: 'ap-shanghai',
  'secret-id': '',
  'secret-key': '',
  'session-token': '',
  'api-endpoint': '',
  lint: 'error',
  'lint-ignore': '',
  'sarif-file': '',
  verify: 'auto',
  'verify-path': '',
  'verify-status': '',
  'verify-env': '',
  'verify-env-from': '',
  'verify-sse-path': '',
  'verify-websocket-path': '',
  'verify-burst': '0',
  image: '',
  'image-repository': '',
  'image-tags': '',
  'image-reference': 'tag',
  'registry-username': '',
  'registry-password': '',
  'run-port': '',
  'output-path': '',
  overwrite: 'false',
  'skip-unchanged': 'false',
  redeploy: 'false',
  'timeout-seconds': '1800',
  comment: 'auto',
  'github-token': '${{ github.token }}',
} as const;

export type InputName = keyof typeof inputDefaults;
export type RawInputs = Readonly<Record<InputName, string>>;

export const modes = ['auto', 'function', 'container', 'agent'] as const;
export const lintLevels = ['error', 'warning', 'off'] as const;
export const switches = ['auto', 'true', 'false'] as const;
export const envStrategies = ['merge', 'replace'] as const;
export const referenceKinds = ['tag', 'digest'] as const;
export const commands = ['deploy', 'plan', 'update-config', 'lint', 'run', 'package', 'download'] as const;

export interface CloudAccess {
  readonly credentials: Credentials;
  readonly region: string;
  /** A URL in which `{service}` stands for the API service's name. */
  readonly apiEndpoint: string;
}

/** What every command takes, checked. */
export interface CommonInputs {
  readonly mode: (typeof modes)[number];
  /** The overlay of the service config; empty for none. */
  readonly overlay: string;
  /** Names of env vars whose values come from the step's environment. */
  readonly envFrom: readonly string[];
  readonly timeoutMs: number;
}

/** A file that looks like a secret and belongs to the package all the same. */
export interface AllowedSecret {
  /** As in .gitignore, relative to the source folder. */
  readonly pattern: string;
  readonly reason: string;
}

/** Which files of a source belong to it; patterns are written as in .gitignore, relative to the source folder. */
export interface SelectionInputs {
  /** Brings back what an ignore file or the built-in exclusions leave out. */
  readonly include: readonly string[];
  /** Leaves out more; it has the last word. */
  readonly exclude: readonly string[];
  readonly allowedSecrets: readonly AllowedSecret[];
}

/** What every command takes that selects the files of a source. */
export interface ProjectInputs {
  readonly selection: SelectionInputs;
  readonly generatesDockerfile: boolean;
}

/** What every command that lints a source takes. */
export interface SourceInputs extends ProjectInputs {
  /** The severity that fails the run. */
  readonly lint: (typeof lintLevels)[number];
  /** Ids of rules whose findings are left out. */
  readonly lintIgnore: readonly string[];
  /** Where the findings are written as SARIF, relative to the workspace; empty for nowhere. */
  readonly sarifFile: string;
}

/** What every command takes that reads a service. */
export interface CloudInputs {
  readonly target: Target;
  readonly cloud: CloudAccess;
}

/** What every command takes that changes a service, or shows what it would change. */
export interface ServiceInputs extends CloudInputs {
  readonly envStrategy: (typeof envStrategies)[number];
  readonly comment: (typeof switches)[number];
  readonly gitHubToken: string;
}

/** How an image is built. */
export interface BuildInputs {
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Ids of BuildKit secrets, each with the name of the step's env var that holds its value. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** The stage to build; empty for the last one. */
  readonly target: string;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** The name of a buildx builder; empty for the current one. */
  readonly builder: string;
}

/** HTTP statuses, both ends among them. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** What a service that runs locally is asked. */
export interface CheckInputs {
  /** `/` where none is given. */
  readonly path: string;
  readonly isPathGiven: boolean;
  /** Empty where none is given. */
  readonly statuses: readonly StatusRange[];
  /** Empty for none. */
  readonly ssePath: string;
  /** Empty for none. */
  readonly webSocketPath: string;
  /** How many requests are sent at once; 0 for none. */
  readonly burst: number;
  /** Empty for none. */
  readonly botId: string;
}

/** How a service runs on the runner. */
export interface LocalInputs {
  readonly verify: (typeof switches)[number];
  readonly checks: CheckInputs;
  readonly env: Readonly<Record<string, string>>;
  /** Names of env vars whose values come from the step's environment. */
  readonly envFrom: readonly string[];
}

/** Which image is deployed, and where it lies. */
export interface DeliveryInputs {
  /** An existing image; empty for none. */
  readonly image: string;
  /** Where the verified image is pushed, without tag and digest; empty for nowhere. */
  readonly repository: string;
  /** Further tags. */
  readonly tags: readonly string[];
  readonly referenceBy: (typeof referenceKinds)[number];
  /** Undefined: an earlier docker login is used. */
  readonly access: RegistryAccess | undefined;
}

/** What every command takes that starts a service on the runner. */
export interface ImageInputs {
  readonly build: BuildInputs;
  readonly local: LocalInputs;
  readonly delivery: DeliveryInputs;
}

/** The inputs of `command: deploy`, and of `command: plan`, which does the same without writing. */
export interface DeployInputs extends CommonInputs, SourceInputs, ServiceInputs, ImageInputs {
  readonly command: 'deploy' | 'plan';
  /** True: a source and a config that are live already are not released again. */
  readonly skipUnchanged: boolean;
  readonly redeploy: boolean;
}

/** The inputs of `command: update-config`. */
export interface UpdateConfigInputs extends CommonInputs, ServiceInputs {
  readonly command: 'update-config';
}

/** The inputs of `command: lint`, which needs neither a service nor credentials. */
export interface LintInputs extends CommonInputs, SourceInputs {
  readonly command: 'lint';
}

/** The inputs of `command: run`, which needs neither a service nor credentials. */
export interface RunInputs extends CommonInputs, ProjectInputs, ImageInputs {
  readonly command: 'run';
  /** Undefined: a free one. */
  readonly port: number | undefined;
}

/** What every command takes that writes files for the user. */
export interface OutputInputs {
  /** Absolute, or relative to the workspace. */
  readonly outputPath: string;
  /** True: what is there already is replaced. */
  readonly overwrites: boolean;
}

/** The inputs of `command: package`, which needs neither a service nor credentials. */
export interface PackageInputs extends CommonInputs, ProjectInputs, ImageInputs, OutputInputs {
  readonly command: 'package';
}

/** The inputs of `command: download`. */
export interface DownloadInputs extends CommonInputs, CloudInputs, OutputInputs {
  readonly command: 'download';
}

export type Inputs =
  DeployInputs | UpdateConfigInputs | LintInputs | RunInputs | PackageInputs | DownloadInputs;
