import { Failure, failureKinds } from '../errors.ts';
import type { RunEvent } from '../events.ts';
import type { Credentials } from '../input-fields.ts';
import { modes, type Inputs } from '../inputs.ts';
import { statuses, type Outcome, type StageValues } from '../outcome.ts';
import type { Log } from '../ports.ts';
import { parseEnv } from '../service-config/merge.ts';

/** Parts of names, and whole words of names, in snake case. */
const secretPart = /secret|token|passw|pwd|credential|private|api_?key|access_?key|auth|dsn/;
const secretWord = /(^|_)(pw|pin|cert)(_|$)|(^|_)key$/;
const secretValue = /:\/\/[^/\s]*:[^/\s]+@|-----BEGIN .*PRIVATE KEY-----/;

/**
 * Hides credentials and secret-looking env vars (8 characters or more) in the log as soon as they are known. Shorter
 * values stay: the runner would turn every `1` or `true` into `***` and drop outputs that hold one.
 */
export function createMaskListener(log: Pick<Log, 'mask'>): (event: RunEvent) => void {
  return (event) => {
    if (event.kind === 'finished' && event.stage === 'inputs')
      maskSecrets(event.value as StageValues['inputs'], log);
  };
}

function maskSecrets(settled: StageValues['inputs'], log: Pick<Log, 'mask'>): void {
  const { inputs, config, envFrom } = settled;
  const { secretId, secretKey, sessionToken } = credentialsOf(inputs);
  const named = [...Object.entries(config.settings.EnvParams ?? {}), ...Object.entries(localEnvOf(settled))];
  const secrets = [
    ...[secretId, secretKey, sessionToken],
    ...secretLooking(named),
    ...Object.values(envFrom),
    ...imageSecretsOf(settled),
  ];
  // The runner drops outputs that hold a mask, and these stand in outputs.
  const spoken = spokenOf(inputs);
  const values = new Set(secrets.flatMap((value) => [value, ...linesOf(value)]));
  for (const value of values)
    if (value.length >= shortestMask && !spoken.has(value) && !isAddress(value)) log.mask(value);
}

function secretLooking(named: readonly (readonly [name: string, value: string | null])[]): string[] {
  return named.flatMap(([name, value]) =>
    value !== null && (isSecretName(name) || secretValue.test(value)) ? [value] : [],
  );
}

/** Secrets of build, local run and registry. */
function imageSecretsOf(settled: StageValues['inputs'] | undefined): string[] {
  if (settled === undefined || !('build' in settled.inputs)) return [];
  const { inputs, localEnv, buildSecrets } = settled;
  const { build, local, delivery } = inputs;
  return [
    ...(delivery.access === undefined ? [] : [delivery.access.password]),
    ...Object.values(buildSecrets),
    ...local.envFrom.flatMap((name) => localEnv[name] ?? []),
    ...secretLooking(Object.entries(build.buildArgs)),
    ...secretLooking([...build.cacheFrom, ...build.cacheTo].flatMap(fieldsOf)),
  ];
}

/** The fields of a cache spec: keys of its storage may be among them. */
function fieldsOf(spec: string): (readonly [name: string, value: string])[] {
  return [...spec.matchAll(/(?:^|,)"?([^=,"]+)=([^,"]*)/g)].map(([, name = '', value = '']) => [name, value]);
}

/** Env vars of the local run whose values were written out. */
function localEnvOf({ inputs, localEnv }: StageValues['inputs']): Readonly<Record<string, string>> {
  const named = new Set('local' in inputs ? inputs.local.envFrom : []);
  return Object.fromEntries(Object.entries(localEnv).filter(([name]) => !named.has(name)));
}

/** Commands that look at no service have none. */
function credentialsOf(inputs: Inputs | undefined): Credentials {
  const none = { secretId: '', secretKey: '', sessionToken: '' };
  return inputs !== undefined && 'cloud' in inputs ? inputs.cloud.credentials : none;
}

const shortestMask = 8;

/** Words that stand in outputs and messages anyway. */
function spokenOf(inputs: Inputs): Set<string> {
  const names = 'target' in inputs ? [inputs.target.envId, inputs.target.serviceName] : [];
  const images = 'delivery' in inputs ? [inputs.delivery.image, inputs.delivery.repository] : [];
  return new Set<string>([...names, ...images, ...statuses, ...failureKinds, ...modes]);
}

/**
 * A plain address is no secret: the output `url` may be one, and the runner drops outputs that hold a mask. One with a
 * user, a query or a long word in its path, as webhooks have it, may be one.
 */
function isAddress(value: string): boolean {
  return /^https?:\/\/[^/?#@\s]+(\/[^/?#@\s]{0,15})*$/.test(value);
}

/** A program prints a value of several lines line by line. */
function linesOf(value: string): string[] {
  return value.includes('\n') ? value.split(/\r?\n/).map((line) => line.trim()) : [];
}

function isSecretName(name: string): boolean {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return secretPart.test(snake) || secretWord.test(snake);
}

/** The last lines of the log that shows a failure, redacted. */
export function redactedTail(outcome: Outcome): readonly string[] {
  const { failure } = outcome;
  if (!(failure?.error instanceof Failure)) return [];
  return failure.error.logTail.map((line) => redact(line, outcome));
}

/**
 * A text without the values that the run knows: the runner masks its log, but nobody masks a comment. Words shorter
 * than 8 characters stay, unless their name says that they are secret: then those of 4 and more go, too.
 */
export function redact(text: string, { values }: Pick<Outcome, 'values'>): string {
  const known = knownValues(values).sort((left, right) => right.length - left.length);
  return known.reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text);
}

function knownValues({ inputs, look }: Outcome['values']): string[] {
  const { secretId, secretKey, sessionToken } = credentialsOf(inputs?.inputs);
  const env = [
    ...Object.entries(inputs?.config.settings.EnvParams ?? {}),
    ...Object.entries(inputs === undefined ? {} : localEnvOf(inputs)),
    ...Object.entries(parseEnv(look?.service?.settings ?? {}) ?? {}),
    ...Object.entries(parseEnv(look?.service?.ownSettings ?? {}) ?? {}),
  ];
  const values = env.flatMap(([name, value]) =>
    value !== null && value.length >= (isSecretName(name) ? 4 : 8) ? [value] : [],
  );
  const secrets = [...Object.values(inputs?.envFrom ?? {}), ...imageSecretsOf(inputs)];
  const given = secrets.filter((value) => value.length >= 4);
  const lines = [...values, ...given].flatMap(linesOf).filter((line) => line.length >= shortestMask);
  const spoken = inputs === undefined ? new Set<string>() : spokenOf(inputs.inputs);
  const plain = [...values, ...given, ...lines, secretId, secretKey, sessionToken];
  return plain.filter((value) => value !== '' && !spoken.has(value)).flatMap(withEscapes);
}

/** An answer of the API may repeat the env vars as JSON, or as JSON within JSON. */
function withEscapes(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, once, JSON.stringify(once).slice(1, -1)])];
}
