import { isMap, isScalar, parseDocument } from 'yaml';

import type { Parsed, Position, Problem } from '../errors.ts';
import { didYouMean, nearest, overlaysKey } from './issues.ts';
import { checkLayers, type Layers, type Overlay } from './layers.ts';
import { mergeOverlay } from './overlay.ts';
import { configProblem, findConflicts, type Conflict, type PlacedSettings } from './rules.ts';
import type { Settings } from './schema.ts';
import { parseYaml } from './yaml.ts';

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
 * Parses the YAML of a service config and picks an overlay (none for an empty name); every problem comes with its line
 * and column, those of the other overlays included. Next to problems, the value holds the settings that are right by
 * themselves, so that further checks can add theirs.
 */
export function parseServiceConfig(text: string, file: string, overlay = ''): Parsed<ServiceConfig> {
  const { value: yaml, problems } = parseYaml(text, file);
  if (yaml === undefined) return { problems };
  const { contents } = yaml.document;
  if (contents !== null && !isMap(contents)) {
    const message = 'must be a map of settings, such as "Cpu: 0.5".';
    return { problems: [configProblem('', message, yaml.locate(0))] };
  }
  return pick(checkLayers(contents, yaml), overlay);
}

function pick({ base, overlays, names, problems }: Layers, name: string): Parsed<ServiceConfig> {
  const chosen = overlays.find((overlay) => overlay.name === name);
  const isAsked = name !== '';
  const { settings, positions } = chosen === undefined ? base : mergeOverlay(base, chosen);
  return {
    value: { settings, positions, overlays: names ?? [] },
    problems: withoutRepeats([
      ...problems,
      ...(isAsked && names?.includes(name) === false ? [missingOverlay(name, names)] : []),
      ...conflictProblems(base, overlays, isAsked ? name : undefined),
    ]),
  };
}

function missingOverlay(name: string, names: readonly string[]): Problem {
  const subject = 'config-environment';
  if (names.length === 0) {
    const message =
      `is "${name}", and the service config holds no overlays. ` +
      `Add it as "${overlaysKey}: {${name}: {MinNum: 1}}", or leave the input out.`;
    return { subject, message };
  }
  const hint = didYouMean(nearest(name, names));
  const message = `must be an overlay that the service config holds (${names.join(', ')}), not "${name}".${hint}`;
  return { subject, message };
}

/**
 * What conflicts in the config that counts, and in every other overlay, so that no overlay breaks later. A conflict
 * of the base alone is told once, without the name of an overlay.
 */
function conflictProblems(
  base: PlacedSettings,
  overlays: readonly Overlay[],
  name: string | undefined,
): Problem[] {
  const inBase = findConflicts(base);
  const found = overlays.map((overlay) => ({
    overlay,
    conflicts: findConflicts(mergeOverlay(base, overlay)),
  }));
  const chosen = found.find(({ overlay }) => overlay.name === name);
  const told = chosen === undefined ? inBase : inBase.filter((each) => isAmong(each, chosen.conflicts));
  return [
    ...told.map((conflict) => tell(conflict, '')),
    ...found.flatMap(({ overlay, conflicts }) =>
      conflicts.filter((each) => !isAmong(each, told)).map((conflict) => tell(conflict, overlay.prefix)),
    ),
  ];
}

function isAmong({ key, message, at }: Conflict, others: readonly Conflict[]): boolean {
  return others.some((other) => other.key === key && other.message === message && other.at === at);
}

function tell({ key, message, at }: Conflict, prefix: string): Problem {
  return configProblem(prefix + key, message, at);
}

/** A number that is too large breaks two checks of the schema, which say the same. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ subject, message }) => {
    const words = `${subject} ${message}`;
    return !said.has(words) && said.add(words);
  });
}
