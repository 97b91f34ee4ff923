import { CloudError } from '../../errors.ts';
import type { Clock, CloudRun, DeployRecord, Log, ServiceDetail, Target } from '../../ports.ts';
import { describeChanges, diffSettings } from '../../service-config/diff.ts';
import type { Asked } from '../../service-config/drift.ts';
import {
  liveOf,
  parseLiveEnv,
  resolveSettings,
  type Live,
  type Resolved,
} from '../../service-config/merge.ts';
import { refuseCounts } from '../../service-config/rules.ts';
import type { Plan } from '../compare.ts';
import type { Baseline } from '../look.ts';

/** What was written to the cloud, and what to wait for. */
export interface Release {
  readonly target: Target;
  /** What was asked for when it was written, after the last look at the live service. */
  readonly plan: Plan;
  /** 0 where the API does not tell. */
  readonly taskId: number;
  readonly baseline: Baseline;
  /** The version that served before; empty for a new service. */
  readonly previousVersion: string;
  /** False when the change takes effect on the version that serves. */
  readonly makesVersion: boolean;
  /** The share of the traffic that the new version has to get, in per cent. */
  readonly expectedShare: number;
  /** What the service has to show in the end. */
  readonly asked: Asked;
}

export interface WritePorts {
  readonly cloudRun: CloudRun;
  readonly clock: Clock;
  readonly log: Log;
}

/** The number of the newest release and the id of the latest task: what comes later is ours. */
export async function readBaseline(
  target: Target,
  service: ServiceDetail | undefined,
  cloudRun: CloudRun,
): Promise<Baseline> {
  if (service === undefined) return { recordNumber: 0, taskId: 0 };
  const [records, task] = await Promise.all([cloudRun.listRecords(target), cloudRun.readTask(target, 0)]);
  return { recordNumber: records[0]?.number ?? 0, taskId: task?.id ?? 0 };
}

/** What goes out, merged with the service as it stands right now. */
export interface Settlement extends Resolved {
  readonly plan: Plan;
  readonly live: Live | undefined;
  readonly drift: Asked;
}

/** Merges again; what differs from the plan that was shown is shown again. */
export function settle(
  plan: Plan,
  { service, baseline }: { readonly service: ServiceDetail | undefined; readonly baseline: Baseline },
  log: Log,
): Settlement {
  const live = service === undefined ? undefined : liveOf(service, baseline.recordNumber);
  const resolved = resolveSettings(plan.wanted, live);
  const changes = diffSettings(resolved.sent, live);
  refuseCounts({ ...live?.settings, ...resolved.sent }, { settings: plan.wanted.settings, positions: {} });
  const lines = describeChanges(changes);
  const isNewestServing = live?.isNewestServing ?? true;
  if (plan.isNewestServing && !isNewestServing)
    log.notice(
      'Another release has begun or failed meanwhile: what it changed does not go out with this one.',
    );
  if (lines.join('\n') !== describeChanges(plan.changes).join('\n')) {
    log.notice('The live service was changed while this run was at work. This is what changes now:');
    for (const line of lines.length > 0 ? lines : ['No setting changes.']) log.info(line);
  }
  return {
    ...resolved,
    live,
    plan: { ...plan, changes, isNewestServing },
    drift: askedOf(plan, resolved, live),
  };
}

/** A replacement asks for the end of every live env var that is not named. */
function askedOf({ wanted, setByUser }: Plan, { asked }: Resolved, live: Live | undefined): Asked {
  const env = wanted.envStrategy === 'replace' ? parseLiveEnv(live?.settings ?? {}) : {};
  const replaced = Object.keys(env).filter((key) => !Object.hasOwn(asked.EnvParams ?? {}, key));
  return {
    settings: asked,
    setByUser: new Set([...setByUser, ...replaced.map((key) => `EnvParams.${key}`)]),
    allowedAccess: asked.OpenAccessTypes ?? live?.accessTypes ?? [],
  };
}

interface Write {
  readonly target: Target;
  readonly action: 'CreateCloudRunServer' | 'UpdateCloudRunServer' | 'SubmitServerConfigChangeDiff';
  readonly baseline: Baseline;
  send(): Promise<number>;
}

/** Resolves to the task's id. When the answer is lost, the release may be accepted all the same: it is looked for. */
export async function writeOnce(write: Write, ports: WritePorts): Promise<number> {
  try {
    return await write.send();
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'network' || !error.isRetryable) throw error;
    ports.log.warning(
      `${describeLost(write.action, error)} The platform may have accepted the release: look for it.`,
    );
    await findAccepted(write, ports);
    return 0;
  }
}

/** An answer of the platform may repeat what was sent, env vars among it: it is not shown. */
export function describeLost(action: string, { code, kind, requestId }: CloudError): string {
  return `${action} got no clear answer (${[code || kind, requestId].filter(Boolean).join(', request ')}).`;
}

const looks = 10;
const lookPauseMs = 1_000;

async function findAccepted(write: Write, ports: WritePorts): Promise<void> {
  const found = await countNewer(write, looks, ports);
  if (found === 1) return;
  if (found > 1) throw lostFailure(write, 'several new releases are there, and none can be told for ours');
  throw lostFailure(write, `no new release has shown up within ${looks} s`);
}

/** Waits so many seconds for releases that are newer than the baseline; resolves to how many there are. */
export async function countNewer(
  { target, baseline }: Pick<Write, 'target' | 'baseline'>,
  patienceSeconds: number,
  { cloudRun, clock }: WritePorts,
): Promise<number> {
  for (let look = 0; look < patienceSeconds; look++) {
    await clock.sleep(lookPauseMs);
    const records = await cloudRun.listRecords(target).catch(unlessPassing);
    const newer = records.filter((record) => record.number > baseline.recordNumber);
    if (newer.length > 0) return newer.length;
  }
  return 0;
}

/** The look goes on when a read fails for the moment. */
function unlessPassing(error: unknown): readonly DeployRecord[] {
  if (error instanceof CloudError && error.isRetryable) return [];
  throw error;
}

function lostFailure({ target, action }: Write, seen: string): CloudError {
  return new CloudError(`The answer to ${action} of "${target.serviceName}" was lost, and ${seen}.`, {
    kind: seen.startsWith('several') ? 'conflict' : 'network',
    action,
    code: '',
    isRetryable: false,
    advice: 'Look at the releases of the service in the console before you run again.',
  });
}

/** The service came or went between the first look and the write. */
export function refuseSurprise(plan: Plan, target: Target, service: ServiceDetail | undefined): void {
  if ((service === undefined) === (plan.action === 'create')) return;
  const change = service === undefined ? 'was deleted' : 'was created by someone else';
  throw new CloudError(`The service "${target.serviceName}" ${change} while this run was at work.`, {
    kind: 'conflict',
    action: 'DescribeCloudRunServerDetail',
    code: '',
    isRetryable: false,
    advice: 'Run again; a "concurrency" group in the workflow keeps runs for one service apart.',
  });
}

/** The version with the most of the traffic; empty when none serves. */
export function servingVersion(service: ServiceDetail | undefined): string {
  return service?.onlineVersions.find(({ share }) => share > 0)?.versionName ?? '';
}
