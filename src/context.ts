import { join } from 'node:path';

/** The pull request that a run belongs to. */
export interface PullRequest {
  readonly number: number;
  readonly headSha: string;
}

/** Where a run takes place. */
export interface RunContext {
  /** `owner/name`, empty outside GitHub. */
  readonly repository: string;
  readonly sha: string;
  /** The tag that the run is for; empty for none. */
  readonly gitTag: string;
  /** Where the repository can be seen; empty outside GitHub. */
  readonly repositoryUrl: string;
  readonly runUrl: string;
  /** Where the files of the action itself can be read, without a slash at the end; empty where nobody knows. */
  readonly actionUrl: string;
  readonly pullRequest: PullRequest | undefined;
  readonly workspace: string;
  /** A folder of this step's own; it is made when it is needed, and removed when the step ends. */
  readonly tempFolder: string;
  readonly summaryFile: string | undefined;
  /** Names this very step: containers, processes and folders that it makes carry it. */
  readonly stepLabel: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settles where the run takes place, from the runner's variables and the event's payload. */
export function readContext(env: Environment, event: unknown, stepId: string): RunContext {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const runId = env['GITHUB_RUN_ID'] ?? '';
  const actionRepository = env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const actionRef = env['GITHUB_ACTION_REF'] ?? '';
  const pullRequest = readPullRequest(event);
  const stepLabel = `cloudbase-run-${stepId}`;
  return {
    repository,
    sha: pullRequest?.headSha ?? env['GITHUB_SHA'] ?? '',
    gitTag: env['GITHUB_REF_TYPE'] === 'tag' ? (env['GITHUB_REF_NAME'] ?? '') : '',
    repositoryUrl: repository === '' ? '' : `${server}/${repository}`,
    runUrl: repository === '' || runId === '' ? '' : `${server}/${repository}/actions/runs/${runId}`,
    actionUrl:
      actionRepository === '' || actionRef === '' ? '' : `${server}/${actionRepository}/blob/${actionRef}`,
    pullRequest,
    workspace: env['GITHUB_WORKSPACE'] ?? '.',
    tempFolder: join(env['RUNNER_TEMP'] ?? env['TMPDIR'] ?? '/tmp', stepLabel),
    summaryFile: env['GITHUB_STEP_SUMMARY'],
    stepLabel,
  };
}

function readPullRequest(event: unknown): PullRequest | undefined {
  const pull = field(event, 'pull_request');
  const number = field(pull, 'number');
  if (typeof number !== 'number') return undefined;
  const head = field(pull, 'head');
  const headSha = field(head, 'sha');
  return { number, headSha: typeof headSha === 'string' ? headSha : '' };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

const inheritedNames =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|XDG_[A-Z_]+|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY|DOCKER_(HOST|CONFIG|CONTEXT|CERT_PATH|TLS|TLS_VERIFY|API_VERSION)|BUILDX_(BUILDER|CONFIG)|BUILDKIT_HOST|SYSTEMROOT|PATHEXT|COMSPEC|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|USERPROFILE)$/i;

/** The variable by which the post part recognizes what a killed step has started: all its children carry the step's label. */
export const stepMarker = 'CLOUDBASE_RUN_STEP';

/**
 * The variables of a child process: what finds tools, certificates, proxies and the Docker engine, and the step's mark.
 * Inputs, tokens and whatever else the step holds stay out.
 */
export function pickChildEnv(env: Environment, stepLabel: string): Record<string, string> {
  return { ...pick(env, (name) => inheritedNames.test(name)), [stepMarker]: stepLabel };
}

/** True for a variable that the docker command itself would obey if it inherited it. */
export function isDockerVariable(name: string): boolean {
  return dockerNames.test(name);
}

const dockerNames =
  /^(PATH|HOME|USER|LANG|TMPDIR|XDG_.+|LD_.+|SSL_CERT_.+|DOCKER_.+|BUILDX_.+|BUILDKIT_.+|OTEL_.+|GO[A-Z]+|.+_PROXY)$/i;

/** What some children may know besides. */
export interface ToolEnv {
  /** What a package manager needs: its own settings, and the registry token that setup-node hands over. */
  readonly installEnv: Readonly<Record<string, string>>;
  /** What a build needs to reach GitHub's cache (buildx, cache type `gha`). */
  readonly cacheEnv: Readonly<Record<string, string>>;
}

/** Picks what package managers and builds may know besides. */
export function pickToolEnv(env: Environment): ToolEnv {
  const isInstall = /^(npm_config_.+|NODE_AUTH_TOKEN|COREPACK_[A-Z_]+|PNPM_HOME)$/i;
  const isCache = /^ACTIONS_(CACHE_URL|RESULTS_URL|RUNTIME_TOKEN|CACHE_SERVICE_V2)$/;
  return {
    installEnv: pick(env, (name) => isInstall.test(name)),
    cacheEnv: pick(env, (name) => isCache.test(name)),
  };
}

function pick(env: Environment, isWanted: (name: string) => boolean): Record<string, string> {
  const wanted = Object.entries(env).filter(([name, value]) => value !== undefined && isWanted(name));
  return Object.fromEntries(wanted) as Record<string, string>;
}

/**
 * True for a variable that the SDK and its packages read behind our back: region, endpoints, credentials, and the proxy
 * of plain http. The inputs take their place.
 */
export function isVendorVariable(name: string): boolean {
  return /^(TENCENTCLOUD_.*|TCB_.*|(USE_)?INTERNAL_ENDPOINT(_REGION)?|COS_SDK_.*|http_proxy)$/.test(name);
}
