import { isAbsolute, relative, resolve } from 'node:path';

import type { Environment } from '../context.ts';
import { InputError, type Parsed, type Problem } from '../errors.ts';
import { parseInputs, type Inputs, type RawInputs } from '../inputs.ts';
import type { Files } from '../ports.ts';
import { checkFunctionSettings, inlineName } from '../service-config/rules.ts';
import type { ServiceConfig } from '../service-config/parse.ts';

/** The checked inputs, with the service config and the source folder that they name. */
export interface Settled {
  readonly inputs: Inputs;
  readonly config: ServiceConfig;
  /** Absolute path of the source folder. */
  readonly sourceFolder: string;
}

interface Surroundings {
  readonly env: Environment;
  readonly context: { readonly workspace: string };
}

/** Checks every input, the service config and the source folder; all problems come in one InputError. */
export async function settleInputs(raw: RawInputs, around: Surroundings, files: Files): Promise<Settled> {
  const parsed = parseInputs(raw, around.env);
  const { workspace } = around.context;
  const config = await readConfig(raw['server-config'], workspace, files);
  const sourceFolder = resolve(workspace, raw.source);
  const problems = [
    ...parsed.problems,
    ...config.problems,
    ...checkMode(raw.mode, config.value),
    ...(await checkSource(raw.source, sourceFolder, files)),
  ];
  if (parsed.value === undefined || config.value === undefined || problems.length > 0)
    throw new InputError(problems);
  return { inputs: parsed.value, config: config.value, sourceFolder };
}

/** With mode "auto" the project stage checks the same, once the mode is settled. */
function checkMode(mode: string, config: ServiceConfig | undefined): Problem[] {
  if (config === undefined || (mode !== 'function' && mode !== 'agent')) return [];
  return checkFunctionSettings(config, mode);
}

/** The parser and its packages are loaded only where there is something to parse. */
async function readConfig(input: string, workspace: string, files: Files): Promise<Parsed<ServiceConfig>> {
  if (input.trim() === '') return { value: { settings: {}, positions: {} }, problems: [] };
  const { parseConfigSource, parseServiceConfig } = await import('../service-config/parse.ts');
  const source = parseConfigSource(input);
  if (source.kind === 'inline') return parseServiceConfig(source.value, inlineName);
  const path = resolve(workspace, source.value);
  const shown = relative(workspace, path);
  const text = await readConfigFile(path, shown, files);
  return 'problems' in text ? text : parseServiceConfig(text.value, shown);
}

async function readConfigFile(
  path: string,
  shown: string,
  files: Files,
): Promise<Parsed<never> | { readonly value: string }> {
  if (shown.startsWith('..') || isAbsolute(shown)) return unreadable(shown, 'lies outside the workspace');
  const kind = await files.kindOf(path);
  if (kind === undefined) return unreadable(shown, 'does not exist');
  if (kind === 'folder') return unreadable(shown, 'is a folder');
  const value = await files.readText(path);
  return value === undefined ? unreadable(shown, 'cannot be read as UTF-8 text') : { value };
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
