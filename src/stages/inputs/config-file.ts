import { join, relative, resolve } from 'node:path';

import type { Parsed } from '../../errors.ts';
import type { RawInputs } from '../../inputs.ts';
import type { Files } from '../../ports.ts';
import type { ServiceConfig } from '../../service-config/parse.ts';
import { inlineName } from '../../service-config/rules.ts';
import { isOutside } from './inside.ts';

/**
 * The service config that `server-config` names or holds, with every problem in it. The parser and its packages are loaded
 * only where there is something to parse.
 */
export async function readConfig(
  raw: RawInputs,
  { workspace, repository }: { readonly workspace: string; readonly repository: string },
  files: Files,
): Promise<Parsed<ServiceConfig>> {
  const { 'server-config': input, 'config-environment': overlay } = raw;
  if (input.trim() === '') return { value: { settings: {}, positions: {}, overlays: [] }, problems: [] };
  const { parseConfigSource, parseServiceConfig } = await import('../../service-config/parse.ts');
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

function unreadable(path: string, fault: string): Parsed<never> {
  const message =
    `the file "${path}" ${fault}. ` +
    'Give the path of a YAML file relative to the workspace, or the YAML itself, such as "Cpu: 0.5".';
  return { problems: [{ subject: 'server-config', message }] };
}
