import type { AnyNode } from 'acorn';

/** The text of a string literal, or of a template without expressions. */
export function literalText(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/**
 * True where no function, branch or loop stands around the last of the ancestors, so that it is evaluated when the
 * script is loaded; a function that is called in place counts as none.
 */
export function isSurelyEvaluated(ancestors: readonly AnyNode[]): boolean {
  return ancestors.every((node, index) => {
    const inner = ancestors[index + 1];
    return inner === undefined || isEvaluatedWith(node, inner, ancestors[index - 1]);
  });
}

function isEvaluatedWith(node: AnyNode, inner: AnyNode, outer: AnyNode | undefined): boolean {
  if (node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression')
    return outer?.type === 'CallExpression' && outer.callee === node;
  if (node.type === 'FunctionDeclaration' || node.type === 'CatchClause') return false;
  if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') return inner === node.test;
  if (node.type === 'LogicalExpression') return inner === node.left;
  if (node.type === 'SwitchStatement') return inner === node.discriminant;
  if (node.type === 'PropertyDefinition') return node.static || inner !== node.value;
  if (node.type !== 'DoWhileStatement' && /^(For|While)/.test(node.type) && 'body' in node)
    return inner !== node.body;
  return true;
}
