import { parse, type Program } from 'acorn';

import type { Position } from '../../errors.ts';
import type { Source } from '../rule.ts';
import { listImports, type ScriptImport } from './imports.ts';
import { listLineStarts, placeInLines } from './lines.ts';

/** A JavaScript file that the service loads. */
export interface ScriptSubject {
  readonly source: Source;
  /** Relative to the source folder. */
  readonly file: string;
  readonly text: string;
  readonly program: Program;
  /** What it imports, exports from elsewhere and requires, in the order of the text. */
  readonly imports: readonly ScriptImport[];
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
  /** True where the stack of the parser ends before the script, which says nothing about the script. */
  readonly isTooDeep?: true;
}

/** A script as it was read. */
export interface ScriptText {
  readonly file: string;
  readonly text: string;
  readonly isDeclaredModule: boolean;
}

/**
 * Parses a script as Node.js would: as what it is declared, and as a module where only that parses (Node.js 20.19 and
 * newer detect the syntax). A script that is too deep for the parser has a fault that says so, and is none of its own.
 */
export function parseScript(source: Source, script: ScriptText): ScriptSubject | SyntaxFault {
  const { file, text, isDeclaredModule } = script;
  const subject = (program: Program, isModule: boolean): ScriptSubject => {
    const parsed = { ...script, program, lineStarts: listLineStarts(text) };
    return { source, ...parsed, isModule, imports: listImports(parsed) };
  };
  const first = tryParse(text, file, isDeclaredModule);
  if (!('message' in first)) return subject(first, isDeclaredModule);
  if (isDeclaredModule || file.endsWith('.cjs')) return first;
  const second = tryParse(text, file, true);
  if (!('message' in second)) return subject(second, true);
  return second.isTooDeep ? second : first;
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
    if (isTooDeep(error))
      return {
        message: 'the code is nested too deep to be read',
        at: { file, line: 1, column: 1 },
        isTooDeep: true,
      };
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    const { line, column } = error.loc as { line: number; column: number };
    const message = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { message, at: { file, line, column: column + 1 } };
  }
}

/** Where the stack ends, the parser says so as of any other mistake, at a place that tells nothing. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof SyntaxError && /stack space/.test(error.message));
}

/** The place of a node in its script; lines and columns count from 1. */
export function placeInScript(
  script: Pick<ScriptSubject, 'file' | 'lineStarts'>,
  node: { readonly start: number; readonly end: number },
): Position {
  return placeInLines(script, node);
}
