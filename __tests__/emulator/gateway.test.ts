import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, waitFor, withFolder, type CloudClient } from '../support/cloud-client.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const TIMELINE = {
  registrationMs: 0,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 0,
  onlineLagMs: 0,
  deleteMs: 0,
};
const CODE = `
exports.main = (event, context) => {
  const { url, httpMethod, headers } = context.httpContext;
  if (url.endsWith('/events')) {
    const sse = context.sse({ keepalive: false });
    sse.send({ data: 'first' });
    setTimeout(() => sse.end({ data: 'last' }), 400);
    return;
  }
  if (context.ws) {
    context.ws.on('message', ({ data }) => context.ws.send('echo:' + data));
    return;
  }
  if (url.endsWith('/exit')) process.exit(1);
  return { statusCode: 201, headers: { 'x-method': httpMethod }, body: JSON.stringify(event) };
};
exports.main.handleUpgrade = async () => ({ allowWebSocket: true });
`;

describe('the address of a service', () => {
  let emulator: Emulator;
  let client: CloudClient;
  let url = '';

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: TIMELINE });
    client = createClient(emulator);
    await withFolder({ 'index.js': CODE }, (targetPath) =>
      client.sdk.cloudrun.deploy({ serverName: 'web', targetPath } as DeployParams),
    );
    url = (await client.waitOnline('web', 'web-001')).BaseInfo.DefaultDomainName;
  });
  afterAll(async () => {
    await emulator.close();
  });

  const setAccess = (...types: string[]): Promise<unknown> =>
    client.call('SubmitServerConfigChangeDiff', {
      ServerName: 'web',
      Items: [{ Key: 'AccessTypes', ArrayValue: types }],
    });

  it('hands on method, body, status and headers', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/path?q=1`, { method: 'PUT', headers, body: '{"a":1}' });
    expect([answer.status, answer.headers.get('x-method'), await answer.json()]).toEqual([
      201,
      'PUT',
      { a: 1 },
    ]);
    expect(emulator.journal.entries().at(-1)).toMatchObject({
      api: 'gateway',
      action: 'PUT /path',
      serverName: 'web',
      write: false,
    });
  });

  it('hands on events as they come', async () => {
    const reader = (await fetch(`${url}/events`)).body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value as Uint8Array);
    expect(first).toContain('first');
    expect(first).not.toContain('last');
    await reader?.cancel();
  });

  it('hands on a WebSocket', async () => {
    const socket = new WebSocket(url.replace('http', 'ws'));
    const answer = await new Promise((resolve, reject) => {
      socket.onerror = () => {
        reject(new Error('The WebSocket failed'));
      };
      socket.onopen = () => {
        socket.send('hi');
      };
      socket.onmessage = ({ data }: { data: unknown }) => {
        resolve(data);
      };
    });
    socket.close();
    expect(answer).toBe('echo:hi');
  });

  it('refuses everyone while the service is not public, WebSockets too', async () => {
    await setAccess('VPC', 'MINIAPP');
    const answer = await fetch(url);
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'PUBLIC_ACCESS_CLOSED' }),
    ]);
    expect(emulator.journal.entries().at(-1)).toMatchObject({ code: 'PUBLIC_ACCESS_CLOSED' });
    expect(await rawUpgrade(url)).toContain('HTTP/1.1 403');
    await setAccess('PUBLIC');
    expect((await fetch(url)).status).toBe(201);
  });

  it('answers 503 when nothing is online, and when the version has died', async () => {
    emulator.script('demo-env', 'empty', { end: 'ready-not-online', run: false });
    await client.deployImage('Create', 'empty');
    await client.waitEnded('empty');
    const { DefaultDomainName } = (await client.detail('empty')).BaseInfo;
    expect((await fetch(DefaultDomainName)).status).toBe(503);
    expect((await fetch(`${url}/exit`)).status).toBe(503);
    expect((await fetch(url)).status).toBe(503);
  });

  it('closes with the service', async () => {
    await client.sdk.cloudrun.delete({ serverName: 'web' });
    await waitFor(
      () => client.call('DescribeCloudRunServers', { ServerName: 'web' }),
      ({ Total }) => Total === 0,
    );
    await expect(fetch(url)).rejects.toThrow();
  });
});

function rawUpgrade(url: string): Promise<string> {
  const { port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    });
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
    socket.once('error', reject).once('close', () => {
      resolve(text);
    });
  });
}
