import { isMap, isScalar } from 'yaml';

import type { Parsed, Position, Problem } from '../errors.ts';
import { issueProblems, overlaysKey, type Layer } from './issues.ts';
import { keyPosition, keysOf, keyText, positionsOf, valuePosition } from './positions.ts';
import { configProblem, type PlacedSettings } from './rules.ts';
import { describeEmptyName, describeWrong, settingsSchema } from './schema.ts';
import type { Yaml } from './yaml.ts';

/** The settings of a layer that are right by themselves. */
export interface CheckedLayer extends PlacedSettings {
  /** What its keys are called with: nothing for the base, `environments.prod.` for an overlay. */
  readonly prefix: string;
}

/** An overlay, called by its name in the file. */
export interface Overlay extends CheckedLayer {
  readonly name: string;
}

/** The base of a config, its overlays (none known where something else stands in their place), and all that is wrong by itself. */
export interface Layers {
  readonly base: CheckedLayer;
  readonly overlays: readonly Overlay[] | undefined;
  readonly problems: readonly Problem[];
}

/** Checks each map of settings in a config by itself. */
export function readLayers(contents: unknown, yaml: Yaml): Layers {
  const { [overlaysKey]: held, ...own } = (yaml.value ?? {}) as Record<string, unknown>;
  const base = checkLayer({ prefix: '', map: contents, value: own }, yaml);
  const overlays = held === undefined ? [] : readOverlays(contents, held, yaml);
  return {
    base: base.value,
    overlays: overlays?.flatMap(({ value }) => (value === undefined ? [] : [value])),
    problems: [
      ...base.problems,
      ...(overlays === undefined ? [noOverlays(contents, held, yaml)] : []),
      ...(overlays ?? []).flatMap(({ problems }) => problems),
    ],
  };
}

function checkLayer(
  layer: Layer,
  yaml: Yaml,
): { readonly value: CheckedLayer; readonly problems: readonly Problem[] } {
  const written = withEnvAsWritten(layer, yaml);
  const { data, error } = settingsSchema.safeParse(written.value);
  const issues = error?.issues ?? [];
  const wrong = new Set<PropertyKey>(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
    ),
  );
  const right = Object.entries(written.value).filter(([name]) => !wrong.has(name));
  return {
    value: {
      prefix: layer.prefix,
      settings: data ?? settingsSchema.parse(Object.fromEntries(right)),
      positions: positionsOf(layer.map, yaml),
    },
    problems: issues.flatMap((issue) => issueProblems(issue, written, yaml)),
  };
}

/** Env vars are texts: a number or a boolean keeps the very characters that the user wrote, and so does a name. */
function withEnvAsWritten(layer: Layer, { follow }: Yaml): Layer {
  const map = follow(keysOf(layer.map).find(({ key }) => key.value === 'EnvParams')?.value);
  if (!isMap(map)) return layer;
  const values = layer.value['EnvParams'] as Readonly<Record<string, unknown>>;
  const written = keysOf(map).map(({ key, value }) => {
    const node = follow(value);
    const isPlain = isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean');
    const text = isPlain ? (node.source ?? String(node.value)) : values[String(key.value)];
    return [keyText(key), text] as const;
  });
  return { ...layer, value: { ...layer.value, EnvParams: Object.fromEntries(written) } };
}

/** Each overlay, or what is wrong with what stands in its place; undefined where there is no map of overlays. */
function readOverlays(contents: unknown, held: unknown, yaml: Yaml): Parsed<Overlay>[] | undefined {
  const map = yaml.follow(keysOf(contents).find(({ key }) => key.value === overlaysKey)?.value);
  if (!isMap(map)) return undefined;
  const values = held as Readonly<Record<string, unknown>>;
  return keysOf(map).map(({ key, value: node }) => {
    const name = keyText(key);
    const value = values[String(key.value)] ?? {};
    const path = [overlaysKey, name];
    const refused = (message: string, at: Position): Parsed<never> => ({
      problems: [configProblem(path.join('.'), message, at)],
    });
    if (name === '') return refused(describeEmptyName(path), keyPosition(contents, path, yaml));
    if (typeof value !== 'object' || Array.isArray(value))
      return refused(describeWrong(path, value), valuePosition(contents, path, yaml));
    const layer = { prefix: `${path.join('.')}.`, map: yaml.follow(node), value: { ...value } };
    const checked = checkLayer(layer, yaml);
    return { ...checked, value: { ...checked.value, name } };
  });
}

function noOverlays(contents: unknown, held: unknown, yaml: Yaml): Problem {
  const path = [overlaysKey];
  return configProblem(overlaysKey, describeWrong(path, held), valuePosition(contents, path, yaml));
}
