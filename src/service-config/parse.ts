import leven from 'leven';
import { isAlias, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml';
import type { $ZodIssue } from 'zod/v4/core';

import type { Parsed, Position, Problem } from '../errors.ts';
import { configProblem, crossProblems } from './rules.ts';
import {
  describeEmptyName,
  describeWrong,
  namesAt,
  settingsSchema,
  type Path,
  type Settings,
} from './schema.ts';
import { parseYaml, type Locate, type Yaml } from './yaml.ts';

/** The service config as the user wrote it, for the chosen overlay. */
export interface ServiceConfig {
  /** The base, with the chosen overlay merged into it. */
  readonly settings: Settings;
  /** Where each setting stands that counts (`Cpu`, `EnvParams.PORT`): in the overlay if that sets it, else in the base. */
  readonly positions: Readonly<Record<string, Position>>;
  /** The names of the overlays that the file holds, in its order. */
  readonly overlays: readonly string[];
}

/** Tells whether the input holds the YAML itself or, being a plain scalar, the path of a file. */
export function parseConfigSource(input: string): {
  readonly kind: 'inline' | 'path';
  readonly value: string;
} {
  const value = input.trim();
  const document = parseDocument(value);
  const isPath = isScalar(document.contents) && document.errors.length === 0 && !value.includes('\n');
  return { kind: isPath ? 'path' : 'inline', value };
}

/**
 * Parses the YAML of a service config; every problem comes with its line and column. Next to problems, the value holds
 * the settings that are right by themselves, so that further checks can add theirs.
 */
export function parseServiceConfig(text: string, file: string, _overlay = ''): Parsed<ServiceConfig> {
  const { value: yaml, problems } = parseYaml(text, file);
  if (yaml === undefined) return { problems };
  const { document, locate, value } = yaml;
  if (document.contents === null) return { value: { settings: {}, positions: {}, overlays: [] }, problems: [] };
  if (!isMap(document.contents)) {
    return { problems: [configProblem('', 'must be a map of settings, such as "Cpu: 0.5".', locate(0))] };
  }
  return check({ document, locate, value: value as Record<string, unknown> });
}

function check({
  document,
  locate,
  value,
}: Yaml & { readonly value: Record<string, unknown> }): Parsed<ServiceConfig> {
  const positions = positionsOf(document, locate);
  const written = withEnvAsWritten(value, document);
  const issues = settingsSchema.safeParse(written).error?.issues ?? [];
  const wrong = new Set<PropertyKey>(
    issues.flatMap((issue) => (issue.path.length === 0 ? unknownKeys(issue) : issue.path.slice(0, 1))),
  );
  const right = Object.entries(written).filter(([name]) => !wrong.has(name));
  const settings = settingsSchema.parse(Object.fromEntries(right));
  const problems = [
    ...issues.flatMap((issue) => issueProblems(issue, { document, value: written }, locate)),
    ...crossProblems({ settings, positions }),
  ];
  return { value: { settings, positions, overlays: [] }, problems: withoutRepeats(problems) };
}

/** A number that is too large breaks two checks of the schema, which say the same. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ subject, message }) => {
    const words = `${subject} ${message}`;
    return !said.has(words) && said.add(words);
  });
}

function unknownKeys(issue: $ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? issue.keys : [];
}

/** Env vars are strings: a number or a boolean keeps the very characters that the user wrote. */
function withEnvAsWritten(
  value: Record<string, unknown>,
  document: Document.Parsed,
): Record<string, unknown> {
  const map = followAlias(document.get('EnvParams', true), document);
  if (!isMap(map)) return value;
  const written = map.items.flatMap(({ key, value: node }) => {
    const scalar = followAlias(node, document);
    const isPlain =
      isScalar(scalar) && (typeof scalar.value === 'number' || typeof scalar.value === 'boolean');
    return isPlain && isScalar(key) ? [[String(key.value), scalar.source ?? String(scalar.value)]] : [];
  });
  return { ...value, EnvParams: { ...(value['EnvParams'] as object), ...Object.fromEntries(written) } };
}

function followAlias(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function positionsOf(document: Document.Parsed, locate: Locate): Record<string, Position> {
  if (!isMap(document.contents)) return {};
  const entries = document.contents.items.flatMap(({ key }) =>
    isScalar(key) ? [[String(key.value), locate(key.range[0])]] : [],
  );
  return Object.fromEntries(entries) as Record<string, Position>;
}

interface Source {
  readonly document: Document.Parsed;
  /** The config as plain values, env vars as they are written. */
  readonly value: unknown;
}

function issueProblems(issue: $ZodIssue, { document, value }: Source, locate: Locate): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      configProblem([...path, key].join('.'), unknownKey(key, path), locate(keyOffset(document, path, key))),
    );
  }
  const message =
    issue.code === 'invalid_key' ? describeEmptyName(path) : describeWrong(path, valueAt(value, path));
  return [configProblem(path.join('.'), message, locate(offsetOf(document, path)))];
}

function valueAt(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined || typeof value !== 'object' || value === null) return value;
  return valueAt((value as Readonly<Record<string | number, unknown>>)[first], rest);
}

/** Where the value at a path stands, or what should hold it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node)) return node.range?.[0] ?? 0;
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

function unknownKey(key: string, path: Path): string {
  const near = nearest(key, namesAt(path));
  return `is not a setting of CloudBase Run.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}

/** The candidate that a mistyped word most likely stands for, if one is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const distance = (candidate: string): number => leven(word.toLowerCase(), candidate.toLowerCase());
  const [best] = [...candidates].sort((left, right) => distance(left) - distance(right));
  return best !== undefined && distance(best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}

function keyOffset(document: Document.Parsed, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return 0;
  const item = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  return isScalar(item?.key) ? (item.key.range?.[0] ?? 0) : 0;
}
