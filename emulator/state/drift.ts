import { scriptKey, type Cloud } from './cloud.ts';

/** How the platform does something else with a service's settings than what a client asks for. */
export interface Drift {
  /** Keys of `DiffConfigItem`s, such as `EnvParam`, whose items have no effect, without a word. */
  readonly ignoredKeys?: readonly string[];
  /** The access types that the platform sets by itself when a full release comes online. */
  readonly access?: readonly string[];
  /**
   * For how many milliseconds the settings are still read as they were before: after a change that takes effect at
   * once, or from the end of the release, good or bad, that brings them.
   */
  readonly readBackLagMs?: number;
}

/** The drift of a service, nothing in it when none was scripted. */
export function driftOf(cloud: Cloud, service: { readonly envId: string; readonly name: string }): Drift {
  return cloud.drifts.get(scriptKey(service.envId, service.name)) ?? {};
}
