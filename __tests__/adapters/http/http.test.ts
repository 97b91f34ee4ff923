import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createHttp } from '../../src/adapters/http.ts';
import { CloudError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const http = createHttp(new AbortController().signal);
let answer: Answer;
let server: Server;
let url: string;
let folder: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'http-'));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a request', () => {
  it('gets the status, and does not wait for the body', async () => {
    answer = (request, response) => {
      response.writeHead(request.url === '/a?b' ? 404 : 200);
      if (request.method === 'HEAD') response.end();
      else response.write('never ends');
    };
    expect(await http.request('GET', `${url}/a?b`, 5000)).toEqual({ status: 404 });
    expect(await http.request('HEAD', url, 5000)).toEqual({ status: 200 });
  });

  it('to someone who gives no answer of HTTP is met with silence', async () => {
    answer = () => undefined;
    expect(await http.request('GET', url, 50)).toBe('silent');
    const banner = createTcpServer((socket) => socket.end('220 smtp.test ready\r\n')).listen(0, '127.0.0.1');
    await once(banner, 'listening');
    const { port } = banner.address() as AddressInfo;
    const given = await http.request('GET', `http://127.0.0.1:${port}`, 5000);
    banner.close();
    expect(given).toBe('silent');
  });

  it('to nobody is refused', async () => {
    expect(await http.request('GET', `http://127.0.0.1:${await http.freePort()}`, 5000)).toBe('refused');
    answer = (request) => request.socket.destroy();
    expect(await http.request('GET', url, 5000)).toBe('refused');
  });

  it('ends with the reason of an abort', async () => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    answer = () => {
      stop.abort(reason);
    };
    const stoppable = createHttp(stop.signal);
    expect(await failureOf(RangeError, () => stoppable.request('GET', url, 5000))).toBe(reason);
    expect(await failureOf(RangeError, () => stoppable.request('GET', url, 5000))).toBe(reason);
  });
});

describe('an upload', () => {
  const file = async (size: number): Promise<string> => {
    const path = join(folder, 'package.zip');
    await writeFile(path, Buffer.alloc(size, 'x'));
    return path;
  };

  it('sends the file with its headers and its length', async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      const body = await text(request);
      seen.push(request.method, request.headers['x-token'], request.headers['content-length'], body.length);
      response.writeHead(200).end();
    };
    await http.upload(url, { 'x-token': 't' }, await file(100_000));
    expect(seen).toEqual(['PUT', 't', '100000', 100_000]);
  });

  it('that the store refuses is a CloudError with its code', async () => {
    answer = async (request, response) => {
      await text(request);
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    };
    const error = await failureOf(CloudError, async () => http.upload(url, {}, await file(10)));
    expect(error).toMatchObject({
      kind: 'upload',
      code: 'AccessDenied',
      message: 'The package cannot be uploaded: the store answers 403 AccessDenied.',
    });
  });

  it('that is refused before it is all sent shows the answer', async () => {
    answer = (_request, response) => response.writeHead(403).end('<Code>Early</Code>');
    const error = await failureOf(CloudError, async () => http.upload(url, {}, await file(8_000_000)));
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403 Early.');
  });

  it('reads no more of a refusal than it needs, even of one without an end', async () => {
    answer = (_request, response) => {
      response.on('error', () => undefined).writeHead(403);
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(50_000), () => setImmediate(write));
      };
      write();
    };
    const error = await failureOf(CloudError, async () => http.upload(url, {}, await file(10)));
    expect(error.message).toBe('The package cannot be uploaded: the store answers 403.');
  });

  it('over a broken connection is a CloudError', async () => {
    answer = (request) => request.socket.destroy();
    const error = await failureOf(CloudError, async () => http.upload(url, {}, await file(10)));
    expect(error.message).toMatch(/^The package cannot be uploaded: the connection failed \(.+\)\.$/);
  });

  it('ends with the reason of an abort', async () => {
    const reason = new RangeError('aborted');
    const stop = new AbortController();
    answer = () => {
      stop.abort(reason);
    };
    const work = async (): Promise<void> => createHttp(stop.signal).upload(url, {}, await file(10));
    expect(await failureOf(RangeError, work)).toBe(reason);
  });
});

it('finds a port that is free', async () => {
  const port = await http.freePort();
  const taken = createTcpServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  expect(client.remotePort).toBe(port);
  client.destroy();
  taken.close();
});
