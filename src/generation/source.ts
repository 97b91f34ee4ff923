import { join, posix } from 'node:path';

import { InputError } from '../errors.ts';
import type { Files } from '../ports.ts';

/** What a Dockerfile is generated from. */
export interface Snapshot {
  /** Every file of the build folder by its path in there, but for what is installed or built. */
  readonly files: ReadonlySet<string>;
  /** The texts of the files that tell how the project is built and started. */
  readonly texts: ReadonlyMap<string, string>;
  /** The port that the service has to listen on. */
  readonly port: number;
}

/** A Dockerfile that is not written yet. */
export interface Draft {
  readonly lines: readonly string[];
  /** The files of the source that it names; a .dockerignore must leave them in. */
  readonly copied: readonly string[];
  /** Lines for the .dockerignore beside those of every project. */
  readonly ignored: readonly string[];
  /** What the user should know about it, each in a sentence. */
  readonly doubts: readonly string[];
}

const skipped = /^(node_modules|\.git|\.venv|venv|__pycache__|\.next|\.nuxt|\.output|\.yarn|\.cache)$/;
const told =
  /^(package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|\.npmrc|\.yarnrc\.yml|nest-cli\.json|next\.config\.[cm]?[jt]s|\.nvmrc|\.node-version|\.python-version|runtime\.txt|(requirements|constraints)[\w.-]*\.txt|pyproject\.toml|\.dockerignore)$/;
const largest = 5_000_000;

/** Reads what there is in a build folder. */
export async function readSnapshot(folder: string, port: number, files: Files): Promise<Snapshot> {
  const found = new Set<string>();
  const texts = new Map<string, string>();
  const walk = async (inside: string): Promise<void> => {
    for (const { path: name, kind, size } of await files.listFolder(join(folder, inside))) {
      const path = posix.join(inside, name);
      if (kind === 'folder' && !skipped.test(name)) await walk(path);
      if (kind !== 'file') continue;
      found.add(path);
      if (!isTold(path) || size > largest) continue;
      const text = await files.readText(join(folder, path));
      if (text !== undefined) texts.set(path, text);
    }
  };
  await walk('');
  return { files: found, texts, port };
}

/** Python files tell where the application is; they are read at the top and one folder below. */
function isTold(path: string): boolean {
  return told.test(path) || /^([^/]+\/)?[^/]+\.py$/.test(path);
}

/** Says why no Dockerfile can be generated; `fault` goes on after "generate-dockerfile". */
export function refuse(fault: string): never {
  throw new InputError([{ subject: 'generate-dockerfile', message: fault }]);
}

/** The end of a sentence for those who have to write a Dockerfile themselves. */
export const sample = 'docs/dockerfiles.md has a Dockerfile to start from';

/** The same as advice, for the end of a sentence that gives other advice first. */
export const ownDockerfile = 'write a Dockerfile, starting from one in docs/dockerfiles.md';
