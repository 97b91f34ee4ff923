import { CloudError, ReadinessError } from '../../errors.ts';
import type { ServiceDetail } from '../../ports.ts';
import { findDrift, type Drift } from '../../service-config/drift.ts';
import type { Release } from '../release/write.ts';
import type { FollowPorts } from './progress.ts';
import type { Found } from './online.ts';
import { consoleUrlOf } from './urls.ts';

const patienceMs = 90_000;
const pauseMs = 3_000;

/**
 * Reads the service until it shows what was asked for, for up to 90 s. Access that is wider than asked, or a setting of
 * the user's that has not arrived by then, is config-drift; whatever else differs is a notice.
 */
export async function readBack(
  release: Release,
  found: Found | undefined,
  ports: FollowPorts,
): Promise<ServiceDetail> {
  const { clock, log } = ports;
  const since = clock.now();
  for (;;) {
    const service = await readNow(release, ports);
    const drift =
      service === undefined ? [] : findDrift(release.asked, settingsOf(service), service.accessTypes);
    const failures = drift.filter(({ isFailure }) => isFailure);
    if (service !== undefined && failures.length === 0) {
      for (const { message } of drift) log.notice(`The service is not quite as it was written: ${message}`);
      return service;
    }
    const waitedMs = clock.now() - since;
    if (waitedMs >= patienceMs) throw failure(release, { service, failures, waitedMs, found });
    await clock.sleep(pauseMs);
  }
}

/** Undefined while the service cannot be read. */
async function readNow(
  { target }: Release,
  { cloudRun, log }: FollowPorts,
): Promise<ServiceDetail | undefined> {
  try {
    return await cloudRun.readServing(target);
  } catch (error) {
    if (!(error instanceof CloudError) || !error.isRetryable) throw error;
    log.info(`${error.message} The service is read again.`);
    return undefined;
  }
}

/** A version that was just released has what the service has where the API tells null of it. */
function settingsOf({ settings, ownSettings }: ServiceDetail): ServiceDetail['settings'] {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value ?? ownSettings[name]]),
  );
}

interface Seen {
  readonly service: ServiceDetail | undefined;
  readonly failures: readonly Drift[];
  readonly waitedMs: number;
  readonly found: Found | undefined;
}

function failure(
  { target, asked, makesVersion }: Release,
  { service, failures, waitedMs, found }: Seen,
): ReadinessError {
  const waitedSeconds = Math.round(waitedMs / 1000);
  const head = makesVersion ? 'The new version is online' : 'The platform has taken the settings';
  const what =
    service === undefined
      ? `could not be read back for ${waitedSeconds} s.`
      : `is not as it was asked for: ${failures.map(({ message }) => message).join(' ')}`;
  const isAccess = failures.some(({ setting }) => setting === 'OpenAccessTypes');
  const orAsk =
    isAccess && !asked.setByUser.has('OpenAccessTypes') ? ', or set OpenAccessTypes in server-config' : '';
  const online = service?.onlineVersions.find(({ share }) => share > 0);
  return new ReadinessError(`${head}, but the service "${target.serviceName}" ${what}`, {
    kind: 'config-drift',
    lastStep: 'online, its settings are read back',
    waitedSeconds,
    consoleUrl: consoleUrlOf(target),
    cloudRunId: found?.record?.runId ?? '',
    servingVersion: (found?.online ?? online)?.versionName,
    advice: `Correct the settings in the console (${consoleUrlOf(target)})${orAsk}; then run again.`,
  });
}
