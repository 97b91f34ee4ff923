import type { AnyNode, Program } from 'acorn';

import { readCommonExports, type Exports } from './commonjs.ts';
import { targetsOf } from './entry.ts';
import type { Hit, Rule } from '../rule.ts';
import { placeInScript, type ScriptSubject } from '../script/script.ts';

const handler = '(event, context) => ({ path: context.httpContext.url });\n';

/** Rules about what the entry exports. */
export const functionExportsRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR104',
    severity: 'error',
    kind: 'entry-not-found',
    title: 'The entry does not export the function that is called',
    why:
      'The functions framework calls the export "main" of the entry, or the one that the env var FUNCTION_TARGET or ' +
      '"target" in cloudbase-functions.json names, and ends when there is none. A default export is named "default".',
    fix: 'Export it: "exports.main = (event, context) => …" in CommonJS, "export const main = …" in a module.',
    bad: { mode: 'function', files: { 'index.js': `exports.handler = ${handler}` } },
    good: { mode: 'function', files: { 'index.js': `exports.main = ${handler}` } },
    check: checkTargets,
  },
];

function checkTargets(subject: ScriptSubject): readonly Hit[] {
  const { source, file } = subject;
  const targets = source.mode === 'container' ? undefined : targetsOf(source).get(file);
  const exported = targets === undefined ? undefined : readExports(subject);
  if (targets === undefined || exported === undefined) return [];
  const { names, node } = exported;
  const missing = [...new Set(targets)].filter((target) => !names.has(target.split('.')[0] ?? ''));
  const others = [...names].filter((name) => name !== '__esModule').slice(0, 5);
  const instead = others.length === 0 ? 'nothing' : others.map((name) => `"${name}"`).join(', ');
  return missing.map((target) => ({
    message: `${file} does not export "${target}"; it exports ${instead}.`,
    at: placeInScript(subject, node ?? { start: 0, end: 0 }),
  }));
}

/** The exports of a script by name; undefined where it cannot be told without running it. */
export function readExports({ program, isModule, text }: ScriptSubject): Exports | undefined {
  if (text.includes('@cloudbase/functions-framework')) return undefined;
  return isModule ? readModuleExports(program) : readCommonExports(program);
}

function readModuleExports(program: Program): Exports | undefined {
  const names = new Set<string>();
  let first: AnyNode | undefined;
  for (const node of program.body) {
    const found = namesOf(node);
    if (found === undefined) return undefined;
    if (found.length > 0) first ??= node;
    for (const name of found) names.add(name);
  }
  return { names, node: first };
}

function namesOf(node: AnyNode): string[] | undefined {
  if (node.type === 'ExportDefaultDeclaration') return ['default'];
  if (node.type === 'ExportAllDeclaration') return node.exported ? [nameOf(node.exported)] : undefined;
  if (node.type !== 'ExportNamedDeclaration') return [];
  const { declaration, specifiers } = node;
  const listed = specifiers.map(({ exported }) => nameOf(exported));
  if (!declaration) return listed;
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
  return declaration.declarations.flatMap(({ id }) => boundNames(id));
}

function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}

function boundNames(pattern: AnyNode | null): string[] {
  if (pattern?.type === 'Identifier') return [pattern.name];
  if (pattern?.type === 'AssignmentPattern') return boundNames(pattern.left);
  if (pattern?.type === 'RestElement') return boundNames(pattern.argument);
  if (pattern?.type === 'ArrayPattern') return pattern.elements.flatMap(boundNames);
  if (pattern?.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((each) => boundNames(each.type === 'Property' ? each.value : each));
}
