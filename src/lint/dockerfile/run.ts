import { Run, type Instruction } from 'dockerfile-ast';

interface Point {
  readonly line: number;
  readonly character: number;
}

/** One command of a RUN, at its place. */
export interface Command {
  /** Without quotes, without keywords of the shell and env vars in front. */
  readonly words: readonly string[];
  /** True where the RUN decides by `if`, `case` or `||` what it does. */
  readonly isConditional: boolean;
  getRange(): { readonly start: Point; readonly end: Point };
}

/** The commands of a RUN, in its shell form, its exec form, or as a heredoc; none for other instructions. */
export function listCommands(instruction: Instruction): Command[] {
  const content = instruction.getRawArgumentsContent();
  const range = instruction.getArgumentsRange();
  if (!(instruction instanceof Run) || content === null || range === null) return [];
  const words = parseExecForm(content);
  if (words !== undefined) return listExecCommands(words, instruction);
  const script = instruction.getHeredocs().length > 0 ? parseHeredoc(content) : undefined;
  const text = script?.text ?? content;
  const offset = script?.offset ?? 0;
  const place = (at: number): Point => pointAt(content, range.start, offset + at);
  return gather(listTokens(text.slice(0, longest), isBacktick(instruction), script !== undefined), place);
}

/** The strings of an exec form; undefined where it is none that parses. */
export function parseExecForm(content: string): string[] | undefined {
  if (!content.trimStart().startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(content);
    const isList = Array.isArray(parsed) && parsed.every((word): word is string => typeof word === 'string');
    return isList ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Longer commands are no commands that somebody wrote. */
const longest = 65_536;

function listExecCommands(words: readonly string[], instruction: Instruction): Command[] {
  const [shell = '', flag = '', script] = words;
  const place = (): Point => instruction.getRange().start;
  if (!/^(\/bin\/)?(ba|da|a)?sh$/.test(shell) || !/^-\w*c$/.test(flag) || script === undefined)
    return [{ words, isConditional: false, getRange: () => instruction.getRange() }];
  return gather(listTokens(script.slice(0, longest), false, true), place).map((command) => ({
    ...command,
    getRange: () => instruction.getRange(),
  }));
}

/** The script in a heredoc that a shell runs, and where it starts; an empty one where something else takes it. */
function parseHeredoc(content: string): { text: string; offset: number } {
  const [, opening = '', name = ''] = /^(.*?<<-?["']?(\w+)["']?.*)/.exec(content) ?? [];
  const isScript = /^(<<|((\/usr)?\/bin\/)?(ba|da|a)?sh\b)/.test(opening);
  const offset = opening.length + (/^\r?\n/.exec(content.slice(opening.length))?.[0].length ?? 0);
  if (!isScript) return { text: '', offset };
  const lines = content.slice(offset).split('\n');
  const end = lines.findIndex((line) => line.trim() === name);
  return { text: lines.slice(0, end < 0 ? lines.length : end).join('\n'), offset };
}

interface Token {
  readonly kind: 'word' | 'operator';
  readonly text: string;
  readonly start: number;
}

const shapes = (escape: string): RegExp =>
  new RegExp(
    [
      `(?<gap>${escape}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n|[ \\t]*#[^\\n]*)*|[ \\t\\r]+)`,
      '(?<comment>(?<![^\\s;])#[^\\n]*)',
      '(?<operator>\\n|&&|\\|\\||;;|[;|()]|&(?![>\\d]))',
      `(?<word>(?:'[^']*'|"(?:\\\\[\\s\\S]|[^"\\\\])*"|\\$\\([^()]*\\)|>&|\\\\(?![ \\t]*\\r?\\n)[\\s\\S]|[^\\s'"\\\\&|;()\`>]+|[>\`](?!\\s*\\n))+)`,
      '[\\s\\S]',
    ].join('|'),
    'gy',
  );

function listTokens(text: string, isBackticked: boolean, isScript: boolean): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(shapes(isBackticked ? '`' : '\\\\'))) {
    const { comment, operator, word } = match.groups ?? {};
    if (comment !== undefined && !isScript) break;
    if (operator === '\n' && !isScript) continue;
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, start: match.index });
    if (word !== undefined) tokens.push({ kind: 'word', text: word, start: match.index });
  }
  return tokens;
}

function isBacktick(instruction: Instruction): boolean {
  return /`[ \t]*\r?\n/.test(instruction.getRawArgumentsContent() ?? '');
}

const keyword = /^(if|then|else|elif|do|while|until|!|\{|time|sudo|exec)$/;

function gather(tokens: readonly Token[], place: (at: number) => Point): Command[] {
  const isConditional = tokens.some(({ text }) => /^(\|\||if|case)$/.test(text));
  const groups: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'operator') groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups.flatMap((group) => {
    const first = group.findIndex(({ text }) => !keyword.test(text) && !/^\w+=/.test(text));
    const named = first < 0 ? [] : group.slice(first);
    const [start, end] = [named[0], named.at(-1)];
    if (start === undefined || end === undefined) return [];
    const range = { start: place(start.start), end: place(end.start + end.text.length) };
    return [{ words: named.map(({ text }) => unquote(text)), isConditional, getRange: () => range }];
  });
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g, '$1$2$3');
}

function pointAt(content: string, start: Point, at: number): Point {
  const before = content.slice(0, at).split('\n');
  const last = before.at(-1)?.length ?? 0;
  const isFirst = before.length === 1;
  return { line: start.line + before.length - 1, character: isFirst ? start.character + last : last };
}
