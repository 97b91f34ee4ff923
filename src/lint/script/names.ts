import type { AnyNode, CallExpression, ImportDeclaration, NewExpression, Pattern, Program } from 'acorn';

import { keyName, literalText, unwrap, walkTree } from './tree.ts';

/** What a name stands for: an expression, a member of one, or a member of a module. */
interface Meaning {
  readonly value: AnyNode | string;
  readonly member?: string;
}

/**
 * What the names of a script stand for; undefined for those that are declared twice or assigned again. Parameters are
 * not in it: they go by their own names.
 */
export type Names = ReadonlyMap<string, Meaning | undefined>;

/** Reads what the names of a script stand for, whatever function they stand in. */
export function readNames(program: Program): Names {
  const names = new Map<string, Meaning | undefined>();
  const params = new Set<string>();
  const declare = (name: string, meaning?: Meaning): void => {
    names.set(name, names.has(name) ? undefined : meaning);
  };
  walkTree(program, {
    ImportDeclaration(node) {
      for (const [name, meaning] of listSpecifiers(node)) declare(name, meaning);
    },
    VariableDeclarator({ id, init }) {
      for (const [name, meaning] of listPatternNames(id, init ?? undefined)) declare(name, meaning);
    },
    Function(node) {
      for (const [name] of node.params.flatMap((param) => listPatternNames(param, undefined)))
        params.add(name);
      if (node.type === 'FunctionDeclaration' && node.id) declare(node.id.name);
    },
    CatchClause({ param }) {
      if (param) for (const [name] of listPatternNames(param, undefined)) declare(name);
    },
    AssignmentExpression({ left }) {
      if (left.type === 'Identifier') names.set(left.name, undefined);
    },
  });
  for (const name of params) if (names.has(name)) names.set(name, undefined);
  return names;
}

type Named = readonly [name: string, meaning: Meaning | undefined];

function listSpecifiers({ source, specifiers }: ImportDeclaration): Named[] {
  const module = String(source.value).replace(/^node:/, '');
  return specifiers.map((each): Named => {
    if (each.type !== 'ImportSpecifier') return [each.local.name, { value: module }];
    const { imported } = each;
    const member = imported.type === 'Identifier' ? imported.name : String(imported.value);
    return [each.local.name, { value: module, member }];
  });
}

function listPatternNames(pattern: Pattern, value: AnyNode | undefined): Named[] {
  if (pattern.type === 'Identifier') return [[pattern.name, value === undefined ? undefined : { value }]];
  if (pattern.type === 'AssignmentPattern') return listPatternNames(pattern.left, undefined);
  if (pattern.type === 'RestElement') return listPatternNames(pattern.argument, undefined);
  if (pattern.type === 'ArrayPattern')
    return pattern.elements.flatMap((each) => (each === null ? [] : listPatternNames(each, undefined)));
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((each) => {
    if (each.type !== 'Property') return listPatternNames(each, undefined);
    const member = keyName(each);
    if (each.value.type !== 'Identifier' || value === undefined || member === undefined)
      return listPatternNames(each.value, undefined);
    return [[each.value.name, { value, member }] satisfies Named];
  });
}

const deepest = 12;

/**
 * Where a value comes from, by the names of modules and globals instead of the script's own: `express().listen`,
 * `fs/promises.writeFile`, `process.env`. Undefined for what has no such name.
 */
export function originOf(node: AnyNode | undefined, names: Names, depth = 0): string | undefined {
  if (node === undefined || depth > deepest) return undefined;
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return originOfName(inner.name, names, depth);
  if (inner.type === 'MemberExpression') {
    const object = originOf(inner.object, names, depth + 1);
    return object === undefined ? undefined : join(object, keyName(inner));
  }
  if (inner.type === 'CallExpression' || inner.type === 'NewExpression')
    return originOfCall(inner, names, depth);
  if (inner.type === 'AssignmentExpression') return originOf(inner.right, names, depth + 1);
  return undefined;
}

function originOfName(name: string, names: Names, depth: number): string | undefined {
  if (!names.has(name)) return name;
  const meaning = names.get(name);
  if (meaning === undefined) return undefined;
  const { value, member } = meaning;
  const origin = typeof value === 'string' ? value : originOf(value, names, depth + 1);
  return origin === undefined || !('member' in meaning) ? origin : join(origin, member);
}

/** CommonJS and transpiled code name the default export. */
function join(object: string, member: string | undefined): string | undefined {
  if (member === undefined) return undefined;
  return member === 'default' ? object : `${object}.${member}`;
}

function originOfCall(node: CallExpression | NewExpression, names: Names, depth: number): string | undefined {
  const { callee, arguments: values } = node;
  const [first] = values;
  if (callee.type === 'Identifier' && callee.name === 'require')
    return literalText(first)?.replace(/^node:/, '');
  if (callee.type === 'Identifier' && /^(__import(Default|Star)|__toESM|_interop\w+)$/.test(callee.name))
    return originOf(first, names, depth + 1);
  const origin = originOf(callee, names, depth + 1);
  return origin === undefined ? undefined : `${origin}()`;
}

/** The expression that a name stands for; anything else stands for itself. */
export function valueOf(node: AnyNode | undefined, names: Names): AnyNode | undefined {
  let value = node === undefined ? undefined : unwrap(node);
  for (let depth = 0; depth < deepest && value?.type === 'Identifier'; depth++) {
    const meaning = names.get(value.name);
    if (meaning === undefined || typeof meaning.value === 'string' || 'member' in meaning) return value;
    value = unwrap(meaning.value);
  }
  return value;
}
