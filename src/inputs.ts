import leven from 'leven';

import type { Environment } from './context.ts';
import type { Parsed, Problem } from './errors.ts';
import type { Target } from './ports.ts';

/** Every input of action.yml with its default; the two are kept equal by a test. */
export const inputDefaults = {
  command: 'deploy',
  'service-name': '',
  mode: 'auto',
  'server-config': '',
  'config-environment': '',
  'env-from': '',
  'env-strategy': 'merge',
  source: '.',
  'env-id': '',
  region: 'ap-shanghai',
  'secret-id': '',
  'secret-key': '',
  'session-token': '',
  'api-endpoint': '',
  lint: 'error',
  verify: 'auto',
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
const trueOrFalse = ['true', 'false'] as const;

export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken: string;
}

export interface CloudAccess {
  readonly credentials: Credentials;
  readonly region: string;
  /** A URL in which `{service}` stands for the API service's name. */
  readonly apiEndpoint: string;
}

/** What every command that changes a service takes, checked. */
interface ServiceInputs {
  readonly target: Target;
  readonly mode: (typeof modes)[number];
  /** The overlay of the service config; empty for none. */
  readonly overlay: string;
  /** Names of env vars whose values come from the step's environment. */
  readonly envFrom: readonly string[];
  readonly envStrategy: (typeof envStrategies)[number];
  readonly cloud: CloudAccess;
  readonly timeoutMs: number;
  readonly comment: (typeof switches)[number];
  readonly gitHubToken: string;
}

/** The inputs of `command: deploy`, and of `command: plan`, which does the same without writing. */
export interface DeployInputs extends ServiceInputs {
  readonly command: 'deploy' | 'plan';
  /** The severity that fails the run. */
  readonly lint: (typeof lintLevels)[number];
  readonly verify: (typeof switches)[number];
  /** True: a source and a config that are live already are not released again. */
  readonly skipUnchanged: boolean;
  readonly redeploy: boolean;
}

/** The inputs of `command: update-config`. */
export interface UpdateConfigInputs extends ServiceInputs {
  readonly command: 'update-config';
}

export type Inputs = DeployInputs | UpdateConfigInputs;

const commands = ['deploy', 'plan', 'update-config'] as const satisfies readonly Inputs['command'][];
const defaultEndpoint = 'https://{service}.tencentcloudapi.com';

/** Checks the raw inputs; all problems are found at once. Credentials fall back to the TENCENTCLOUD_… variables. */
export function parseInputs(raw: RawInputs, env: Environment): Parsed<Inputs> {
  const problems: Problem[] = [];
  const report = (subject: InputName, message: string): void => {
    problems.push({ subject, message });
  };
  const choose = <T extends string>(name: InputName, choices: readonly T[]): T =>
    parseChoice(raw[name], choices, report.bind(undefined, name));
  const command = choose('command', commands);
  const service: ServiceInputs = {
    target: { envId: parseEnvId(raw, report), serviceName: parseServiceName(raw, report) },
    mode: choose('mode', modes),
    overlay: raw['config-environment'],
    envFrom: parseEnvFrom(raw, report),
    envStrategy: choose('env-strategy', envStrategies),
    cloud: {
      credentials: parseCredentials(raw, env, report),
      region: parseRegion(raw, report),
      apiEndpoint: parseApiEndpoint(raw, report),
    },
    timeoutMs: parseTimeout(raw, report),
    comment: choose('comment', switches),
    gitHubToken: raw['github-token'],
  };
  const project = {
    lint: choose('lint', lintLevels),
    verify: choose('verify', switches),
    skipUnchanged: choose('skip-unchanged', trueOrFalse) === 'true',
    redeploy: choose('redeploy', trueOrFalse) === 'true',
  };
  const value: Inputs =
    command === 'update-config' ? { command, ...service } : { command, ...service, ...project };
  return problems.length === 0 ? { value, problems } : { problems };
}

/** Somebody may have written `KEY=value` there: nothing that follows the name is shown, nor any part of it. */
function parseEnvFrom(raw: RawInputs, report: Report): string[] {
  const names = splitNames(raw['env-from']);
  const form = 'must be names of environment variables, separated by spaces, commas or line breaks';
  const wrong = names.find((each) => !isEnvName(each));
  if (wrong !== undefined) {
    const [shown = ''] = /^\w*/.exec(wrong) ?? [];
    report('env-from', `${form}, not "${shown}…". The values stand in the "env:" of the step.`);
  }
  return names;
}

