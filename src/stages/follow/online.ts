import type { CloudRun, DeployRecord, Log, OnlineVersion, ServiceDetail, Target } from '../../ports.ts';
import { rankUrls, type RankedUrl } from './urls.ts';

/** The version that serves now, and where it answers. */
export interface LiveVersion {
  readonly versionName: string;
  /** Per cent of the traffic. */
  readonly share: number;
  readonly previousVersion: string;
  readonly imageUrl: string;
  /** The id of the release's log (`RunId` of its record); empty where nothing was released. */
  readonly cloudRunId: string;
  readonly service: ServiceDetail;
  /** Best first; empty when the service is not public. */
  readonly urls: readonly RankedUrl[];
}

/** A released version that is online, and the record of its release. */
export interface Found {
  readonly online: OnlineVersion;
  readonly record: DeployRecord | undefined;
}

/** Nothing found: the version with the most of the traffic serves. */
interface Serving extends Partial<Found> {
  readonly target: Target;
  readonly service: ServiceDetail;
  readonly previousVersion: string;
}

/** Describes the version that serves, and finds its addresses. */
export async function describeLive(
  { target, service, previousVersion, record, ...found }: Serving,
  ports: { readonly cloudRun: CloudRun; readonly log: Log },
): Promise<LiveVersion> {
  const online = found.online ?? service.onlineVersions[0];
  return {
    versionName: online?.versionName ?? '',
    share: online?.share ?? 0,
    previousVersion,
    imageUrl: online?.imageUrl || (record?.imageUrl ?? ''),
    cloudRunId: record?.runId ?? '',
    service,
    urls: await rankUrls(target, service, ports),
  };
}
