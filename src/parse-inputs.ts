import type { Environment } from './context.ts';
import type { Parsed, Problem } from './errors.ts';
import {
  checkBuilder,
  checkImage,
  checkRepository,
  checkStage,
  parseBuildSecrets,
  parseCacheSources,
  parseCacheTargets,
  parseTags,
  registryOf,
} from './image-fields.ts';
import {
  checkBotId,
  parseApiEndpoint,
  parseAssignments,
  parseChoice,
  parseEnvFrom,
  parseEnvId,
  parsePath,
  parseRegion,
  parseServiceName,
  parseStatuses,
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
  referenceKinds,
  switches,
  type BuildInputs,
  type CheckInputs,
  type CommonInputs,
  type DeliveryInputs,
  type ImageInputs,
  type InputName,
  type Inputs,
  type LocalInputs,
  type RawInputs,
  type RunInputs,
  type ServiceInputs,
  type SourceInputs,
} from './inputs.ts';

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

interface Reader {
  readonly raw: RawInputs;
  readonly env: Environment;
  /** Takes the problems of one input. */
  readonly about: (subject: InputName) => Report;
  readonly choose: <T extends string>(name: InputName, choices: readonly [T, ...T[]]) => T;
}

function readInputs(reader: Reader): Inputs {
  const { choose } = reader;
  const command = choose('command', commands);
  if (command === 'lint') return { command, ...readCommon(reader), ...readSource(reader) };
  if (command === 'run') return { command, ...readRun(reader) };
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

function readSource(reader: Reader): SourceInputs {
  const { raw, choose } = reader;
  return {
    lint: choose('lint', lintLevels),
    lintIgnore: splitNames(raw['lint-ignore']),
    sarifFile: raw['sarif-file'],
    generatesDockerfile: readGenerate(reader),
  };
}

function readGenerate({ choose }: Reader): boolean {
  return choose('generate-dockerfile', trueOrFalse) === 'true';
}

function readRun(reader: Reader): Omit<RunInputs, 'command'> {
  const { raw, about } = reader;
  const port = raw['run-port'];
  return {
    ...readCommon(reader),
    generatesDockerfile: readGenerate(reader),
    ...readImage(reader),
    port: port === '' ? undefined : parseWhole(port, [1, 65_535], about('run-port')),
  };
}

function readImage(reader: Reader): ImageInputs {
  return { build: readBuild(reader), local: readLocal(reader), delivery: readDelivery(reader) };
}

function readBuild({ raw, about }: Reader): BuildInputs {
  checkStage(raw.target, about('target'));
  checkBuilder(raw.builder, about('builder'));
  return {
    buildArgs: parseAssignments(raw['build-args'], about('build-args')),
    buildSecrets: parseBuildSecrets(raw['build-secrets'], about('build-secrets')),
    target: raw.target,
    cacheFrom: parseCacheSources(raw['cache-from'], about('cache-from')),
    cacheTo: parseCacheTargets(raw['cache-to'], about('cache-to')),
    builder: raw.builder,
  };
}

function readLocal(reader: Reader): LocalInputs {
  const { raw, about, choose } = reader;
  return {
    verify: choose('verify', switches),
    checks: readChecks(reader),
    env: parseAssignments(raw['verify-env'], about('verify-env')),
    envFrom: parseEnvFrom(raw['verify-env-from'], about('verify-env-from')),
  };
}

function readChecks({ raw, about }: Reader): CheckInputs {
  const pathOf = (name: 'verify-path' | 'verify-sse-path' | 'verify-websocket-path'): string =>
    parsePath(raw[name], about(name));
  return {
    path: pathOf('verify-path') || '/',
    isPathGiven: raw['verify-path'] !== '',
    statuses: parseStatuses(raw['verify-status'], about('verify-status')),
    ssePath: pathOf('verify-sse-path'),
    webSocketPath: pathOf('verify-websocket-path'),
    burst: parseWhole(raw['verify-burst'], [0, 500], about('verify-burst')),
    botId: raw['bot-id'],
  };
}

function readDelivery({ raw, about, choose }: Reader): DeliveryInputs {
  const { image, 'image-repository': repository } = raw;
  checkImage(image, about('image'));
  checkRepository(repository, about('image-repository'));
  const { 'registry-username': username, 'registry-password': password } = raw;
  const isGiven = username !== '' && password !== '';
  return {
    image,
    repository,
    tags: parseTags(raw['image-tags'], about('image-tags')),
    referenceBy: choose('image-reference', referenceKinds),
    access: isGiven ? { registry: registryOf(image || repository), username, password } : undefined,
  };
}