type Report = (subject: InputName, message: string) => void;

/** The names in an input that takes several, each once. */
export function splitNames(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

/** True for what can be the name of an environment variable. */
export function isEnvName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

function parseChoice<T extends string>(
  raw: string,
  choices: readonly T[],
  report: (message: string) => void,
): T {
  const found = choices.find((choice) => choice === raw);
  if (found !== undefined) return found;
  const [first = raw as T, ...rest] = [...choices].sort(
    (left, right) => leven(raw, left) - leven(raw, right),
  );
  const hint = rest.length > 0 && leven(raw, first) <= 2 ? ` Did you mean "${first}"?` : '';
  report(`must be ${choices.map((choice) => `"${choice}"`).join(' or ')}, not "${raw}".${hint}`);
  return first;
}

function parseServiceName(raw: RawInputs, report: Report): string {
  const name = raw['service-name'];
  const form =
    '3 to 45 letters, digits, hyphens and underscores, beginning with a letter and ending with a letter or digit';
  if (name === '') report('service-name', `is missing: give the name of the service, ${form}.`);
  else if (!/^[A-Za-z][A-Za-z0-9_-]{1,43}[A-Za-z0-9]$/.test(name)) {
    report('service-name', `must be ${form}, not "${name}".`);
  } else if (/^(lcap|lowcode)/.test(name)) {
    report(
      'service-name',
      `must not begin with "lcap" or "lowcode", which the platform keeps for itself: "${name}".`,
    );
  }
  return name;
}

function parseEnvId(raw: RawInputs, report: Report): string {
  const envId = raw['env-id'];
  if (envId === '')
    report('env-id', 'is missing: give the id of the CloudBase environment, such as "my-env-1a2b3c".');
  else if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(envId)) {
    report('env-id', `must be an environment id of letters, digits and hyphens, not "${envId}".`);
  }
  return envId;
}

function parseCredentials(raw: RawInputs, env: Environment, report: Report): Credentials {
  const secretId = raw['secret-id'] || (env['TENCENTCLOUD_SECRETID'] ?? '');
  const secretKey = raw['secret-key'] || (env['TENCENTCLOUD_SECRETKEY'] ?? '');
  const isOwnPair = raw['secret-id'] !== '' || raw['secret-key'] !== '';
  const sessionToken = raw['session-token'] || (isOwnPair ? '' : (env['TENCENTCLOUD_SESSIONTOKEN'] ?? ''));
  const missing = 'is missing: give it from a repository secret, or set the environment variable';
  if (secretId === '') report('secret-id', `${missing} TENCENTCLOUD_SECRETID.`);
  if (secretKey === '') report('secret-key', `${missing} TENCENTCLOUD_SECRETKEY.`);
  return { secretId, secretKey, sessionToken };
}

function parseRegion(raw: RawInputs, report: Report): string {
  if (!/^[a-z]+-[a-z]+(-\d+)?$/.test(raw.region)) {
    report('region', `must be a region's id such as "ap-shanghai", not "${raw.region}".`);
  }
  return raw.region;
}

function parseApiEndpoint(raw: RawInputs, report: Report): string {
  const endpoint = raw['api-endpoint'] || defaultEndpoint;
  const url = URL.parse(endpoint.replaceAll('{service}', 'service'));
  const isLoopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isAccepted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (!isAccepted || url.username !== '' || url.search !== '' || url.hash !== '') {
    report(
      'api-endpoint',
      `must be an https URL, or http on the loopback interface, such as "${defaultEndpoint}", not "${endpoint}".`,
    );
  }
  return endpoint.replace(/\/+$/, '');
}

function parseTimeout(raw: RawInputs, report: Report): number {
  const seconds = Number(raw['timeout-seconds']);
  if (!/^\d+$/.test(raw['timeout-seconds']) || seconds < 10 || seconds > 21_600) {
    report('timeout-seconds', `must be a whole number from 10 to 21600, not "${raw['timeout-seconds']}".`);
  }
  return seconds * 1000;
}
