import { onlineVersions, type Service, type Version } from '../state/model.ts';

/**
 * Gives the versions of a service their shares of the requests, in percent. Versions without a share are scaled to zero
 * and stopped, except those to keep: a canary stays up at 0 percent.
 */
export async function switchTraffic(
  service: Service,
  shares: ReadonlyMap<Version, number>,
  keep: ReadonlySet<Version> = new Set(),
): Promise<void> {
  const idle = onlineVersions(service).filter(
    (version) => (shares.get(version) ?? 0) === 0 && !keep.has(version),
  );
  for (const version of service.versions) version.share = shares.get(version) ?? 0;
  for (const version of shares.keys()) version.scaledToZero = false;
  for (const version of idle) version.scaledToZero = true;
  await Promise.all(idle.map(stopVersion));
}

/** Stops a version's process and keeps what it had written. */
export async function stopVersion(version: Version): Promise<void> {
  const { instance } = version;
  if (instance === undefined) return;
  version.startupLog = await instance.output();
  delete version.instance;
  await instance.stop();
}

/**
 * Chooses versions by their shares: over any hundred requests each gets as many as its share says, in an order that is
 * the same each time.
 */
export function createBalancer(): (service: Service) => Version | undefined {
  const credits = new Map<Version, number>();
  return (service) => {
    const online = onlineVersions(service);
    for (const version of online) credits.set(version, (credits.get(version) ?? 0) + version.share);
    const [chosen] = online.toSorted((a, b) => (credits.get(b) ?? 0) - (credits.get(a) ?? 0));
    if (chosen === undefined) return undefined;
    const total = online.reduce((sum, version) => sum + version.share, 0);
    credits.set(chosen, (credits.get(chosen) ?? 0) - total);
    for (const version of credits.keys()) if (version.share === 0) credits.delete(version);
    return chosen;
  };
}
