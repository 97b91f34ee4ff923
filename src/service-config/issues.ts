import leven from 'leven';
import type { $ZodIssue } from 'zod/v4/core';

import type { Problem } from '../errors.ts';
import { keyPosition, valuePosition } from './positions.ts';
import { configProblem } from './rules.ts';
import { describeEmptyName, describeWrong, namesAt, type Path } from './schema.ts';
import type { Yaml } from './yaml.ts';

/** The key of the overlays, which stands next to the settings of the base. */
export const overlaysKey = 'environments';

/** A map of settings in the YAML: the base, or an overlay. */
export interface Layer {
  /** What its keys are called with: nothing for the base, `environments.prod.` for an overlay. */
  readonly prefix: string;
  /** The node of the map; undefined for a map that is not there. */
  readonly map: unknown;
  /** The map as plain values, env vars as they are written. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** Says what the schema found in a layer, each at its line, with the accepted form or the key that was meant. */
export function issueProblems(issue: $ZodIssue, layer: Layer, yaml: Yaml): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const nameOf = (way: Path): string => layer.prefix + way.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const way = [...path, key];
      return configProblem(nameOf(way), unknownKey(way, layer), keyPosition(layer.map, way, yaml));
    });
  }
  const message =
    issue.code === 'invalid_key' ? describeEmptyName(path) : describeWrong(path, valueAt(layer.value, path));
  return [configProblem(nameOf(path), message, valuePosition(layer.map, path, yaml))];
}

function unknownKey(way: Path, { prefix }: Layer): string {
  const key = String(way.at(-1));
  const isTop = way.length === 1;
  if (isTop && key === overlaysKey)
    return 'cannot stand within an overlay: overlays have their place at the top of the file.';
  const names = namesAt(way.slice(0, -1));
  const near = nearest(key, isTop && prefix === '' ? [...names, overlaysKey] : names);
  return `is not a setting of CloudBase Run.${didYouMean(near)}`;
}

function valueAt(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined || typeof value !== 'object' || value === null) return value;
  return valueAt((value as Readonly<Record<string | number, unknown>>)[first], rest);
}

/** The question that ends a message about a mistyped word; empty where no word is near. */
export function didYouMean(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

/** The candidate that a mistyped word most likely stands for, if one is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const distance = (candidate: string): number => leven(word.toLowerCase(), candidate.toLowerCase());
  const [best] = [...candidates].sort((left, right) => distance(left) - distance(right));
  return best !== undefined && distance(best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}
