import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../../emulator/emulator.ts';
import { DEFAULT_TIMELINE, type Assumptions } from '../../../emulator/options.ts';
import { createCloudRun } from '../../../src/adapters/cloudbase/cloudbase.ts';
import { CloudError } from '../../../src/errors.ts';
import type { CloudRun } from '../../../src/ports.ts';
import { waitFor } from '../../support/cloud-client.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { target } from '../../support/samples.ts';

const timeline = {
  ...Object.fromEntries(Object.keys(DEFAULT_TIMELINE).map((name) => [name, 0])),
  probeWindowMs: 1000,
};
const request = {
  deployInfo: { DeployType: 'image', ImageUrl: 'registry.invalid/shop:1' },
  items: [
    { Key: 'AccessTypes', ArrayValue: ['MINIAPP'] },
    { Key: 'EnvParam', Value: '{"A":"1"}' },
  ],
};
let emulator: Emulator;
let cloudRun: CloudRun;

function connect(given: { secretKey?: string } = {}): CloudRun {
  const { secretId, secretKey } = emulator.credential;
  const credentials = { secretId, secretKey: given.secretKey ?? secretKey, sessionToken: '' };
  const connection = {
    credentials,
    region: 'ap-shanghai',
    apiEndpoint: emulator.apiEndpoint,
    proxy: undefined,
  };
  return createCloudRun(connection, createFakeLog(), new AbortController().signal);
}

async function start(assumptions: Partial<Assumptions> = {}): Promise<void> {
  emulator = await startEmulator({ timeline, assumptions });
  cloudRun = connect();
}

async function release(): Promise<number> {
  emulator.script('demo-env', 'shop', { end: 'online', run: false });
  const isThere = (await cloudRun.readService(target)) !== undefined;
  const taskId = await (isThere
    ? cloudRun.updateService(target, request)
    : cloudRun.createService(target, request));
  await waitFor(
    () => cloudRun.readTask(target, 0),
    (task) => task !== undefined && task.status !== 'running',
  );
  return taskId;
}

const readOnline = (): Promise<unknown> =>
  waitFor(
    () => cloudRun.readService(target),
    (service) => (service?.onlineVersions.length ?? 0) > 0,
  );

