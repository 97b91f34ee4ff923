import { isAbsolute, join, relative, resolve } from 'node:path';

import type { Environment } from '../context.ts';
import { InputError, type Parsed, type Problem } from '../errors.ts';
import { isEnvName, splitNames } from '../input-fields.ts';
import { parseInputs, type InputName, type Inputs, type RawInputs } from '../inputs.ts';
import type { Files } from '../ports.ts';
import type { EnvVars } from '../service-config/merge.ts';
import type { ServiceConfig } from '../service-config/parse.ts';
import {
  checkFunctionSettings,
  configProblem,
  fingerprintName,
  inlineName,
} from '../service-config/rules.ts';

/** The checked inputs, with the service config and the source folder that they name. */
export interface Settled<I extends Inputs = Inputs> {
  readonly inputs: I;
  readonly config: ServiceConfig;
  /** Env vars that `env-from` takes from the step's environment; their values are secrets. */
  readonly envFrom: EnvVars;
  /** Absolute path of the source folder. */
  readonly sourceFolder: string;
  /** Absolute path of the repository that holds it: the workspace, or the folder below it that was checked out to. */
  readonly repository: string;
}

interface Surroundings {
  readonly env: Environment;
  readonly context: { readonly workspace: string };
}

/** Checks every input, the service config and the source folder; all problems come in one InputError. */
export async function settleInputs(raw: RawInputs, around: Surroundings, files: Files): Promise<Settled> {
  const parsed = parseInputs(raw, around.env);
  const { workspace } = around.context;
  const sourceFolder = resolve(workspace, raw.source);
  const repository = await findRepository(workspace, sourceFolder, files);
  const config = await readConfig(raw, { workspace, repository }, files);
  const envFrom = pickEnvFrom(raw, around.env);
  const problems = [
    ...parsed.problems,
    ...config.problems,
    ...checkMode(raw.mode, config.value),
    ...envFrom.problems,
    ...checkEnv(raw, config.value),
    ...checkTogether(raw),
    ...(await checkLint(raw, workspace)),
    ...(raw.command === 'update-config' ? [] : await checkSource(raw.source, sourceFolder, files)),
  ];
  if (parsed.value === undefined || config.value === undefined || problems.length > 0)
    throw new InputError(problems);
  const { value: inputs } = parsed;
  return { inputs, config: config.value, envFrom: envFrom.value ?? {}, sourceFolder, repository };
}

/** Annotations name files relative to the repository. A submodule has a file `.git` and is none of its own. */
async function findRepository(workspace: string, folder: string, files: Files): Promise<string> {
  for (let root = folder; !isOutside(relative(workspace, root)); root = join(root, '..')) {
    if ((await files.kindOf(join(root, '.git'))) === 'folder') return root;
    if (relative(workspace, root) === '') break;
  }
  return workspace;
}

/** A secret that is not there reaches the step as an empty variable: both are refused. */
function pickEnvFrom(raw: RawInputs, env: Environment): Parsed<EnvVars> {
  const names = splitNames(raw['env-from']);
  // What is no name may be a value, and so may be what stands beside it.
  if (!names.every(isEnvName)) return { problems: [] };
  const valueOf = (name: string): string => (Object.hasOwn(env, name) ? (env[name] ?? '') : '');
  const missing = names.filter((name) => valueOf(name) === '');
  // The command "lint" starts nothing, and a pull request from a fork has no secrets.
  if (raw.command === 'lint') return { value: {}, problems: [] };
  const problems = missing.map((name) => ({
    subject: 'env-from',
    message:
      `names "${name}", which is ${Object.hasOwn(env, name) ? 'empty' : 'not set'} in the step's environment. ` +
      `Set it in the step's "env:", such as "${name}: \${{ secrets.${name} }}", and check that the secret exists.`,
  }));
  return { value: Object.fromEntries(names.map((name) => [name, valueOf(name)])), problems };
}

/** Finds env vars that are set twice, and a replacement that would take away all of them by accident. */
function checkEnv(raw: RawInputs, config: ServiceConfig | undefined): Problem[] {
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
  const isReplaced = raw['env-strategy'] === 'replace' && config !== undefined;
  if (!isReplaced || names.length > 0 || written !== undefined) return problems;
  const message =
    'is "replace", but neither EnvParams nor env-from names an env var: it would delete all of them. ' +
    'Name those that stay, or write "EnvParams: {}" to delete all.';
  return [...problems, { subject: 'env-strategy', message }];
}

