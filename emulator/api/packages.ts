import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud } from '../state/cloud.ts';
import type { TransferFault } from '../state/faults.ts';
import type { DownloadAddress, Upload } from '../state/packages.ts';
import { ApiError, type Answer } from './envelope.ts';
import { deliver, receive } from './link.ts';
import { optionalText, requiredText, type Params } from './params.ts';

/**
 * tcb `DescribeCloudBaseBuildService`: announces an upload. With `ServiceVersion` it also tells where that version's
 * package can be fetched; the address is empty for a version that was not made from a package.
 */
export function describeCloudBaseBuildService(cloud: Cloud, params: Params): Answer {
  const environment = cloud.environments.get(requiredText(params, 'EnvId'));
  if (environment === undefined)
    throw new ApiError('InvalidParameter.EnvId', 'The environment does not exist.');
  const serviceName = requiredText(params, 'ServiceName');
  const upload = cloud.packages.announce(serviceName);
  const stored = findStored(cloud, params);
  const address = stored === undefined ? undefined : signAddress(cloud, stored);
  return {
    UploadUrl: packageUrl(cloud, upload, upload.sign),
    UploadHeaders: [upload.header],
    PackageName: upload.name,
    PackageVersion: upload.version,
    DownloadUrl: stored === undefined || address === undefined ? '' : packageUrl(cloud, stored, address.sign),
    DownloadHeaders: address?.header === undefined ? [] : [address.header],
    OutDate: false,
  };
}

function signAddress(cloud: Cloud, stored: Upload): DownloadAddress {
  const { store, assumptions } = cloud;
  return cloud.packages.sign(stored, store.urlLifetimeMs, assumptions.downloadHeaders === 'demanded');
}

/** A request to the store, and what its link does on the way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: TransferFault | undefined;
}

/** Answers PUT and GET of a package the way the object store does: refusals are XML with a status of their own. */
export async function servePackage(cloud: Cloud, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const url = new URL(request.url ?? '/', cloud.baseUrl);
  const [, , name = '', version = ''] = url.pathname.split('/').map(decodeURIComponent);
  const upload = cloud.packages.find(name, version);
  const api = request.method === 'PUT' ? 'upload' : 'download';
  const refusal = refusalOf(cloud, { request, upload, sign: url.searchParams.get('sign') });
  const journal = {
    at: Date.now(),
    api,
    action: `${request.method ?? 'GET'} package`,
    params: { name, version },
  } as const;
  if (upload === undefined || refusal !== undefined) {
    cloud.journal.add({ ...journal, code: refusal?.code ?? 'NoSuchKey' });
    refuse(response, refusal ?? { status: 404, code: 'NoSuchKey' });
    request.resume();
    return;
  }
  if (api === 'download') {
    const { fault } = exchange;
    cloud.journal.add({ ...journal, ...(fault === undefined ? {} : { code: fault.kind }) });
    const { size } = await stat(upload.file);
    response.writeHead(200, { 'content-type': 'application/zip', 'content-length': size });
    await deliver(upload.file, response, fault);
    return;
  }
  await storePackage(cloud, { ...exchange, upload });
}

async function storePackage(
  cloud: Cloud,
  { request, response, fault, upload }: Exchange & { readonly upload: Upload },
): Promise<void> {
  const at = Date.now();
  const { name, version } = upload;
  const note = (more: { readonly bytes?: number; readonly code?: string }): void => {
    const { bytes, code } = more;
    const params = { name, version, ...(bytes === undefined ? {} : { bytes }) };
    const outcome = code === undefined ? {} : { code };
    cloud.journal.add({ at, api: 'upload', action: 'PUT package', params, ...outcome });
  };
  if (fault !== undefined && fault.kind !== 'slow') note({ code: fault.kind });
  const { bytesPerSecond, cutMs } = cloud.store;
  const link = { bytesPerSecond, fault, closing: cloud.closing };
  const bytes = await cloud.packages.store(upload, receive(request, link));
  if (Date.now() - at > cutMs) {
    await cloud.packages.discard(upload);
    note({ bytes, code: 'UserNetworkTooSlow' });
    refuse(response, { status: 400, code: 'UserNetworkTooSlow' });
    return;
  }
  note({ bytes });
  response.writeHead(200, { etag: `"${version}"` }).end();
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

interface Claim {
  readonly request: IncomingMessage;
  readonly upload: Upload | undefined;
  readonly sign: string | null;
}

function refusalOf(cloud: Cloud, { request, upload, sign }: Claim): Refusal | undefined {
  if (upload === undefined) return { status: 403, code: 'SignatureDoesNotMatch' };
  if (request.method === 'GET')
    return refusalOfGet(request, upload, cloud.packages.findAddress(upload, sign));
  if (sign !== upload.sign) return { status: 403, code: 'SignatureDoesNotMatch' };
  if (request.method !== 'PUT') return { status: 405, code: 'MethodNotAllowed' };
  if (Date.now() - upload.announcedAt > cloud.store.urlLifetimeMs) return expired;
  if (!sendsBack(request, upload.header)) return { status: 403, code: 'AccessDenied' };
  if (request.headers['content-length'] === undefined) return { status: 400, code: 'MissingContentLength' };
  return undefined;
}

const expired: Refusal = { status: 403, code: 'AccessDenied', message: 'Request has expired' };

/** An address is signed for one method: that of an upload fetches nothing. */
function refusalOfGet(
  request: IncomingMessage,
  upload: Upload,
  address: DownloadAddress | undefined,
): Refusal | undefined {
  if (!upload.stored) return { status: 404, code: 'NoSuchKey' };
  if (address === undefined) return { status: 403, code: 'SignatureDoesNotMatch' };
  if (address.expiresAt < Date.now()) return expired;
  const { header } = address;
  return header === undefined || sendsBack(request, header)
    ? undefined
    : { status: 403, code: 'AccessDenied' };
}

function sendsBack(request: IncomingMessage, { Key, Value }: Upload['header']): boolean {
  return request.headers[Key] === Value;
}

/** Refuses in the store's form. */
export function refuse(response: ServerResponse, { status, code, message = code }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' });
  response.end(
    `<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`,
  );
}

function findStored(cloud: Cloud, params: Params): Upload | undefined {
  const name = optionalText(params, 'ServiceVersion');
  const service = cloud.environments
    .get(requiredText(params, 'EnvId'))
    ?.services.get(requiredText(params, 'ServiceName'));
  const source = service?.versions.find((version) => version.name === name)?.source;
  return source?.kind === 'package'
    ? cloud.packages.find(source.packageName, source.packageVersion)
    : undefined;
}

function packageUrl(cloud: Cloud, upload: Upload, sign: string): string {
  return `${cloud.store.publicUrl ?? cloud.baseUrl}/packages/${encodeURIComponent(upload.name)}/${upload.version}?sign=${sign}`;
}
