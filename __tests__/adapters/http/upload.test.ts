import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createHttp } from '../../../src/adapters/http/http.ts';
import { CloudError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { listenOnLoopback, type Loopback } from '../../support/loopback.ts';

const http = createHttp(new AbortController().signal);
let store: Loopback;
let folder: string;

beforeEach(async () => {
  store = await listenOnLoopback();
  folder = await mkdtemp(join(tmpdir(), 'http-'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an upload', () => {
  const file = async (size: number): Promise<string> => {
    const path = join(folder, 'package.zip');
    await writeFile(path, Buffer.alloc(size, 'x'));
    return path;
  };

  it('sends the file with its headers and its length', async () => {
    const seen: unknown[] = [];
    store.answer(async (request, response) => {
      const body = await text(request);
      seen.push(request.method, request.headers['x-token'], request.headers['content-length'], body.length);
      response.writeHead(200).end();
    });
    await http.upload(store.url, { 'x-token': 't' }, await file(100_000));
    expect(seen).toEqual(['PUT', 't', '100000', 100_000]);
  });

  it('that the store refuses is a CloudError with its code', async () => {
    store.answer(async (request, response) => {
      await text(request);
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    const error = await failureOf(CloudError, async () => http.upload(store.url, {}, await file(10)));
    expect(error).toMatchObject({
      kind: 'upload',
      code: 'AccessDenied',
      message: 'The package cannot be uploaded: the store answers 403 AccessDenied.',
    });
  });

  it('that is refused before it is all sent shows the answer', async () => {
    store.answer((_request, response) => response.writeHead(403).end('<Code>Early</Code>'));
    const error = await failureOf(CloudError, async () => http.upload(store.url, {}, await file(8_000_000)));
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403 Early.');
  });

  it('reads no more of a refusal than it needs, even of one without an end', async () => {
    store.answer((_request, response) => {
      response.on('error', () => undefined).writeHead(403);
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(50_000), () => setImmediate(write));
      };
      write();
    });
    const error = await failureOf(CloudError, async () => http.upload(store.url, {}, await file(10)));
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403.');
  });

  it('over a broken connection is a CloudError', async () => {
    store.answer((request) => request.socket.destroy());
    const error = await failureOf(CloudError, async () => http.upload(store.url, {}, await file(10)));
    expect(error.message).toMatch(/^The package cannot be uploaded: the connection failed \(.+\)\.$/);
  });

  it('ends with the reason of an abort', async () => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    store.answer(() => {
      stop.abort(reason);
    });
    const work = async (): Promise<void> => createHttp(stop.signal).upload(store.url, {}, await file(10));
    expect(await failureOf(RangeError, work)).toBe(reason);
  });
});