/** Finds inputs that make no sense beside one another. */
function checkTogether(raw: RawInputs): Problem[] {
  const hasConfig = raw['server-config'].trim() !== '';
  const overlay = raw['config-environment'];
  const isUpdate = raw.command === 'update-config';
  const problem = (isWrong: boolean, subject: InputName, message: string): Problem[] =>
    isWrong ? [{ subject, message }] : [];
  return [
    ...problem(
      overlay !== '' && !hasConfig,
      'config-environment',
      `is "${overlay}", but there is no server-config to pick it from. Leave it out.`,
    ),
    ...problem(
      isUpdate && !hasConfig && splitNames(raw['env-from']).length === 0,
      'command',
      'is "update-config", but there is nothing to change: give server-config or env-from.',
    ),
    ...(['skip-unchanged', 'redeploy'] as const).flatMap((name) =>
      problem(
        (isUpdate || raw.command === 'lint') && raw[name] === 'true',
        name,
        'is for the commands "deploy" and "plan". Leave it out.',
      ),
    ),
    ...problem(
      raw['generate-dockerfile'] === 'true' && (raw.mode === 'function' || raw.mode === 'agent'),
      'generate-dockerfile',
      `is "true", but mode "${raw.mode}" uses no Dockerfile. Leave it out, or use mode "container".`,
    ),
    ...problem(
      raw['bot-id'] !== '' && raw.mode !== 'agent',
      'bot-id',
      `is for mode "agent", and mode is "${raw.mode}". Leave it out, or set mode to "agent".`,
    ),
  ];
}

/** The catalogue of rules is loaded only where an id has to be looked up. */
async function checkLint(raw: RawInputs, workspace: string): Promise<Problem[]> {
  const { lint, 'lint-ignore': ignore, 'sarif-file': sarifFile } = raw;
  const problems: Problem[] = [];
  if (raw.command === 'lint' && lint === 'off')
    problems.push({ subject: 'lint', message: 'is "off", but the command is "lint". Leave it out.' });
  if (sarifFile !== '' && lint === 'off')
    problems.push({
      subject: 'sarif-file',
      message: 'has nothing to hold, for lint is "off". Leave it out.',
    });
  const isInside = !isOutside(relative(workspace, resolve(workspace, sarifFile)));
  if (sarifFile !== '' && !(isInside && sarifFile.endsWith('.sarif'))) {
    const message = `must be a path inside the workspace that ends with ".sarif", not "${sarifFile}".`;
    problems.push({ subject: 'sarif-file', message });
  }
  if (ignore.trim() === '') return problems;
  const { checkRuleId } = await import('../lint/ignore.ts');
  const faults = splitNames(ignore).flatMap((id) => checkRuleId(id) ?? []);
  return [...problems, ...faults.map((message) => ({ subject: 'lint-ignore', message }))];
}

/** With mode "auto" the project stage checks the same, once the mode is settled. */
function checkMode(mode: string, config: ServiceConfig | undefined): Problem[] {
  if (config === undefined || (mode !== 'function' && mode !== 'agent')) return [];
  return checkFunctionSettings(config, mode);
}

/** The parser and its packages are loaded only where there is something to parse. */
async function readConfig(
  raw: RawInputs,
  { workspace, repository }: { readonly workspace: string; readonly repository: string },
  files: Files,
): Promise<Parsed<ServiceConfig>> {
  const { 'server-config': input, 'config-environment': overlay } = raw;
  if (input.trim() === '') return { value: { settings: {}, positions: {}, overlays: [] }, problems: [] };
  const { parseConfigSource, parseServiceConfig } = await import('../service-config/parse.ts');
  const source = parseConfigSource(input);
  if (source.kind === 'inline') return parseServiceConfig(source.value, inlineName, overlay);
  const shown = relative(workspace, resolve(workspace, source.value));
  const text = await readConfigFile(workspace, shown, files);
  if ('problems' in text) return text;
  return parseServiceConfig(text.value, relative(repository, join(workspace, shown)), overlay);
}

/** A link is followed, but not out of the workspace. */
async function readConfigFile(
  workspace: string,
  shown: string,
  files: Files,
): Promise<Parsed<never> | { readonly value: string }> {
  const outside = 'lies outside the workspace';
  if (isOutside(shown)) return unreadable(shown, outside);
  const path = await files.realPath(join(workspace, shown));
  if (path === undefined) return unreadable(shown, 'does not exist');
  if (isOutside(relative((await files.realPath(workspace)) ?? workspace, path)))
    return unreadable(shown, outside);
  if ((await files.kindOf(path)) === 'folder') return unreadable(shown, 'is a folder');
  const value = await files.readText(path);
  return value === undefined ? unreadable(shown, 'cannot be read as UTF-8 text') : { value };
}

function isOutside(path: string): boolean {
  return /^\.\.([\\/]|$)/.test(path) || isAbsolute(path);
}

function unreadable(path: string, fault: string): Parsed<never> {
  const message =
    `the file "${path}" ${fault}. ` +
    'Give the path of a YAML file relative to the workspace, or the YAML itself, such as "Cpu: 0.5".';
  return { problems: [{ subject: 'server-config', message }] };
}

async function checkSource(source: string, folder: string, files: Files): Promise<Problem[]> {
  const kind = await files.kindOf(folder);
  if (kind === 'folder') return [];
  const fault = kind === undefined ? 'does not exist; was the repository checked out?' : 'is not a folder.';
  return [
    {
      subject: 'source',
      message: `must be the folder to deploy, relative to the workspace: "${source}" ${fault}`,
    },
  ];
}
