import { join, posix, relative, resolve } from 'node:path';

import dockerIgnore from '@balena/dockerignore';
import ignore from 'ignore';

import { InputError } from '../../errors.ts';
import type { FileEntry, Files } from '../../ports.ts';
import type { ContainerFacts } from './container.ts';
import type { FunctionFacts } from './function.ts';
import { isSecret } from './secrets.ts';

/** Selects what a container build sees: the build folder by the rules of its .dockerignore, and the Dockerfile. */
export async function selectContainerFiles(
  folder: string,
  facts: ContainerFacts,
  files: Files,
): Promise<FileEntry[]> {
  const context = join(folder, facts.buildFolder);
  const rules = await files.readText(join(context, '.dockerignore'));
  const matcher = parseDockerignore(rules ?? '');
  const always = new Set([facts.dockerfile, '.dockerignore']);
  const isWanted = (path: string): boolean => always.has(path) || !matcher.ignores(path);
  const isEntered = (path: string): boolean =>
    rules?.includes('!') === true || isWanted(path) || facts.dockerfile.startsWith(`${path}/`);
  const found = await walk({ root: context, isWanted, isEntered }, '', files);
  const inSource = found.map((entry) => ({ ...entry, path: posix.join(facts.buildFolder, entry.path) }));
  return settle(folder, inSource, files);
}

/** Docker refuses a pattern that is none as soon as it meets a file; so does the matcher, which then names no line. */
function parseDockerignore(text: string): ReturnType<typeof dockerIgnore.default> {
  const parse = (rules: string) => dockerIgnore.default({ ignorecase: false }).add(rules);
  const isPattern = (line: string): boolean => {
    try {
      parse(line).ignores('a');
      return true;
    } catch {
      return false;
    }
  };
  const wrong = text.split(/\r?\n/).findIndex((line) => !isPattern(line));
  if (wrong >= 0) refuse(`line ${wrong + 1} of .dockerignore is no pattern. Correct or remove it.`);
  return parse(text);
}

/** Selects the files of a function: all but installed dependencies, logs of the framework and what .cloudbaseignore names. */
export async function selectFunctionFiles(
  folder: string,
  facts: FunctionFacts,
  files: Files,
): Promise<FileEntry[]> {
  const rules = ignore().add((await files.readText(join(folder, '.cloudbaseignore'))) ?? '');
  if (facts.isInstalledByPlatform) rules.add('node_modules/');
  rules.add('/logs/');
  const isWanted = (path: string): boolean => path === facts.entry || !rules.ignores(path);
  const isEntered = (path: string): boolean =>
    !rules.ignores(`${path}/`) || facts.entry.startsWith(`${path}/`);
  return settle(folder, await walk({ root: folder, isWanted, isEntered }, '', files), files);
}

interface Walk {
  readonly root: string;
  isWanted(path: string): boolean;
  isEntered(path: string): boolean;
}

async function walk(how: Walk, folder: string, files: Files): Promise<FileEntry[]> {
  const entries = await files.listFolder(join(how.root, folder));
  const found: FileEntry[] = [];
  for (const entry of entries) {
    const path = posix.join(folder, entry.path);
    // Reports of this step or of one before it are no part of the service.
    if (entry.path === '.git' || entry.path.endsWith('.sarif')) continue;
    if (entry.kind !== 'folder') {
      if (how.isWanted(path)) found.push({ ...entry, path });
    } else if (how.isEntered(path)) {
      found.push(...(await walk(how, path, files)));
    }
  }
  return found;
}

async function settle(folder: string, selected: readonly FileEntry[], files: Files): Promise<FileEntry[]> {
  const inOrder = [...selected].sort((left, right) => (left.path < right.path ? -1 : 1));
  if (inOrder.length === 0) refuse(`the source folder holds no file to deploy.`);
  for (const entry of inOrder) {
    if (entry.kind === 'other')
      refuse(`"${entry.path}" is neither a file nor a folder nor a link. Remove it.`);
    if (entry.kind === 'link') await refuseLeavingLink(folder, entry.path, files);
    if (await isSecret(folder, entry, files)) {
      refuse(
        `"${entry.path}" looks like a secret and would be uploaded. ` +
          'Remove it from the checkout, or exclude it in .dockerignore (container mode) or .cloudbaseignore (function mode); ' +
          'hand secrets to the service through EnvParams.',
      );
    }
  }
  return inOrder;
}

async function refuseLeavingLink(folder: string, path: string, files: Files): Promise<void> {
  const target = resolve(folder, posix.dirname(path), await files.readLink(join(folder, path)));
  if (relative(folder, target).startsWith('..'))
    refuse(`"${path}" is a link that leaves the source folder. Replace it by a file.`);
}

function refuse(message: string): never {
  throw new InputError([{ subject: 'source', message }]);
}
