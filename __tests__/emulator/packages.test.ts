import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';

interface Announcement {
  UploadUrl: string;
  UploadHeaders: { Key: string; Value: string }[];
  PackageName: string;
  PackageVersion: string;
  DownloadUrl: string;
}

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

  it('takes a package with the announced headers and gives it back', async () => {
    const { UploadUrl, headers, PackageName, PackageVersion } = await announce();
    expect(UploadUrl).toContain(`${emulator.apiEndpoint}/`);
    expect([PackageName, PackageVersion]).toEqual(['app.zip', expect.stringMatching(/^\d{10}$/)]);
    expect((await fetch(UploadUrl, { method: 'PUT', headers, body: 'zip bytes' })).status).toBe(200);
    expect(await (await fetch(UploadUrl)).text()).toBe('zip bytes');
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
    expect((await fetch(UploadUrl)).status).toBe(404);
    expect(emulator.journal.writes().filter((entry) => entry.code === undefined)).toHaveLength(1);
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
