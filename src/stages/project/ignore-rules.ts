import { join, posix } from 'node:path';

import ignore from 'ignore';

import { InputError } from '../../errors.ts';
import { createIgnoreFile } from '../../lint/dockerfile/context.ts';
import type { Files } from '../../ports.ts';

/** The rules by which files of a source are left out; paths are relative to the source folder, without a slash at the end. */
export interface IgnoreRules {
  ignores(path: string, isFolder: boolean): boolean;
  /** The rule that leaves out the path, in words. */
  nameRule(path: string, isFolder: boolean): string;
  /** True where something inside of a folder that is left out may come back. */
  readonly hasExceptions: boolean;
  /** The ignore files of this kind of source. */
  readonly files: readonly string[];
  /** The one that counts, as the platform's build reads it; undefined where nothing reads it after the upload. */
  readonly counting: { readonly path: string; readonly text: string } | undefined;
}

/** What stands in a function's folder and is never part of it; for sources without a .cloudbaseignore. */
export const builtInExclusions = [
  ...['/logs/', '*.log', '/coverage/', '.nyc_output/', '*.tsbuildinfo', '.eslintcache'],
  ...['.github/', '.gitlab/', '.gitlab-ci.yml', '.husky/', '.vscode/', '.idea/', '.DS_Store', 'Thumbs.db'],
] as const;

/**
 * The rules of a container build, by which docker builds its context: the ignore file beside the Dockerfile, else that
 * of the build folder (BuildKit). A line that is no pattern is refused, as docker refuses it.
 */
export async function readDockerRules(
  folder: string,
  { buildFolder, dockerfile }: { readonly buildFolder: string; readonly dockerfile: string },
  files: Files,
): Promise<IgnoreRules> {
  const own = posix.join(buildFolder, `${dockerfile}.dockerignore`);
  const shared = posix.join(buildFolder, '.dockerignore');
  const [ofDockerfile, ofFolder] = await Promise.all(
    [own, shared].map((path) => files.readLooseText(join(folder, path))),
  );
  const [file, text] = ofDockerfile === undefined ? [shared, ofFolder ?? ''] : [own, ofDockerfile];
  const rules = createIgnoreFile(file, text);
  const [wrong] = rules.faults;
  if (wrong !== undefined) {
    const message = `line ${wrong} of ${file} is no pattern. Correct or remove it.`;
    throw new InputError([{ subject: 'source', message }]);
  }
  const inContext = (path: string): string => posix.relative(buildFolder, path);
  return {
    ignores: (path) => rules.ignores(inContext(path)),
    nameRule: (path) => {
      const found = rules.findPattern(inContext(path));
      return found === undefined ? file : `line ${found.line} of ${file} ("${found.pattern}")`;
    },
    hasExceptions: rules.hasExceptions,
    files: [own, shared],
    counting: { path: file, text },
  };
}

/** The rules of a function: those of .cloudbaseignore, which are written as in .gitignore, else the built-in exclusions. */
export async function readFunctionRules(folder: string, files: Files): Promise<IgnoreRules> {
  const file = '.cloudbaseignore';
  const text = await files.readLooseText(join(folder, file));
  const matcher = ignore({ ignorecase: false }).add(text ?? [...builtInExclusions]);
  return {
    ignores: (path, isFolder) => matcher.ignores(isFolder ? `${path}/` : path),
    nameRule: (path, isFolder) => {
      const pattern = matcher.test(isFolder ? `${path}/` : path).rule?.pattern ?? '';
      return text === undefined ? `the built-in exclusion "${pattern}"` : `"${pattern}" in ${file}`;
    },
    hasExceptions: false,
    files: [file],
    counting: undefined,
  };
}
