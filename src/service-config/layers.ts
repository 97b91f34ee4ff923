import { isMap, isScalar } from 'yaml';
import type { ZodMiniType } from 'zod/mini';

import type { Parsed, Position, Problem } from '../errors.ts';
import { issueProblems, overlaysKey, type Layer } from './issues.ts';
import { keyPosition, keysOf, keyText, positionsOf, valuePosition } from './positions.ts';
import type { PlacedOverlay } from './overlay.ts';
import { configProblem, type PlacedSettings } from './rules.ts';
import { describeEmptyName, describeWrong, overlaySchema, settingsSchema } from './schema.ts';
import type { Yaml } from './yaml.ts';

/** An overlay, with the settings that are right by themselves. */
export interface Overlay extends PlacedOverlay {
  readonly name: string;
  /** What its keys are called with, such as `environments.prod.`. */
  readonly prefix: string;
}

/** The maps of settings that a config holds, and all that is wrong in each by itself. */
export interface Layers {
  readonly base: PlacedSettings;
  /** Without those that are no maps. */
  readonly overlays: readonly Overlay[];
  /** The name of every overlay; undefined where something else stands in the place of overlays. */
  readonly names: readonly string[] | undefined;
  readonly problems: readonly Problem[];
}

/** Checks each map of settings in a config by itself. */
export function checkLayers(contents: unknown, yaml: Yaml): Layers {
  const { [overlaysKey]: held, ...own } = (yaml.value ?? {}) as Record<string, unknown>;
  const base = checkLayer({ prefix: '', map: contents, value: own }, settingsSchema, yaml);
  const overlays = held === undefined ? [] : readOverlays(contents, held, yaml);
  return {
    base: base.value,
    overlays: (overlays ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
    names: overlays?.flatMap(({ name }) => (name === '' ? [] : [name])),
    problems: [
      ...base.problems,
      ...(overlays === undefined ? [noOverlays(contents, held, yaml)] : []),
      ...(overlays ?? []).flatMap(({ problems }) => problems),
    ],
  };
}

interface Checked<T> {
  readonly value: { readonly settings: T; readonly positions: PlacedSettings['positions'] };
  readonly problems: readonly Problem[];
}

function checkLayer<T>(layer: Layer, schema: ZodMiniType<T>, yaml: Yaml): Checked<T> {
  const written = withEnvAsWritten(layer, yaml);
  const { data, error } = schema.safeParse(written.value);
  const issues = error?.issues ?? [];
  const wrong = new Set<PropertyKey>(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
    ),
  );
  const right = Object.entries(written.value).filter(([name]) => !wrong.has(name));
  return {
    value: {
      settings: data ?? schema.parse(Object.fromEntries(right)),
      positions: positionsOf(layer, yaml),
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

interface ReadOverlay extends Parsed<Overlay> {
  readonly name: string;
}

/** Each overlay, or what is wrong with what stands in its place; undefined where there is no map of overlays. */
function readOverlays(contents: unknown, held: unknown, yaml: Yaml): ReadOverlay[] | undefined {
  const map = yaml.follow(keysOf(contents).find(({ key }) => key.value === overlaysKey)?.value);
  if (!isMap(map)) return undefined;
  const values = held as Readonly<Record<string, unknown>>;
  return keysOf(map).map(({ key, value: node }) => {
    const name = keyText(key);
    const value = values[String(key.value)];
    const path = [overlaysKey, name];
    const refused = (message: string, at: Position): ReadOverlay => ({
      name,
      problems: [configProblem(path.join('.'), message, at)],
    });
    if (name === '') return refused(describeEmptyName(path), keyPosition(contents, path, yaml));
    if (typeof value !== 'object' || Array.isArray(value))
      return refused(describeWrong(path, value), valuePosition(contents, path, yaml));
    const prefix = `${path.join('.')}.`;
    // An overlay without a value is an empty one: null spreads to nothing.
    const layer = { prefix, map: yaml.follow(node), value: { ...value } };
    const checked = checkLayer(layer, overlaySchema, yaml);
    return { name, problems: checked.problems, value: { ...checked.value, name, prefix } };
  });
}

function noOverlays(contents: unknown, held: unknown, yaml: Yaml): Problem {
  const path = [overlaysKey];
  return configProblem(overlaysKey, describeWrong(path, held), valuePosition(contents, path, yaml));
}
