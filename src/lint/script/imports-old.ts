import type { AnyNode, Expression, Program, SpreadElement } from 'acorn';

import type { Position } from '../../errors.ts';
import { placeInLines, type Lines } from './lines.ts';
import { isSurelyEvaluated, literalText, walkTree } from './tree.ts';

/** Another module that a script names by a literal. */
export interface ScriptImport {
  readonly specifier: string;
  readonly at: Position;
  /** True where the module is surely loaded together with the script: in no function and in no branch. */
  readonly isTopLevel: boolean;
  /** True where the script goes on without the module: inside `try`, or with `.catch`. */
  readonly isGuarded: boolean;
}

/** A script as far as its imports tell. */
interface ParsedText extends Lines {
  readonly text: string;
  readonly program: Program;
}

/** Lists what a script imports, exports from elsewhere and requires, in the order of the text. */
export function listImports(script: ParsedText): readonly ScriptImport[] {
  const declared = listDeclarations(script);
  // `require` may stand in a comment alone, which costs one walk and nothing else.
  if (!/\brequire\s*\(|\bimport\s*\(/.test(script.text)) return declared;
  return [...declared, ...listCalls(script)].sort(
    (left, right) => left.at.line - right.at.line || left.at.column - right.at.column,
  );
}

function listDeclarations(script: ParsedText): ScriptImport[] {
  return script.program.body.flatMap((node) => {
    if (!('source' in node)) return [];
    const { source } = node;
    if (typeof source?.value !== 'string') return [];
    return [
      { specifier: source.value, at: placeInLines(script, source), isTopLevel: true, isGuarded: false },
    ];
  });
}

function listCalls(script: ParsedText): ScriptImport[] {
  const found: ScriptImport[] = [];
  const add = (node: Expression | SpreadElement | undefined, ancestors: readonly AnyNode[]): void => {
    const specifier = literalText(node);
    if (specifier === undefined || node === undefined) return;
    const isTopLevel = isSurelyEvaluated(ancestors);
    found.push({
      specifier,
      at: placeInLines(script, node),
      isTopLevel,
      isGuarded: isGuarded(ancestors),
    });
  };
  walkTree(script.program, {
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
