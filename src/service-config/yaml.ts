import {
  isAlias,
  isCollection,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type ParsedNode,
  type YAMLError,
} from 'yaml';

import type { Parsed, Position, Problem } from '../errors.ts';
import { configProblem } from './rules.ts';

export type Locate = (offset: number) => Position;

/** A YAML document whose nodes tell where they stand, and what it holds. */
export interface Yaml {
  readonly document: Document.Parsed;
  readonly locate: Locate;
  /** The node that an alias stands for; any other node is given back. */
  readonly follow: (node: unknown) => unknown;
  readonly value: unknown;
}

/** One slip makes the parser complain many times; the first complaints tell enough. */
const maxProblems = 10;

/** As often as a node may be repeated by aliases; real configs stay far below, and bombs do not. */
const maxAliases = 100;

/** More nodes above one another than any setting has; the recursion of parsers ends far beyond. */
const maxDepth = 22;

/**
 * Parses one YAML 1.2 document. Refused with their positions are syntax errors, and what would mean something else than
 * it seems to: tags, the rules of an older YAML, keys that are no texts or the same text, aliases without an anchor or in
 * excess.
 */
export function parseYaml(text: string, file: string): Parsed<Yaml> {
  const lines = countLines(text);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: isSameKey });
  const locate = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const targets: Targets = new Map();
  const faults = findFaults(document, targets);
  if (faults.length > 0) {
    const problems = faults
      .slice(0, maxProblems)
      .map(({ offset, message }): Problem => configProblem('', message, locate(offset)));
    return { problems };
  }
  const value = resolveAliases(document);
  if (value === tooMany) {
    const [first] = targets.keys();
    return { problems: [configProblem('', 'has too many aliases (*name).', locate(first?.range?.[0] ?? 0))] };
  }
  const follow = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  return { value: { document, locate, follow, value }, problems: [] };
}

/** The parser's own count leaves out lines of what stands within a flow collection, or a quoted text, that breaks a rule. */
function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

/** `1` and `"1"` are different to YAML, and the same name in a config. */
function isSameKey(left: ParsedNode, right: ParsedNode): boolean {
  return isScalar(left) && isScalar(right) && String(left.value) === String(right.value);
}

/** What each alias stands for. */
type Targets = Map<Alias, Node | undefined>;

interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** Fills in what each alias stands for on its way. */
function findFaults(document: Document.Parsed, targets: Targets): Fault[] {
  const { version } = document.directives.yaml;
  if (version !== '1.2') return [{ offset: 0, message: `must be YAML 1.2, not ${version}.` }];
  const tooDeep = document.errors.find(({ message }) => message.includes('call stack'));
  if (tooDeep !== undefined) return [{ offset: 0, message: nestedTooDeeply }];
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
  }
  return findTraps(document, targets);
}

const nestedTooDeeply = 'is nested too deeply for a config.';

/** The parser's words, but for those that advise a programmer or quote what the user wrote, which may be a secret. */
function describeSyntaxError({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  if (code === 'MULTIPLE_DOCS') return 'must be one YAML document.';
  if (code === 'TAG_RESOLVE_FAILED') return tagged;
  const [what = ''] = message.split(/[\n;]|(?<=\S): |(?<=escape sequence|YAML version) /);
  return `is not valid YAML: ${what.replace(/\.$/, '')}.`;
}

const tagged =
  'has a tag (!name), and no setting takes one. Leave it out, or put a text that begins with "!" in quotes.';
const noAnchor =
  'has an alias (*name) without its anchor (&name) before it. Put a text that begins with "*" in quotes.';
const emptyAnchor = 'has an anchor (&name) without a value. Put a text that begins with "&" in quotes.';
const notPlain = 'has a key that is not a plain text.';
const mergeKey =
  'has a merge key (<<), which YAML 1.2 does not know. Write the settings out, or put what all overlays share at the top.';

/** What the parser takes, and no reader of a config expects. */
function findTraps(document: Document.Parsed, targets: Targets): Fault[] {
  const faults: Fault[] = [];
  const anchors = new Map<string, Node>();
  const add = (node: Pick<Node, 'range'>, message: string): void => {
    faults.push({ offset: node.range?.[0] ?? 0, message });
  };
  visit(document, {
    Node: (key, node, path) => {
      if (path.length > maxDepth) {
        add(node, nestedTooDeeply);
        return visit.BREAK;
      }
      if (node.tag !== undefined) add(node, tagged);
      if (isScalar(node) && node.anchor !== undefined && !node.source && node.value === null)
        add(node, emptyAnchor);
      if (key === 'key' && !isPlainKey(node)) add(node, notPlain);
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return undefined;
    },
    Pair: (_key, { key, value }) => {
      const target = isAlias(value) ? anchors.get(value.source) : value;
      if (isScalar(key) && key.value === '<<' && isCollection(target)) add(key, mergeKey);
    },
    Alias: (key, alias: Alias) => {
      if (key === 'key') add(alias, notPlain);
      const target = anchors.get(alias.source);
      targets.set(alias, target);
      if (target === undefined) add(alias, noAnchor);
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
    return document.toJS({ maxAliasCount: maxAliases }) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return tooMany;
    throw error;
  }
}
