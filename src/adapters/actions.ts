import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import * as core from '@actions/core';
import { getProxyUrl } from '@actions/http-client/lib/proxy';

import type { Position } from '../errors.ts';
import type { Log, State, ToolCache } from '../ports.ts';

/** One of the two parts in which the runner runs a step, and the id by which both know the step. */
export interface StepPart {
  readonly isPost: boolean;
  /** Empty in the post part of a step whose main part did not get as far as to have one. */
  readonly stepId: string;
}

/**
 * Opens the part that runs. The post part has a file of its own: a main part that was killed at once has left no state
 * to tell the two by.
 */
export function openStep(): StepPart {
  if (basename(process.argv[1] ?? '') === 'post.js') return { isPost: true, stepId: core.getState('step') };
  const stepId = randomUUID().slice(0, 8);
  core.saveState('step', stepId);
  return { isPost: false, stepId };
}

/** The inputs of these names, as the runner hands them over; one that is empty has its default. */
export function readRawInputs<T extends string>(defaults: Readonly<Record<T, string>>): Record<T, string> {
  const names = Object.keys(defaults) as T[];
  const read = (name: T): string =>
    core.getInput(name) || (defaults[name].includes('${{') ? '' : defaults[name]);
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<T, string>;
}

/** The payload of the event that started the workflow; undefined where there is none that can be read. */
export async function readEvent(path: string | undefined): Promise<unknown> {
  try {
    return path === undefined ? undefined : (JSON.parse(await readFile(path, 'utf8')) as unknown);
  } catch {
    return undefined;
  }
}

/** What the runner keeps of a step: ten annotations of a level, of each message so many characters. */
const [shownPerLevel, longestMessage] = [10, 4096];

const levels = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const;

/**
 * The step's log, in the runner's workflow commands. A step has one: it counts the annotations, and what the runner
 * would not show of them stands in the log as a plain line. The last error is kept for one without a place, which says
 * why the run failed.
 */
export function createLog(): Log {
  const left = { error: shownPerLevel, warning: shownPerLevel, notice: shownPerLevel };
  const annotate =
    (level: keyof typeof levels): Log['error'] =>
    (message, at) => {
      const kept = level === 'error' && at !== undefined ? 1 : 0;
      if (left[level] > kept) {
        left[level]--;
        core[level](cut(message), annotation(at));
      } else core.info(withoutOrders(`${levels[level]}: ${placeOf(at)}${message}`));
    };
  return {
    debug: core.debug,
    info: (message) => {
      core.info(withoutOrders(message));
    },
    notice: annotate('notice'),
    warning: annotate('warning'),
    error: annotate('error'),
    output: (line) => {
      core.info(withoutOrders(line));
    },
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    mask: core.setSecret,
  };
}

function cut(message: string): string {
  if (message.length <= longestMessage) return message;
  // Half of a pair of surrogates is no character.
  return `${message.slice(0, longestMessage - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function placeOf(at: Position | undefined): string {
  return at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
}

/**
 * Takes a line apart where the runner would read a workflow command: `::name` at its start, `##[name]` anywhere. To the
 * runner a carriage return ends a line, and U+0085 is white space.
 */
function withoutOrders(line: string): string {
  return line.replace(/^((?:[^\S\r\n]|\u0085)*):(?=:)/gm, '$1: ').replaceAll('##[', '# #[');
}

function annotation(at: Position | undefined): core.AnnotationProperties {
  if (at === undefined) return {};
  const { file, line, column, endLine, endColumn } = at;
  const isOneLine = endLine === undefined || endLine === line;
  return {
    file,
    startLine: line,
    ...(endLine === undefined ? {} : { endLine }),
    ...(isOneLine ? { startColumn: column, ...(endColumn === undefined ? {} : { endColumn }) } : {}),
  };
}

/** Values for the step's post part. */
export function createState(): State {
  return { save: core.saveState, read: core.getState };
}

/** Ends a step on what nobody foresaw, outside the run itself; returns the exit code. */
export function failStep(error: unknown): number {
  core.debug(error instanceof Error ? (error.stack ?? '') : '');
  core.error(
    `Unexpected error: ${String(error)}. This is a bug of the action: please report it with the log.`,
  );
  return 1;
}

/** Hands the outputs to the runner. */
export function writeOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/**
 * The runner's tool cache; outside a runner nothing is cached. Steps on one machine share it, so only one at a time
 * stores a tool: the others go without.
 */
export function createToolCache(directory: string | undefined): ToolCache {
  return {
    find: async (tool, versionRange) => {
      if (directory === undefined) return undefined;
      const { find } = await import('@actions/tool-cache');
      return find(tool, versionRange) || undefined;
    },
    store: async (folder, tool, version) => {
      if (directory === undefined) return folder;
      const { cacheDir, find } = await import('@actions/tool-cache');
      const lock = join(directory, `${tool}-${version}.lock`);
      await mkdir(directory, { recursive: true });
      const isOurs = await mkdir(lock).then(
        () => true,
        () => false,
      );
      if (!isOurs) return folder;
      try {
        return find(tool, version) || (await cacheDir(folder, tool, version));
      } finally {
        await rmdir(lock);
      }
    },
  };
}

/** The proxy that the runner's variables (HTTPS_PROXY, NO_PROXY …) name for a URL; never one for the loopback interface. */
export function findProxy(url: string): string | undefined {
  const proxy = getProxyUrl(new URL(url));
  // `proxy.example:3128` is read as a URL of the scheme `proxy.example`.
  return proxy?.hostname === '' ? `http://${proxy.href}` : proxy?.href;
}
