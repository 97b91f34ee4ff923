import { posix } from 'node:path';

import { DockerfileParser, From, type Dockerfile, type Instruction } from 'dockerfile-ast';

import type { Position } from '../../errors.ts';
import type { DockerfilePlace, Source } from '../rule.ts';

/** One build stage of a Dockerfile: a FROM and what follows it. */
export interface Stage {
  /** Counts from 0. */
  readonly index: number;
  readonly from: From;
  /** The name after AS, in lower case. */
  readonly name: string | undefined;
  /** The image or the earlier stage that it is built on, with its variables resolved as far as they are known. */
  readonly base: string;
  /** The earlier stage that it is built on. */
  readonly parent: Stage | undefined;
  /** Without the FROM. */
  readonly instructions: readonly Instruction[];
}

/** A Dockerfile in stages. */
export interface DockerfileTree {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
  /** The stage that becomes the image, and the earlier ones that it is built on, the final one first. */
  readonly finalStages: readonly Stage[];
  /** The instructions of `finalStages` as they take effect, the oldest first. */
  readonly finalInstructions: readonly Instruction[];
}

/** What rules of Dockerfiles look at. */
export interface DockerfileSubject extends DockerfilePlace, DockerfileTree {
  readonly source: Source;
  readonly text: string;
}

/** Parses the Dockerfile of a source. */
export function createDockerfileSubject(
  source: Source,
  place: DockerfilePlace,
  text: string,
): DockerfileSubject {
  return { ...place, source, text, ...parseDockerfile(text) };
}

/** Parses a Dockerfile that no source is around. */
export function parseDockerfile(text: string): DockerfileTree {
  const dockerfile = DockerfileParser.parse(text);
  const stages = listStages(dockerfile);
  const finalStages = listFinalStages(stages);
  const finalInstructions = [...finalStages].reverse().flatMap((stage) => stage.instructions);
  return { dockerfile, stages, finalStages, finalInstructions };
}

/** A Dockerfile up to the end of the stage that is built; whole where that is the last stage, or there is none such. */
export function cutAfterStage(text: string, target: string): string {
  if (target === '') return text;
  const { stages } = parseDockerfile(text);
  const built = stages.findLastIndex(
    ({ name, index }) => name === target.toLowerCase() || String(index) === target,
  );
  const next = built < 0 ? undefined : stages[built + 1]?.from.getRange().start.line;
  return next === undefined
    ? text
    : text
        .split(/(?<=\n)/)
        .slice(0, next)
        .join('');
}

function listStages(dockerfile: Dockerfile): Stage[] {
  const stages: Stage[] = [];
  const byName = new Map<string, Stage>();
  let current: Instruction[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (!(instruction instanceof From)) {
      current.push(instruction);
      continue;
    }
    current = [];
    const base = instruction.getExpandedArguments()[0]?.getValue() ?? '';
    const parent = byName.get(base.toLowerCase());
    const name = instruction.getBuildStage()?.toLowerCase();
    const stage = { index: stages.length, from: instruction, name, base, parent, instructions: current };
    stages.push(stage);
    if (name !== undefined) byName.set(name, stage);
  }
  return stages;
}

function listFinalStages(stages: readonly Stage[]): Stage[] {
  const found: Stage[] = [];
  for (let stage = stages.at(-1); stage !== undefined; stage = stage.parent) found.push(stage);
  return found;
}

/** What knows its place, counted from 0 as the parser does. */
export interface Spanning {
  getRange(): { readonly start: Point; readonly end: Point };
}

interface Point {
  readonly line: number;
  readonly character: number;
}

/** The place of an instruction, an argument or another node; lines and columns count from 1. */
export function placeOf({ path }: DockerfilePlace, node: Spanning): Position {
  const { start, end } = node.getRange();
  return {
    file: path,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** A path of the build folder as a path of the source folder. */
export function inSource({ buildFolder }: DockerfilePlace, path: string): string {
  return posix.normalize(posix.join(buildFolder, path)).replace(/^\.\/|\/$/g, '');
}
