import { expect, it } from '@jest/globals';

import { CloudError } from '../../../src/errors.ts';
import { describeLive, type LiveVersion } from '../../../src/stages/follow/online.ts';
import { createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { deployRecord, serviceDetail, target } from '../../support/samples.ts';

const canary = { versionName: 'shop-003', imageUrl: '', share: 10 };
const most = { versionName: 'shop-002', imageUrl: 'registry.test/shop:two', share: 90 };
const service = serviceDetail({ accessTypes: ['PUBLIC'], onlineVersions: [most, canary] });
const log = createFakeLog();
const cloudRun = createFakeCloudRun({ listGatewayUrls: () => Promise.resolve(['https://gw.test/shop']) });

const describeIt = (given: Partial<Parameters<typeof describeLive>[0]>): Promise<LiveVersion> =>
  describeLive({ target, service, previousVersion: 'shop-001', ...given }, { cloudRun, log });

it.each<[string, Parameters<typeof describeIt>[0], Partial<LiveVersion>]>([
  [
    'is the one with the most of the traffic',
    {},
    { versionName: 'shop-002', share: 90, imageUrl: 'registry.test/shop:two', cloudRunId: '' },
  ],
  [
    'is the released one, with the log and, where nothing else tells it, the image of its record',
    { online: canary, record: deployRecord({ runId: 'run-3', imageUrl: 'registry.test/shop:three' }) },
    { versionName: 'shop-003', share: 10, imageUrl: 'registry.test/shop:three', cloudRunId: 'run-3' },
  ],
  [
    'has the image that serves rather than the one of the record',
    { online: most, record: deployRecord() },
    { versionName: 'shop-002', imageUrl: 'registry.test/shop:two' },
  ],
  [
    'may be none',
    { service: serviceDetail({ onlineVersions: [], accessTypes: [] }) },
    { versionName: '', share: 0, imageUrl: '', urls: [] },
  ],
])('the version that serves %s', async (_name, given, expected) => {
  expect(await describeIt(given)).toMatchObject({ previousVersion: 'shop-001', ...expected });
});

it('has the URLs of the service as it stands', async () => {
  const live = await describeIt({});
  expect(live.service).toBe(service);
  expect(live.urls).toEqual([
    { url: 'https://gw.test/shop', source: 'gateway' },
    { url: 'https://shop.example.test', source: 'default-domain' },
  ]);
});

it('does without the gateway’s routes where they may not be read', async () => {
  const details = { kind: 'auth', action: 'X', code: 'AuthFailure', isRetryable: false } as const;
  const denied = createFakeCloudRun({
    listGatewayUrls: () => Promise.reject(new CloudError('no', details)),
  });
  const live = await describeLive({ target, service, previousVersion: '' }, { cloudRun: denied, log });
  expect(live.urls).toEqual([{ url: 'https://shop.example.test', source: 'default-domain' }]);
  expect(log.lines.at(-1)).toContain('notice: The routes of the HTTP gateway cannot be read');
});
