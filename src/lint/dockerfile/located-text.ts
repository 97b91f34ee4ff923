import type { Instruction } from 'dockerfile-ast';

import type { Position } from '../../errors.ts';
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
  const { start } = instruction.getRange();
  const starts = lineStarts(instruction.getTextContent());
  const point = (offset: number): { line: number; column: number } => {
    const index = starts.findLastIndex((first) => first <= offset);
    const column = offset - (starts[index] ?? 0) + (index === 0 ? start.character : 0);
    return { line: start.line + index + 1, column: column + 1 };
  };
  const first = point(located.offsets[0] ?? 0);
  const last = point(located.offsets.at(-1) ?? 0);
  return { file: place.path, ...first, endLine: last.line, endColumn: last.column + 1 };
}

/** The strings of a JSON array; undefined for anything else. */
export function parseJsonStrings(located: LocatedText): LocatedText[] | undefined {
  if (!isJsonOfStrings(located.text)) return undefined;
  return [...located.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) =>
    unescapeJson(sliceText(located, match.index + 1, match.index + match[0].length - 1)),
  );
}

function isJsonOfStrings(text: string): boolean {
  if (!text.startsWith('[')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
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
