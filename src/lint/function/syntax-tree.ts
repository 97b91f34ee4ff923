import type { AnyNode, Program } from 'acorn';
import { fullAncestor } from 'acorn-walk';

import { keyName } from '../script/tree.ts';

/**
 * Visits every node with the nodes around it, itself the last one; false when the script is nested too deeply to be
 * walked to its end.
 */
export function walkAll(
  program: Program,
  visit: (node: AnyNode, ancestors: readonly AnyNode[]) => void,
): boolean {
  try {
    fullAncestor(program, (node, _state, ancestors) => {
      visit(node, ancestors);
    });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

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
