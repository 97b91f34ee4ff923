import { posix } from 'node:path';

import { InputError } from '../../errors.ts';
import type { SelectionInputs } from '../../inputs.ts';
import type { FileEntry, Files, Log } from '../../ports.ts';
import type { ContainerFacts } from './container.ts';
import type { FunctionFacts } from './function.ts';
import { readDockerRules, readFunctionRules, type IgnoreRules } from './ignore-rules.ts';
import { addNeeded, listCopied, listLoaded, type Needed } from './needed.ts';
import { createPatterns } from './patterns.ts';
import { refuseUnfit, warnOfClashes } from './unfit.ts';
import { walk, type Choice, type LeftOut } from './walk.ts';

/** The files of a source that belong. */
export interface Selection {
  /** In a fixed order; paths are relative to the source folder. */
  readonly files: readonly FileEntry[];
  /** What differs from the rules of the ignore file alone: left out, or brought back. */
  readonly differences: readonly Difference[];
}

/** A path that is left out or belongs otherwise than the ignore file has it. */
export interface Difference {
  readonly path: string;
  readonly isIn: boolean;
}

export interface SelectionRequest {
  /** Absolute path of the source folder. */
  readonly folder: string;
  readonly inputs: SelectionInputs;
  /** Files below it that this step writes; relative to it. */
  readonly ownFiles: readonly string[];
}

interface SelectionPorts {
  readonly files: Files;
  readonly log: Log;
}

/**
 * Selects what a container build sees: the build folder by docker's own rules, without `.git` and installed modules, but
 * always with the Dockerfile, the ignore files, and what COPY and ADD name.
 */
export async function selectContainerFiles(
  request: SelectionRequest & { readonly target: string },
  facts: ContainerFacts,
  ports: SelectionPorts,
): Promise<Selection> {
  const rules = await readDockerRules(request.folder, facts, ports.files);
  const own = [posix.join(facts.buildFolder, facts.dockerfile), ...rules.files];
  const needed = [...own.map((path) => ({ path })), ...listCopied(facts, request.target)];
  return select(request, { rules, needed, start: facts.buildFolder, hasModules: false }, ports);
}

/**
 * Selects the files of a function: without `.git`, installed dependencies unless they are shipped, and what
 * .cloudbaseignore or, where there is none, the built-in exclusions name, but always with what is loaded. A .gitignore
 * says nothing here: it names the result of a build, which is what runs.
 */
export async function selectFunctionFiles(
  request: SelectionRequest,
  facts: FunctionFacts,
  ports: SelectionPorts,
): Promise<Selection> {
  const rules = await readFunctionRules(request.folder, ports.files);
  const hasModules = !facts.isInstalledByPlatform;
  return select(request, { rules, needed: listLoaded(facts), start: '.', hasModules }, ports);
}

interface Ground {
  readonly rules: IgnoreRules;
  readonly needed: readonly Needed[];
  readonly start: string;
  readonly hasModules: boolean;
}

async function select(
  { folder, inputs, ownFiles }: SelectionRequest,
  { needed, ...ground }: Ground,
  { files, log }: SelectionPorts,
): Promise<Selection> {
  const include = createPatterns('include', inputs.include);
  const exclude = createPatterns('exclude', inputs.exclude);
  const choice: Choice = { folder, ownFiles, include, exclude, ...ground };
  const { found, leftOut, broughtBack } = await walk(choice, files);
  const idle = [...include.listIdle(), ...exclude.listIdle()];
  if (idle.length > 0) throw new InputError(idle);
  const added = await addNeeded({ folder, found, leftOut, needed }, files);
  for (const { path, why, leftOutBy } of added.missed)
    log.warning(
      `"${path}" is left out by ${nameReason(choice, leftOutBy)}, but ${why}, so it stays in the package. Correct one of the two.`,
    );
  const selected = [...found, ...added.files].sort((left, right) => (left.path < right.path ? -1 : 1));
  tellLeftOut(choice, leftOut, log);
  if (selected.length === 0) refuseEmpty(choice, leftOut);
  await refuseUnfit({ folder, entries: selected, allowedSecrets: inputs.allowedSecrets }, files);
  warnOfClashes(selected, log);
  const out = leftOut.filter(({ by }) => by !== 'rules').map(({ path }) => ({ path, isIn: false }));
  const back = [...broughtBack, ...added.files.map(({ path }) => path)].map((path) => ({ path, isIn: true }));
  return { files: selected, differences: [...out, ...back] };
}

function nameReason({ rules, exclude }: Choice, { path, isFolder, by }: LeftOut): string {
  switch (by) {
    case 'always':
      return 'the rule that this is never packaged';
    case 'exclude':
      return exclude.nameRule(path, isFolder);
    case 'rules':
      return rules.nameRule(path, isFolder);
  }
}

const namedAtMost = 200;
const shownAtMost = 5;

/** One line a rule; of very many files the last ones are only counted. */
function tellLeftOut(choice: Choice, leftOut: readonly LeftOut[], log: Log): void {
  const byReason = new Map<string, string[]>();
  for (const [index, each] of leftOut.entries()) {
    const reason = index < namedAtMost ? nameReason(choice, each) : 'one of these rules, or another';
    const paths = byReason.get(reason) ?? [];
    paths.push(each.isFolder ? `${each.path}/` : each.path);
    byReason.set(reason, paths);
  }
  for (const [reason, paths] of byReason) {
    const more = paths.length > shownAtMost ? ` and ${paths.length - shownAtMost} more` : '';
    log.debug(`Left out by ${reason}: ${paths.slice(0, shownAtMost).join(', ')}${more}.`);
  }
}

function refuseEmpty(choice: Choice, leftOut: readonly LeftOut[]): never {
  const [first] = leftOut;
  const fault =
    first === undefined
      ? 'it is empty; was the project checked out or built there?'
      : `all of it is left out, such as "${first.path}" by ${nameReason(choice, first)}.`;
  const message = `the folder "${choice.folder}" holds no file to deploy: ${fault}`;
  throw new InputError([{ subject: 'source', message }]);
}
