import { posix } from 'node:path';

import type { AnyNode, Expression, SpreadElement } from 'acorn';

import { originOf, valueOf, type Names } from './names.ts';
import { literalText } from './tree.ts';

/**
 * The path that an expression surely begins with, when it leads to the disk of the instance: `data/`, `/app/logs/x.log`.
 * Undefined for temporary files, devices, mounted folders and all that is not known.
 */
export function readDiskPath(node: AnyNode | undefined, names: Names): string | undefined {
  const path = readPath(node, names, 0)?.text;
  if (path === undefined || path === '' || path.includes('://')) return undefined;
  const normal = posix.normalize(path);
  return /^\/(tmp|var\/tmp|dev|proc|sys|run|mnt|media)(\/|$)/.test(normal) ? undefined : normal;
}

interface KnownPath {
  readonly text: string;
  /** True where nothing unknown follows. */
  readonly isWhole: boolean;
}

const sourceFolder = /^(__dirname|process\.cwd\(\)|import\.meta\.dirname)$/;

function readPath(node: AnyNode | undefined, names: Names, depth: number): KnownPath | undefined {
  const value = valueOf(node, names);
  if (value === undefined || depth > 8) return undefined;
  const text = literalText(value);
  if (text !== undefined) return { text, isWhole: true };
  if (sourceFolder.test(originOf(value, names) ?? nameOfMeta(value))) return { text: '.', isWhole: true };
  if (value.type === 'TemplateLiteral') {
    const parts = value.quasis.flatMap((quasi, index) => [quasi, value.expressions[index]]);
    return joinParts(parts, '', (part) => readPart(part, names, depth));
  }
  if (value.type === 'BinaryExpression' && value.operator === '+')
    return joinParts([value.left, value.right], '', (part) => readPath(part, names, depth + 1));
  if (value.type !== 'CallExpression') return undefined;
  if (!/^path(\.posix)?\.(join|resolve)$/.test(originOf(value.callee, names) ?? '')) return undefined;
  return joinParts(value.arguments, '/', (part) => readPath(part, names, depth + 1));
}

function nameOfMeta(node: AnyNode): string {
  if (node.type !== 'MemberExpression' || node.object.type !== 'MetaProperty') return '';
  return node.property.type === 'Identifier' ? `import.meta.${node.property.name}` : '';
}

type Part = AnyNode | Expression | SpreadElement | undefined;

function readPart(part: Part, names: Names, depth: number): KnownPath | undefined {
  if (part?.type === 'TemplateElement') return { text: part.value.cooked ?? '', isWhole: true };
  return readPath(part, names, depth + 1);
}

/** The known parts up to the first one that is not known; undefined where the first is not. */
function joinParts(
  parts: readonly Part[],
  separator: string,
  read: (part: Part) => KnownPath | undefined,
): KnownPath | undefined {
  let text: string | undefined;
  for (const part of parts) {
    if (part === undefined) continue;
    const known = read(part);
    if (known === undefined) return text === undefined ? undefined : { text, isWhole: false };
    text = text === undefined ? known.text : text + separator + known.text;
    if (!known.isWhole) return { text, isWhole: false };
  }
  return text === undefined ? undefined : { text, isWhole: true };
}
