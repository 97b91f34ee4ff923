import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { CloudError } from '../../../src/errors.ts';
import { startConnectProxy, type ConnectProxy } from '../../support/connect-proxy.ts';
import { failureOf } from '../../support/failure.ts';
import { startTlsProxy } from '../../support/tls-proxy.ts';
import {
  expectNoConnection,
  openUploadWorld,
  reply,
  resetAfter,
  stall,
  type UploadWorld,
} from '../../support/upload-world.ts';

let world: UploadWorld;
let proxy: ConnectProxy;

beforeEach(async () => {
  world = await openUploadWorld();
  proxy = await startConnectProxy();
});
afterEach(async () => {
  await proxy.close();
  await world.close();
});

const port = (): string => new URL(world.store.url).port;
const storeUrl = (): string => `http://store.test:${port()}`;
const withCredentials = (credentials: string): string =>
  proxy.url.replace('http://', `http://${credentials}@`);

describe('an upload through a proxy', () => {
  it('goes to the host of the address, each try by a tunnel of its own', async () => {
    const hosts: unknown[] = [];
    world.answer(resetAfter(1), (request, response) => {
      hosts.push(request.headers.host, request.url, request.headers['proxy-authorization']);
      reply(200)(request, response);
    });
    expect(await world.upload(100_000, { proxy: proxy.url, storeUrl: storeUrl() })).toMatchObject({
      number: 2,
    });
    const target = `store.test:${port()}`;
    expect(proxy.asked).toEqual(Array.from({ length: 2 }, () => ({ target, authorization: undefined })));
    expect(hosts).toEqual([target, '/2?sign=secret-2', undefined]);
  });

  it.each([
    ['user:p%40ss', 'user:p@ss'],
    ['user:100%', 'user:100%'],
    ['token', 'token:'],
  ])('shows it the credentials "%s", and nobody else', async (given, sent) => {
    world.answer(reply(200));
    await world.upload(10, { proxy: withCredentials(given), storeUrl: storeUrl() });
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${Buffer.from(sent).toString('base64')}`);
  });

  it('that refuses is an error with its status, without the credentials', async () => {
    proxy.refuse(407);
    const request = { proxy: withCredentials('user:hush'), storeUrl: storeUrl() };
    const error = await failureOf(CloudError, () => world.upload(10, request));
    expect(error).toMatchObject({ kind: 'upload', isRetryable: false });
    expect(error.message).toBe('The package cannot be uploaded: the proxy answers 407.');
    expect(error.advice).toContain('HTTPS_PROXY');
    expect(JSON.stringify([error, error.stack, world.log.lines])).not.toContain('hush');
    expect(proxy.asked).toHaveLength(1);
  });

  it('that cannot reach the store now is asked again', async () => {
    proxy.refuse(503);
    setTimeout(() => {
      proxy.refuse(200);
    }, 200);
    world.answer(reply(200));
    const limits = { pauseMs: 100 };
    await world.upload(10, { proxy: proxy.url, storeUrl: storeUrl(), limits });
    expect(world.log.lines[0]).toMatch(/^info: The proxy answers 503\. Try 2 of 5 in \d+ ms/);
  });

  it('that is not there is an error without the credentials', async () => {
    await proxy.close();
    const request = { proxy: withCredentials('user:hush'), storeUrl: storeUrl() };
    const error = await failureOf(CloudError, () => world.upload(10, request));
    expect(error.advice).toContain('Check that the runner reaches the store');
    expect(error.message).toMatch(
      /tries 1 to 5: the connection failed \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\.$/,
    );
    expect(JSON.stringify([error, error.stack, world.log.lines])).not.toContain('hush');
  });

  it('that says nothing is a stall', async () => {
    proxy.refuse(0);
    const error = await failureOf(CloudError, () =>
      world.upload(10, { proxy: proxy.url, limits: { tries: 2, patienceMs: 100 } }),
    );
    expect(error.message).toMatch(/tries 1 to 2: nothing moved for 0\.1 s\.$/);
    await expectNoConnection(proxy.url);
  });

  it('leaves no tunnel when it stalls behind it', async () => {
    world.answer(stall);
    const limits = { tries: 2, patienceMs: 200 };
    await failureOf(CloudError, () => world.upload(9_000_000, { proxy: proxy.url, limits }));
    await expectNoConnection(proxy.url);
  });
});

it('a certificate that nobody vouches for ends an upload at once', async () => {
  const tls = await startTlsProxy(world.store.url);
  try {
    const request = { proxy: tls.url, storeUrl: 'https://tcb.tencentcloudapi.com' };
    const error = await failureOf(CloudError, () => world.upload(10, request));
    expect(error).toMatchObject({ kind: 'upload', isRetryable: false });
    expect(error.message).toMatch(
      /^The package cannot be uploaded: the connection failed \(self-signed certificate/,
    );
    expect(error.advice).toContain('NODE_EXTRA_CA_CERTS');
    expect(world.log.lines).toEqual([]);
  } finally {
    await tls.close();
  }
});
