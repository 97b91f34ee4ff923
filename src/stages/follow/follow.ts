import { CloudError, ReadinessError, StopError } from '../../errors.ts';
import type { OnlineVersion, ServiceDetail } from '../../ports.ts';
import type { Release } from '../release.ts';
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
import { consoleUrlOf, rankUrls, type RankedUrl } from './urls.ts';

/** The version that serves now, and where it answers. */
export interface LiveVersion {
  readonly versionName: string;
  readonly previousVersion: string;
  readonly imageUrl: string;
  /** The id of the release's log (`RunId` of its record). */
  readonly cloudRunId: string;
  readonly service: ServiceDetail;
  /** Best first; empty when the service is not public. */
  readonly urls: readonly RankedUrl[];
}

const firstPauseMs = 500;
const longestPauseMs = 5_000;
const heartbeatMs = 30_000;

/** What a follower knows; `since` and `shownAt` are milliseconds since 1970. */
interface Watch {
  readonly release: Release;
  readonly since: number;
  progress: Progress;
  shownAt: number;
}

/**
 * Waits until the released version is online with the expected share, and its task is finished or its record good.
 * The service's own status says nothing: the old version keeps it `normal` all the while.
 */
export async function follow(release: Release, ports: FollowPorts): Promise<LiveVersion> {
  const since = ports.clock.now();
  const watch: Watch = { release, since, progress: { task: undefined, record: undefined }, shownAt: since };
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.2)) {
      const live = await lookOnce(watch, ports);
      if (live !== undefined) return live;
      await ports.clock.sleep(pauseMs);
    }
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    throw stoppedShort(error, watch, ports.clock.now() - since);
  }
}

/** One look at the release. A read that fails for the moment is no word about the release: it is asked again. */
async function lookOnce(watch: Watch, ports: FollowPorts): Promise<LiveVersion | undefined> {
  try {
    const next = await readProgress(watch.release, ports.cloudRun);
    show(watch, next, ports);
    if (hasFailed(next))
      await failRelease(watch.release, { ...next, waitedMs: ports.clock.now() - watch.since }, ports);
    return isSettled(next) ? await readLive(watch.release, next, ports) : undefined;
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

async function readLive(
  release: Release,
  progress: Progress,
  ports: FollowPorts,
): Promise<LiveVersion | undefined> {
  const service = await ports.cloudRun.readService(release.target);
  const name =
    progress.record === undefined ? progress.task?.versionName : versionNameOf(release, progress.record);
  const online = service?.onlineVersions.find((version) => version.versionName === name);
  if (service === undefined || online === undefined || online.share < release.expectedShare) return undefined;
  refuseWiderAccess(release, service);
  const urls = await rankUrls(release.target, service, ports);
  return describeLive(release, { progress, service, online, urls });
}

interface Found {
  readonly progress: Progress;
  readonly service: ServiceDetail;
  readonly online: OnlineVersion;
  readonly urls: readonly RankedUrl[];
}

function describeLive(release: Release, { progress, service, online, urls }: Found): LiveVersion {
  return {
    versionName: online.versionName,
    previousVersion: release.previousVersion,
    imageUrl: online.imageUrl || (progress.record?.imageUrl ?? ''),
    cloudRunId: progress.record?.runId ?? '',
    service,
    urls,
  };
}

function refuseWiderAccess({ target, allowedAccess }: Release, service: ServiceDetail): void {
  const wider = ['PUBLIC', 'OA'].filter(
    (type) => service.accessTypes.includes(type) && !allowedAccess.includes(type),
  );
  if (wider.length === 0) return;
  throw new CloudError(
    `The service "${target.serviceName}" is open to ${wider.join(' and ')}, which nobody asked for.`,
    {
      kind: 'config-drift',
      action: 'DescribeCloudRunServerDetail',
      code: '',
      isRetryable: false,
      advice: `Close it in the console (${consoleUrlOf(target)}), or set OpenAccessTypes in server-config.`,
    },
  );
}

/** The run ends here, the release does not: it goes on in the cloud. */
function stoppedShort(cause: StopError, { release, progress }: Watch, waitedMs: number): ReadinessError {
  const { target } = release;
  const lastStep = describeProgress(progress);
  const why =
    cause.kind === 'timeout' ? 'was not live within timeout-seconds' : 'was left by the cancelled run';
  return new ReadinessError(`The release of "${target.serviceName}" ${why}; last seen: ${lastStep}.`, {
    kind: cause.kind,
    cause,
    lastStep,
    waitedSeconds: Math.round(waitedMs / 1000),
    consoleUrl: consoleUrlOf(target),
    cloudRunId: progress.record?.runId ?? '',
    advice: `The release goes on in the cloud: look at it in the console (${consoleUrlOf(target)}).`,
  });
}
