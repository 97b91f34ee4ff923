import type { AnyNode } from 'acorn';

import { keyName } from '../script/tree.ts';

/** The keys of an object literal; undefined where it takes some from elsewhere. */
export function keysOf(node: AnyNode | undefined): string[] | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  const keys = node.properties.map(keyName);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

/** True where a node declares one of these names as a parameter or a variable. */
export function declares(node: AnyNode, names: ReadonlySet<string>): boolean {
  const isNamed = (each: AnyNode): boolean => each.type === 'Identifier' && names.has(each.name);
  if (node.type === 'VariableDeclarator') return isNamed(node.id);
  return 'params' in node && node.params.some(isNamed);
}
