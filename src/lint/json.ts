import {
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';

import type { Position } from '../errors.ts';

/** Why a text is no JSON. */
export interface JsonFault {
  /** Without a full stop. */
  readonly message: string;
  readonly at: Position;
}

/** A JSON file as its tools read it: strictly, so that comments and trailing commas are faults. */
export interface JsonText {
  /** Undefined where the text does not parse. */
  readonly value: unknown;
  readonly fault: JsonFault | undefined;
  /** The place of a value; of the nearest value around it where it does not exist. */
  placeOf(path: JSONPath): Position;
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses JSON, with the places of its values; `file` is the name that the places carry. */
export function parseJsonText(text: string, file: string): JsonText {
  const json = text.replace(/^\uFEFF/, '');
  const value = parseJson(json);
  // Most files are right, and nobody asks for a place: the tree is made for those who do, once for all of them.
  let places: Places | undefined;
  return {
    value,
    fault: value === undefined ? findFault(json, file) : undefined,
    placeOf: (path) => {
      places ??= { file, tree: readTree(json, []), lineStarts: listLineStarts(json) };
      const node = nearest(places.tree, path);
      const isInside = node?.parent !== undefined;
      return placeAt(places, node?.offset ?? 0, isInside ? node.length : 0);
    },
  };
}

/** True for an object that is neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function findFault(json: string, file: string): JsonFault {
  const errors: ParseError[] = [];
  readTree(json, errors);
  const [first = { error: undefined, offset: 0, length: 0 }] = errors;
  const { error, offset, length } = first;
  const message = error === undefined ? 'invalid JSON' : describe(printParseErrorCode(error));
  return { message, at: placeAt({ file, lineStarts: listLineStarts(json) }, offset, length) };
}

function readTree(json: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(json, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Nested too deeply for a parser that calls itself: the value counts, without its places.
    return undefined;
  }
}

/** `CommaExpected` as `comma expected`. */
function describe(code: string): string {
  return code.replace(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}

function nearest(tree: Node | undefined, path: JSONPath): Node | undefined {
  if (tree === undefined) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return tree;
}

interface Lines {
  readonly file: string;
  /** Where each line begins in the text. */
  readonly lineStarts: readonly number[];
}

interface Places extends Lines {
  readonly tree: Node | undefined;
}

function listLineStarts(json: string): number[] {
  const starts = [0];
  for (let at = json.indexOf('\n'); at !== -1; at = json.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt({ file, lineStarts }: Lines, offset: number, length: number): Position {
  const [line, column] = pointAt(lineStarts, offset);
  if (length === 0) return { file, line, column };
  const [endLine, endColumn] = pointAt(lineStarts, offset + length);
  return { file, line, column, endLine, endColumn };
}

function pointAt(lineStarts: readonly number[], offset: number): [line: number, column: number] {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return [low + 1, offset - (lineStarts[low] ?? 0) + 1];
}
