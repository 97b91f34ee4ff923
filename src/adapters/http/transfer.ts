import { createReadStream } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { codeOf } from '../../errors.ts';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { PackageAddress } from '../../ports.ts';
import { cutOff, openConnection, secure } from './connection.ts';
import { createMeter, judge, type GivenUp, type Reading } from './meter.ts';
import { collect, decode } from './request.ts';
import { readUnacknowledged } from './unacknowledged.ts';
import type { TransferLimits } from './upload-limits.ts';

/** One try of an upload. */
export interface Put {
  readonly address: PackageAddress;
  readonly file: string;
  readonly sizeBytes: number;
  /** Whether no other try follows. */
  readonly isLast: boolean;
  readonly proxy: string | undefined;
}

/** How a try ended; `text` is the beginning of a refusal. */
export type TransferEnd =
  | GivenUp
  | { readonly kind: 'stored' }
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'broken'; readonly code: string; readonly message: string }
  | { readonly kind: 'no-tunnel'; readonly status: number };

/** A try that is over. */
export interface Transfer {
  readonly end: TransferEnd;
  /** As it was last seen while the try went on. */
  readonly movedBytes: number;
  readonly elapsedMs: number;
}

interface Watched {
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (reading: Reading) => void;
}

/** What is under way; the watch reads it. */
interface Going {
  /** Bytes that were handed to the connection, and those that the system has taken. */
  handed: number;
  written: number;
  socket: Socket | undefined;
  isAnswered: boolean;
}

/** Nothing is known of an answer's body after so many bytes that was not known before. */
const bodyLimit = 64 * 1024;
/** Small, so that a slow link shows that it moves. */
const chunkBytes = 16 * 1024;

/**
 * Sends a file by PUT over a connection of its own, and gives up when it stalls or cannot be done in time. Whatever
 * happens is a value, but for the run's abort; the connection and the file are closed at the end.
 */
export async function transfer(put: Put, { limits, signal, onProgress }: Watched): Promise<Transfer> {
  const started = performance.now();
  const over = new AbortController();
  const going: Going = { handed: 0, written: 0, socket: undefined, isAnswered: false };
  let givenUp: GivenUp | undefined;
  let movedBytes = 0;
  const meter = createMeter(put.sizeBytes, limits.windowMs);
  const look = async (): Promise<Reading> => {
    const held = going.socket === undefined ? 0 : await readUnacknowledged(going.socket);
    return meter.read(performance.now() - started, going.written - held);
  };
  const watch = async (): Promise<void> => {
    for (let toldMs = 0; ;) {
      await wait(limits.tickMs, undefined, { signal: over.signal }).catch(() => undefined);
      const reading = await look();
      if (over.signal.aborted || going.isAnswered) return;
      ({ movedBytes } = reading);
      givenUp = judge(reading, limits, put.isLast);
      if (givenUp !== undefined) {
        over.abort();
        return;
      }
      if (reading.elapsedMs - toldMs >= limits.progressMs) {
        toldMs = reading.elapsedMs;
        onProgress(reading);
      }
    }
  };
  const watching = watch();
  const around = { signal: AbortSignal.any([signal, over.signal]), graceMs: limits.graceMs };
  const ended = await exchange(put, going, around).catch(explainBreak);
  over.abort();
  await watching;
  signal.throwIfAborted();
  return { end: givenUp ?? ended, movedBytes, elapsedMs: performance.now() - started };
}

function explainBreak(error: unknown): TransferEnd {
  const code = codeOf(error);
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  const said = hasMessage && typeof error.message === 'string' ? error.message : '';
  return { kind: 'broken', code, message: said === '' ? code : said };
}

async function exchange(put: Put, going: Going, around: Around): Promise<TransferEnd> {
  const { address, proxy, sizeBytes } = put;
  const { signal, graceMs } = around;
  const url = new URL(address.url);
  const socket = await openConnection(url, proxy, signal);
  if ('status' in socket) return { kind: 'no-tunnel', ...socket };
  going.socket = socket;
  const abort = (): void => {
    cutOff(socket);
  };
  signal.addEventListener('abort', abort);
  try {
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { ...address.headers, 'Content-Length': sizeBytes };
    const createConnection = (): Socket => secure(socket, url);
    const outgoing = open(url, { method: 'PUT', headers, createConnection });
    const answer = await send(put, going, outgoing);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300 && going.handed === sizeBytes) return { kind: 'stored' };
    return { kind: 'answered', status, text: await readText(answer, graceMs) };
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

interface Around {
  readonly signal: AbortSignal;
  /** How long the text of a refusal is waited for. */
  readonly graceMs: number;
}

/** Sends the file until the head of the answer is there. */
async function send(put: Put, going: Going, outgoing: ClientRequest): Promise<IncomingMessage> {
  const sink = createSink(outgoing, going);
  const answer = waitForAnswer(outgoing, going);
  const source = createReadStream(put.file, { highWaterMark: chunkBytes });
  const sending = pipeline(source, sink).catch((error: unknown) => {
    if (!going.isAnswered) outgoing.destroy(error as Error);
  });
  try {
    return await answer;
  } finally {
    sink.destroy();
    await sending;
  }
}

/** Counts what goes into the request. */
function createSink(outgoing: ClientRequest, going: Going): Writable {
  return new Writable({
    highWaterMark: chunkBytes,
    write: (chunk: Buffer, _encoding, done) => {
      // Reads what has come before it writes: into a connection that is closed, a write would lose the answer.
      setImmediate(() => {
        if (going.isAnswered) return;
        going.handed += chunk.length;
        outgoing.write(chunk, (error) => {
          if (!error) going.written += chunk.length;
          done(error);
        });
      });
    },
    final: (done) => {
      outgoing.end(done);
    },
  });
}

function waitForAnswer(outgoing: ClientRequest, going: Going): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', (answer) => {
      going.isAnswered = true;
      resolve(answer);
    });
    outgoing.on('error', reject).once('close', () => {
      reject(new Error('closed without an answer'));
    });
  });
}

/** As much as is needed and comes in time. */
async function readText(answer: IncomingMessage, graceMs: number): Promise<string> {
  const timer = setTimeout(() => answer.destroy(), graceMs);
  const chunks: Buffer[] = [];
  await collect(answer, bodyLimit, chunks).catch(() => undefined);
  clearTimeout(timer);
  return decode(chunks, bodyLimit);
}
