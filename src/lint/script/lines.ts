import type { Position } from '../../errors.ts';

/** Where each line of a text begins; the parser could note a place for each node, which costs more than the parsing. */
export function listLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { 0: end, index } of text.matchAll(/\r\n?|[\n\u2028\u2029]/g)) starts.push(index + end.length);
  return starts;
}

/** A file by where its lines begin. */
export interface Lines {
  readonly file: string;
  readonly lineStarts: readonly number[];
}

/** The place of a part of a file by its offsets; lines and columns count from 1. */
export function placeInLines(
  { file, lineStarts }: Lines,
  { start, end }: { readonly start: number; readonly end: number },
): Position {
  const [line, endLine] = [lineOf(start, lineStarts), lineOf(end, lineStarts)];
  return {
    file,
    line,
    column: start - (lineStarts[line - 1] ?? 0) + 1,
    endLine,
    endColumn: end - (lineStarts[endLine - 1] ?? 0) + 1,
  };
}

/** The line that holds an offset, by halving. */
function lineOf(offset: number, lineStarts: readonly number[]): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
