import { posix } from 'node:path';

import { InputError } from '../../errors.ts';
import type { SelectionInputs } from '../../inputs.ts';
import { spellIgnorePattern } from '../../lint/dockerfile/ignore-pattern.ts';
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
  readonly start: string;
  readonly hasModules: boolean;
}

async function select(
  { folder, inputs, ownFiles }: SelectionRequest,
  { needed, ...ground }: Ground & { readonly needed: readonly Needed[] },
  { files, log }: SelectionPorts,
): Promise<Selection> {
  const include = createPatterns('include', inputs.include);
  const exclude = createPatterns('exclude', inputs.exclude);
  const choice: Choice = { folder, ownFiles, include, exclude, ...ground };
  refuseOwnFiles(choice);
  const { found, leftOut, broughtBack } = await walk(choice, files);
  const idle = [...include.listIdle(), ...exclude.listIdle()];
  if (idle.length > 0) throw new InputError(idle);
  const added = await addNeeded(needed, { choice, found, leftOut }, files);
  for (const { path, why, leftOutBy } of added.missed)
    log.warning(
      `"${path}" is left out by ${nameReason(choice, leftOutBy)}, but ${why}, so it stays in the package. Correct one of the two.`,
    );
  tellLeftOut(choice, leftOut, log);
  const selected = [...found, ...added.files.map(({ entry }) => entry)];
  if (selected.length === 0) refuseEmpty(choice, leftOut);
  await refuseUnfit({ folder, entries: selected, allowedSecrets: inputs.allowedSecrets }, files);
  warnOfClashes(selected, log);
  const named = added.files.flatMap(({ entry, why }) => (why === undefined ? [] : [entry.path]));
  const back = [...broughtBack, ...named];
  const out = leftOut.filter(({ by }) => by !== 'rules').map(({ path }) => ({ path, isIn: false }));
  return {
    files: withExceptions(selected, back, ground).sort((left, right) => (left.path < right.path ? -1 : 1)),
    differences: [...out, ...back.map((path) => ({ path, isIn: true }))],
  };
}

/** A file that this step writes would be in the package of the next one. */
function refuseOwnFiles({ ownFiles, start, rules, exclude }: Choice): void {
  const found = ownFiles.find((path) => {
    const isInside = !posix.relative(start, path).startsWith('..');
    return isInside && !rules.ignores(path, false) && !exclude.match(path, false);
  });
  if (found === undefined) return;
  const message =
    `lies in the source as "${found}", where a later run would package it. ` +
    `Give a path outside of the source, or leave it out in ${rules.files.at(-1) ?? ''} or with exclude.`;
  throw new InputError([{ subject: 'output-path', message }]);
}

/** The ignore file of the package lets through what is packaged though the one of the source leaves it out. */
function withExceptions(
  entries: readonly FileEntry[],
  back: readonly string[],
  { rules: { counting }, start }: Ground,
): FileEntry[] {
  if (counting === undefined || back.length === 0) return [...entries];
  const lines = back.map((path) => `!${spellIgnorePattern(posix.relative(start, path))}`);
  const content = `${[counting.text, ...lines].join('\n')}\n`;
  const size = new TextEncoder().encode(content).length;
  return entries.map((entry) =>
    entry.path === counting.path ? { ...entry, kind: 'file', content, size } : entry,
  );
}

function nameReason({ rules, exclude }: Choice, { path, isFolder, by }: LeftOut): string {
  switch (by) {
    case 'always':
      return 'the rule that this is never packaged';
    case 'report':
      return 'the rule that reports of lint are none of it';
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
