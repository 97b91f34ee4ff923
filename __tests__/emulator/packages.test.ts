import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import { pretended } from '../support/step.ts';

interface Announcement {
  UploadUrl: string;
  UploadHeaders: { Key: string; Value: string }[];
  PackageName: string;
  PackageVersion: string;
  DownloadUrl: string;
  DownloadHeaders: { Key: string; Value: string }[];
}

type Headers = Record<string, string>;

describe('the package store', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator();
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function announce(): Promise<Announcement & { headers: { [name: string]: string } }> {
    const answer = await client.call('DescribeCloudBaseBuildService', { ServiceName: 'app' });
    const announcement = answer as unknown as Announcement;
    const headers = Object.fromEntries(announcement.UploadHeaders.map(({ Key, Value }) => [Key, Value]));
    return { ...announcement, headers };
  }

  it('takes a package with the announced headers', async () => {
    const { UploadUrl, headers, PackageName, PackageVersion } = await announce();
    expect(UploadUrl).toContain(`${emulator.apiEndpoint}/`);
    expect([PackageName, PackageVersion]).toEqual(['app.zip', expect.stringMatching(/^\d{10}$/)]);
    expect((await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip bytes' })).status).toBe(200);
    expect(emulator.journal.writes().at(-1)).toMatchObject({ api: 'upload', params: { bytes: 9 } });
  });

  it('never announces one version twice', async () => {
    const [first, second] = [await announce(), await announce()];
    expect(first.PackageVersion).not.toBe(second.PackageVersion);
  });

  it('refuses a bad sign, missing headers and an unknown length in XML', async () => {
    const { UploadUrl, headers } = await announce();
    const put = async (url: string, more: object): Promise<string> => {
      const answer = await fetch(url, { method: 'PUT', body: 'zip', ...more });
      const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? 'none';
      return `${answer.status} ${answer.headers.get('content-type') ?? ''} ${code}`;
    };
    expect(await put(UploadUrl.replace(/sign=../, 'sign=zz'), { headers })).toBe(
      '403 application/xml SignatureDoesNotMatch',
    );
    expect(await put(UploadUrl, {})).toBe('403 application/xml AccessDenied');
    expect(await putChunked(UploadUrl, headers)).toBe(400);
    expect(emulator.journal.writes().filter((entry) => entry.code === undefined)).toHaveLength(1);
  });

  const get = async (url: string, headers: Headers = {}): Promise<string> => {
    const answer = await fetch(url, { headers });
    const text = await answer.text();
    return `${answer.status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text}`;
  };

  async function store(serverName: string): Promise<void> {
    const { UploadUrl, headers, PackageName, PackageVersion } = await announce();
    await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip bytes' });
    emulator.script('demo-env', serverName, pretended);
    const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
    await client.call('CreateCloudRunServer', { ServerName: serverName, DeployInfo, Items: [] });
    await client.waitOnline(serverName, `${serverName}-001`);
    expect(await get(UploadUrl)).toBe('403 SignatureDoesNotMatch');
  }

  async function findDownload(serverName: string): Promise<{ url: string; headers: Headers }> {
    const params = { ServiceName: serverName, ServiceVersion: `${serverName}-001` };
    const answer = await client.call('DescribeCloudBaseBuildService', params);
    const { DownloadUrl, DownloadHeaders } = answer as unknown as Announcement;
    const headers = Object.fromEntries(DownloadHeaders.map(({ Key, Value }) => [Key, Value]));
    return { url: DownloadUrl, headers };
  }

  it('gives the package of a version to whoever sends the headers of its address back', async () => {
    await store('given');
    const { url, headers } = await findDownload('given');
    expect(await get(url, headers)).toBe('200 zip bytes');
    expect(await get(url)).toBe('403 AccessDenied');
    expect(await get(url.replace(/sign=../, 'sign=zz'), headers)).toBe('403 SignatureDoesNotMatch');
    expect(await get(url.replace(/\?.*/, ''), headers)).toBe('403 SignatureDoesNotMatch');
    const other = await findDownload('given');
    expect(await get(other.url, headers)).toBe('403 AccessDenied');
  });

  it('refuses an address that has expired', async () => {
    const short = await startEmulator({ store: { urlLifetimeMs: 2_000 } });
    const outer = [emulator, client] as const;
    [emulator, client] = [short, createClient(short)];
    try {
      await store('late');
      const { url, headers } = await findDownload('late');
      await wait(2_050);
      expect(await get(url, headers)).toBe('403 AccessDenied');
    } finally {
      [emulator, client] = outer;
      await short.close();
    }
  });

  it('breaks a download off in its middle as a test asks', async () => {
    await store('cut');
    emulator.fault('GET package', { kind: 'reset', afterBytes: 4 });
    const { url, headers } = await findDownload('cut');
    const answer = await fetch(url, { headers });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '9']);
    await expect(answer.text()).rejects.toThrow();
    expect(await get(url, headers)).toBe('200 zip bytes');
  });

  it('refuses to release a package that was never announced', async () => {
    const DeployInfo = { DeployType: 'package', PackageName: 'app.zip', PackageVersion: '1' };
    await expect(
      client.call('CreateCloudRunServer', { ServerName: 'app', DeployInfo, Items: [] }),
    ).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  it('fails the build of a package that was announced and not uploaded', async () => {
    const { PackageName, PackageVersion } = await announce();
    const DeployInfo = { DeployType: 'package', PackageName, PackageVersion };
    await client.call('CreateCloudRunServer', { ServerName: 'app', DeployInfo, Items: [] });
    expect((await client.waitEnded('app')).Status).toBe('failed');
    expect((await client.records('app'))?.[0]?.Status).toBe('build_failed');
  });

  it('misbehaves as a test asks', async () => {
    const { UploadUrl, headers } = await announce();
    emulator.fault('PUT package', {
      kind: 'http',
      status: 400,
      body: '<Error><Code>UserNetworkTooSlow</Code></Error>',
    });
    expect((await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip' })).status).toBe(400);
    expect((await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip' })).status).toBe(200);
  });
});

function putChunked(url: string, headers: { [name: string]: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.write('zip');
    sent.end();
  });
}
