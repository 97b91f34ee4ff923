import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { createUpload } from '../../src/adapters/http/upload.ts';
import type { UploadLimits } from '../../src/adapters/http/upload-limits.ts';
import type { PackageAddress } from '../../src/ports.ts';
import { createFakeLog, type FakeLog } from './fakes.ts';
import { listenOnLoopback, type Answer, type Loopback } from './loopback.ts';

/** Looks often and pauses shortly; a test lowers those that it is to meet. */
export const quick: UploadLimits = {
  tries: 5,
  pauseMs: 5,
  patienceMs: 5_000,
  cutMs: 60_000,
  graceMs: 3_000,
  tickMs: 20,
  quietMs: 100,
  windowMs: 200,
  progressMs: 20_000,
};

/** An address whose number tells which one the store was asked for. */
export interface Numbered extends PackageAddress {
  readonly number: number;
}

export interface UploadRequest {
  readonly limits?: Partial<UploadLimits>;
  readonly signal?: AbortSignal;
  readonly proxy?: string;
  /** In place of the store's own address. */
  readonly storeUrl?: string;
  readonly nextAddress?: () => Promise<Numbered>;
}

/** A store on loopback, and a package to put there. */
export interface UploadWorld {
  readonly store: Loopback;
  readonly log: FakeLog;
  /** The paths that were asked for, one a request that came. */
  readonly paths: readonly string[];
  /** The connections that came, one a request. */
  readonly sockets: readonly Socket[];
  /** The store meets the requests with these answers in order, the last one again and again. */
  answer(...answers: readonly Answer[]): void;
  /** Uploads a package of so many bytes. */
  upload(size: number, request?: UploadRequest): Promise<Numbered>;
  /** Ends all; fails when an upload has left a connection or an open file. */
  close(): Promise<void>;
}

/** Opens a world for one test. */
export async function openUploadWorld(): Promise<UploadWorld> {
  const store = await listenOnLoopback();
  const folder = await mkdtemp(join(tmpdir(), 'upload-'));
  const file = join(folder, 'package.zip');
  const log = createFakeLog();
  const paths: string[] = [];
  const sockets: Socket[] = [];
  let number = 0;
  return {
    store,
    log,
    paths,
    sockets,
    answer: (...answers) => {
      store.answer((request, response) => {
        const answer = answers[Math.min(paths.length, answers.length - 1)];
        paths.push(request.url ?? '');
        sockets.push(request.socket);
        request.on('error', () => undefined);
        response.on('error', () => undefined);
        return answer?.(request, response);
      });
    },
    upload: async (size, { limits, signal, proxy, storeUrl = store.url, nextAddress } = {}) => {
      await writeFile(file, Buffer.alloc(size, 'x'));
      const around = { log, findProxy: () => proxy, limits: { ...quick, ...limits } };
      const fresh = (): Promise<Numbered> => {
        number++;
        const url = `${storeUrl}/${number}?sign=secret-${number}`;
        return Promise.resolve({ url, headers: { 'x-token': `t${number}` }, number });
      };
      return createUpload(around, signal ?? new AbortController().signal)(file, nextAddress ?? fresh);
    },
    close: async () => {
      try {
        await expectNothingOpen(store, file);
        expect(log.lines.join('\n')).not.toContain('secret-');
      } finally {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function expectNothingOpen({ url }: Loopback, file: string): Promise<void> {
  const names = await readdir('/proc/self/fd');
  const open = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  expect(open.filter((path) => path === file)).toEqual([]);
  await expectNoConnection(url);
}

/** Expects that this machine holds no connection to a URL's port, or none for longer than a moment. */
export async function expectNoConnection(url: string): Promise<void> {
  for (let waits = 0; waits < 100 && (await countOpen(url)) > 0; waits++) await wait(10);
  expect(await countOpen(url)).toBe(0);
}

/** The states of a connection that is opened, open, or still sending (proc_net(5)). */
const openStates = ['01', '02', '04'];

/** Counts them whatever the other side knows of them. */
async function countOpen(url: string): Promise<number> {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const rows = (await readFile('/proc/self/net/tcp', 'latin1'))
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows.filter(([, , to = '', state = '']) => to.endsWith(`:${port}`) && openStates.includes(state))
    .length;
}

/** Takes all and answers. */
export function reply(status: number, body = ''): Answer {
  return (request, response) => {
    request.resume().once('end', () => response.writeHead(status).end(body));
  };
}

/** A refusal as the store words it. */
export function refuse(status: number, code: string, message = code): Answer {
  return reply(
    status,
    `<?xml version='1.0'?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`,
  );
}

/** Resets the connection once so many bytes have come. */
export function resetAfter(bytes: number): Answer {
  return (request: IncomingMessage) => {
    let seen = 0;
    request.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (seen >= bytes) request.socket.resetAndDestroy();
    });
  };
}

/** Reads as fast as this, then answers. */
export function slowly(bytesPerSecond: number, status = 200): Answer {
  return async (request, response) => {
    try {
      for await (const chunk of request as AsyncIterable<Buffer>)
        await wait((chunk.length / bytesPerSecond) * 1000);
      response.writeHead(status).end();
    } catch {
      // The upload has been given up.
    }
  };
}

/** Reads nothing and says nothing. */
export const stall: Answer = () => undefined;
