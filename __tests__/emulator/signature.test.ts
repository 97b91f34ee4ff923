import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient } from '../support/cloud-client.ts';

interface Call {
  secretId: string;
  secretKey: string;
  token: string;
  action: string;
  version: string;
  service: string;
  /** Seconds that the clock of the client is ahead. */
  ahead: number;
  signedHost: 'with-port' | 'without-port' | 'other';
  /** What is sent where `{}` was signed. */
  body: string;
}

const TEMPORARY = { secretId: 'AKID-temporary', secretKey: 'temporary-key', token: 'session-token' };

describe('the signature check', () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({
      credentials: [{ secretId: 'AKID-permanent', secretKey: 'permanent-key' }, TEMPORARY],
    });
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function call(
    change: Partial<Call>,
  ): Promise<{ status: number; code: string | undefined; id: string }> {
    const plan: Call = {
      secretId: 'AKID-permanent',
      secretKey: 'permanent-key',
      token: '',
      action: 'DescribeEnvs',
      version: '2018-06-08',
      service: 'tcb',
      ahead: 0,
      signedHost: 'without-port',
      body: '{}',
      ...change,
    };
    const { status, text } = await post(
      emulator.apiEndpoint,
      signHeaders(emulator.apiEndpoint, plan),
      plan.body,
    );
    const answer = JSON.parse(text) as { Response: { RequestId: string; Error?: { Code: string } } };
    return { status, code: answer.Response.Error?.Code, id: answer.Response.RequestId };
  }

  it.each<[string, Partial<Call>, string | undefined]>([
    ['a host without its port', {}, undefined],
    ['a host with its port', { signedHost: 'with-port' }, undefined],
    ['a temporary key with its token', TEMPORARY, undefined],
    ['a clock four minutes ahead', { ahead: 240 }, undefined],
    ['an unknown secret id', { secretId: 'AKID-unknown' }, 'AuthFailure.SecretIdNotFound'],
    ['a wrong secret key', { secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
    ['another host', { signedHost: 'other' }, 'AuthFailure.SignatureFailure'],
    ['a changed body', { body: '{"EnvId":"demo-env"}' }, 'AuthFailure.SignatureFailure'],
    ['a clock six minutes behind', { ahead: -360 }, 'AuthFailure.SignatureExpire'],
    ['a clock six minutes ahead', { ahead: 360 }, 'AuthFailure.SignatureExpire'],
    ['a temporary key without its token', { ...TEMPORARY, token: '' }, 'AuthFailure.TokenFailure'],
    ['a token that is not the key’s', { token: 'foreign' }, 'AuthFailure.TokenFailure'],
    ['another version of the API', { version: '2020-01-01' }, 'NoSuchVersion'],
    ['the version of the other service', { service: 'tcbr' }, 'NoSuchVersion'],
    ['an action of the other service', { action: 'DescribeCloudRunServers' }, 'InvalidAction'],
    ['an unknown service', { service: 'scf' }, 'NoSuchProduct'],
  ])('answers %s with status 200', async (_case, change, code) => {
    const answer = await call(change);
    expect(answer.code).toBe(code);
    expect(answer.status).toBe(200);
    expect(answer.id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(emulator.journal.entries().at(-1)?.code).toBe(code);
  });

  it('refuses a request without an Authorization header', async () => {
    const { status, text } = await post(emulator.apiEndpoint, { 'x-tc-action': 'DescribeEnvs' }, '{}');
    expect(status).toBe(200);
    expect(text).toContain('AuthFailure.InvalidAuthorization');
  });

  it('reaches the SDK as its own error', async () => {
    const client = createClient({
      ...emulator,
      credential: { secretId: 'AKID-permanent', secretKey: 'wrong' },
    });
    await expect(client.call('DescribeEnvs')).rejects.toMatchObject({
      name: 'CloudBaseError',
      code: 'AuthFailure.SignatureFailure',
      action: 'DescribeEnvs',
    });
  });

  it('says what it is on GET / and knows no other page', async () => {
    expect(await (await fetch(emulator.apiEndpoint)).json()).toEqual({
      emulator: 'CloudBase Run',
      services: ['tcb', 'tcbr'],
    });
    expect((await fetch(`${emulator.apiEndpoint}/other`)).status).toBe(404);
  });
});

function signHeaders(endpoint: string, plan: Call): { [name: string]: string } {
  const url = new URL(endpoint);
  const host = { 'with-port': url.host, 'without-port': url.hostname, other: 'tcb.example.com' }[
    plan.signedHost
  ];
  const seconds = Math.floor(Date.now() / 1000) + plan.ahead;
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${plan.service}/tc3_request`;
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256('{}')}`;
  const key = [date, plan.service, 'tc3_request'].reduce<string | Buffer>(hmac, `TC3${plan.secretKey}`);
  const signature = hmac(key, `TC3-HMAC-SHA256\n${seconds}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return {
    'content-type': 'application/json',
    'x-tc-action': plan.action,
    'x-tc-version': plan.version,
    'x-tc-timestamp': String(seconds),
    ...(plan.token === '' ? {} : { 'x-tc-token': plan.token }),
    authorization: `TC3-HMAC-SHA256 Credential=${plan.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
  };
}

function post(
  endpoint: string,
  headers: { [name: string]: string },
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text });
      });
    });
    sent.once('error', reject).end(body);
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
