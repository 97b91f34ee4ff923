import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

import ts from 'typescript';

export interface Import {
  /** A path below the folder for a relative import, else the package. */
  readonly to: string;
  readonly isType: boolean;
}

export interface Module {
  /** Relative to the folder. */
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly Import[];
  readonly nodes: readonly ts.Node[];
}

/** Parses every TypeScript file below a folder. */
export function listModules(folder: string): Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const nodes = allNodes(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
      const imports = nodes.flatMap((node) => readImport(node, path));
      return { path, lineCount: text.trimEnd().split('\n').length, imports, nodes };
    });
}

function allNodes(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(allNodes)];
}

/** An import, a re-export, a dynamic import or an import type. */
function readImport(node: ts.Node, path: string): Import[] {
  const make = (name: ts.Node | undefined, isType: boolean): Import[] => {
    if (name === undefined || !ts.isStringLiteralLike(name)) return [];
    return [{ to: name.text.startsWith('.') ? join(dirname(path), name.text) : name.text, isType }];
  };
  if (ts.isImportDeclaration(node)) return make(node.moduleSpecifier, isTypeOnly(node.importClause));
  if (ts.isExportDeclaration(node)) return make(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) return make(node.argument.getChildAt(0), true);
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? make(node.arguments[0], false) : [];
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** True for `process.env` in any of its spellings, and for another name given to `process`. */
export function readsEnvironment(node: ts.Node): boolean {
  if (ts.isVariableDeclaration(node)) return node.initializer?.getText() === 'process';
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'env' && node.expression.getText() === 'process';
  }
  return ts.isElementAccessExpression(node) && node.expression.getText() === 'process';
}

export function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.isExportAssignment(node) ||
    (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent))
  );
}

export function isReExport(node: ts.Node): boolean {
  return ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
}

/** True for a variable of a module that can be set again. */
export function isModuleState(node: ts.Node): boolean {
  if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return false;
  return (node.declarationList.flags & ts.NodeFlags.Const) === 0;
}
