import type { Instruction } from 'dockerfile-ast';

import { findScript, splitScript, type SimpleCommand, type Word } from './shell.ts';
import type { DockerfileSubject } from './tree.ts';
import { isCutOff, parseJsonStrings, readArguments, type LocatedText } from './located-text.ts';

/** A CMD or ENTRYPOINT as BuildKit reads it. */
export interface Command {
  readonly instruction: Instruction;
  readonly keyword: 'CMD' | 'ENTRYPOINT';
  /** All that stands after the keyword. */
  readonly arguments: LocatedText;
  /** The arguments of the JSON form; undefined for the shell form. */
  readonly list: readonly Word[] | undefined;
  /** The shell that runs the shell form, such as `/bin/sh`. */
  readonly shell: string;
}

/** What starts the container: the instructions that are in force in the image. */
export interface Start {
  readonly entrypoint: Command | undefined;
  readonly cmd: Command | undefined;
}

/** Finds the ENTRYPOINT and the CMD in force; an ENTRYPOINT resets the CMD of the stages below its own. */
export function readStart({ dockerfile, finalStages }: DockerfileSubject): Start {
  const escape = dockerfile.getEscapeCharacter();
  let start: Start = { entrypoint: undefined, cmd: undefined };
  let shell = '/bin/sh';
  for (const stage of [...finalStages].reverse()) {
    let hasCmd = false;
    for (const instruction of stage.instructions) {
      const keyword = instruction.getKeyword();
      if (keyword === 'SHELL') shell = readShell(instruction, escape) ?? shell;
      if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT') continue;
      const command = readCommand(instruction, { escape, keyword, shell });
      if (keyword === 'CMD') start = { ...start, cmd: command };
      else start = { entrypoint: command, cmd: hasCmd ? start.cmd : undefined };
      hasCmd ||= keyword === 'CMD';
    }
  }
  return { entrypoint: orNothing(start.entrypoint), cmd: orNothing(start.cmd) };
}

function readShell(instruction: Instruction, escape: string): string | undefined {
  return parseJsonStrings(readArguments(instruction, escape))?.[0]?.text;
}

interface Reading {
  readonly escape: string;
  readonly keyword: 'CMD' | 'ENTRYPOINT';
  readonly shell: string;
}

function readCommand(instruction: Instruction, { escape, keyword, shell }: Reading): Command {
  const located = readArguments(instruction, escape);
  const list = parseJsonStrings(located)?.map((word) => ({ ...word, isOpen: false }));
  return { instruction, keyword, arguments: located, list, shell };
}

/** `CMD []` and `ENTRYPOINT []` take away what was there. */
function orNothing(command: Command | undefined): Command | undefined {
  return command === undefined || command.arguments.text === '' || command.list?.length === 0
    ? undefined
    : command;
}

/** A word and the instruction that it stands in. */
export interface PlacedWord extends Word {
  readonly instruction: Instruction;
}

/** The program that the container ends up with, as far as the Dockerfile tells. */
export interface Launch {
  /** The program and its arguments. */
  readonly words: readonly PlacedWord[];
  /** Env vars that the script sets for it, or exports before it. */
  readonly assignments: readonly PlacedWord[];
  /** True where it is the only program: none beside it in the background, none that it pipes to. */
  readonly isAlone: boolean;
  /** The shell script that starts it. */
  readonly script: Script | undefined;
}

/** A script that `sh -c` runs. */
export interface Script {
  readonly shell: string;
  readonly text: LocatedText;
  readonly commands: readonly SimpleCommand[];
  readonly instruction: Instruction;
  /** The words before the shell, such as those of `tini -g --`. */
  readonly before: readonly Word[];
}

/**
 * What a start runs: the arguments of ENTRYPOINT and CMD together, and the script of `sh -c` in them; undefined for
 * nothing, and for a command of more than 16,384 characters.
 */
export function readLaunch({ entrypoint, cmd }: Start): Launch | undefined {
  if ([entrypoint, cmd].some((command) => command !== undefined && isCutOff(command.arguments)))
    return undefined;
  const words = listWords(entrypoint);
  const last = entrypoint === undefined || entrypoint.list !== undefined ? cmd : undefined;
  const all = [...words, ...listWords(last)];
  if (all.length === 0) return undefined;
  const script = readScript(all);
  if (script === undefined) return { words: all, assignments: [], isAlone: true, script };
  return ofScript(script);
}

function listWords(command: Command | undefined): PlacedWord[] {
  if (command === undefined) return [];
  const { instruction, list, shell, arguments: text } = command;
  const made = [shell, '-c'].map((word) => ({ text: word, offsets: text.offsets.slice(0, 1) }));
  const words = list ?? [...made, text].map((word) => ({ ...word, isOpen: false }));
  return words.map((word) => ({ ...word, instruction }));
}

function readScript(words: readonly PlacedWord[]): Script | undefined {
  const found = findScript(words);
  if (found === undefined) return undefined;
  const { shell, text, before } = found;
  return { shell: shell.text, text, commands: splitScript(text), instruction: text.instruction, before };
}

function ofScript(script: Script): Launch {
  const { commands, instruction } = script;
  const place = (word: Word): PlacedWord => ({ ...word, instruction });
  const last = commands.at(-1);
  const exported = commands.flatMap(({ words, assignments }) => {
    if (words.length === 0) return assignments;
    return words[0]?.text === 'export' ? words.slice(1).filter(({ text }) => text.includes('=')) : [];
  });
  const isAlone = commands.every(
    ({ operators }) => !operators.some((operator) => /^(?:&|\||[()])$/.test(operator)),
  );
  return {
    words: last?.words.map(place) ?? [],
    assignments: [...exported, ...(last?.words.length === 0 ? [] : (last?.assignments ?? []))].map(place),
    isAlone,
    script,
  };
}
