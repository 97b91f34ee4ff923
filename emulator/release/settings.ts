import type { Params } from '../api/params.ts';
import type { Cloud } from '../state/cloud.ts';
import { applyItems, hotSettings, type ServerConfig } from '../state/config.ts';
import { driftOf } from '../state/drift.ts';
import { onlineVersions, type Configured, type Service, type Version } from '../state/model.ts';

/** The items that have an effect on a service: drift may ignore some. */
export function effectiveItems(
  cloud: Cloud,
  service: { readonly envId: string; readonly name: string },
  items: readonly Params[],
): readonly Params[] {
  const { ignoredKeys = [] } = driftOf(cloud, service);
  return items.filter((item) => !ignoredKeys.includes(String(item['Key'])));
}

/** What the next version has where nothing else is asked for. */
export function updateBase(cloud: Cloud, service: Service): ServerConfig {
  const [online] = onlineVersions(service);
  if (online === undefined || cloud.assumptions.updateBase === 'service') return service.config;
  return { ...online.config, ...hotSettings(service.config) };
}

/** The settings as they are read now, which drift may hold back. */
export function readSettings({ config, earlier }: Configured): ServerConfig {
  return earlier !== undefined && Date.now() < earlier.until ? earlier.config : config;
}

/** Gives a service the settings of a coming release, which takes them over; `settle` when it has ended. */
export function writeSettings(cloud: Cloud, service: Service, config: ServerConfig): void {
  write(service, config, lagOf(cloud, service) > 0 ? Infinity : 0);
}

/** Gives a service settings that need no release; its online versions take them over at once. */
export function writeHotSettings(cloud: Cloud, service: Service, items: readonly Params[]): void {
  const versions = cloud.assumptions.versionAfterHotChange === 'changed' ? onlineVersions(service) : [];
  const until = Date.now() + lagOf(cloud, service);
  for (const each of [service, ...versions])
    write(each, applyItems(each.config, effectiveItems(cloud, service, items)), until);
}

/** Lets the settings that a release brought be read, now or after the lag that drift asks for. */
export function settle(cloud: Cloud, service: Service, version: Version): void {
  if (version.earlier !== undefined) version.earlier.until = Date.now() + lagOf(cloud, service);
}

/** Changes a live service and its online versions as somebody at the console would: at once, drift or not. */
export function changeAtConsole(service: Service, items: readonly Params[]): void {
  for (const each of [service, ...onlineVersions(service)]) write(each, applyItems(each.config, items), 0);
}

function write(target: Configured, config: ServerConfig, until: number): void {
  target.earlier = { config: readSettings(target), until };
  target.config = config;
}

function lagOf(cloud: Cloud, service: Service): number {
  return driftOf(cloud, service).readBackLagMs ?? 0;
}
