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
  parseWhole,
  pickCredentials,
  splitNames,
  type Credentials,
  type Report,
} from './input-fields.ts';
import {
  commands,
  envStrategies,
  lintLevels,
  modes,
  switches,
  type CloudInputs,
  type CommonInputs,
  type InputName,
  type Inputs,
  type ProjectInputs,
  type RawInputs,
  type RunInputs,
  type ServiceInputs,
  type SourceInputs,
} from './inputs.ts';
import { readImage, type Reader } from './parse-image-inputs.ts';
import { parseOutput, parseSelection } from './package-fields.ts';

const trueOrFalse = ['true', 'false'] as const;

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

function readInputs(reader: Reader): Inputs {
  const { raw, about, choose } = reader;
  const command = choose('command', commands);
  if (command === 'lint') return { command, ...readCommon(reader), ...readSource(reader) };
  if (command === 'run') return { command, ...readRun(reader) };
  if (command === 'package')
    return {
      command,
      ...readCommon(reader),
      ...readProject(reader),
      ...readImage(reader),
      ...parseOutput(raw, about),
    };
  if (command === 'download')
    return { command, ...readCommon(reader), ...readCloud(reader), ...parseOutput(raw, about) };
  const service = { ...readService(reader), ...readCommon(reader) };
  if (command === 'update-config') return { command, ...service };
  return {
    command,
    ...service,
    ...readSource(reader),
    ...readImage(reader),
    skipUnchanged: choose('skip-unchanged', trueOrFalse) === 'true',
    redeploy: choose('redeploy', trueOrFalse) === 'true',
  };
}

function readService(reader: Reader): ServiceInputs {
  const { raw, choose } = reader;
  return {
    ...readCloud(reader),
    envStrategy: choose('env-strategy', envStrategies),
    comment: choose('comment', switches),
    gitHubToken: raw['github-token'],
  };
}

function readCloud({ raw, env, about }: Reader): CloudInputs {
  return {
    target: {
      envId: parseEnvId(raw['env-id'], about('env-id')),
      serviceName: parseServiceName(raw['service-name'], about('service-name')),
    },
    cloud: {
      credentials: readCredentials({ raw, env, about }),
      region: parseRegion(raw.region, about('region')),
      apiEndpoint: parseApiEndpoint(raw['api-endpoint'], about('api-endpoint')),
    },
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

function readSource(reader: Reader): SourceInputs {
  const { raw, choose } = reader;
  return {
    lint: choose('lint', lintLevels),
    lintIgnore: splitNames(raw['lint-ignore']),
    sarifFile: raw['sarif-file'],
    ...readProject(reader),
  };
}

function readProject(reader: Reader): ProjectInputs {
  const { raw, about, choose } = reader;
  const generatesDockerfile = choose('generate-dockerfile', trueOrFalse) === 'true';
  return { selection: parseSelection(raw, about), generatesDockerfile };
}

function readRun(reader: Reader): Omit<RunInputs, 'command'> {
  const { raw, about } = reader;
  const port = raw['run-port'];
  return {
    ...readCommon(reader),
    ...readProject(reader),
    ...readImage(reader),
    port: port === '' ? undefined : parseWhole(port, [1, 65_535], about('run-port')),
  };
}
