import { createHash } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { CloudError, codeOf, Failure } from '../../errors.ts';
import type { Http, Log, PackageAddress } from '../../ports.ts';
import { nameFullDisk } from '../files/full-disk.ts';
import { openConnection, secure } from './connection.ts';
import { collect, decode } from './request.ts';

interface DownloadLimits {
  /** The largest package that is taken. */
  readonly mostBytes: number;
  /** How long the store may send nothing. */
  readonly stallMs: number;
  /** How long a try may take. */
  readonly tryMs: number;
  /** The pause after the first failed try; it doubles with each. */
  readonly pauseMs: number;
}

const defaults: DownloadLimits = {
  mostBytes: 1024 ** 3,
  stallMs: 30_000,
  tryMs: 15 * 60_000,
  pauseMs: 500,
};

interface Around {
  readonly log: Pick<Log, 'info'>;
  /** The proxy for a URL. */
  readonly findProxy: (url: string) => string | undefined;
  readonly limits?: Partial<DownloadLimits>;
}

const tries = 4;
const errorLimit = 64 * 1024;

/** Fetches packages: each try with a fresh address and a connection of its own, until all of one has come. */
export function createDownload(
  { log, findProxy, limits = {} }: Around,
  signal: AbortSignal,
): Http['download'] {
  const around = { ...defaults, ...limits, findProxy, signal };
  return async (to, nextAddress) => {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const address = await nextAddress();
      try {
        return await fetchOnce(address, to, around);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CloudError) || !error.isRetryable || attempt === tries) throw error;
        const pauseMs = 2 ** (attempt - 1) * around.pauseMs * (0.75 + Math.random() / 2);
        log.info(`${error.message} Try ${attempt + 1} of ${tries} in ${Math.round(pauseMs)} ms.`);
        await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
}

interface FetchAround extends DownloadLimits {
  readonly findProxy: (url: string) => string | undefined;
  readonly signal: AbortSignal;
}

type Fetched = Readonly<{ bytes: number; sha256: string }>;

async function fetchOnce(address: PackageAddress, to: string, around: FetchAround): Promise<Fetched> {
  const watch = watchTry(around);
  const fail = (error: unknown): never => {
    if (error instanceof Failure) throw error;
    // The message of an error may hold the address; its code never does.
    throw failure(watch.reason() ?? `the connection failed (${codeOf(error) || 'no code'})`);
  };
  const signal = AbortSignal.any([around.signal, watch.signal]);
  let answer: IncomingMessage | undefined;
  try {
    answer = await ask(address, { ...around, signal }).catch(fail);
    await refuseStatus(answer, fail);
    const length = readLength(answer, around.mostBytes);
    const chunks = chunksOf(answer, { refresh: watch.refresh, fail });
    const fetched = await write(chunks, to, around.mostBytes).catch((error: unknown) => {
      throw nameFullDisk(error, to);
    });
    if (length !== undefined && fetched.bytes !== length)
      throw failure(`${fetched.bytes} of ${length} bytes have come`);
    return fetched;
  } finally {
    watch.end();
    answer?.destroy();
  }
}

/** Aborts a try in which nothing comes for too long, or which takes too long, and tells which of them it was. */
function watchTry({ stallMs, tryMs }: DownloadLimits) {
  const controller = new AbortController();
  let reason: string | undefined;
  const abort = (why: string): void => {
    reason ??= why;
    controller.abort();
  };
  const stall = setTimeout(abort, stallMs, `the store has sent nothing for ${stallMs / 1000} s`);
  const whole = setTimeout(abort, tryMs, `it has not all come within ${tryMs / 1000} s`);
  return {
    signal: controller.signal,
    reason: () => reason,
    refresh: () => stall.refresh(),
    end: () => {
      clearTimeout(stall);
      clearTimeout(whole);
    },
  };
}

async function ask(
  { url: text, headers }: PackageAddress,
  { findProxy, signal }: Pick<FetchAround, 'findProxy' | 'signal'>,
): Promise<IncomingMessage> {
  const url = new URL(text);
  const socket = await openConnection(url, findProxy(text), signal);
  if ('status' in socket)
    throw failure(`the proxy answers ${socket.status}`, { code: '', isRetryable: socket.status >= 500 });
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const createConnection = (): Socket => secure(socket, url);
  try {
    return await new Promise((resolve, reject) => {
      const outgoing = open(url, { method: 'GET', headers, createConnection, signal });
      outgoing.once('response', resolve).on('error', reject).end();
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function refuseStatus(answer: IncomingMessage, fail: (error: unknown) => never): Promise<void> {
  const { statusCode: status = 0 } = answer;
  if (status === 200) return;
  const chunks: Buffer[] = [];
  await collect(answer, errorLimit, chunks).catch(fail);
  const code = /<Code>([\w.]{1,100})<\/Code>/.exec(decode(chunks, errorLimit))?.[1] ?? '';
  const isRetryable = status >= 500 || status === 408 || status === 429;
  throw failure(`the store answers ${status}${code === '' ? '' : ` ${code}`}`, { code, isRetryable });
}

function readLength(answer: IncomingMessage, mostBytes: number): number | undefined {
  const { 'content-length': text } = answer.headers;
  if (text === undefined) return undefined;
  const length = Number(text);
  if (length > mostBytes) throw tooLarge(mostBytes);
  return length;
}

async function* chunksOf(
  answer: IncomingMessage,
  { refresh, fail }: { readonly refresh: () => unknown; readonly fail: (error: unknown) => never },
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      refresh();
      yield chunk;
    }
  } catch (error) {
    fail(error);
  }
}

async function write(chunks: AsyncIterable<Buffer>, to: string, mostBytes: number): Promise<Fetched> {
  const hash = createHash('sha256');
  const file = await openFile(to, 'w');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

function tooLarge(mostBytes: number): CloudError {
  return failure(`it is larger than ${mostBytes} bytes`, { code: '', isRetryable: false });
}

function failure(reason: string, { code, isRetryable } = { code: '', isRetryable: true }): CloudError {
  return new CloudError(`The package cannot be downloaded: ${reason}.`, {
    kind: 'network',
    action: 'GET',
    code,
    isRetryable,
    advice: isRetryable
      ? 'Run again. Where the link to the store is slow, use a runner in China.'
      : undefined,
  });
}
