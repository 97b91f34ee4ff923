import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../../emulator/emulator.ts';
import { DEFAULT_TIMELINE, type Assumptions } from '../../../emulator/options.ts';
import { createCloudRun } from '../../../src/adapters/cloudbase/cloudbase.ts';
import { CloudError } from '../../../src/errors.ts';
import type { CloudRun, Log, ReleaseRequest, ServiceDetail } from '../../../src/ports.ts';
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

function connect(given: { secretKey?: string; log?: Log } = {}): CloudRun {
  const { secretId, secretKey } = emulator.credential;
  const credentials = { secretId, secretKey: given.secretKey ?? secretKey, sessionToken: '' };
  const connection = {
    credentials,
    region: 'ap-shanghai',
    apiEndpoint: emulator.apiEndpoint,
    proxy: undefined,
  };
  return createCloudRun(connection, given.log ?? createFakeLog(), new AbortController().signal);
}

async function start(assumptions: Partial<Assumptions> = {}): Promise<void> {
  emulator = await startEmulator({ timeline, assumptions });
  cloudRun = connect();
}

async function release(
  end: 'online' | 'deploy_failed' = 'online',
  sent: ReleaseRequest = request,
): Promise<number> {
  emulator.script('demo-env', 'shop', { end, run: false });
  const isThere = (await cloudRun.readService(target)) !== undefined;
  const taskId = await (isThere
    ? cloudRun.updateService(target, sent)
    : cloudRun.createService(target, sent));
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
    expect(await cloudRun.readEnvironment('demo-env')).toEqual({
      isOpen: true,
      status: 'normal',
      network: { vpcId: 'vpc-emulator', subnetIds: ['subnet-emulator'] },
    });
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

  it('knows where the package of a version is, and that an image has none', async () => {
    const { url, headers, packageName, packageVersion } = await cloudRun.createUploadSlot(target);
    await fetch(url, { method: 'PUT', headers, body: 'PK' });
    const from = { envId: 'demo-env', serviceName: 'from-package' };
    emulator.script('demo-env', from.serviceName, { end: 'online', run: false });
    const deployInfo = { DeployType: 'package', PackageName: packageName, PackageVersion: packageVersion };
    await cloudRun.createService(from, { ...request, deployInfo });
    const address = await waitFor(
      () => cloudRun.readDownload(from, 'from-package-001'),
      (found) => found !== undefined,
    );
    expect(address?.isOutdated).toBe(false);
    expect(Object.keys(address?.headers ?? {})).toHaveLength(1);
    const answer = await fetch(address?.url ?? '', { headers: address?.headers ?? {} });
    expect(await answer.text()).toBe('PK');
    expect(await cloudRun.readDownload(target, 'shop-001')).toBeUndefined();
    expect(emulator.journal.entries().at(-1)?.params).toEqual({
      EnvId: 'demo-env',
      ServiceName: 'shop',
      ServiceVersion: 'shop-001',
      CIBusiness: 'cloudbaserun',
    });
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

describe('the service with what serves', () => {
  beforeEach(() => start());
  afterEach(() => emulator.close());

  const items = [
    { Key: 'EnvParam', Value: '{"A":"2"}' },
    { Key: 'MaxNum', IntValue: 9 },
  ];
  const details = (): readonly string[] =>
    emulator.journal
      .actions()
      .filter((action) => /^Describe(CloudRunServerDetail|VersionDetail)$/.test(action));

  /** A release that serves, and one that has failed: the service keeps the settings of the latter. */
  async function releaseTwice(): Promise<ServiceDetail | undefined> {
    await release();
    await readOnline();
    await release('deploy_failed', { ...request, items });
    return waitFor(
      () => cloudRun.readService(target),
      (service) => service?.settings['MaxNum'] === 9,
    );
  }

  it('is none where there is no service', async () => {
    expect(await cloudRun.readServing(target)).toBeUndefined();
    expect(details()).toEqual(['DescribeCloudRunServerDetail']);
  });

  it('is the service’s own where no version is online; one call tells', async () => {
    await release('deploy_failed');
    emulator.journal.clear();
    expect(await cloudRun.readServing(target)).toMatchObject({
      onlineVersions: [],
      settings: { EnvParams: '{"A":"1"}' },
    });
    expect(details()).toEqual(['DescribeCloudRunServerDetail']);
  });

  it('has the settings of the version online, and those that no version has', async () => {
    const ofService = await releaseTwice();
    expect(ofService?.settings['EnvParams']).toBe('{"A":"2"}');
    emulator.journal.clear();
    const serving = await cloudRun.readServing(target);
    expect(serving?.settings).toMatchObject({ EnvParams: '{"A":"1"}', MaxNum: 9, CustomLogs: 'stdout' });
    expect({ ...serving, settings: {} }).toEqual({ ...ofService, settings: {}, settingsOf: 'version' });
    expect(details()).toEqual(['DescribeCloudRunServerDetail', 'DescribeVersionDetail']);
    expect(emulator.journal.entries().at(-1)?.params).toMatchObject({ VersionName: 'shop-001' });
  });

  it('is the service’s own where a version may not be read, which is said once', async () => {
    const ofService = await releaseTwice();
    emulator.fault(
      'DescribeVersionDetail',
      { kind: 'error', code: 'UnauthorizedOperation', message: 'no' },
      2,
    );
    const log = createFakeLog();
    const other = connect({ log });
    expect(await other.readServing(target)).toEqual(ofService);
    expect(await other.readServing(target)).toEqual(ofService);
    expect(log.lines.filter((line) => line.startsWith('notice'))).toEqual([
      'notice: The settings of "shop-001" cannot be read (UnauthorizedOperation); those of the service are taken.',
    ]);
  });

  it('is not known while a version cannot be read for the moment', async () => {
    await release();
    await readOnline();
    emulator.fault('DescribeVersionDetail', { kind: 'error', code: 'RequestLimitExceeded', message: 'x' }, 4);
    const error = await failureOf(CloudError, () => cloudRun.readServing(target));
    expect(error).toMatchObject({ action: 'DescribeVersionDetail', isRetryable: true });
  });
});

describe('a change of settings', () => {
  beforeEach(async () => {
    await start();
    await release();
    await readOnline();
  });
  afterEach(() => emulator.close());

  it('is sent as it is asked for, and makes no task where it takes effect at once', async () => {
    const items = [{ Key: 'MaxNum', IntValue: 9 }];
    expect(await cloudRun.changeSettings(target, items)).toBe(0);
    const write = emulator.journal.writes().at(-1);
    expect(write?.action).toBe('SubmitServerConfigChangeDiff');
    expect(write?.params).toEqual({ EnvId: 'demo-env', ServerName: 'shop', Items: items });
    expect((await cloudRun.readServing(target))?.settings['MaxNum']).toBe(9);
  });

  it('tells the task of the release that it makes', async () => {
    emulator.script('demo-env', 'shop', { end: 'online', run: false });
    const taskId = await cloudRun.changeSettings(target, [{ Key: 'EnvParam', Value: '{"B":"1"}' }]);
    expect(taskId).toBeGreaterThan(0);
    expect((await cloudRun.readTask(target, taskId))?.id).toBe(taskId);
  });

  it('is not sent again when its answer is lost', async () => {
    emulator.fault('SubmitServerConfigChangeDiff', { kind: 'lost-answer' });
    const before = emulator.journal.writes().length;
    const error = await failureOf(CloudError, () =>
      cloudRun.changeSettings(target, [{ Key: 'MaxNum', IntValue: 9 }]),
    );
    expect(error).toMatchObject({ kind: 'network', isRetryable: true });
    expect(emulator.journal.writes()).toHaveLength(before + 1);
  });
});

describe('the network', () => {
  afterEach(() => emulator.close());
  const subnetIds = ['subnet-1', 'subnet-2'];

  it.each(['text', 'list'] as const)('of the environment is read from a %s', async (envSubnetIds) => {
    const seed = { envId: 'demo-env', opened: true, vpcId: 'vpc-1', subnetIds: 'subnet-1, subnet-2' };
    emulator = await startEmulator({ environments: [seed], assumptions: { envSubnetIds } });
    const { network } = await connect().readEnvironment('demo-env');
    expect(network).toEqual({ vpcId: 'vpc-1', subnetIds });
  });

  it('of a new service is one that exists', async () => {
    await start();
    emulator.script('demo-env', 'shop', { end: 'online', run: false });
    await cloudRun.createService(target, { ...request, network: { vpcId: 'vpc-1', subnetIds } });
    expect(emulator.journal.writes()[0]?.params['VpcInfo']).toEqual({
      VpcId: 'vpc-1',
      CreateType: 2,
      SubnetIds: subnetIds,
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
    { unsetInVersion: 'empty' },
    { unsetInVersion: 'null' },
    { versionAfterHotChange: 'as-released' },
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
    await cloudRun.changeSettings(target, [{ Key: 'MaxNum', IntValue: 9 }]);
    const serving = await cloudRun.readServing(target);
    expect(serving?.settings).toMatchObject({ EnvParams: '{"A":"1"}', MaxNum: 9, CustomLogs: 'stdout' });
    expect(serving?.settings['VpcConf'] ?? undefined).toBeUndefined();
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
