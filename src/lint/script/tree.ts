import type { AnyNode, Program } from 'acorn';
import { ancestor, fullAncestor, type AncestorVisitors } from 'acorn-walk';

/**
 * Visits a tree with the ancestors of each node; of a tree that is too deep for the stack only a part, which it says
 * with false.
 */
export function walkTree(program: Program, visitors: AncestorVisitors<unknown>): boolean {
  return reachesEnd(() => {
    ancestor(program, visitors);
  });
}

/** Visits every node with the nodes around it, itself the last one; the same holds of a tree that is too deep. */
export function walkAll(
  program: Program,
  visit: (node: AnyNode, ancestors: readonly AnyNode[]) => void,
): boolean {
  return reachesEnd(() => {
    fullAncestor(program, (node, _state, ancestors) => {
      visit(node, ancestors);
    });
  });
}

function reachesEnd(walk: () => void): boolean {
  try {
    walk();
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** The text of a string literal, or of a template without expressions. */
export function literalText(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The name of a member or a property that is written as it is or as a literal. */
export function keyName(node: AnyNode | undefined): string | undefined {
  if (node?.type !== 'MemberExpression' && node?.type !== 'Property') return undefined;
  const key = node.type === 'Property' ? node.key : node.property;
  return key.type === 'Identifier' && !node.computed ? key.name : literalText(key);
}

/** The value of a property of an object literal. */
export function propertyOf(node: AnyNode | undefined, name: string): AnyNode | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  const found = node.properties.findLast((each) => each.type === 'Property' && keyName(each) === name);
  return found?.type === 'Property' ? found.value : undefined;
}

/** Without the brackets, `await` and `(0, …)` around it. */
export function unwrap(node: AnyNode): AnyNode {
  if (node.type === 'ChainExpression' || node.type === 'ParenthesizedExpression')
    return unwrap(node.expression);
  if (node.type === 'AwaitExpression') return unwrap(node.argument);
  const last = node.type === 'SequenceExpression' ? node.expressions.at(-1) : undefined;
  return last === undefined ? node : unwrap(last);
}

/**
 * True where no function, branch or loop stands around the last of the ancestors, so that it is evaluated when the
 * script is loaded; a function that is called in place counts as none.
 */
export function isSurelyEvaluated(ancestors: readonly AnyNode[]): boolean {
  return ancestors.every((node, index) => {
    const inner = ancestors[index + 1];
    if (inner === undefined) return true;
    if (isFunction(node)) {
      const outer = ancestors[index - 1];
      return outer?.type === 'CallExpression' && outer.callee === node;
    }
    return !isBranch(node, inner);
  });
}

/** True for a function of any form. */
export function isFunction(node: AnyNode | undefined): boolean {
  return node !== undefined && /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
}

/** True where the inner node is evaluated in some cases only, or again and again. */
export function isBranch(node: AnyNode, inner: AnyNode): boolean {
  if (node.type === 'CatchClause') return true;
  if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') return inner !== node.test;
  if (node.type === 'LogicalExpression') return inner === node.right;
  if (node.type === 'SwitchStatement') return inner !== node.discriminant;
  if (node.type === 'PropertyDefinition') return !node.static && inner === node.value;
  return /^(For|While)/.test(node.type) && 'body' in node && inner === node.body;
}
