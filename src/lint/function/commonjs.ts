import type { AnyNode, CallExpression, Program } from 'acorn';

import { declares, keysOf } from './syntax-tree.ts';
import { walkAll, isFunction, keyName, literalText } from '../script/tree.ts';

/** What a script exports. */
export interface Exports {
  readonly names: ReadonlySet<string>;
  /** The first node that exports something. */
  readonly node: AnyNode | undefined;
}

/**
 * The exports of a CommonJS script by name: assignments to `exports` and `module.exports`, in the forms that people,
 * TypeScript and esbuild write. Undefined as soon as `exports` or `module` goes where nobody can follow it.
 */
export function readCommonExports(program: Program): Exports | undefined {
  const found: Found = {
    names: new Set(),
    values: [],
    given: new Map(),
    escaped: new Set(),
    node: undefined,
    isUnknown: false,
  };
  const isWalked = walkAll(program, (node, ancestors) => {
    visit(node, ancestors, found);
  });
  if (!isWalked || found.isUnknown) return undefined;
  const assigned = found.values.flatMap((value) => valueNames(value, program, found) ?? [undefined]);
  const names = new Set(found.names);
  for (const name of assigned) {
    if (name === undefined) return undefined;
    names.add(name);
  }
  return { names, node: found.node };
}

interface Found {
  readonly names: Set<string>;
  /** What `module.exports` is set to. */
  readonly values: AnyNode[];
  /** Keys that a variable is given outside its own literal, by its name. */
  readonly given: Map<string, string[]>;
  /** Variables that a call could change. */
  readonly escaped: Set<string>;
  node: AnyNode | undefined;
  isUnknown: boolean;
}

const own: ReadonlySet<string> = new Set(['exports', 'module', 'require']);

function visit(node: AnyNode, ancestors: readonly AnyNode[], found: Found): void {
  if (declares(node, own)) found.isUnknown = true;
  if (node.type === 'CallExpression') visitCall(node, found);
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier')
    give(found, node.object.name, [keyName(node) ?? '']);
  if (node.type === 'Identifier' && node.name === 'exports') follow(ancestors, found);
  if (node.type === 'Identifier' && node.name === 'module') followModule(ancestors, found);
  if (node.type === 'ThisExpression' && !ancestors.some(hasOwnThis)) followThis(ancestors, found);
}

function visitCall({ callee, arguments: given }: CallExpression, found: Found): void {
  const [first, second] = given;
  const keys = keysOf(second);
  const isExport = callee.type === 'Identifier' && callee.name === '__export';
  for (const each of given) {
    if (each.type !== 'Identifier') continue;
    if (isExport && each === first && keys !== undefined) give(found, each.name, keys);
    else if (callee.type !== 'Identifier' || callee.name !== '__toCommonJS') found.escaped.add(each.name);
  }
}

function give(found: Found, name: string, keys: readonly string[]): void {
  found.given.set(name, [...(found.given.get(name) ?? []), ...keys]);
}

function hasOwnThis(node: AnyNode): boolean {
  return (isFunction(node) && node.type !== 'ArrowFunctionExpression') || node.type === 'ClassBody';
}

function followModule(ancestors: readonly AnyNode[], found: Found): void {
  const parent = ancestors.at(-2);
  if (parent?.type === 'MemberExpression' && parent.object === ancestors.at(-1)) {
    const name = keyName(parent);
    if (name === 'exports') follow(ancestors.slice(0, -1), found);
    else if (name === undefined) found.isUnknown = true;
  } else if (!isOnlyAsked(parent)) found.isUnknown = true;
}

/** TypeScript asks `this && this.__importDefault`; anything else that is done with `this` may export. */
function followThis(ancestors: readonly AnyNode[], found: Found): void {
  const [around, parent] = ancestors.slice(-3);
  const read = parent?.type === 'MemberExpression' ? around : parent;
  if (read?.type !== 'LogicalExpression') follow(ancestors, found);
}

/** Follows the object of the exports, the last one of the ancestors, into what is done with it. */
function follow(ancestors: readonly AnyNode[], found: Found): void {
  const [around, parent, self] = ancestors.slice(-3);
  if (parent?.type === 'MemberExpression' && parent.object === self) {
    const name = keyName(parent);
    if (name !== undefined) found.names.add(name);
    else if (around?.type === 'AssignmentExpression' && around.left === parent) found.isUnknown = true;
  } else if (parent?.type === 'AssignmentExpression') {
    // Only the variable gets another value where `exports` alone stands on the left.
    if (parent.left === self) found.values.push(...(self.type === 'Identifier' ? [] : [parent.right]));
    else if (!isExportsObject(parent.left)) found.isUnknown = true;
  } else if (parent?.type === 'CallExpression' && parent.arguments[0] === self) followCall(parent, found);
  else if (!isOnlyAsked(parent)) found.isUnknown = true;
  found.node ??= parent;
}

function isOnlyAsked(parent: AnyNode | undefined): boolean {
  return (
    parent?.type === 'BinaryExpression' ||
    parent?.type === 'UnaryExpression' ||
    parent?.type === 'ExpressionStatement'
  );
}

function isExportsObject(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  if (node.type !== 'MemberExpression' || keyName(node) !== 'exports') return false;
  return node.object.type === 'Identifier' && node.object.name === 'module';
}

/** `Object.assign(exports, {…})` and `Object.defineProperty(exports, 'name', …)`. */
function followCall({ callee, arguments: [, second, ...rest] }: CallExpression, found: Found): void {
  const isObject =
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object';
  const name = isObject ? keyName(callee) : undefined;
  const key = literalText(second);
  if (name === 'assign' && second !== undefined) found.values.push(second, ...rest);
  else if (name === 'defineProperty' && key !== undefined) found.names.add(key);
  else found.isUnknown = true;
}

/** The names that a value of `module.exports` brings; undefined where only running it tells. */
function valueNames(value: AnyNode, program: Program, found: Found): string[] | undefined {
  if (value.type === 'AssignmentExpression') return valueNames(value.right, program, found);
  if (isExportsObject(value) || value.type === 'Literal') return [];
  if (value.type === 'FunctionExpression' || value.type === 'ArrowFunctionExpression') return [];
  if (value.type === 'Identifier') return variableNames(value.name, program, found);
  if (value.type !== 'CallExpression') return keysOf(value);
  const [argument] = value.arguments;
  if (value.callee.type !== 'Identifier' || value.callee.name !== '__toCommonJS') return undefined;
  return argument?.type === 'Identifier' ? found.given.get(argument.name) : undefined;
}

function variableNames(name: string, program: Program, found: Found): string[] | undefined {
  const value = topLevelValue(name, program);
  if (value === undefined || found.escaped.has(name)) return undefined;
  const given = found.given.get(name) ?? [];
  if (isFunction(value)) return given.includes('') ? undefined : given;
  const keys = keysOf(value);
  return keys === undefined || given.includes('') ? undefined : [...keys, ...given];
}

function topLevelValue(name: string, program: Program): AnyNode | undefined {
  for (const node of program.body) {
    if (node.type === 'FunctionDeclaration' && node.id.name === name) return node;
    if (node.type !== 'VariableDeclaration' || node.kind !== 'const') continue;
    const found = node.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
    if (found?.init) return found.init;
  }
  return undefined;
}
