import { CloudError } from '../../errors.ts';
import type { ServiceDetail } from '../../ports.ts';
import { findDrift, type Drift } from '../../service-config/drift.ts';
import type { Release } from '../release/write.ts';
import type { FollowPorts } from './progress.ts';
import { consoleUrlOf } from './urls.ts';

const patienceMs = 90_000;
const pauseMs = 3_000;

/**
 * Reads the service until it shows what was asked for, for up to 90 s. Access that is wider than asked, or a setting of
 * the user's that has not arrived by then, is config-drift; whatever else differs is a notice.
 */
export async function readBack(release: Release, ports: FollowPorts): Promise<ServiceDetail> {
  const { clock, log } = ports;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const service = await readNow(release, ports);
    const drift =
      service === undefined ? [] : findDrift(release.asked, service.settings, service.accessTypes);
    const isLate = clock.now() >= deadline;
    if (service !== undefined && (isLate || !drift.some(({ isFailure }) => isFailure))) {
      refuseDrift(release, drift);
      for (const { message } of drift) log.notice(`The service is not quite as it was written: ${message}`);
      return service;
    }
    if (isLate) throw gone(release);
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

function refuseDrift(release: Release, drift: readonly Drift[]): void {
  const failures = drift.filter(({ isFailure }) => isFailure).map(({ message }) => message);
  if (failures.length === 0) return;
  throw failure(release, `is not as it was asked for: ${failures.join(' ')}`);
}

function gone(release: Release): CloudError {
  return failure(release, `could not be read back for ${patienceMs / 1000} s.`);
}

function failure({ target, asked }: Release, what: string): CloudError {
  const kept = asked.setByUser.has('OpenAccessTypes') ? '' : ', or set OpenAccessTypes in server-config';
  return new CloudError(`The new version serves, but the service "${target.serviceName}" ${what}`, {
    kind: 'config-drift',
    action: 'DescribeCloudRunServerDetail',
    code: '',
    isRetryable: false,
    advice: `Correct the settings in the console (${consoleUrlOf(target)})${kept}; then run again.`,
  });
}
