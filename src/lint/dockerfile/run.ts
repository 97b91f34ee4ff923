import { Run, type Instruction } from 'dockerfile-ast';

import { parseJsonStrings, rangeOfText, readArguments, readHeredoc, sliceText } from './located-text.ts';
import { findScript, splitScript, type SimpleCommand, type Word } from './shell.ts';
import type { DockerfileTree, Spanning } from './tree.ts';

/** One command of a RUN, at its place. */
export interface RunCommand extends Spanning {
  /** Without quotes, redirections, keywords of the shell and env vars in front. */
  readonly words: readonly string[];
  /** True where the RUN decides by `if`, `case` or `||` what it does. */
  readonly isConditional: boolean;
}

/** The commands of a RUN, in its shell form, its exec form, or as a heredoc; none for other instructions. */
export function listCommands({ dockerfile }: DockerfileTree, instruction: Instruction): RunCommand[] {
  if (!(instruction instanceof Run)) return [];
  const commands = readCommands(instruction, dockerfile.getEscapeCharacter());
  const isConditional = commands.some(
    ({ words, operators }) =>
      operators.includes('||') || words.some(({ text }) => /^(?:if|case)$/.test(text)),
  );
  return commands.flatMap(({ words }) => {
    const first = words.findIndex(({ text }) => !keyword.test(text));
    const named = first === -1 ? [] : words.slice(first);
    if (named.length === 0) return [];
    const getRange = (): ReturnType<Spanning['getRange']> =>
      rangeOfText(instruction, { offsets: named.flatMap(({ offsets }) => offsets) });
    return [{ words: named.map(({ text }) => text), isConditional, getRange }];
  });
}

const keyword = /^(?:if|then|else|elif|do|while|until|!|\{|time|sudo|exec|\w+=.*)$/s;

function readCommands(
  instruction: Run,
  escape: string,
): readonly Pick<SimpleCommand, 'words' | 'operators'>[] {
  if (instruction.getHeredocs().length > 0) return splitScript(readHeredoc(instruction));
  const all = readArguments(instruction, escape);
  const text = sliceText(all, /^(?:--[a-z]+(?:=\S*)?\s+)*/.exec(all.text)?.[0].length ?? 0);
  const list = parseJsonStrings(text)?.map((word): Word => ({ ...word, isOpen: false }));
  if (list === undefined) return splitScript(text);
  const script = findScript(list);
  return script === undefined ? [{ words: list, operators: [] }] : splitScript(script.text);
}
