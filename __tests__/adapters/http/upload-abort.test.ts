import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { startConnectProxy } from '../../support/connect-proxy.ts';
import { failureOf } from '../../support/failure.ts';
import {
  expectNoConnection,
  openUploadWorld,
  refuse,
  type UploadRequest,
  type UploadWorld,
} from '../../support/upload-world.ts';

const reason = new RangeError('aborted');
let world: UploadWorld;
let stop: AbortController;

beforeEach(async () => {
  world = await openUploadWorld();
  stop = new AbortController();
});
afterEach(() => world.close());

const abort = (): void => {
  stop.abort(reason);
};

/** Uploads, expects the abort to end it within moments, and that nobody was asked again. */
async function expectAbort(size: number, request: UploadRequest = {}): Promise<void> {
  let endedAt = 0;
  stop.signal.addEventListener('abort', () => {
    endedAt = performance.now();
  });
  const work = () => world.upload(size, { ...request, signal: stop.signal });
  expect(await failureOf(RangeError, work)).toBe(reason);
  expect(performance.now() - endedAt).toBeLessThan(endedAt === 0 ? Infinity : 4_000);
}

it('before it began', async () => {
  abort();
  await expectAbort(10);
  expect(world.paths).toEqual([]);
});

it('while an address is asked for', async () => {
  const nextAddress = () => {
    abort();
    return Promise.resolve({ url: world.store.url, headers: {}, number: 1 });
  };
  await expectAbort(10, { nextAddress });
  expect(world.paths).toEqual([]);
});

it('while a proxy says nothing', async () => {
  const proxy = await startConnectProxy();
  proxy.refuse(0);
  setTimeout(abort, 200);
  await expectAbort(10, { proxy: proxy.url });
  await expectNoConnection(proxy.url);
  await proxy.close();
});

it('while it sends', async () => {
  world.answer(() => setTimeout(abort, 50));
  await expectAbort(9_000_000);
  expect(world.paths).toHaveLength(1);
});

it('while it sends through a proxy', async () => {
  const proxy = await startConnectProxy();
  world.answer(() => setTimeout(abort, 50));
  await expectAbort(9_000_000, { proxy: proxy.url });
  await expectNoConnection(proxy.url);
  await proxy.close();
});

it('while the answer is awaited', async () => {
  world.answer((request) => {
    request.resume().once('end', abort);
  });
  await expectAbort(10);
});

it('while a refusal is read', async () => {
  world.answer((_request, response) => {
    response.writeHead(503).write('<Code>');
    setTimeout(abort, 50);
  });
  await expectAbort(10, { limits: { graceMs: 5_000 } });
  expect(world.paths).toHaveLength(1);
});

it('in the pause before another try', async () => {
  world.answer((request, response) => {
    refuse(503, 'SlowDown')(request, response);
    setTimeout(abort, 100);
  });
  await expectAbort(10, { limits: { pauseMs: 60_000 } });
  expect(world.paths).toHaveLength(1);
});
