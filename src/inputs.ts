import type { Environment } from './context.ts';
import type { Parsed, Problem } from './errors.ts';
import {
  checkBotId,
  parseApiEndpoint,
  parseChoice,
  parseEnvFrom,
  parseEnvId,
  parseRegion,
  parseServiceName,
  parseTimeout,
  pickCredentials,
  splitNames,
  type Credentials,
  type Report,
} from './input-fields.ts';
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
  'generate-dockerfile': 'false',
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

export interface CloudAccess {
  readonly credentials: Credentials;
  readonly region: string;
  /** A URL in which `{service}` stands for the API service's name. */
  readonly apiEndpoint: string;
}

/** What every command takes, checked. */
interface CommonInputs {
  readonly mode: (typeof modes)[number];
  /** The overlay of the service config; empty for none. */
  readonly overlay: string;
  /** Names of env vars whose values come from the step's environment. */
  readonly envFrom: readonly string[];
  readonly timeoutMs: number;
}

/** What every command that reads a source takes. */
interface SourceInputs {
  /** The severity that fails the run. */
  readonly lint: (typeof lintLevels)[number];
  /** Ids of rules whose findings are left out. */
  readonly lintIgnore: readonly string[];
  /** Where the findings are written as SARIF, relative to the workspace; empty for nowhere. */
  readonly sarifFile: string;
  readonly generatesDockerfile: boolean;
}

/** What every command that reads or changes a service takes. */
interface ServiceInputs {
  readonly target: Target;
  readonly envStrategy: (typeof envStrategies)[number];
  readonly cloud: CloudAccess;
  readonly comment: (typeof switches)[number];
  readonly gitHubToken: string;
}

/** The inputs of `command: deploy`, and of `command: plan`, which does the same without writing. */
export interface DeployInputs extends CommonInputs, SourceInputs, ServiceInputs {
  readonly command: 'deploy' | 'plan';
  readonly verify: (typeof switches)[number];
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

export type Inputs = DeployInputs | UpdateConfigInputs | LintInputs;

const commands = ['deploy', 'plan', 'update-config', 'lint'] as const satisfies readonly Inputs['command'][];

/** Checks the raw inputs that the command needs; all problems are found at once. */
export function parseInputs(raw: RawInputs, env: Environment): Parsed<Inputs> {
  const problems: Problem[] = [];
  const about =
    (subject: InputName): Report =>
    (message) => {
      problems.push({ subject, message });
    };
  const value = readInputs({
    raw,
    env,
    about,
    choose: (name, choices) => parseChoice(raw[name], choices, about(name)),
  });
  return problems.length === 0 ? { value, problems } : { problems };
}

interface Reader {
  readonly raw: RawInputs;
  readonly env: Environment;
  /** Takes the problems of one input. */
  readonly about: (subject: InputName) => Report;
  readonly choose: <T extends string>(name: InputName, choices: readonly T[]) => T;
}

function readInputs(reader: Reader): Inputs {
  const { choose } = reader;
  const command = choose('command', commands);
  if (command === 'lint') return { command, ...readCommon(reader), ...readSource(reader) };
  const service = { ...readService(reader), ...readCommon(reader) };
  if (command === 'update-config') return { command, ...service };
  return {
    command,
    ...service,
    ...readSource(reader),
    verify: choose('verify', switches),
    skipUnchanged: choose('skip-unchanged', trueOrFalse) === 'true',
    redeploy: choose('redeploy', trueOrFalse) === 'true',
  };
}

function readService({ raw, env, about, choose }: Reader): ServiceInputs {
  return {
    target: {
      envId: parseEnvId(raw['env-id'], about('env-id')),
      serviceName: parseServiceName(raw['service-name'], about('service-name')),
    },
    envStrategy: choose('env-strategy', envStrategies),
    cloud: {
      credentials: readCredentials({ raw, env, about }),
      region: parseRegion(raw.region, about('region')),
      apiEndpoint: parseApiEndpoint(raw['api-endpoint'], about('api-endpoint')),
    },
    comment: choose('comment', switches),
    gitHubToken: raw['github-token'],
  };
}

function readCredentials({ raw, env, about }: Pick<Reader, 'raw' | 'env' | 'about'>): Credentials {
  const credentials = pickCredentials(
    { secretId: raw['secret-id'], secretKey: raw['secret-key'], sessionToken: raw['session-token'] },
    env,
  );
  const missing = 'is missing: give it from a repository secret, or set the environment variable';
  if (credentials.secretId === '') about('secret-id')(`${missing} TENCENTCLOUD_SECRETID.`);
  if (credentials.secretKey === '') about('secret-key')(`${missing} TENCENTCLOUD_SECRETKEY.`);
  return credentials;
}

function readCommon({ raw, about, choose }: Reader): CommonInputs {
  checkBotId(raw['bot-id'], about('bot-id'));
  return {
    mode: choose('mode', modes),
    overlay: raw['config-environment'],
    envFrom: parseEnvFrom(raw['env-from'], about('env-from')),
    timeoutMs: parseTimeout(raw['timeout-seconds'], about('timeout-seconds')),
  };
}

function readSource({ raw, choose }: Reader): SourceInputs {
  return {
    lint: choose('lint', lintLevels),
    lintIgnore: splitNames(raw['lint-ignore']),
    sarifFile: raw['sarif-file'],
    generatesDockerfile: choose('generate-dockerfile', trueOrFalse) === 'true',
  };
}
