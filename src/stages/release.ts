import { CloudError } from '../errors.ts';
import type {
  Clock,
  CloudRun,
  ConfigItem,
  DeployRecord,
  Http,
  Log,
  ServiceDetail,
  Target,
  UploadSlot,
} from '../ports.ts';
import { buildItems } from '../service-config/items.ts';
import { settingsForCreate, settingsForUpdate } from '../service-config/merge.ts';
import type { Plan } from './compare.ts';
import type { Baseline, LiveState } from './look.ts';
import type { Artifact } from './package.ts';
import type { Project } from './project/project.ts';
import type { Verification } from './verify/verify.ts';

/** What was written to the cloud, and what to wait for. */
export interface Release {
  readonly target: Target;
  readonly action: 'create' | 'update';
  /** 0 where the API does not tell. */
  readonly taskId: number;
  readonly baseline: Baseline;
  /** The version that served before; empty for a new service. */
  readonly previousVersion: string;
  /** The share of the traffic that the new version has to get, in per cent. */
  readonly expectedShare: number;
  /** Access types that the user asked for, else those that were live before. */
  readonly allowedAccess: readonly string[];
}

/** All that a release has to rest on: nothing goes out that was not compared, packaged and verified (or visibly not). */
export interface ReleaseRequest {
  readonly project: Project;
  readonly live: LiveState;
  readonly plan: Plan;
  readonly verification: Verification;
  readonly artifact: Artifact;
  /** A remark for the console's release list. */
  readonly remark: string;
}

interface ReleasePorts {
  readonly cloudRun: CloudRun;
  readonly http: Http;
  readonly clock: Clock;
  readonly log: Log;
}

/** Uploads the package, reads the service again, merges again, and writes once. */
export async function release(request: ReleaseRequest, ports: ReleasePorts): Promise<Release> {
  const { target } = request.live;
  const slot = await ports.cloudRun.createUploadSlot(target);
  ports.log.info(`Upload the package (${request.artifact.bytes} bytes).`);
  await ports.http.upload(slot.url, slot.headers, request.artifact.file);
  const service = await ports.cloudRun.readService(target);
  refuseSurprise(request, service);
  const baseline = service === undefined ? nothingBefore : await readBaseline(target, ports.cloudRun);
  const items = service === undefined ? buildCreateItems(request) : buildUpdateItems(request, service);
  const written = { deployInfo: buildDeployInfo(request, slot), items };
  const taskId = await writeOnce({ target, action: request.plan.action, written, baseline }, ports);
  return {
    target,
    action: request.plan.action,
    taskId,
    baseline,
    previousVersion: service?.onlineVersions.find((version) => version.share > 0)?.versionName ?? '',
    expectedShare: 100,
    allowedAccess: askedAccess(items) ?? service?.accessTypes ?? [],
  };
}

const nothingBefore: Baseline = { recordNumber: 0, taskId: 0 };

async function readBaseline(target: Target, cloudRun: CloudRun): Promise<Baseline> {
  const [records, task] = await Promise.all([cloudRun.listRecords(target), cloudRun.readTask(target, 0)]);
  return { recordNumber: records[0]?.number ?? 0, taskId: task?.id ?? 0 };
}

function buildDeployInfo(
  { project, plan, remark }: ReleaseRequest,
  slot: UploadSlot,
): Record<string, unknown> {
  return {
    DeployType: 'package',
    PackageName: slot.packageName,
    PackageVersion: slot.packageVersion,
    DeployRemark: remark,
    ...(project.kind === 'function' ? { BuildPacks: functionBuildPacks } : {}),
    ...(plan.action === 'create' ? {} : { ReleaseType: 'FULL' }),
  };
}

interface Write {
  readonly target: Target;
  readonly action: Plan['action'];
  readonly written: { readonly deployInfo: Record<string, unknown>; readonly items: readonly ConfigItem[] };
  readonly baseline: Baseline;
}

