import {
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';

import type { Parsed, Position, Problem } from '../errors.ts';
import { configProblem } from './rules.ts';

export type Locate = (offset: number) => Position;

/** A YAML document whose nodes tell where they stand, and what it holds. */
export interface Yaml {
  readonly document: Document.Parsed;
  readonly locate: Locate;
  readonly value: unknown;
}

/** One slip makes the parser complain many times; the first complaints tell enough. */
const maxProblems = 10;

/** More nodes above one another than any setting has; the recursion of parsers ends far beyond. */
const maxDepth = 22;

/**
 * Parses one YAML 1.2 document. Refused with their positions are syntax errors, and what would mean something else than
 * it seems to: tags, the rules of an older YAML, keys that are no texts, aliases without an anchor or in excess.
 */
export function parseYaml(text: string, file: string): Parsed<Yaml> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const locate = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const faults = findFaults(document);
  if (faults.length > 0) {
    const problems = faults
      .slice(0, maxProblems)
      .map(({ offset, message }): Problem => configProblem('', message, locate(offset)));
    return { problems };
  }
  const value = resolveAliases(document);
  if (value === tooMany) return { problems: [configProblem('', 'has too many aliases (*name).', locate(0))] };
  return { value: { document, locate, value }, problems: [] };
}

interface Fault {
  readonly offset: number;
  readonly message: string;
}

function findFaults(document: Document.Parsed): Fault[] {
  const { version } = document.directives.yaml;
  if (version !== '1.2') return [{ offset: 0, message: `must be YAML 1.2, not ${version}.` }];
  const tooDeep = document.errors.find(({ message }) => message.includes('call stack'));
  if (tooDeep !== undefined) return [{ offset: 0, message: nestedTooDeeply }];
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
  }
  return findTraps(document);
}

const nestedTooDeeply = 'is nested too deeply for a config.';

/** The parser's words, but for those that advise a programmer. */
function describeSyntaxError({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  if (code === 'MULTIPLE_DOCS') return 'must be one YAML document.';
  const [what = ''] = message.split(/[\n;]/);
  return `is not valid YAML: ${what.replace(/\.$/, '')}.`;
}

const notPlain = 'has a key that is not a plain text.';

/** What the parser takes, and no reader of a config expects. */
function findTraps(document: Document.Parsed): Fault[] {
  const faults: Fault[] = [];
  const add = (node: Pick<Node, 'range'>, message: string): void => {
    faults.push({ offset: node.range?.[0] ?? 0, message });
  };
  visit(document, {
    Node: (key, node, path) => {
      if (path.length > maxDepth) {
        add(node, nestedTooDeeply);
        return visit.BREAK;
      }
      if (node.tag !== undefined)
        add(node, 'has a tag (!name), and no setting takes one. Leave the tag out.');
      if (key === 'key' && !isPlainKey(node)) add(node, notPlain);
      return undefined;
    },
    Alias: (key, alias: Alias) => {
      if (key === 'key') add(alias, notPlain);
      if (alias.resolve(document) === undefined)
        add(alias, `has the alias "*${alias.source}" without "&${alias.source}" before it.`);
    },
  });
  return faults;
}

/** `__proto__` is lost by what turns maps into objects. */
function isPlainKey(node: Node): boolean {
  return isScalar(node) && node.value !== null && node.value !== '__proto__';
}

const tooMany = Symbol('too many aliases');

function resolveAliases(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return tooMany;
    throw error;
  }
}