describe('the cloud', () => {
  beforeAll(() => start());
  afterAll(() => emulator.close());

  it('tells open, closed and unknown environments', async () => {
    expect(await cloudRun.readEnvironment('demo-env')).toEqual({ isOpen: true, status: 'normal' });
    expect((await cloudRun.readEnvironment('closed-env')).isOpen).toBe(false);
    expect(await cloudRun.hasEnvironment('closed-env')).toBe(true);
    expect(await cloudRun.hasEnvironment('no-env')).toBe(false);
  });

  it('takes a release, and shows it in task, record, log and service', async () => {
    expect(await cloudRun.readService(target)).toBeUndefined();
    const taskId = await release();
    expect(await readOnline()).toMatchObject({
      serviceType: 'container',
      status: 'normal',
      accessTypes: ['MINIAPP'],
      settings: { EnvParams: '{"A":"1"}' },
      onlineVersions: [{ versionName: 'shop-001', share: 100 }],
    });
    expect(await cloudRun.readTask(target, taskId)).toMatchObject({
      id: taskId,
      status: 'finished',
      versionName: 'shop-001',
    });
    const [record] = await cloudRun.listRecords(target);
    expect(record).toMatchObject({ number: 1, status: 'normal' });
    expect((await cloudRun.readProcessLog(target, record?.runId ?? '')).length).toBeGreaterThan(0);
  });

  it('sends what was asked for, and nothing else', () => {
    const [write] = emulator.journal.writes();
    expect(write).toMatchObject({ action: 'CreateCloudRunServer', envId: 'demo-env', serverName: 'shop' });
    expect(write?.params).toEqual({
      EnvId: 'demo-env',
      ServerName: 'shop',
      DeployInfo: request.deployInfo,
      Items: request.items,
    });
  });

  it('gives a place for the package', async () => {
    const slot = await cloudRun.createUploadSlot(target);
    expect(slot.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect([slot.packageName, slot.packageVersion]).not.toContain('');
  });

  it('lists the gateway’s routes to the service', async () => {
    expect(await cloudRun.listGatewayUrls(target)).toEqual([]);
    const Routes = [
      { Path: '/api', UpstreamResourceType: 'CBR', UpstreamResourceName: 'shop', Enable: true },
    ];
    emulator.seedRoute('demo-env', { Domain: 'gw.test', IsDefault: true, Enable: true, Routes });
    expect(await cloudRun.listGatewayUrls(target)).toEqual(['https://gw.test/api']);
  });

  it('lists no releases only where there is no service', async () => {
    const gone = { ...target, serviceName: 'no-such-service' };
    expect(await cloudRun.listRecords(gone)).toEqual([]);
    const fault = { kind: 'error', code: 'ResourceNotFound', message: 'no service' } as const;
    emulator.fault('DescribeCloudRunDeployRecord', fault);
    expect(await cloudRun.listRecords(gone)).toEqual([]);
    const refused = await failureOf(CloudError, () => connect({ secretKey: 'wrong' }).listRecords(target));
    expect(refused.kind).toBe('auth');
  });

  it('refuses a wrong key with a kind and a hint', async () => {
    const error = await failureOf(CloudError, () =>
      connect({ secretKey: 'wrong' }).readEnvironment('demo-env'),
    );
    expect(error).toMatchObject({
      kind: 'auth',
      action: 'DescribeEnvBaseInfo',
      code: 'AuthFailure.SignatureFailure',
    });
  });
});

describe('an alternative of the cloud', () => {
  afterEach(() => emulator.close());

  it.each<Partial<Assumptions>>([
    { notFound: 'service-data-illegal' },
    { notFound: 'resource-not-found' },
    { notFound: 'server-not-found' },
    { emptyList: 'null' },
    { flowRatio: 'percent' },
    { statusCase: 'upper' },
    { deployId: 'prefixed' },
    { recordOrder: 'oldest-first' },
    { processLog: 'log-text' },
    { taskId: 'zero' },
  ])('reads the same: %j', async (assumptions) => {
    await start(assumptions);
    expect(await cloudRun.readService(target)).toBeUndefined();
    expect(await cloudRun.listRecords(target)).toEqual([]);
    await release();
    await readOnline();
    await release();
    const service = await waitFor(
      () => cloudRun.readService(target),
      (answer) => answer?.onlineVersions[0]?.versionName === 'shop-002',
    );
    expect(service).toMatchObject({ status: 'normal', onlineVersions: [{ share: 100 }] });
    const records = await cloudRun.listRecords(target);
    expect(records.map(({ number, status }) => [number, status])).toEqual([
      [2, 'normal'],
      [1, 'normal'],
    ]);
    expect((await cloudRun.readProcessLog(target, records[0]?.runId ?? '')).join('')).not.toBe('');
  });

  it.each(['lines', 'characters'] as const)('reads a build log to its end: %s', async (buildLogOffset) => {
    await start({ buildLogOffset });
    const lines = Array.from({ length: 450 }, (_, index) => `line ${index}`);
    emulator.script('demo-env', 'shop', { end: 'build_failed', log: lines.join('\n') });
    const { url, headers, packageName, packageVersion } = await cloudRun.createUploadSlot(target);
    await fetch(url, { method: 'PUT', headers, body: 'PK' });
    const deployInfo = { DeployType: 'package', PackageName: packageName, PackageVersion: packageVersion };
    await cloudRun.createService(target, { ...request, deployInfo });
    const [record] = await waitFor(
      () => cloudRun.listRecords(target),
      ([newest]) => newest?.status === 'build_failed',
    );
    const log = await cloudRun.readBuildLog(target, record?.buildId ?? 0);
    expect(log.filter((line) => line.startsWith('line '))).toEqual(lines);
  });
});
