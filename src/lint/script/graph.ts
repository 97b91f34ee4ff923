import { posix } from 'node:path';

import type { AnyNode, Expression, SpreadElement } from 'acorn';
import { parse as parseJson } from 'jsonc-parser';

import type { Position } from '../../errors.ts';
import type { Source } from '../rule.ts';
import { isSurelyEvaluated, literalText, walkTree } from './tree.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

/** Another module that a script names by a literal. */
export interface ScriptImport {
  readonly specifier: string;
  readonly at: Position;
  /** True where the module is surely loaded together with the script: in no function and in no branch. */
  readonly isTopLevel: boolean;
  /** True where the script goes on without the module: inside `try`, or with `.catch`. */
  readonly isGuarded: boolean;
}

/** Lists what a script imports, exports from elsewhere and requires, in the order of the text. */
export function listImports(subject: ScriptSubject): readonly ScriptImport[] {
  const declared = listDeclarations(subject);
  // `require` may stand in a comment alone, which costs one walk and nothing else.
  if (!/\brequire\s*\(|\bimport\s*\(/.test(subject.text)) return declared;
  return [...declared, ...listCalls(subject)].sort(
    (left, right) => left.at.line - right.at.line || left.at.column - right.at.column,
  );
}

function listDeclarations(subject: ScriptSubject): ScriptImport[] {
  return subject.program.body.flatMap((node) => {
    if (!('source' in node)) return [];
    const { source } = node;
    if (typeof source?.value !== 'string') return [];
    return [
      { specifier: source.value, at: placeInScript(subject, source), isTopLevel: true, isGuarded: false },
    ];
  });
}

function listCalls(subject: ScriptSubject): ScriptImport[] {
  const found: ScriptImport[] = [];
  const add = (node: Expression | SpreadElement | undefined, ancestors: readonly AnyNode[]): void => {
    const specifier = literalText(node);
    if (specifier === undefined || node === undefined) return;
    const isTopLevel = isSurelyEvaluated(ancestors);
    found.push({
      specifier,
      at: placeInScript(subject, node),
      isTopLevel,
      isGuarded: isGuarded(ancestors),
    });
  };
  walkTree(subject.program, {
    CallExpression(node, _state, ancestors) {
      const { callee, arguments: values } = node;
      if (callee.type === 'Identifier' && callee.name === 'require') add(values[0], ancestors);
    },
    ImportExpression(node, _state, ancestors) {
      add(node.source, ancestors);
    },
  });
  return found;
}

function isGuarded(ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((node, index) => {
    const inner = ancestors[index + 1];
    if (node.type === 'TryStatement') return inner === node.block && Boolean(node.handler);
    return node.type === 'MemberExpression' && inner === node.object && nameOf(node.property) === 'catch';
  });
}

function nameOf(node: AnyNode): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined;
}

/** The script of the source that a relative specifier leads to; undefined for packages, data and what does not exist. */
export function resolveScript(from: string, specifier: string, source: Source): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined;
  return resolvePath(posix.join(posix.dirname(from), specifier), source);
}

const scriptEnding = /\.[cm]?js$/;

/** The script that Node.js takes for a path: as it stands, with an ending, or the entry of a folder. */
export function resolvePath(path: string, source: Source): string | undefined {
  const plain = posix.normalize(path).replace(/(.)\/$/, '$1');
  if (/^(\.\.)?\/|^\.\.$/.test(plain)) return undefined;
  const file = path.endsWith('/') ? undefined : findFile(plain, source);
  if (file !== undefined) return isScriptName(file) ? file : undefined;
  const main = readPackage(plain, source)?.['main'];
  const entry = typeof main === 'string' && main !== '' ? posix.join(plain, main) : undefined;
  const named = entry === undefined ? undefined : (findFile(entry, source) ?? findIndex(entry, source));
  const found = named ?? findIndex(plain, source);
  return found !== undefined && isScriptName(found) ? found : undefined;
}

function findFile(path: string, source: Source): string | undefined {
  return ['', '.js', '.json', '.cjs', '.mjs'].map((ending) => path + ending).find(isFileOf(source));
}

function findIndex(folder: string, source: Source): string | undefined {
  return ['index.js', 'index.cjs', 'index.mjs']
    .map((name) => posix.join(folder, name))
    .find(isFileOf(source));
}

/** Tells the paths that are files of the source. */
export function isFileOf(source: Source): (path: string) => boolean {
  return (path) => source.entries.get(path)?.kind === 'file';
}

/** Node.js loads a file without an ending, such as `bin/www`, as CommonJS. */
function isScriptName(file: string): boolean {
  return scriptEnding.test(file) || posix.extname(file) === '';
}

/** True for an ECMAScript module, by its ending and the `type` of the nearest package.json. */
export function isDeclaredModule(file: string, source: Source): boolean {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.mjs');
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const manifest = readPackage(folder, source);
    if (manifest !== undefined) return manifest['type'] === 'module';
    if (folder === posix.dirname(folder)) return false;
  }
}

/** The package.json of a folder; undefined without one, an empty object where it holds no object. */
export function readPackage(folder: string, source: Source): Readonly<Record<string, unknown>> | undefined {
  const text = source.texts.get(posix.join(folder, 'package.json'));
  return text === undefined ? undefined : readObject(text);
}

/** The object that a JSON text holds, as far as it parses; empty where it holds none. */
export function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseJson(text);
    return isObject(value) ? value : {};
  } catch (error) {
    // Brackets that stand too deep in each other for the stack.
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** True for an object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
