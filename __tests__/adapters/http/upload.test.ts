import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { CloudError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { withTcpServer } from '../../support/loopback.ts';
import {
  openUploadWorld,
  refuse,
  reply,
  resetAfter,
  slowly,
  stall,
  type UploadWorld,
} from '../../support/upload-world.ts';

let world: UploadWorld;

beforeEach(async () => {
  world = await openUploadWorld();
});
afterEach(() => world.close());

const failure = (
  size: number,
  ...more: Parameters<UploadWorld['upload']> extends [number, ...infer R] ? R : never
) => failureOf(CloudError, () => world.upload(size, ...more));

const stored = reply(200);

describe('an upload that is taken at once', () => {
  it('sends the bytes with the headers and their length, and resolves to the address', async () => {
    const seen: unknown[] = [];
    world.answer(async (request, response) => {
      const body = await text(request);
      const { 'x-token': token, 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      seen.push(request.method, token, length, encoding, body === 'x'.repeat(100_000));
      response.writeHead(200).end('<Ok/>');
    });
    expect(await world.upload(100_000)).toMatchObject({ number: 1 });
    expect(seen).toEqual(['PUT', 't1', '100000', undefined, true]);
    expect(world.log.lines).toEqual([
      expect.stringMatching(/^info: Uploaded 100 KB in [\d.]+ s \(.+\/s\)\.$/),
    ]);
  });

  it.each([0, 1, 16_384, 5_000_000])('takes %d bytes', async (size) => {
    let length = -1;
    world.answer(async (request, response) => {
      length = (await text(request)).length;
      response.writeHead(204).end();
    });
    await world.upload(size);
    expect(length).toBe(size);
  });

  it('does not wait for the end of the answer', async () => {
    world.answer((request, response) => {
      request.resume().once('end', () => response.writeHead(200).write('never ends'));
    });
    expect(await world.upload(10)).toMatchObject({ number: 1 });
  });

  it('tells how far it is every few seconds', async () => {
    world.answer(slowly(6_000_000));
    await world.upload(8_000_000, { limits: { progressMs: 100 } });
    const [first = '', ...rest] = world.log.lines;
    expect(rest.length).toBeGreaterThan(2);
    expect(first).toMatch(
      /^info: Uploaded (\d\.\d M|\d+ K)B of 8\.0 MB \(\d+ %\) at (\d+\.\d M|\d+ K)B\/s, about [\d.]+ s left\.$/,
    );
    expect(rest.at(-1)).toMatch(/^info: Uploaded 8\.0 MB in [1-9][\d.]* s \((\d\.\d M|\d+ K)B\/s\)\.$/);
  });

  it('tells that the answer is awaited', async () => {
    world.answer((request, response) => {
      request.resume().once('end', () => setTimeout(() => response.writeHead(200).end(), 1_500));
    });
    await world.upload(10, { limits: { progressMs: 600 } });
    expect(world.log.lines[0]).toBe('info: All 10 bytes are sent; the store has not answered yet.');
  });
});

describe('an upload that meets trouble and is then taken', () => {
  const rows = [
    ['a store that found it too slow', refuse(400, 'UserNetworkTooSlow'), '400 UserNetworkTooSlow'],
    ['a store that waited too long', refuse(400, 'RequestTimeout'), '400 RequestTimeout'],
    [
      'an address that has expired',
      refuse(403, 'AccessDenied', 'Request has expired'),
      '403 AccessDenied: the address has expired',
    ],
    ['a token that has expired', refuse(403, 'ExpiredToken'), '403 ExpiredToken: the address has expired'],
    ['a clock that is off', refuse(403, 'RequestTimeTooSkewed'), '403 RequestTimeTooSkewed'],
  ] as const;

  it.each(rows)('%s: at once, with a fresh address and connection', async (_name, answer, what) => {
    world.answer(answer, stored);
    expect(await world.upload(100_000)).toMatchObject({ number: 2 });
    expect(world.paths).toEqual(['/1?sign=secret-1', '/2?sign=secret-2']);
    expect(new Set(world.sockets).size).toBe(2);
    expect(world.log.lines[0]).toBe(`info: The store answers ${what}. Try 2 of 5, with a fresh address.`);
  });

  it.each([
    ['408', reply(408), /^The store answers 408/],
    ['429', reply(429), /^The store answers 429/],
    ['500', refuse(500, 'InternalError'), /^The store answers 500 InternalError/],
    ['503', refuse(503, 'SlowDown'), /^The store answers 503 SlowDown/],
    ['a reset in the middle', resetAfter(1_000_000), /^The connection failed \((read|write) E\w+\)/],
    ['a connection that is closed', (request) => request.socket.destroy(), /^The connection failed \(.+\)/],
    [
      'an answer that cannot be of the store',
      (_request, response) => response.writeHead(200).end(),
      /^The store answers 200 before it has all of the package/,
    ],
  ] as [string, typeof stored, RegExp][])('%s: after a pause', async (_name, answer, what) => {
    world.answer(answer, stored);
    expect(await world.upload(9_000_000)).toMatchObject({ number: 2 });
    expect(new Set(world.sockets).size).toBe(2);
    const line = world.log.lines.find((each) => each.includes('Try')) ?? '';
    expect(line.replace('info: ', '')).toMatch(what);
    expect(line).toMatch(/\. Try 2 of 5 in [4-6] ms, with a fresh address\.$/);
  });

  it('a side that does not speak HTTP', async () => {
    const speak = (socket: { end(text: string): unknown }): unknown => socket.end('SSH-2.0-x\r\n');
    await withTcpServer(speak, async (storeUrl) => {
      const error = await failure(10, { storeUrl, limits: { tries: 1 } });
      expect(error.message).toMatch(/try 1: the connection failed \(.+\)\.$/);
    });
  });

  it('a stall', async () => {
    world.answer(stall, stored);
    expect(await world.upload(9_000_000, { limits: { patienceMs: 1_500 } })).toMatchObject({ number: 2 });
    expect(world.log.lines).toContain('info: Nothing moved for 1.5 s. Try 2 of 5, with a fresh address.');
  });

  it('a link that is too slow', async () => {
    world.answer(slowly(1_000_000), stored);
    const limits = { patienceMs: 1_500, cutMs: 8_000 };
    expect(await world.upload(20_000_000, { limits })).toMatchObject({ number: 2 });
    const line =
      /^info: The link is too slow \(the rest would take [\d.]+ s at [\d.]+ [KM]B\/s\)\. Try 2 of 5/;
    expect(world.log.lines).toContainEqual(expect.stringMatching(line));
  });

  it('no answer at all', async () => {
    world.answer((request) => request.resume(), stored);
    expect(await world.upload(10, { limits: { cutMs: 1_400, graceMs: 100 } })).toMatchObject({ number: 2 });
    expect(world.log.lines).toContain(
      'info: The store gave no answer within 1.5 s. Try 2 of 5, with a fresh address.',
    );
  });
});

describe('the last try', () => {
  it('may be slow: there is none after it', async () => {
    world.answer(slowly(4_000_000));
    const limits = { tries: 1, patienceMs: 1_500, cutMs: 1_600, graceMs: 20_000 };
    expect(await world.upload(16_000_000, { limits })).toMatchObject({ number: 1 });
  });

  it('ends a little after the cut', async () => {
    world.answer(slowly(1_000_000));
    const error = await failure(9_000_000, { limits: { tries: 1, cutMs: 400, graceMs: 100 } });
    expect(error.message).toMatch(/: try 1: the store gave no answer within 0\.5 s\.$/);
  });

  it('ends when nothing moves', async () => {
    world.answer(stall);
    const error = await failure(9_000_000, { limits: { tries: 1, patienceMs: 300 } });
    expect(error.message).toBe(
      'The package cannot be uploaded in 1 tries (9.0 MB): try 1: nothing moved for 0.3 s.',
    );
  });
});

describe('an upload that is given up', () => {
  it.each([
    [403, 'AccessDenied'],
    [403, 'SignatureDoesNotMatch'],
    [404, 'NoSuchBucket'],
    [411, 'MissingContentLength'],
    [400, 'InvalidArgument'],
    [302, ''],
  ])('at once for %d %s', async (status, code) => {
    world.answer(code === '' ? reply(status) : refuse(status, code));
    const error = await failure(10);
    expect(error).toMatchObject({ kind: 'upload', action: 'PUT', code, isRetryable: false });
    expect(error.message).toBe(
      `The package cannot be uploaded: the store answers ${status}${code === '' ? '' : ` ${code}`}.`,
    );
    expect(world.paths).toHaveLength(1);
    expect(world.log.lines).toEqual([]);
  });

  it('after five tries, with what each of them met', async () => {
    world.answer(refuse(503, 'SlowDown'), refuse(503, 'SlowDown'), refuse(400, 'UserNetworkTooSlow'));
    const error = await failure(1_200_000);
    expect(error).toMatchObject({
      kind: 'upload',
      action: 'PUT',
      code: 'UserNetworkTooSlow',
      isRetryable: true,
    });
    expect(error.message).toBe(
      'The package cannot be uploaded in 5 tries (1.2 MB): tries 1 to 2: the store answers 503 SlowDown; ' +
        'tries 3 to 5: the store answers 400 UserNetworkTooSlow.',
    );
    expect(error.advice).toMatch(
      /^Use a runner in China, .*push an image in container mode \(image-repository\)\.$/,
    );
    expect(world.paths).toHaveLength(5);
    expect(new Set([...world.paths, ...world.sockets]).size).toBe(10);
    expect(world.log.lines).toHaveLength(4);
  });

  it('with an error of the platform, as it is', async () => {
    const reason = new RangeError('no address');
    expect(
      await failureOf(RangeError, () => world.upload(10, { nextAddress: () => Promise.reject(reason) })),
    ).toBe(reason);
  });

  it.each(['', 'ftp://store.test/1', 'http://'])('without an address that can be used: "%s"', async (url) => {
    const nextAddress = () => Promise.resolve({ url, headers: {}, number: 1 });
    const error = await failure(10, { nextAddress });
    expect(error.message).toBe('The package cannot be uploaded: the platform told no address for it.');
  });

  it('with a header that cannot be sent', async () => {
    const nextAddress = () => Promise.resolve({ url: world.store.url, headers: { a: 'b\n' }, number: 1 });
    const error = await failure(10, { nextAddress });
    expect(error.message).toMatch(
      /^The package cannot be uploaded: the connection failed \(Invalid character/,
    );
  });
});

describe('a refusal', () => {
  it('before all is sent is read and shown', async () => {
    world.answer((_request, response) =>
      response.writeHead(403, { connection: 'close' }).end('<Code>Early</Code>'),
    );
    const error = await failure(9_000_000);
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403 Early.');
  });

  it('before all is sent, by a side that closes at once, is read and shown', async () => {
    const speak = (socket: { end(text: string): unknown }): unknown =>
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 18\r\n\r\n<Code>Early</Code>');
    await withTcpServer(speak, async (storeUrl) => {
      const error = await failure(9_000_000, { storeUrl });
      expect(error.message).toBe('The package cannot be uploaded: the store answers 403 Early.');
    });
  });

  it('ends the sending, so that nothing is written into a connection that may be closed', async () => {
    let received = 0;
    world.answer((request, response) => {
      response.writeHead(403).write('<Code>');
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      setTimeout(() => response.end('Early</Code>'), 50);
    });
    const error = await failure(30_000_000);
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403 Early.');
    expect(received).toBeLessThan(1_000_000);
  });

  it('without an end is read no further than it is needed', async () => {
    world.answer((_request, response) => {
      response.writeHead(403);
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(50_000), () => setImmediate(write));
      };
      write();
    });
    const error = await failure(10);
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403.');
  });

  it('whose body does not come is known by its status', async () => {
    world.answer((_request, response) =>
      response.writeHead(404, { 'content-length': 50 }).write('<Code>Half'),
    );
    const error = await failure(10, { limits: { graceMs: 50 } });
    expect(error.message).toBe('The package cannot be uploaded: the store answers 404.');
  });
});
