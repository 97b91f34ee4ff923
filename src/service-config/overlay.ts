import type { PlacedSettings } from './rules.ts';
import { isRecord } from './same.ts';
import type { OverlaySettings } from './schema.ts';

/** The settings of an overlay, and where each of them stands that is written, also one that is wrong. */
export interface PlacedOverlay {
  readonly settings: OverlaySettings;
  readonly positions: PlacedSettings['positions'];
}

/**
 * The base with an overlay over it: maps merge, lists and scalars replace, and an env var that is `null` stays `null`,
 * which deletes the live one. A setting that the overlay names without a value that is right has no value at all.
 */
export function mergeOverlay(base: PlacedSettings, overlay: PlacedOverlay): PlacedSettings {
  const below: Readonly<Record<string, unknown>> = base.settings;
  const kept = Object.entries(below).filter(([name]) => overlay.positions[name] === undefined);
  const over = Object.entries(overlay.settings).map(([name, value]): readonly [string, unknown] => [
    name,
    isRecord(value) && isRecord(below[name]) ? { ...below[name], ...value } : value,
  ]);
  return {
    settings: Object.fromEntries([...kept, ...over]),
    positions: { ...base.positions, ...overlay.positions },
  };
}
