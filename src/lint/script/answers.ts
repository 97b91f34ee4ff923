import type { AnyNode, AssignmentExpression, ExportNamedDeclaration, Expression } from 'acorn';

import { valueOf, type Names } from './names.ts';
import { isFunction, keyName, unwrap, walkTree } from './tree.ts';
import type { ScriptSubject } from './script.ts';

/** Lists the values with which a script answers requests, as far as its usual names tell. */
export function listAnswers(subject: ScriptSubject, names: Names): readonly AnyNode[] {
  const { answers, returns, functions, exported } = collect(subject);
  const handlers = exported.map((node) => {
    const value = valueOf(node, names);
    return value?.type === 'Identifier' ? functions.get(value.name) : value;
  });
  return [
    ...answers,
    ...returns.flatMap(([owner, value]) => (handlers.includes(owner) || takesReply(owner) ? [value] : [])),
  ];
}

interface Collected {
  readonly answers: AnyNode[];
  /** What functions return, each with its function. */
  readonly returns: (readonly [owner: AnyNode, value: AnyNode])[];
  readonly functions: Map<string, AnyNode>;
  /** What is exported under the name that the functions framework calls. */
  readonly exported: AnyNode[];
}

function collect({ program, source }: ScriptSubject): Collected {
  const found: Collected = { answers: [], returns: [], functions: new Map(), exported: [] };
  const target = source.mode === 'container' ? undefined : source.service.target;
  walkTree(program, {
    CallExpression({ callee, arguments: values }) {
      if (isAnswer(callee) || isHeaderOfAnswer(callee, values.length)) found.answers.push(...values);
    },
    NewExpression({ callee, arguments: values }) {
      if (rootOf(callee) === 'Response' && values[0]) found.answers.push(values[0]);
    },
    AssignmentExpression(node) {
      if (isBody(node.left)) found.answers.push(node.right);
      found.exported.push(...listAssigned(node, target));
    },
    ExportNamedDeclaration(node) {
      found.exported.push(...listDeclared(node, target));
    },
    ReturnStatement({ argument }, _state, ancestors) {
      const owner = ancestors.findLast(isFunction);
      if (owner && argument) found.returns.push([owner, argument]);
    },
    FunctionDeclaration(node) {
      // `export default function` has no name.
      if (node.id) found.functions.set(node.id.name, node);
    },
    ArrowFunctionExpression(node) {
      if (node.body.type !== 'BlockStatement') found.returns.push([node, node.body]);
    },
  });
  return found;
}

const answering = /^(res|resp|response|rs|r|s|reply|ctx|context|c|Response|NextResponse)$/;

function isAnswer(callee: AnyNode): boolean {
  const inner = unwrap(callee);
  return /^(json|jsonp|send|end|write)$/.test(keyName(inner) ?? '') && answering.test(rootOf(inner) ?? '');
}

/** `res.set(…)`; with two arguments only where no store of values has the same form. */
function isHeaderOfAnswer(callee: AnyNode, count: number): boolean {
  const inner = unwrap(callee);
  if (inner.type !== 'MemberExpression' || unwrap(inner.object).type === 'MemberExpression') return false;
  const root = rootOf(inner) ?? '';
  if (!/^(set|header|headers|setHeader|setHeaders|writeHead)$/.test(keyName(inner) ?? '')) return false;
  return /^(res|resp|response|reply)$/.test(root) || (root === 'ctx' && count === 1);
}

/** The name at the left end: `res` of `res.status(200).json`. */
function rootOf(node: AnyNode): string | undefined {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'ThisExpression') return 'this';
  if (inner.type === 'MemberExpression') return rootOf(inner.object);
  return inner.type === 'CallExpression' ? rootOf(inner.callee) : undefined;
}

function isBody(node: AnyNode): boolean {
  return keyName(node) === 'body' && /^(ctx|context|this|res|response)$/.test(rootOf(node) ?? '');
}

/** `exports.main = …`, and `main` of `module.exports = { … }`. */
function listAssigned({ left, right }: AssignmentExpression, target: string | undefined): Expression[] {
  if (left.type !== 'MemberExpression' || target === undefined) return [];
  const root = rootOf(left);
  const key = keyName(left);
  if ((root === 'exports' || root === 'module') && key === target) return [right];
  if (root !== 'module' || key !== 'exports' || right.type !== 'ObjectExpression') return [];
  return right.properties.flatMap((each) =>
    each.type === 'Property' && keyName(each) === target ? [each.value] : [],
  );
}

/** `export const main = …`, `export function main`, `export { handler as main }`. */
function listDeclared(node: ExportNamedDeclaration, target: string | undefined): AnyNode[] {
  const { declaration, specifiers } = node;
  if (declaration?.type === 'FunctionDeclaration') return declaration.id.name === target ? [declaration] : [];
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id, init }) =>
      id.type === 'Identifier' && id.name === target && init ? [init] : [],
    );
  return specifiers.flatMap(({ exported, local }) =>
    exported.type === 'Identifier' && exported.name === target ? [local] : [],
  );
}

/** A handler of Fastify answers with what it returns. */
function takesReply(node: AnyNode): boolean {
  if (!('params' in node)) return false;
  return node.params.some((param) => param.type === 'Identifier' && param.name === 'reply');
}
