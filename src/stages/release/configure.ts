import { CloudError } from '../../errors.ts';
import type { ConfigItem, OnlineVersion, ServiceDetail, Target } from '../../ports.ts';
import { parseMark, versionNumber } from '../../service-config/fingerprint.ts';
import { buildItems } from '../../service-config/items.ts';
import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { Plan } from '../compare.ts';
import type { Baseline } from '../look.ts';
import {
  countNewer,
  describeLost,
  readBaseline,
  refuseSurprise,
  servingVersion,
  settle,
  writeOnce,
  type Release,
  type WritePorts,
} from './write.ts';

export interface ConfigureRequest {
  readonly target: Target;
  readonly plan: Plan;
  /** A remark for the console's release list. */
  readonly remark: string;
}

/** Changes settings without a build: on the version that serves, or with a new version of the very same image. */
export async function configure(
  { target, plan, remark }: ConfigureRequest,
  ports: WritePorts,
): Promise<Release> {
  const { cloudRun, log } = ports;
  const service = await cloudRun.readServing(target);
  refuseSurprise(plan, target, service);
  const baseline = await readBaseline(target, service, cloudRun);
  // By now another source may serve: the mark names the one whose image is published.
  const mark = parseLiveEnv(service?.settings ?? {})[fingerprintName];
  const wanted = { ...plan.wanted, fingerprint: parseMark(mark, servingVersion(service)) };
  const settled = settle({ ...plan, wanted }, { service, baseline }, log);
  const changed = settled.plan.changes.settings;
  const isHot = changed.length > 0 && changed.every(({ effect }) => effect === 'hot');
  const release = {
    target,
    plan: settled.plan,
    baseline,
    previousVersion: servingVersion(service),
    expectedShare: 100,
    asked: settled.drift,
  };
  // The version stays, and with it its env vars and the mark of its source.
  const asked = { ...settled.drift, settings: { ...settled.drift.settings, EnvParams: undefined } };
  const isDone = changed.length === 0 && settled.live?.isNewestServing === true;
  if (isDone) return { ...release, asked, taskId: 0, makesVersion: false };
  const way = chooseWay(target, service, baseline);
  if (way.kind === 'image') {
    const deployInfo = {
      DeployType: 'image',
      ImageUrl: way.imageUrl,
      DeployRemark: remark,
      ReleaseType: 'FULL',
    };
    const items = buildItems(settled.sent);
    const send = (): Promise<number> => cloudRun.updateService(target, { deployInfo, items });
    const taskId = await writeOnce({ target, action: 'UpdateCloudRunServer', baseline, send }, ports);
    return { ...release, taskId, makesVersion: true };
  }
  const items = isHot ? buildHotItems(settled.sent, settled.plan) : buildItems(settled.sent);
  const taskId = await changeSettings({ target, baseline, items, isHot }, ports);
  const makesVersion = taskId > 0 || (!isHot && (await hasBegun(target, baseline, ports)));
  return { ...release, ...(isHot ? { asked } : {}), taskId, makesVersion };
}

/** The vendor's own tool waits as long for a release to be registered (2.34.6, waitRegistration). */
const registrationSeconds = 45;

/** Without an id of a task: true when the change shows up as a release of its own. */
async function hasBegun(target: Target, baseline: Baseline, ports: WritePorts): Promise<boolean> {
  const task = await ports.cloudRun.readTask(target, 0);
  if (task !== undefined && task.id > baseline.taskId) return true;
  return (await countNewer({ target, baseline }, registrationSeconds, ports)) > 0;
}

type Way = { readonly kind: 'diff' } | { readonly kind: 'image'; readonly imageUrl: string };

/**
 * A change of settings publishes the newest image, which is not the one that serves after a failed release or a
 * rollback (seen live): then the image that serves is released again by its address.
 */
function chooseWay(target: Target, service: ServiceDetail | undefined, baseline: Baseline): Way {
  const name = servingVersion(service);
  const online = service?.onlineVersions.find(({ versionName }) => versionName === name);
  if (online === undefined) throw refusal(target, 'has no version that serves');
  if ((service?.onlineVersions.length ?? 0) > 1) throw refusal(target, 'shares its traffic between versions');
  if (versionNumber(name) === baseline.recordNumber) return { kind: 'diff' };
  if (service?.serviceType === 'function') throw refusal(target, notNewest(online));
  if (service?.settingsOf === 'service')
    throw refusal(target, `${notNewest(online)}, and the settings of "${name}" cannot be read`);
  if (online.imageUrl === '') throw refusal(target, `${notNewest(online)}, and its image is not known`);
  return { kind: 'image', imageUrl: online.imageUrl };
}

function notNewest({ versionName }: OnlineVersion): string {
  return `serves "${versionName}", which is not its newest version, and the platform would publish the newest one`;
}

function refusal({ serviceName }: Target, why: string): CloudError {
  return new CloudError(`The settings of "${serviceName}" cannot be changed without a build: it ${why}.`, {
    kind: 'conflict',
    action: 'SubmitServerConfigChangeDiff',
    code: '',
    isRetryable: false,
    advice: 'Use the command "deploy", which releases the source with these settings.',
  });
}

/** Only what changes: a VPC that is sent again would make a new version. */
function buildHotItems(sent: Settings, { changes }: Plan): ConfigItem[] {
  const names = new Set(changes.settings.map(({ setting }) => setting));
  return buildItems(Object.fromEntries(Object.entries(sent).filter(([name]) => names.has(name))));
}

interface HotOrNot {
  readonly target: Target;
  readonly baseline: Baseline;
  readonly items: readonly ConfigItem[];
  readonly isHot: boolean;
}

/** When the answer is lost, a change that takes effect at once shows when it is read back. */
async function changeSettings(
  { target, baseline, items, isHot }: HotOrNot,
  ports: WritePorts,
): Promise<number> {
  const send = (): Promise<number> => ports.cloudRun.changeSettings(target, items);
  const action = 'SubmitServerConfigChangeDiff';
  if (!isHot) return writeOnce({ target, action, baseline, send }, ports);
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'network' || !error.isRetryable) throw error;
    ports.log.warning(
      `${describeLost(action, error)} The platform may have made the change: it is read back.`,
    );
    return 0;
  }
}
