import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { pipeline } from 'node:stream/promises';

import { CloudError } from '../errors.ts';
import type { Http } from '../ports.ts';

const bodyLimit = 64 * 1024;

/** HTTP without the pooling and the retries of a client: one connection a request. */
export function createHttp(signal: AbortSignal): Http {
  return {
    request: async (method, url, timeoutMs) => {
      signal.throwIfAborted();
      const late = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await send(url, { method, signal: AbortSignal.any([signal, late]) });
        answer.destroy();
        return { status: answer.statusCode ?? 0 };
      } catch (error) {
        signal.throwIfAborted();
        return late.aborted || isOtherProtocol(error) ? 'silent' : 'refused';
      }
    },
    upload: (url, headers, file) => upload(url, { headers, file, signal }),
    freePort,
  };
}

/** The parser of Node.js names what is not HTTP by a code of its own. */
function isOtherProtocol(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('HPE_');
}

interface Outgoing {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly file?: string;
}

function send(url: string, { method, signal, headers = {}, file }: Outgoing): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent: false });
    outgoing.once('response', resolve).once('error', reject);
    if (file === undefined) outgoing.end();
    else pipeline(createReadStream(file), outgoing).catch(reject);
  });
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyLimit) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, bodyLimit);
}

interface Upload {
  readonly headers: Readonly<Record<string, string>>;
  readonly file: string;
  readonly signal: AbortSignal;
}

async function upload(url: string, { headers, file, signal }: Upload): Promise<void> {
  signal.throwIfAborted();
  const { size } = await stat(file);
  const sent = { ...headers, 'Content-Length': size };
  const fail = (error: unknown): never => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw uploadFailure(`the connection failed (${reason})`, '');
  };
  const answer = await send(url, { method: 'PUT', signal, headers: sent, file }).catch(fail);
  const body = await readBody(answer).catch(fail);
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const code = /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? '';
  throw uploadFailure(`the store answers ${status}${code === '' ? '' : ` ${code}`}`, code);
}

function uploadFailure(reason: string, code: string): CloudError {
  return new CloudError(`The package cannot be uploaded: ${reason}.`, {
    kind: 'upload',
    action: 'PUT',
    code,
    isRetryable: true,
    advice:
      'Run again. Where the link to the store is slow, use a runner in China or make the package smaller.',
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
