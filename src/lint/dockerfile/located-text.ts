import type { Instruction } from 'dockerfile-ast';

import { placeOf, type Spanning } from './tree.ts';
import type { Position } from '../../errors.ts';
import { parseJson } from '../json.ts';
import type { DockerfilePlace } from '../rule.ts';

/** A text that knows where in its instruction each of its characters stands. */
export interface LocatedText {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Longer arguments are none that somebody wrote. */
const longest = 16_384;

/** True for arguments that were cut off, because there is no end of them. */
export function isCutOff({ text }: LocatedText): boolean {
  return text.length > longest;
}

/**
 * The arguments of an instruction as BuildKit reads them: continued lines joined, comments and blank lines left out;
 * cut off after 16,384 characters.
 */
export function readArguments(instruction: Instruction, escape: string): LocatedText {
  const content = instruction.getTextContent();
  let text = '';
  const offsets: number[] = [];
  const starts = lineStarts(content);
  const begin = offsetOf(instruction, starts);
  for (const [index, start] of starts.entries()) {
    const from = Math.max(start, begin);
    const line = content.slice(from, starts[index + 1] ?? content.length).replace(/[\r\n]+$/, '');
    if (from === start && index > 0 && /^\s*(?:#|$)/.test(line)) continue;
    const kept = withoutEscape(line, escape).slice(0, longest + 1 - text.length);
    text += kept;
    for (let at = 0; at < kept.length; at += 1) offsets.push(from + at);
    if (text.length > longest) return { text, offsets };
  }
  return trim({ text, offsets });
}

function lineStarts(content: string): number[] {
  return [0, ...[...content.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
}

/** Where the keyword ends. */
function offsetOf(instruction: Instruction, starts: readonly number[]): number {
  const { start, end } = instruction.getInstructionRange();
  if (start.line === end.line) return end.character - start.character;
  return (starts[end.line - start.line] ?? 0) + end.character;
}

function withoutEscape(line: string, escape: string): string {
  const end = line.trimEnd();
  return end.endsWith(escape) && !end.endsWith(escape + escape) ? end.slice(0, -1) : line;
}

/** The part of a text from one index to another. */
export function sliceText({ text, offsets }: LocatedText, start: number, end?: number): LocatedText {
  return { text: text.slice(start, end), offsets: offsets.slice(start, end) };
}

function trim(located: LocatedText): LocatedText {
  const start = located.text.length - located.text.trimStart().length;
  return sliceText(located, start, start + located.text.trim().length);
}

/** The place of a text in its Dockerfile, from its first character to its last. */
export function placeOfText(
  place: DockerfilePlace,
  instruction: Instruction,
  located: LocatedText,
): Position {
  return placeOf(place, { getRange: () => rangeOfText(instruction, located) });
}

/** The same as the parser counts, from 0. */
export function rangeOfText(
  instruction: Instruction,
  { offsets }: Pick<LocatedText, 'offsets'>,
): ReturnType<Spanning['getRange']> {
  const { start } = instruction.getRange();
  const starts = lineStarts(instruction.getTextContent());
  const point = (offset: number): { line: number; character: number } => {
    const index = starts.findLastIndex((first) => first <= offset);
    const character = offset - (starts[index] ?? 0) + (index === 0 ? start.character : 0);
    return { line: start.line + index, character };
  };
  const last = point(offsets.at(-1) ?? 0);
  return { start: point(offsets[0] ?? 0), end: { ...last, character: last.character + 1 } };
}

/** The script of a heredoc that a shell runs; an empty one where something else takes it. */
export function readHeredoc(instruction: Instruction): LocatedText {
  const content = instruction.getTextContent();
  const opening = /^.*/.exec(content)?.[0] ?? '';
  const [, name] = /<<-?["']?(\w+)/.exec(opening) ?? [];
  const isScript = /^RUN\s+(?:--\S+\s+)*(?:<<|(?:(?:\/usr)?\/bin\/)?(?:ba|da|a)?sh\b)/i.test(opening);
  if (name === undefined || !isScript) return { text: '', offsets: [] };
  const body = content.slice(opening.length + 1);
  const end = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, 'm').exec(body)?.index;
  const text = body.slice(0, Math.min(end ?? longest, longest));
  return { text, offsets: Array.from(text, (_char, at) => opening.length + 1 + at) };
}

/** The strings of a JSON array; undefined for anything else. */
export function parseJsonStrings(located: LocatedText): LocatedText[] | undefined {
  if (parseStrings(located.text) === undefined) return undefined;
  return [...located.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) =>
    unescapeJson(sliceText(located, match.index + 1, match.index + match[0].length - 1)),
  );
}

/** The same without places. */
export function parseStrings(text: string): string[] | undefined {
  const value = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function unescapeJson({ text, offsets }: LocatedText): LocatedText {
  let plain = '';
  const kept: number[] = [];
  for (const { 0: part, index } of text.matchAll(/\\u[\da-fA-F]{4}|\\.|[^\\]/g)) {
    plain += part.startsWith('\\') ? String(JSON.parse(`"${part}"`)) : part;
    kept.push(offsets[index] ?? 0);
  }
  return { text: plain, offsets: kept };
}
