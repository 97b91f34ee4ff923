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
  parseAssignments,
  parseEnvFrom,
  parsePath,
  parseStatuses,
  parseWhole,
  type Report,
} from './input-fields.ts';
import type { Environment } from './context.ts';
import {
  referenceKinds,
  switches,
  type BuildInputs,
  type CheckInputs,
  type DeliveryInputs,
  type ImageInputs,
  type InputName,
  type LocalInputs,
  type RawInputs,
} from './inputs.ts';

/** What inputs are read from, and who hears what is wrong with them. */
export interface Reader {
  readonly raw: RawInputs;
  readonly env: Environment;
  /** Takes the problems of one input. */
  readonly about: (subject: InputName) => Report;
  readonly choose: <T extends string>(name: InputName, choices: readonly [T, ...T[]]) => T;
}

/** How an image is built, how it runs on the runner, and where it goes. */
export function readImage(reader: Reader): ImageInputs {
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
