import { describe, expect, it } from '@jest/globals';

import { CloudError } from '../../../src/errors.ts';
import type { CloudRun, ServiceDetail } from '../../../src/ports.ts';
import { consoleUrlOf, rankUrls } from '../../../src/stages/follow/urls.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeCloudRun, createFakeLog } from '../../support/fakes.ts';
import { serviceDetail, target } from '../../support/samples.ts';

async function rank(given: Partial<ServiceDetail>, listGatewayUrls: CloudRun['listGatewayUrls']) {
  const log = createFakeLog();
  const service = serviceDetail({ accessTypes: ['PUBLIC'], ...given });
  const urls = await rankUrls(target, service, { cloudRun: createFakeCloudRun({ listGatewayUrls }), log });
  return { urls: urls.map(({ url, source }) => `${source} ${url}`), lines: log.lines };
}

const gateway =
  (...urls: string[]) =>
  () =>
    Promise.resolve(urls);
const denied = new CloudError('no', {
  kind: 'auth',
  action: 'X',
  code: 'AuthFailure.UnauthorizedOperation',
  isRetryable: false,
});

describe('the URLs', () => {
  it('come from the gateway, a custom domain, the default domain', async () => {
    const { urls } = await rank(
      { customDomains: ['www.shop.test', 'http://b.test'] },
      gateway('https://g.test/api'),
    );
    expect(urls).toEqual([
      'gateway https://g.test/api',
      'custom-domain https://www.shop.test',
      'custom-domain http://b.test',
      'default-domain https://shop.example.test',
    ]);
  });

  it('are none where the service is not public; the gateway is not asked then', async () => {
    const asked = (): never => {
      throw new Error('asked');
    };
    expect((await rank({ accessTypes: ['OA', 'VPC'] }, asked)).urls).toEqual([]);
  });

  it('are none where there is no domain', async () => {
    expect((await rank({ defaultDomain: '' }, gateway())).urls).toEqual([]);
  });

  it('do without a gateway that may not be read, and say so', async () => {
    const { urls, lines } = await rank({}, () => Promise.reject(denied));
    expect(urls).toEqual(['default-domain https://shop.example.test']);
    expect(lines).toEqual([
      'notice: The routes of the HTTP gateway cannot be read (AuthFailure.UnauthorizedOperation); the URL is chosen without them.',
    ]);
  });

  it('do not hide a bug', async () => {
    await failureOf(TypeError, () => rank({}, () => Promise.reject(new TypeError('bug'))));
  });
});

it('the console shows the service under its own URL', () => {
  expect(consoleUrlOf({ envId: 'a&b', serviceName: 'shop' })).toBe(
    'https://tcb.cloud.tencent.com/dev?envId=a%26b#/platform-run/service/detail?serverName=shop&tabId=deploy&envId=a%26b',
  );
});
