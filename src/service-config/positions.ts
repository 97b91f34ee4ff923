import { isMap, isNode, isScalar, isSeq, type Scalar } from 'yaml';

import type { Position } from '../errors.ts';
import type { Path } from './schema.ts';
import type { Yaml } from './yaml.ts';

interface Held {
  readonly map: unknown;
  /** The map as plain values; a key of the map that is not here has no place. */
  readonly value: object;
}

/** Where each key of a layer stands, and each key of the maps that it holds (`Cpu`, `EnvParams.PORT`). */
export function positionsOf({ map, value: held }: Held, yaml: Yaml): Record<string, Position> {
  const own = keysOf(map).filter(({ key }) => Object.hasOwn(held, String(key.value)));
  const entries = own.flatMap(({ key, value }): (readonly [string, Position])[] => [
    [keyText(key), positionOf(key, yaml)],
    ...keysOf(yaml.follow(value)).map(
      (inner) => [`${keyText(key)}.${keyText(inner.key)}`, positionOf(inner.key, yaml)] as const,
    ),
  ]);
  return Object.fromEntries(entries);
}

/** A key and its value in a map. */
export interface Entry {
  readonly key: Scalar;
  readonly value: unknown;
}

/** The entries of a map in their order; none of what is no map. */
export function keysOf(map: unknown): Entry[] {
  if (!isMap(map)) return [];
  return map.items.flatMap(({ key, value }) => (isScalar(key) ? [{ key, value }] : []));
}

/** A key in the characters in which it is written, also where YAML reads it as a number or a boolean. */
export function keyText({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

/** Where the value at a path below a node stands, else what should hold it. */
export function valuePosition(node: unknown, path: Path, yaml: Yaml): Position {
  const [first, ...rest] = path;
  const child = first === undefined ? undefined : childOf(yaml.follow(node), first);
  return isNode(child) ? valuePosition(child, rest, yaml) : positionOf(node, yaml);
}

/** Where a key in the map at a path below a node stands. */
export function keyPosition(node: unknown, path: Path, yaml: Yaml): Position {
  const [first, ...rest] = path;
  const target = yaml.follow(node);
  if (first === undefined) return positionOf(target, yaml);
  if (rest.length > 0) return keyPosition(childOf(target, first), rest, yaml);
  return positionOf(findEntry(target, first)?.key ?? target, yaml);
}

function childOf(node: unknown, part: string | number): unknown {
  return isSeq(node) ? node.items[Number(part)] : findEntry(node, part)?.value;
}

function findEntry(map: unknown, part: string | number): Entry | undefined {
  if (!isMap(map)) return undefined;
  const isWanted = ({ key }: { readonly key: unknown }): boolean =>
    isScalar(key) && (keyText(key) === part || String(key.value) === part);
  const found = map.items.find(isWanted);
  return isScalar(found?.key) ? { key: found.key, value: found.value } : undefined;
}

function positionOf(node: unknown, { locate }: Yaml): Position {
  return locate((isNode(node) ? node.range?.[0] : undefined) ?? 0);
}
