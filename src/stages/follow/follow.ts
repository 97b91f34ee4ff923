import { CloudError, ReadinessError, StopError } from '../../errors.ts';
import { describeLive, type Found, type LiveVersion } from './online.ts';
import type { Release } from '../release/write.ts';
import { failRelease } from './failure.ts';
import {
  describeProgress,
  hasFailed,
  isSettled,
  readProgress,
  versionNameOf,
  type FollowPorts,
  type Progress,
} from './progress.ts';
import { readBack } from './read-back.ts';
import { consoleUrlOf } from './urls.ts';

const firstPauseMs = 500;
const longestPauseMs = 5_000;
const heartbeatMs = 30_000;

/** What a follower knows; `since` and `shownAt` are milliseconds since 1970. */
interface Watch {
  readonly release: Release;
  readonly since: number;
  progress: Progress;
  shownAt: number;
  /** The released version, once it is online. */
  found: Found | undefined;
}

/**
 * Waits until the released version is online with the expected share, and its task is finished or its record good; then
 * reads its settings back. The service's own status says nothing: the old version keeps it `normal` all the while.
 */
export async function follow(release: Release, ports: FollowPorts): Promise<LiveVersion> {
  const { target, previousVersion } = release;
  const since = ports.clock.now();
  const progress = { task: undefined, record: undefined };
  const watch: Watch = { release, since, progress, shownAt: since, found: undefined };
  try {
    if (release.makesVersion) watch.found = await waitUntilOnline(watch, ports);
    const service = await readBack(release, watch.found, ports);
    return await describeLive({ ...watch.found, target, service, previousVersion }, ports);
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    throw stoppedShort(error, watch, ports.clock.now() - since);
  }
}

async function waitUntilOnline(watch: Watch, ports: FollowPorts): Promise<Found> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.2)) {
    const found = await lookOnce(watch, ports);
    if (found !== undefined) return found;
    await ports.clock.sleep(pauseMs);
  }
}

/** One look at the release. A read that fails for the moment is no word about the release: it is asked again. */
async function lookOnce(watch: Watch, ports: FollowPorts): Promise<Found | undefined> {
  try {
    const next = await readProgress(watch.release, ports.cloudRun);
    show(watch, next, ports);
    if (hasFailed(next))
      await failRelease(watch.release, { ...next, waitedMs: ports.clock.now() - watch.since }, ports);
    return isSettled(next) ? await findOnline(watch.release, next, ports) : undefined;
  } catch (error) {
    if (!(error instanceof CloudError) || !error.isRetryable) throw error;
    ports.log.info(`${error.message} The release goes on meanwhile; it is asked for again.`);
    return undefined;
  }
}

function show(watch: Watch, next: Progress, { clock, log }: FollowPorts): void {
  const said = describeProgress(next);
  const isNew = said !== describeProgress(watch.progress) || clock.now() === watch.since;
  watch.progress = next;
  if (!isNew && clock.now() - watch.shownAt < heartbeatMs) return;
  watch.shownAt = clock.now();
  log.info(`${seconds(clock.now() - watch.since)} s: ${said}`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

async function findOnline(
  release: Release,
  { task, record }: Progress,
  { cloudRun }: FollowPorts,
): Promise<Found | undefined> {
  const service = await cloudRun.readService(release.target);
  const name = record === undefined ? task?.versionName : versionNameOf(release, record);
  const online = service?.onlineVersions.find((version) => version.versionName === name);
  return online === undefined || online.share < release.expectedShare ? undefined : { online, record };
}

/** The run ends here, the release does not: it goes on in the cloud. */
function stoppedShort(cause: StopError, watch: Watch, waitedMs: number): ReadinessError {
  const { progress, found } = watch;
  const { target } = watch.release;
  const isOnline = found !== undefined || !watch.release.makesVersion;
  const lastStep = isOnline ? 'online, its settings are read back' : describeProgress(progress);
  const left =
    cause.kind === 'timeout' ? 'was not live within timeout-seconds' : 'was left by the cancelled run';
  const why = isOnline ? 'is online, but the run ended before its settings were confirmed' : left;
  const goesOn = isOnline ? '' : 'The release goes on in the cloud: ';
  return new ReadinessError(`The release of "${target.serviceName}" ${why}; last seen: ${lastStep}.`, {
    kind: cause.kind,
    cause,
    lastStep,
    waitedSeconds: Math.round(waitedMs / 1000),
    consoleUrl: consoleUrlOf(target),
    cloudRunId: progress.record?.runId ?? '',
    servingVersion: found?.online.versionName,
    advice: `${goesOn}${isOnline ? 'Look' : 'look'} at it in the console (${consoleUrlOf(target)}).`,
  });
}
