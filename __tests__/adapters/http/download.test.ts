import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createDownload } from '../../../src/adapters/http/download.ts';
import { CloudError, ProjectError } from '../../../src/errors.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';
import { listenOnLoopback, type Answer, type Loopback } from '../../support/loopback.ts';

const content = Buffer.alloc(300_000, 'package ');
const { signal } = new AbortController();
const quick = { pauseMs: 1, stallMs: 1_000 };

interface Request {
  readonly limits?: NonNullable<Parameters<typeof createDownload>[0]['limits']>;
  readonly signal?: AbortSignal;
  readonly proxy?: string;
  /** In place of the store's own address. */
  readonly url?: string;
  readonly to?: string;
}

let store: Loopback;
let folder: string;
let to: string;
let log: FakeLog;
let asked: number;

beforeEach(async () => {
  store = await listenOnLoopback();
  folder = await mkdtemp(join(tmpdir(), 'http-'));
  to = join(folder, 'package.zip');
  log = createFakeLog();
  asked = 0;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Fetches `to`, with secrets in each address. */
function download(request: Request = {}): ReturnType<ReturnType<typeof createDownload>> {
  const { limits = quick, signal: stop = signal, proxy, url = store.url } = request;
  const fetch = createDownload({ log, findProxy: () => proxy, limits }, stop);
  return fetch(request.to ?? to, () => {
    asked++;
    return Promise.resolve({
      url: `${url}/p.zip?sign=s3cret-${asked}`,
      headers: { 'x-token': `h1dden-${asked}` },
    });
  });
}

/** Answers one request after the other as told, the last one again and again. */
function answerWith(...answers: readonly Answer[]): void {
  let count = 0;
  store.answer((request, response) => answers[Math.min(count++, answers.length - 1)]?.(request, response));
}

const send = (response: ServerResponse, length = content.length): ServerResponse =>
  response.writeHead(200, { 'content-length': length });
const whole: Answer = (_request, response) => send(response).end(content);
const cut: Answer = (_request, response) => {
  send(response).write(content.subarray(0, 100_000), () => response.destroy());
};
const status =
  (code: number, body = ''): Answer =>
  (_request, response) =>
    response.writeHead(code).end(body);

async function failureFor(request: Request = {}): Promise<CloudError> {
  const error = await failureOf(CloudError, () => download(request));
  const shown = JSON.stringify([error.message, error.stack, error.cause, error.advice, ...log.lines]);
  expect(shown).not.toMatch(/s3cret|h1dden/);
  expect([error.kind, error.action, error.cause]).toEqual(['network', 'GET', undefined]);
  return error;
}

describe('a download', () => {
  it('sends the headers of its address and writes what comes', async () => {
    const seen: unknown[] = [];
    answerWith((request, response) => {
      seen.push(request.method, request.url, request.headers['x-token']);
      send(response).end(content);
    });
    const fetched = await download();
    expect(seen).toEqual(['GET', '/p.zip?sign=s3cret-1', 'h1dden-1']);
    expect(await readFile(to)).toEqual(content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect([fetched, log.lines]).toEqual([{ bytes: content.length, sha256 }, []]);
  });

  it('may come without a length', async () => {
    answerWith((_request, response) => response.writeHead(200).end(content));
    expect((await download()).bytes).toBe(content.length);
  });

  it.each([
    ['a failure of the store', status(503, '<Code>SlowDown</Code>'), 'the store answers 503 SlowDown'],
    ['a store that is busy', status(429), 'the store answers 429'],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'the connection failed (ECONNRESET)'],
    ['a body that breaks off', cut, 'the connection failed (ECONNRESET)'],
    ['a store that says nothing', () => undefined, 'the store has sent nothing for 1 s'],
    [
      'a body that stands still',
      (_request, response) => send(response).write('half'),
      'the store has sent nothing for 1 s',
    ],
  ])('is tried again, with a fresh address, after %s', async (_name, first, reason) => {
    answerWith(first, whole);
    expect((await download()).bytes).toBe(content.length);
    expect(await readFile(to)).toEqual(content);
    expect(asked).toBe(2);
    expect(log.lines).toEqual([
      expect.stringMatching(/^info: The package cannot be downloaded: .+\. Try 2 of 4 in \d+ ms\.$/),
    ]);
    expect(log.lines[0]).toContain(`${reason}.`);
  });

  it.each([
    ['body', 200],
    ['refusal', 503],
  ])('is tried again after a %s that only trickles', async (_name, code) => {
    const trickle: Answer = (_request, response) => {
      response.writeHead(code).write('x');
      const timer = setInterval(() => response.write('x'), 20);
      response
        .on('error', () => undefined)
        .once('close', () => {
          clearInterval(timer);
        });
    };
    answerWith(trickle, whole);
    const limits = { pauseMs: 1, stallMs: 10_000, tryMs: 1_500 };
    expect((await download({ limits })).bytes).toBe(content.length);
    expect(await readFile(to)).toEqual(content);
    expect(asked).toBe(2);
    expect(log.lines).toEqual([
      expect.stringMatching(
        /^info: The package cannot be downloaded: it has not all come within 1\.5 s\. Try 2 of 4 in \d+ ms\.$/,
      ),
    ]);
  });

  it('that goes on slowly is no stall', async () => {
    answerWith(async (_request, response) => {
      send(response, 5);
      for (let part = 0; part < 5; part++) {
        response.write('x');
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      response.end();
    });
    expect((await download()).bytes).toBe(5);
  });

  it('gives up after four tries', async () => {
    answerWith(cut);
    const error = await failureFor();
    expect(error.message).toBe('The package cannot be downloaded: the connection failed (ECONNRESET).');
    expect([asked, log.lines.length]).toEqual([4, 3]);
  });

  it.each([
    [403, '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>', ' AccessDenied'],
    [404, 'nothing', ''],
    [403, '<Code>https://store.test/?sign=s3cret</Code>', ''],
    [302, '', ''],
    [206, 'part', ''],
  ])('that is refused with %i is not tried again', async (code, body, shown) => {
    answerWith(status(code, body));
    const error = await failureFor();
    expect(error.message).toBe(`The package cannot be downloaded: the store answers ${code}${shown}.`);
    expect([error.code, asked]).toEqual([shown.trim(), 1]);
  });

  it('that is too large is not read, nor tried again', async () => {
    answerWith(whole);
    const error = await failureFor({ limits: { ...quick, mostBytes: 299_999 } });
    expect(error.message).toBe('The package cannot be downloaded: it is larger than 299999 bytes.');
    expect(asked).toBe(1);
    await expect(readFile(to)).rejects.toThrow('ENOENT');
  });

  it('without a length stops where it is too large', async () => {
    answerWith((_request, response) => {
      response.on('error', () => undefined).writeHead(200);
      const write = (): void => {
        if (!response.destroyed) response.write(content, () => setImmediate(write));
      };
      write();
    });
    const error = await failureFor({ limits: { ...quick, mostBytes: 1_000_000 } });
    expect(error.message).toBe('The package cannot be downloaded: it is larger than 1000000 bytes.');
    expect((await readFile(to)).length).toBeLessThanOrEqual(1_000_000);
  });

  it('from nobody, or from an address that is none, shows no address', async () => {
    const url = store.url;
    await store.close();
    const gone = await failureFor({ url });
    expect(gone.message).toBe('The package cannot be downloaded: the connection failed (ECONNREFUSED).');
    store = await listenOnLoopback();
    const wrong = await failureFor({ url: 'no-url' });
    expect(wrong.message).toBe('The package cannot be downloaded: the connection failed (ERR_INVALID_URL).');
  });

  it('does not take a full disk for the network, and names what could not be written', async () => {
    answerWith(whole);
    const error = await failureOf(ProjectError, () => download({ to: '/dev/full' }));
    expect(error.message).toBe('"/dev/full" cannot be written: the disk is full.');
    expect(asked).toBe(1);
  });

  it('ends with the reason of an abort, also in a pause and in mid-body', async () => {
    for (const answer of [status(503), ((_request, response) => send(response).write('half')) as Answer]) {
      const reason = new RangeError('aborted');
      const stop = new AbortController();
      answerWith((request, response) => {
        setTimeout(() => {
          stop.abort(reason);
        }, 50);
        return answer(request, response);
      });
      const slow = { signal: stop.signal, limits: { pauseMs: 60_000, stallMs: 60_000 } };
      expect(await failureOf(RangeError, () => download(slow))).toBe(reason);
    }
  });

  it('goes through the proxy, and says where that refuses', async () => {
    answerWith(whole);
    const proxy = await startConnectProxy();
    try {
      const given = proxy.url.replace('://', '://me:pw@');
      const { port } = new URL(store.url);
      const url = `http://store.test:${port}`;
      expect((await download({ proxy: given, url })).bytes).toBe(content.length);
      const authorization = `Basic ${Buffer.from('me:pw').toString('base64')}`;
      expect(proxy.asked).toEqual([{ target: `store.test:${port}`, authorization }]);
      proxy.refuse(407);
      const error = await failureFor({ proxy: given, url });
      expect(error.message).toBe('The package cannot be downloaded: the proxy answers 407.');
      expect(proxy.asked).toHaveLength(2);
    } finally {
      await proxy.close();
    }
  });
});
