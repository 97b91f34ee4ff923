import { join, relative, resolve } from 'node:path';

import type { Environment } from '../../context.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Inputs, RawInputs } from '../../inputs.ts';
import { parseInputs } from '../../parse-inputs.ts';
import type { Files } from '../../ports.ts';
import type { EnvVars } from '../../service-config/merge.ts';
import type { ServiceConfig } from '../../service-config/parse.ts';
import { checkFunctionSettings } from '../../service-config/rules.ts';
import { checkCommand, isTaken } from './commands.ts';
import { readConfig } from './config-file.ts';
import { checkEnv, pickBuildSecrets, pickEnvFrom, pickLocalEnv } from './env.ts';
import { isOutside } from './inside.ts';
import { checkLint } from './lint.ts';
import { checkOutput } from './output.ts';
import { checkTogether } from './together.ts';

/** The checked inputs, with the service config and the source folder that they name. */
export interface Settled<I extends Inputs = Inputs> {
  readonly inputs: I;
  readonly config: ServiceConfig;
  /** Env vars that `env-from` takes from the step's environment; their values are secrets. */
  readonly envFrom: EnvVars;
  /** Env vars of the local run alone: `verify-env`, and what `verify-env-from` takes from the step's environment. */
  readonly localEnv: EnvVars;
  /** Values of `build-secrets` by the ids of the secrets. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** Absolute path of the source folder; with the input `image` it need not exist. */
  readonly sourceFolder: string;
  /** Absolute path of what the run writes for the user; empty for nothing. */
  readonly outputPath: string;
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
  const localEnv = pickLocalEnv(raw, around.env);
  const buildSecrets = pickBuildSecrets(raw, around.env);
  const problems = [
    ...parsed.problems,
    ...config.problems,
    ...checkMode(raw.mode, config.value),
    ...envFrom.problems,
    ...checkEnv(raw, config.value),
    ...localEnv.problems,
    ...buildSecrets.problems,
    ...checkCommand(raw),
    ...checkTogether(raw),
    ...(await checkLint(raw, workspace)),
    ...(await checkOutput(raw, workspace, files)),
    ...(await checkSource(raw, sourceFolder, files)),
  ];
  if (parsed.value === undefined || config.value === undefined || problems.length > 0)
    throw new InputError(problems);
  return {
    inputs: parsed.value,
    config: config.value,
    envFrom: envFrom.value ?? {},
    localEnv: localEnv.value ?? {},
    buildSecrets: buildSecrets.value ?? {},
    sourceFolder,
    outputPath: isTaken(raw, 'output-path') ? resolve(workspace, raw['output-path']) : '',
    repository,
  };
}

/** Annotations name files relative to the repository. A submodule has a file `.git` and is none of its own. */
async function findRepository(workspace: string, folder: string, files: Files): Promise<string> {
  for (let root = folder; !isOutside(relative(workspace, root)); root = join(root, '..')) {
    if ((await files.kindOf(join(root, '.git'))) === 'folder') return root;
    if (relative(workspace, root) === '') break;
  }
  return workspace;
}

/** With mode "auto" the project stage checks the same, once the mode is settled. */
function checkMode(mode: string, config: ServiceConfig | undefined): Problem[] {
  if (config === undefined || (mode !== 'function' && mode !== 'agent')) return [];
  return checkFunctionSettings(config, mode);
}

/** What takes no source needs none. */
async function checkSource(raw: RawInputs, folder: string, files: Files): Promise<Problem[]> {
  const { command, image, source } = raw;
  if (command === 'update-config' || command === 'download' || image !== '') return [];
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
