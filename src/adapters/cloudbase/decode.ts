import type {
  CloudEnvironment,
  DeployRecord,
  OnlineVersion,
  ReleaseTask,
  ServiceDetail,
  ServiceSettings,
  UploadSlot,
  VersionPackage,
} from '../../ports.ts';
import type { Answer } from './call.ts';

/*
 * Answers are decoded tolerantly, once each: lists may be null, shares "100" or "100%", statuses in any case, numbers
 * may come as text.
 */

/** DescribeEnvBaseInfo. */
export function decodeEnvironment(answer: Answer): CloudEnvironment {
  const info = object(answer['EnvBaseInfo']);
  const network = { vpcId: text(info['VpcId']), subnetIds: subnets(info['SubnetIds']) };
  return {
    isOpen: answer['IsExist'] === true,
    status: text(info['Status']).toLowerCase(),
    network: network.vpcId === '' ? undefined : network,
  };
}

/** One text in the vendor's model, a list in one of the vendor's tools. */
function subnets(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(text) : text(value).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** DescribeCloudRunServerDetail. */
export function decodeService(answer: Answer): ServiceDetail {
  const base = object(answer['BaseInfo']);
  const settings = object(answer['ServerConfig']);
  const customDomains = list(base['CustomDomainNames']).map(text);
  const custom = customDomains.length > 0 ? customDomains : [text(base['CustomDomainName'])];
  const isFunction = text(base['ServerType']) === 'function' || text(settings['Tag']).startsWith('function:');
  const access = list(base['AccessTypes']).length > 0 ? base['AccessTypes'] : settings['OpenAccessTypes'];
  return {
    serviceType: isFunction ? 'function' : 'container',
    status: text(base['Status']).toLowerCase(),
    accessTypes: list(access).map((type) => text(type).toUpperCase()),
    defaultDomain: text(base['DefaultDomainName']),
    customDomains: custom.filter((name) => name !== ''),
    settings,
    ownSettings: settings,
    settingsOf: 'service',
    onlineVersions: list(answer['OnlineVersionInfos'])
      .map((version) => decodeOnline(object(version)))
      .filter(({ share }, _index, all) => share > 0 || all.every((each) => each.share === 0))
      .sort((left, right) => right.share - left.share),
  };
}

/** The settings that a version keeps; MinNum, MaxNum and access change without one and are the service's own. */
const versionFields: readonly (readonly [field: string, setting: string])[] = [
  ...['Port', 'Cpu', 'Mem', 'PolicyDetails', 'Dockerfile', 'BuildDir'],
  ...['EnvParams', 'VpcConf', 'VolumesConf'],
].map((name) => [name, name] as const);

/**
 * DescribeVersionDetail over the service's settings: what it leaves out says nothing, what is null the version has not. A
 * network that is not set may come with empty fields.
 */
export function decodeVersion(answer: Answer, ofService: ServiceSettings): ServiceSettings {
  const fields = [...versionFields, ['LogPath', 'CustomLogs'] as const];
  const said = fields.flatMap(([field, setting]) => {
    const value = answer[field];
    const isUnset = setting === 'VpcConf' && text(object(value)['VpcId']) === '';
    return value === undefined ? [] : [[setting, isUnset ? null : value] as const];
  });
  const commands = (['EntryPoint', 'Cmd'] as const).map(
    (name) => [name, decodeCommand(answer[name], ofService[name])] as const,
  );
  return { ...ofService, ...Object.fromEntries(said), ...Object.fromEntries(commands) };
}

/**
 * A command may come as one text, which no longer tells where an argument ends: the service's list counts when both have
 * the same words, and a text of several other words stays one.
 */
function decodeCommand(value: unknown, ofService: unknown): unknown {
  if (value === undefined) return ofService;
  if (typeof value !== 'string') return value;
  const words = value.split(/\s+/).filter((word) => word !== '');
  const isSame =
    list(ofService).map(text).join(' ').split(/\s+/).filter(Boolean).join(' ') === words.join(' ');
  if (isSame) return ofService;
  return words.length > 1 ? value : words;
}

function decodeOnline(raw: Answer): OnlineVersion {
  return {
    versionName: text(raw['VersionName']),
    imageUrl: text(raw['ImageUrl']),
    share: number(text(raw['FlowRatio']).replace('%', '')),
  };
}

/** DescribeCloudRunDeployRecord, newest first by the counter. */
export function decodeRecords(answer: Answer): DeployRecord[] {
  const records = list(answer['DeployRecords']).map((item) => {
    const raw = object(item);
    return {
      number: number(/(\d+)$/.exec(text(raw['DeployId']))?.[1] ?? ''),
      status: text(raw['Status']).toLowerCase(),
      runId: text(raw['RunId']),
      buildId: number(raw['BuildId']),
      imageUrl: text(raw['ImageUrl']),
    };
  });
  return records.sort((left, right) => right.number - left.number);
}

/** DescribeServerManageTask; a task that is not there comes as a zero-valued one. */
export function decodeTask(answer: Answer): ReleaseTask | undefined {
  const raw = object(answer['Task']);
  const id = number(raw['Id']);
  if (answer['IsExist'] === false || id === 0) return undefined;
  return {
    id,
    status: text(raw['Status']).toLowerCase(),
    versionName: text(raw['VersionName']),
    failReason: text(raw['FailReason']),
    steps: list(raw['Steps']).map((step) => decodeStep(object(step))),
  };
}

function decodeStep(raw: Answer): ReleaseTask['steps'][number] {
  return {
    name: text(raw['Name']),
    status: text(raw['Status']).toLowerCase(),
    failReason: text(raw['FailReason']),
  };
}

/** DescribeCloudBaseBuildService. */
export function decodeUploadSlot(answer: Answer): UploadSlot {
  return {
    url: text(answer['UploadUrl']),
    headers: decodeHeaders(answer['UploadHeaders']),
    packageName: text(answer['PackageName']),
    packageVersion: text(answer['PackageVersion']),
  };
}

/** DescribeCloudBaseBuildService with a ServiceVersion; a version that was not made from a package has no address. */
export function decodeDownload(answer: Answer): VersionPackage | undefined {
  const url = text(answer['DownloadUrl']);
  if (url === '') return undefined;
  return { url, headers: decodeHeaders(answer['DownloadHeaders']), isOutdated: answer['OutDate'] === true };
}

function decodeHeaders(value: unknown): Record<string, string> {
  const headers = list(value).map((item) => {
    const { Key, Value } = object(item);
    return [text(Key), text(Value)] as const;
  });
  return Object.fromEntries(headers.filter(([key]) => key !== ''));
}

/** DescribeHTTPServiceRoute: URLs of the routes that lead to the service, domains of the user's own first. */
export function decodeGatewayUrls(answer: Answer, serviceName: string): string[] {
  const domains = list(answer['Domains'])
    .map(object)
    .filter((domain) => domain['Enable'] !== false && text(domain['Domain']) !== '');
  const ranked = [...domains].sort(
    (left, right) => Number(left['IsDefault'] === true) - Number(right['IsDefault'] === true),
  );
  return ranked.flatMap((domain) =>
    list(domain['Routes'])
      .map(object)
      .filter(
        (route) =>
          route['Enable'] !== false &&
          route['UpstreamResourceType'] === 'CBR' &&
          route['UpstreamResourceName'] === serviceName,
      )
      .map((route) => `https://${text(domain['Domain'])}${text(route['Path']).replace(/^\/?$/, '')}`),
  );
}

/** Lines of DescribeCloudRunProcessLog, whose `Logs` may be a list of texts or of objects. */
export function decodeProcessLog(answer: Answer): string[] {
  const logs = answer['Logs'];
  const parts = Array.isArray(logs) ? logs : [logs];
  return parts.flatMap((part) =>
    splitLines(typeof part === 'string' ? part : text(object(part)['Log'] ?? object(part)['Text'])),
  );
}

/** One page of DescribeCloudRunBuildLog. */
export function decodeBuildLog(answer: Answer): {
  readonly text: string;
  readonly delivered: number;
  readonly hasMore: boolean;
} {
  const log = object(answer['Log']);
  return { text: text(log['Text']), delivered: number(log['Delivered']), hasMore: log['More'] === true };
}

/** The lines of a log; an empty log has none. */
export function splitLines(log: string): string[] {
  return log === '' ? [] : log.split('\n');
}

/** A field as a number; what is none is 0. */
export function number(value: unknown): number {
  const parsed = typeof value === 'number' ? value : Number(text(value));
  return Number.isFinite(parsed) ? parsed : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function object(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
}
