import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { JournalEntry } from '../journal.ts';
import type { Cloud } from '../state/cloud.ts';
import { isTransferFault, type Fault, type TransferFault } from '../state/faults.ts';
import { PRODUCTS, type Action } from './actions.ts';
import { ApiError, renderAnswer, renderRefusal } from './envelope.ts';
import { refuse, servePackage } from './packages.ts';
import { isObject, type Params } from './params.ts';
import { readSignedService, verifySignature } from './signature.ts';
import { isTemplateRequest, serveTemplates } from './templates.ts';

const BODY_LIMIT = 10 * 1024 * 1024;

/** A listening server. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the API, the package store, the templates and a page that says what this is, on 127.0.0.1. */
export async function listen(cloud: Cloud, port: number): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    serve(cloud, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, close: () => close(server, sockets) };
}

async function serve(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').replace(/\?.*$/, '');
  if (path.startsWith('/packages/')) {
    await servePackageOrFault(cloud, request, response);
  } else if (isTemplateRequest(path)) {
    await serveTemplates(cloud, request, response);
  } else if (request.method === 'POST' && path === '/') {
    await serveCall(cloud, request, response);
  } else if (request.method === 'GET' && path === '/') {
    sendJson(response, JSON.stringify({ emulator: 'CloudBase Run', services: [...PRODUCTS.keys()] }));
  } else {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
  }
}

async function servePackageOrFault(
  cloud: Cloud,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const action = `${request.method ?? 'GET'} package`;
  const fault = cloud.faults.take(action);
  if (fault === undefined || isTransferFault(fault)) return servePackage(cloud, { request, response, fault });
  // The store judges a transfer only when all of it has arrived.
  await finished(request.resume(), { writable: false });
  const api = request.method === 'PUT' ? 'upload' : 'download';
  cloud.journal.add({ at: Date.now(), api, action, params: {}, code: codeOf(fault) });
  if (!misbehave(fault, response)) response.destroy();
}

async function serveCall(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const action = String(request.headers['x-tc-action'] ?? '');
  const fault = cloud.faults.take(action);
  const call = { request, action, params: parseParams(body), fault };
  try {
    if (fault !== undefined && !isTransferFault(fault) && misbehave(fault, response)) {
      record(cloud, call, codeOf(fault));
      return;
    }
    if (body.length > BODY_LIMIT)
      throw new ApiError('RequestSizeLimitExceeded', 'The request is larger than 10 MB.');
    verifySignature({ headers: request.headers, body }, cloud.credentials, new Date());
    const answer = await findAction(request, action)(cloud, call.params);
    record(cloud, call, fault?.kind);
    if (fault?.kind === 'lost-answer') response.destroy();
    else sendJson(response, renderAnswer(answer));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    record(cloud, call, error.code);
    sendJson(response, renderRefusal(error));
  }
}

function misbehave(fault: Exclude<Fault, TransferFault>, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'error':
      sendJson(response, renderRefusal(new ApiError(fault.code, fault.message)));
      return true;
    case 'http':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.body);
      return true;
    case 'refusal':
      refuse(response, fault);
      return true;
    case 'drop':
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'lost-answer':
      return false;
  }
}

function codeOf(fault: Fault): string {
  return 'code' in fault ? fault.code : fault.kind;
}

function findAction(request: IncomingMessage, action: string): Action {
  const service = readSignedService(request.headers);
  const product = PRODUCTS.get(service);
  if (product === undefined) throw new ApiError('NoSuchProduct', `The product "${service}" does not exist.`);
  if (request.headers['x-tc-version'] !== product.version) {
    throw new ApiError('NoSuchVersion', `The version of the API "${service}" does not exist.`);
  }
  const found = product.actions.get(action);
  if (found === undefined) throw new ApiError('InvalidAction', `The action "${action}" does not exist.`);
  return found;
}

function record(
  cloud: Cloud,
  call: { request: IncomingMessage; action: string; params: Params },
  code: string | undefined,
): void {
  const { params } = call;
  const service = readSignedService(call.request.headers);
  const entry: Omit<JournalEntry, 'write'> = {
    at: Date.now(),
    api: service === 'tcb' || service === 'tcbr' ? service : 'other',
    action: call.action,
    params,
    ...textEntry('region', call.request.headers['x-tc-region']),
    ...textEntry('envId', params['EnvId']),
    ...textEntry('serverName', params['ServerName'] ?? params['ServiceName']),
    ...textEntry('code', code),
  };
  cloud.journal.add(entry);
}

function textEntry(name: string, value: unknown): Record<string, string> {
  return typeof value === 'string' ? { [name]: value } : {};
}

function parseParams(body: Buffer): Params {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT + chunk.length) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendJson(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
