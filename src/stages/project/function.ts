import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import { manifestFile, parseManifest, type Manifest } from '../../lint/function/manifest.ts';
import { parseVersionFile, versionFiles } from '../../lint/function/node-version.ts';
import type { Files, Log } from '../../ports.ts';
import { checkFunctionSettings, functionPort } from '../../service-config/rules.ts';
import { findEntry } from './entry.ts';
import { readFunctions } from './functions-file.ts';
import { functionsFile, type ProjectRequest } from './mode.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'yarn-berry';

/** What function mode needs to know of a project. */
export interface FunctionFacts {
  /** The file that is loaded: the entry, or the file that lists several functions. Relative to the source folder. */
  readonly entry: string;
  /** The paths by which the functions are called: `/` for a single one; empty when several functions name none. */
  readonly routes: readonly string[];
  /** Folders and files of several functions; empty for a single one. */
  readonly needed: readonly string[];
  readonly packageManager: PackageManager;
  /** The lockfile's name; undefined without one. */
  readonly lockfile: string | undefined;
  readonly hasDependencies: boolean;
  /** False when the package brings its own node_modules (setting InstallDependency). */
  readonly isInstalledByPlatform: boolean;
  /** The Node.js version (`20`, `20.18`, `20.18.1`) that .node-version or .nvmrc asks for. */
  readonly nodeVersion: string | undefined;
}

const lockfiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

interface ProjectPorts {
  readonly files: Files;
  readonly log: Log;
}

/** Finds what the functions framework will load, how it is called, and how its dependencies are installed. */
export async function readFunction(
  request: ProjectRequest,
  ports: ProjectPorts,
): Promise<FunctionFacts & { readonly port: number }> {
  const { folder, config, requestedMode } = request;
  const problems = checkFunctionSettings(config, requestedMode === 'agent' ? 'agent' : 'function');
  if (problems.length > 0) throw new InputError(problems);
  const { files } = ports;
  const manifest = await readManifest(folder, files);
  const lock = await findLockfile(folder, files);
  const entry = await findEntry(request, manifest, files);
  const single = { routes: ['/'], needed: [] };
  return {
    port: functionPort,
    entry,
    ...(entry === functionsFile ? await readFunctions(folder, files) : single),
    packageManager: lock?.[1] ?? 'npm',
    lockfile: lock?.[0],
    hasDependencies: Object.keys(manifest.dependencies).length > 0,
    isInstalledByPlatform: config.settings.InstallDependency ?? true,
    nodeVersion: await readNodeVersion(folder, ports),
  };
}

async function readManifest(folder: string, files: Files): Promise<Manifest> {
  const { manifest } = parseManifest((await files.readText(join(folder, manifestFile))) ?? '{}');
  if (manifest !== undefined) return manifest;
  throw new InputError([
    {
      subject: 'source',
      message: 'package.json is not a JSON object. Correct it: function mode reads its "main".',
    },
  ]);
}

async function findLockfile(folder: string, files: Files): Promise<(typeof lockfiles)[number] | undefined> {
  for (const [name, manager] of lockfiles) {
    const path = join(folder, name);
    if ((await files.kindOf(path)) !== 'file') continue;
    const isBerry = manager === 'yarn' && /^__metadata:/m.test((await files.readText(path)) ?? '');
    return [name, isBerry ? 'yarn-berry' : manager];
  }
  return undefined;
}

async function readNodeVersion(folder: string, { files, log }: ProjectPorts): Promise<string | undefined> {
  for (const name of versionFiles) {
    const found = parseVersionFile((await files.readText(join(folder, name))) ?? '', name);
    if (found?.version !== undefined) return found.version;
    if (found !== undefined)
      log.notice(
        `${name} asks for "${found.asked}", which is no version number such as "20.18.1", so it is not followed.`,
      );
  }
  return undefined;
}
