import { parse, type Program } from 'acorn';

import type { Position } from '../../errors.ts';
import type { Source } from '../rule.ts';

/** A JavaScript file that the service loads. */
export interface ScriptSubject {
  readonly source: Source;
  /** Relative to the source folder. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  /** Where each line begins in the text. */
  readonly lineStarts: readonly number[];
  /** True for an ECMAScript module, false for CommonJS, by what the file says or only parses as. */
  readonly isModule: boolean;
  /** The same by its extension and the nearest package.json alone, as Node.js 20.18 goes by. */
  readonly isDeclaredModule: boolean;
}

/** Why a script does not parse. */
export interface SyntaxFault {
  /** Without a full stop. */
  readonly message: string;
  readonly at: Position;
}

/** A script as it was read. */
export interface ScriptText {
  readonly file: string;
  readonly text: string;
  readonly isDeclaredModule: boolean;
}

/**
 * Parses a script as Node.js would: as what it is declared, and as a module where only that parses (Node.js 20.19 and
 * newer detect the syntax).
 */
export function parseScript(source: Source, script: ScriptText): ScriptSubject | SyntaxFault {
  const { file, text, isDeclaredModule } = script;
  const subject = (program: Program, isModule: boolean): ScriptSubject => ({
    source,
    ...script,
    program,
    lineStarts: listLineStarts(text),
    isModule,
  });
  const first = tryParse(text, file, isDeclaredModule);
  if (!('message' in first)) return subject(first, isDeclaredModule);
  if (isDeclaredModule || file.endsWith('.cjs')) return first;
  const second = tryParse(text, file, true);
  return 'message' in second ? first : subject(second, true);
}

/** The parser could note a place for each node, which costs more than the parsing itself. */
function listLineStarts(text: string): number[] {
  return [
    0,
    ...Array.from(text.matchAll(/\r\n?|[\n\u2028\u2029]/g), (match) => match.index + match[0].length),
  ];
}

function tryParse(text: string, file: string, isModule: boolean): Program | SyntaxFault {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      sourceType: isModule ? 'module' : 'script',
      allowHashBang: true,
      allowReturnOutsideFunction: !isModule,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    const { line, column } = error.loc as { line: number; column: number };
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { message, at: { file, line, column: column + 1 } };
  }
}

/** The place of a node in its script; lines and columns count from 1. */
export function placeInScript(
  { file, lineStarts }: Pick<ScriptSubject, 'file' | 'lineStarts'>,
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
