import type { Environment } from '../../context.ts';
import type { Parsed, Problem } from '../../errors.ts';
import { parseBuildSecrets } from '../../image-fields.ts';
import { isEnvName, parseAssignments, splitNames } from '../../input-fields.ts';
import type { InputName, RawInputs } from '../../inputs.ts';
import type { EnvVars } from '../../service-config/merge.ts';
import type { ServiceConfig } from '../../service-config/parse.ts';
import { configProblem, fingerprintName } from '../../service-config/rules.ts';
import { isTaken } from './commands.ts';

/** The values of `env-from`. A command that leaves the service alone asks for none: a fork has no secrets. */
export function pickEnvFrom(raw: RawInputs, env: Environment): Parsed<EnvVars> {
  const isNeeded = raw.command !== 'lint' && raw.command !== 'run';
  const found = pickNamed('env-from', raw, env);
  return isNeeded || found.value === undefined ? found : { value: {}, problems: [] };
}

/** Env vars of the local run: `verify-env` with the values of `verify-env-from`. */
export function pickLocalEnv(raw: RawInputs, env: Environment): Parsed<EnvVars> {
  const written = isTaken(raw, 'verify-env') ? parseAssignments(raw['verify-env'], () => undefined) : {};
  const isNamed = isTaken(raw, 'verify-env-from');
  const found = isNamed ? pickNamed('verify-env-from', raw, env) : { value: {}, problems: [] };
  const names = isNamed ? splitNames(raw['verify-env-from']) : [];
  const problems = [
    ...found.problems,
    ...checkPort('verify-env', Object.keys(written)),
    ...checkPort('verify-env-from', names),
    ...names
      .filter((name) => Object.hasOwn(written, name))
      .map((name) => ({
        subject: 'verify-env-from',
        message: `names "${name}", which verify-env sets, too: set it in one of the two places.`,
      })),
  ];
  return { value: { ...written, ...found.value }, problems };
}

function checkPort(subject: InputName, names: readonly string[]): Problem[] {
  if (!names.includes('PORT')) return [];
  const message = 'must not name "PORT", which is set to the port of the service anyway. Leave it out.';
  return [{ subject, message }];
}

/** The values of `build-secrets` by their ids. */
export function pickBuildSecrets(raw: RawInputs, env: Environment): Parsed<Readonly<Record<string, string>>> {
  if (!isTaken(raw, 'build-secrets')) return { value: {}, problems: [] };
  const faults: string[] = [];
  const secrets = Object.entries(parseBuildSecrets(raw['build-secrets'], (fault) => faults.push(fault)));
  if (faults.length > 0) return { problems: [] };
  // The name is not shown where it stands for itself: somebody may have written the value there.
  const problems = secrets
    .filter(([, name]) => valueOf(env, name) === '')
    .map(([id, name]) => ({
      subject: 'build-secrets',
      message:
        `takes the secret "${id}" from an environment variable that is ${faultOf(env, name)} in the step's environment. ` +
        `Set it in the step's "env:", and check that the secret exists.`,
    }));
  return { value: Object.fromEntries(secrets.map(([id, name]) => [id, valueOf(env, name)])), problems };
}

/** A secret that is not there reaches the step as an empty variable: both are refused. */
function pickNamed(
  subject: 'env-from' | 'verify-env-from',
  raw: RawInputs,
  env: Environment,
): Parsed<EnvVars> {
  const names = splitNames(raw[subject]);
  // What is no name may be a value, and so may be what stands beside it.
  if (!names.every(isEnvName)) return { problems: [] };
  const missing = names.filter((name) => valueOf(env, name) === '');
  const problems = missing.map((name) => ({
    subject,
    message:
      `names "${name}", which is ${faultOf(env, name)} in the step's environment. ` +
      `Set it in the step's "env:", such as "${name}: \${{ secrets.${name} }}", and check that the secret exists.`,
  }));
  return { value: Object.fromEntries(names.map((name) => [name, valueOf(env, name)])), problems };
}

function valueOf(env: Environment, name: string): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '') : '';
}

function faultOf(env: Environment, name: string): string {
  return Object.hasOwn(env, name) ? 'empty' : 'not set';
}

/** Finds env vars that are set twice, and a replacement that would take away all of them by accident. */
export function checkEnv(raw: RawInputs, config: ServiceConfig | undefined): Problem[] {
  const names = splitNames(raw['env-from']);
  const written = config?.settings.EnvParams;
  const problems = names.flatMap((name): Problem[] => {
    if (name === 'PORT' || name === fingerprintName) {
      const message = `must not name "${name}", which is set for the service anyway. Leave it out.`;
      return [{ subject: 'env-from', message }];
    }
    if (written === undefined || !Object.hasOwn(written, name)) return [];
    const message = `is named by env-from, too: set it in one of the two places.`;
    return [configProblem(`EnvParams.${name}`, message, config?.positions[`EnvParams.${name}`])];
  });
  const isReplaced = raw['env-strategy'] === 'replace' && raw.command !== 'run' && config !== undefined;
  if (!isReplaced || names.length > 0 || written !== undefined) return problems;
  const message =
    'is "replace", but neither EnvParams nor env-from names an env var: it would delete all of them. ' +
    'Name those that stay, or write "EnvParams: {}" to delete all.';
  return [...problems, { subject: 'env-strategy', message }];
}
