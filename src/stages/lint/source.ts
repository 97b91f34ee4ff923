import { join, posix, relative } from 'node:path';

import ignore from 'ignore';

import { Failure, type Position } from '../../errors.ts';
import { cutAfterStage } from '../../lint/dockerfile/tree.ts';
import type { DockerfilePlace, ServiceFacts, Source, SourceEntry } from '../../lint/rule.ts';
import type { FileEntry, Files, ServiceDetail } from '../../ports.ts';
import type { ServiceConfig } from '../../service-config/parse.ts';
import { functionPort, inlineName } from '../../service-config/rules.ts';
import type { LiveState } from '../look.ts';
import type { DockerfileLocation } from '../project/container.ts';
import type { FoundProject } from '../project/project.ts';

/** What a source is read from. */
export interface SourceRequest {
  readonly found: FoundProject;
  readonly config: ServiceConfig;
  /** Undefined where nobody looked. */
  readonly live: LiveState | undefined;
  /** Absolute path of the repository that holds the source. */
  readonly repository: string;
  /** True where no other stage doubts the env vars of the service config. */
  readonly isAlone: boolean;
}

/** Files that rules read wherever they stand, and those that they read in the source and the build folder alone. */
const anywhere = new Set(['package.json']);
const atTheTop = new Set([
  '.dockerignore',
  '.nvmrc',
  '.node-version',
  '.npmrc',
  '.env.example',
  '.env.sample',
  '.env.template',
  'cloudbase-functions.json',
  'cloudbaserc.json',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
  'pyproject.toml',
  'requirements.txt',
]);

const keyName = /\.(pem|key)$/i;
const textLimit = 1024 * 1024;

/** Lists a source folder and reads what the rules look at, but for the scripts. */
export async function readSource(
  request: SourceRequest,
  files: Files,
): Promise<Source & { readonly texts: Map<string, string> }> {
  const { found } = request;
  const { folder, mode, location, result } = found;
  const entries = new Map<string, SourceEntry>();
  await list(folder, '', { entries, files });
  const dockerfile = location === undefined ? undefined : placeOf(location);
  const texts = new Map<string, string>();
  const wanted = [...entries].filter(([path, { size }]) => size <= textLimit && isWanted(path, dockerfile));
  await Promise.all(
    wanted.map(async ([path]) => {
      const text = await files.readText(join(folder, path));
      const isBuilt = path === dockerfile?.path && location !== undefined;
      if (text !== undefined) texts.set(path, isBuilt ? cutAfterStage(text, location.target) : text);
    }),
  );
  for (const { path, content } of result instanceof Failure ? [] : result.files)
    if (content !== undefined) texts.set(path, content);
  const packaged = result instanceof Failure ? undefined : result.files.map(({ path }) => path);
  const isUnbuilt = request.isAlone ? await readGitIgnore(request, files) : () => false;
  return { mode, dockerfile, service: describeService(request), entries, texts, isUnbuilt, packaged };
}

/** What git ignores in the source folder, by the .gitignore of that folder and of those above it in the repository. */
async function readGitIgnore(
  { found, repository }: SourceRequest,
  files: Files,
): Promise<(path: string) => boolean> {
  const rules: { readonly inside: string; readonly matcher: ReturnType<typeof ignore> }[] = [];
  for (let folder = found.folder; ; folder = join(folder, '..')) {
    const text = await files.readText(join(folder, '.gitignore'));
    const inside = relative(folder, found.folder).replaceAll('\\', '/');
    if (text !== undefined) rules.push({ inside, matcher: ignore().add(text) });
    if (relative(repository, folder) === '' || relative(repository, folder).startsWith('..')) break;
  }
  return (path) =>
    rules.some(({ inside, matcher }) => {
      const whole = posix.join(inside, path);
      return !whole.startsWith('..') && (matcher.ignores(whole) || matcher.ignores(`${whole}/`));
    });
}

function placeOf({ buildFolder, dockerfile }: DockerfileLocation): DockerfilePlace {
  return { path: posix.join(buildFolder, dockerfile), buildFolder };
}

async function list(
  root: string,
  folder: string,
  into: { readonly entries: Map<string, SourceEntry>; readonly files: Files },
): Promise<void> {
  const found = await into.files.listFolder(join(root, folder)).catch(unlessUnreadable);
  for (const { path: name, kind, size } of found) {
    const path = posix.join(folder, name);
    into.entries.set(path, { kind, size });
    if (kind === 'folder' && name !== '.git' && name !== 'node_modules') await list(root, path, into);
  }
}

/** A folder that nobody may read is no matter of lint: whether it belongs was settled before. */
function unlessUnreadable(error: unknown): readonly FileEntry[] {
  if (error instanceof Failure) return [];
  throw error;
}

function isWanted(path: string, dockerfile: DockerfilePlace | undefined): boolean {
  const name = posix.basename(path);
  if (anywhere.has(name) || keyName.test(name)) return true;
  if (dockerfile !== undefined && (path === dockerfile.path || path === `${dockerfile.path}.dockerignore`))
    return true;
  const folder = posix.dirname(path);
  return atTheTop.has(name) && (folder === '.' || folder === dockerfile?.buildFolder);
}

function describeService(request: SourceRequest): ServiceFacts {
  const { found, config, live, isAlone } = request;
  const { settings } = config;
  const service = live?.service;
  const env = Object.entries(settings.EnvParams ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, at: placeInSource(`EnvParams.${name}`, request) }],
  );
  return {
    port: found.mode === 'container' ? (settings.Port ?? livePort(service)) : functionPort,
    hasVpc: settings.VpcConf !== undefined || hasVpc(service),
    hasCommand: settings.Cmd !== undefined || settings.EntryPoint !== undefined || hasCommand(service),
    env: isAlone ? env : [],
    target: settings.EnvParams?.['FUNCTION_TARGET'] ?? 'main',
    isInstalledByPlatform: settings.InstallDependency ?? true,
  };
}

/** Where a setting stands; one of a config that is given inline stands in no file. */
function placeInSource(key: string, { found, config, repository }: SourceRequest): Position | undefined {
  const at = config.positions[key];
  if (at === undefined || at.file === inlineName) return undefined;
  return { ...at, file: relative(found.folder, join(repository, at.file)).replaceAll('\\', '/') };
}

function livePort(service: ServiceDetail | undefined): number | undefined {
  const port = Number(service?.settings['Port'] ?? 0);
  return port > 0 ? port : undefined;
}

function hasVpc(service: ServiceDetail | undefined): boolean {
  const vpc = service?.settings['VpcConf'];
  return typeof vpc === 'object' && vpc !== null && 'VpcId' in vpc && vpc.VpcId !== '';
}

function hasCommand(service: ServiceDetail | undefined): boolean {
  return ['Cmd', 'EntryPoint'].some((name) => {
    const value = service?.settings[name];
    return (Array.isArray(value) || typeof value === 'string') && value.length > 0;
  });
}
