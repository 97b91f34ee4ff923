import type { CloudRun, ConfigItem, Http, Log, Network, Target } from '../../ports.ts';
import { buildItems } from '../../service-config/items.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { Plan } from '../compare.ts';
import type { LiveState } from '../look.ts';
import type { Artifact, SourcePackage } from '../package/artifact.ts';
import type { Project } from '../project/project.ts';
import type { Verified } from '../verify/check.ts';
import {
  readBaseline,
  refuseSurprise,
  servingVersion,
  settle,
  writeOnce,
  type Release,
  type WritePorts,
} from './write.ts';

/** All that a release has to rest on: nothing goes out that was not compared, packaged and verified (or visibly not). */
export interface ReleaseRequest {
  readonly project: Project;
  readonly live: LiveState;
  readonly plan: Plan;
  readonly verification: Verified;
  readonly artifact: Artifact;
  /** A remark for the console's release list. */
  readonly remark: string;
}

type ReleasePorts = WritePorts & { readonly http: Http };

/** Uploads the package where there is one, reads the service again, merges again, and writes once. */
export async function release(request: ReleaseRequest, ports: ReleasePorts): Promise<Release> {
  const { cloudRun, log } = ports;
  const { target, network } = request.live;
  const { artifact } = request;
  const source =
    artifact.kind === 'package'
      ? await upload(target, artifact, ports)
      : { DeployType: 'image', ImageUrl: artifact.reference };
  const service = await cloudRun.readServing(target);
  refuseSurprise(request.plan, target, service);
  const baseline = await readBaseline(target, service, cloudRun);
  const { plan, sent, drift } = settle(request.plan, { service, baseline }, log);
  const deployInfo = { ...source, ...buildDeployInfo(request) };
  const send = (): Promise<number> =>
    service === undefined
      ? cloudRun.createService(target, {
          deployInfo,
          items: buildCreateItems(sent, request.project),
          network: networkOf(sent, network),
        })
      : cloudRun.updateService(target, { deployInfo, items: buildItems(sent) });
  const action = service === undefined ? 'CreateCloudRunServer' : 'UpdateCloudRunServer';
  const taskId = await writeOnce({ target, action, baseline, send }, ports);
  const previousVersion = servingVersion(service);
  return {
    target,
    plan,
    taskId,
    baseline,
    previousVersion,
    makesVersion: true,
    expectedShare: 100,
    asked: drift,
  };
}

async function upload(
  target: Target,
  { bytes, file }: SourcePackage,
  { cloudRun, http, log }: { readonly cloudRun: CloudRun; readonly http: Http; readonly log: Log },
): Promise<Record<string, unknown>> {
  log.info(`Upload the package (${bytes} bytes).`);
  const slot = await http.upload(file, () => cloudRun.createUploadSlot(target));
  return {
    DeployType: 'package',
    PackageName: slot.packageName,
    PackageVersion: slot.packageVersion,
  };
}

function buildDeployInfo({ project, plan, remark }: ReleaseRequest): Record<string, unknown> {
  return {
    DeployRemark: remark,
    ...(project.kind === 'function' ? { BuildPacks: functionBuildPacks } : {}),
    ...(plan.action === 'create' ? {} : { ReleaseType: 'FULL' }),
  };
}

/** What the platform builds functions with; its function mode knows no other (SDK cloudrun service, 5.6.5). */
const functionBuildPacks = { RepoLanguage: 'Node.js', LanguageVersion: '20.18' };

/**
 * The items of a create: explicit values, and what tells the platform the mode. The vendor's SDK sends a Dockerfile of
 * functions and images, too (5.6.5).
 */
export function buildCreateItems(settings: Settings, project: Project): ConfigItem[] {
  const isNamed = settings.Dockerfile !== undefined;
  return [
    ...buildItems(settings),
    { Key: 'HasDockerfile', BoolValue: true },
    ...(isNamed ? [] : [{ Key: 'Dockerfile', Value: 'Dockerfile' }]),
    ...(project.kind === 'function' ? [{ Key: 'Tag', Value: 'function:' }] : []),
  ];
}

/** Some environments refuse to create a service without a network: the user's, else the environment's own. */
function networkOf({ VpcConf }: Settings, ofEnvironment: Network | undefined): Network | undefined {
  return VpcConf === undefined ? ofEnvironment : { vpcId: VpcConf.VpcId, subnetIds: [VpcConf.SubnetId] };
}
