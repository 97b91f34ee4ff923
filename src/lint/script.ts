import { parse, type Program } from 'acorn';

import type { Position } from '../errors.ts';
import type { Source } from './rule.ts';

/** A JavaScript file that the service loads. */
export interface ScriptSubject {
  readonly source: Source;
  /** Relative to the source folder. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
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
  const first = tryParse(text, file, isDeclaredModule);
  if (!('message' in first)) return { source, ...script, program: first, isModule: isDeclaredModule };
  if (isDeclaredModule || file.endsWith('.cjs')) return first;
  const second = tryParse(text, file, true);
  return 'message' in second ? first : { source, ...script, program: second, isModule: true };
}

function tryParse(text: string, file: string, isModule: boolean): Program | SyntaxFault {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      sourceType: isModule ? 'module' : 'script',
      allowHashBang: true,
      allowReturnOutsideFunction: !isModule,
      locations: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    const { line, column } = error.loc as { line: number; column: number };
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { message, at: { file, line, column: column + 1 } };
  }
}

interface Located {
  readonly loc?: { readonly start: Point; readonly end: Point } | null;
}

interface Point {
  readonly line: number;
  readonly column: number;
}

/** The place of a node in its script; lines and columns count from 1. */
export function placeInScript({ file }: { readonly file: string }, node: Located): Position {
  const { start, end } = node.loc ?? { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } };
  return {
    file,
    line: start.line,
    column: start.column + 1,
    endLine: end.line,
    endColumn: end.column + 1,
  };
}