/** Resolves to the task's id. When the answer is lost, the release may be accepted all the same: it is looked for. */
async function writeOnce(write: Write, ports: ReleasePorts): Promise<number> {
  const { target, action, written } = write;
  try {
    return await (action === 'create'
      ? ports.cloudRun.createService(target, written)
      : ports.cloudRun.updateService(target, written));
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'network' || !error.isRetryable) throw error;
    ports.log.warning(`${error.message} The platform may have accepted the release: look for it.`);
    await findAccepted(write, ports);
    return 0;
  }
}

const looks = 10;
const lookPauseMs = 1_000;

async function findAccepted(
  { target, baseline, action }: Write,
  { cloudRun, clock }: ReleasePorts,
): Promise<void> {
  for (let look = 0; look < looks; look++) {
    await clock.sleep(lookPauseMs);
    const records = await cloudRun.listRecords(target).catch(unlessPassing);
    const newer = records.filter((record) => record.number > baseline.recordNumber);
    if (newer.length === 1) return;
    if (newer.length > 1)
      throw lostFailure(target, action, 'several new releases are there, and none can be told for ours');
  }
  throw lostFailure(target, action, `no new release has shown up within ${(looks * lookPauseMs) / 1000} s`);
}

/** The look goes on when a read fails for the moment. */
function unlessPassing(error: unknown): readonly DeployRecord[] {
  if (error instanceof CloudError && error.isRetryable) return [];
  throw error;
}

function lostFailure({ serviceName }: Target, action: Plan['action'], seen: string): CloudError {
  return new CloudError(`The answer to the ${action} of "${serviceName}" was lost, and ${seen}.`, {
    kind: seen.startsWith('several') ? 'conflict' : 'network',
    action: action === 'create' ? 'CreateCloudRunServer' : 'UpdateCloudRunServer',
    code: '',
    isRetryable: false,
    advice: 'Look at the releases of the service in the console before you run again.',
  });
}

/** What the platform builds functions with; its function mode knows no other (SDK cloudrun service, 5.6.5). */
const functionBuildPacks = { RepoLanguage: 'Node.js', LanguageVersion: '20.18' };

function refuseSurprise({ live, plan }: ReleaseRequest, service: ServiceDetail | undefined): void {
  if ((service === undefined) === (plan.action === 'create')) return;
  const change = service === undefined ? 'was deleted' : 'was created by someone else';
  throw new CloudError(`The service "${live.target.serviceName}" ${change} while this run was at work.`, {
    kind: 'conflict',
    action: 'DescribeCloudRunServerDetail',
    code: '',
    isRetryable: false,
    advice: 'Run again; a "concurrency" group in the workflow keeps runs for one service apart.',
  });
}

/** The items of a create: explicit values, and what tells the platform the mode. */
export function buildCreateItems({ plan, project }: Pick<ReleaseRequest, 'plan' | 'project'>): ConfigItem[] {
  const settings = settingsForCreate(plan.wanted, project.port);
  const mode: ConfigItem[] =
    project.kind === 'function'
      ? [
          { Key: 'Dockerfile', Value: 'Dockerfile' },
          { Key: 'Tag', Value: 'function:' },
        ]
      : [];
  return [...buildItems(settings), { Key: 'HasDockerfile', BoolValue: true }, ...mode];
}

/** The items of an update: what the user set and what differs, merged with the service as it stands right now. */
export function buildUpdateItems(
  { plan }: Pick<ReleaseRequest, 'plan'>,
  service: ServiceDetail,
): ConfigItem[] {
  return buildItems(settingsForUpdate(plan.wanted, service.settings, service.accessTypes));
}

function askedAccess(items: readonly ConfigItem[]): readonly string[] | undefined {
  const item = items.find(({ Key }) => Key === 'AccessTypes');
  return Array.isArray(item?.['ArrayValue']) ? item['ArrayValue'].map(String) : undefined;
}
