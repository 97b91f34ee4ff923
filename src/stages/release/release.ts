import type { ConfigItem, Http, Network, UploadSlot } from '../../ports.ts';
import { buildItems } from '../../service-config/items.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { Plan } from '../compare.ts';
import type { LiveState } from '../look.ts';
import type { Artifact } from '../package.ts';
import type { Project } from '../project/project.ts';
import type { Verification } from '../verify/verify.ts';
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
  readonly verification: Verification;
  readonly artifact: Artifact;
  /** A remark for the console's release list. */
  readonly remark: string;
}

type ReleasePorts = WritePorts & { readonly http: Http };

/** Uploads the package, reads the service again, merges again, and writes once. */
export async function release(request: ReleaseRequest, ports: ReleasePorts): Promise<Release> {
  const { cloudRun, log } = ports;
  const { target, network } = request.live;
  const slot = await cloudRun.createUploadSlot(target);
  log.info(`Upload the package (${request.artifact.bytes} bytes).`);
  await ports.http.upload(slot.url, slot.headers, request.artifact.file);
  const service = await cloudRun.readServing(target);
  refuseSurprise(request.plan, target, service);
  const baseline = await readBaseline(target, service, cloudRun);
  const { plan, sent, drift } = settle(request.plan, { service, baseline }, log);
  const deployInfo = buildDeployInfo(request, slot);
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

/** What the platform builds functions with; its function mode knows no other (SDK cloudrun service, 5.6.5). */
const functionBuildPacks = { RepoLanguage: 'Node.js', LanguageVersion: '20.18' };

/** The items of a create: explicit values, and what tells the platform the mode. */
export function buildCreateItems(settings: Settings, project: Project): ConfigItem[] {
  const mode: ConfigItem[] =
    project.kind === 'function'
      ? [
          { Key: 'Dockerfile', Value: 'Dockerfile' },
          { Key: 'Tag', Value: 'function:' },
        ]
      : [];
  return [...buildItems(settings), { Key: 'HasDockerfile', BoolValue: true }, ...mode];
}

/** Some environments refuse to create a service without a network: the user's, else the environment's own. */
function networkOf({ VpcConf }: Settings, ofEnvironment: Network | undefined): Network | undefined {
  return VpcConf === undefined ? ofEnvironment : { vpcId: VpcConf.VpcId, subnetIds: [VpcConf.SubnetId] };
}
