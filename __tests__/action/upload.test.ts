import { randomBytes } from 'node:crypto';

import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StoreOptions } from '../../emulator/options.ts';
import type { Fault } from '../../emulator/state/faults.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
  writesTo,
  type StepRequest,
} from '../support/step.ts';
import { startTlsProxy, storeHost, type TlsProxy } from '../support/tls-proxy.ts';

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  const ballast = randomBytes(800_000).toString('base64');
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n', 'ballast.txt': ballast });
});
afterAll(removeWorkspaces);
afterEach(() => emulator.close());

async function start(store: Partial<StoreOptions> = {}): Promise<void> {
  emulator = await startEmulator({ timeline: instant, store });
}

/** Runs a deploy; whatever came of it, no address of the store is shown. */
async function run(request: Partial<StepRequest> = {}): Promise<StepResult> {
  const result = await pretend(emulator, { workspace, ...request });
  expect([result.stderr, result.leftAfterMain]).toEqual(['', []]);
  expect(shownBy(result)).not.toMatch(/sign=|\/packages\//);
  return result;
}

const puts = (): unknown[] =>
  emulator.journal.entries().flatMap(({ api, code }) => (api === 'upload' ? [code ?? 'stored'] : []));

/** Live, by one release, of the package that was stored. */
function expectLive(result: StepResult): void {
  expect([result.exitCode, result.outputs['status'], errorsOf(result)]).toEqual([0, 'live', []]);
  const stored = emulator.journal.entries().find(({ api, code }) => api === 'upload' && code === undefined);
  const { name: PackageName, version: PackageVersion } = stored?.params ?? {};
  const writes = writesTo(emulator, 'app');
  expect(writes.map(({ params }) => params['DeployInfo'])).toEqual([
    expect.objectContaining({ DeployType: 'package', PackageName, PackageVersion }),
  ]);
}

const tries = ({ lines }: StepResult): string[] => lines.filter((line) => / Try \d of 5/.test(line));

describe('an upload that fails once', () => {
  const refusal = { kind: 'refusal', status: 403, code: 'AccessDenied' } as const;
  interface Row {
    readonly name: string;
    readonly fault: Fault;
    readonly code: string;
    readonly line: RegExp;
  }

  const rows: readonly Row[] = [
    {
      name: 'by an address that has expired',
      fault: { ...refusal, message: 'Request has expired' },
      code: 'AccessDenied',
      line: /^The store answers 403 AccessDenied: the address has expired\. Try 2 of 5, with a fresh address\.$/,
    },
    {
      name: 'by an error of the store',
      fault: { kind: 'refusal', status: 503, code: 'SlowDown' },
      code: 'SlowDown',
      line: /^The store answers 503 SlowDown\. Try 2 of 5 in \d+ ms, with a fresh address\.$/,
    },
    {
      name: 'by a page of something else',
      fault: { kind: 'http', status: 502, body: '<html>Bad Gateway</html>' },
      code: 'http',
      line: /^The store answers 502\. Try 2 of 5 in/,
    },
    {
      name: 'by a reset in the middle',
      fault: { kind: 'reset', afterBytes: 200_000 },
      code: 'reset',
      line: /^The connection failed \(\w+ E\w+\)\. Try 2 of 5 in/,
    },
  ];

  it.each(rows)('$name ends live, by one release', async ({ fault, code, line }) => {
    await start();
    emulator.fault('PUT package', fault);
    const result = await run();
    expectLive(result);
    expect(puts()).toEqual([code, 'stored']);
    expect(tries(result)).toEqual([expect.stringMatching(line)]);
  });

  it('by the cut of the store ends live, by one release', async () => {
    await start({ cutMs: 2_000 });
    emulator.fault('PUT package', { kind: 'slow', bytesPerSecond: 300_000 });
    const result = await run();
    expectLive(result);
    expect(puts()).toEqual(['UserNetworkTooSlow', 'stored']);
    expect(tries(result)).toEqual([
      'The store answers 400 UserNetworkTooSlow. Try 2 of 5, with a fresh address.',
    ]);
  });
});

describe('an upload that cannot be', () => {
  it('ends as upload at once for a refusal that stays, and releases nothing', async () => {
    await start();
    emulator.fault('PUT package', { kind: 'refusal', status: 403, code: 'AccessDenied', message: 'sign=1' });
    const result = await run();
    expect([result.exitCode, result.outputs['failure-kind'], puts()]).toEqual([
      1,
      'upload',
      ['AccessDenied'],
    ]);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^The package cannot be uploaded: the store answers 403 AccessDenied\. Run again\./,
      ),
    ]);
    expect(writesTo(emulator, 'app')).toEqual([]);
  });

  it('ends as upload after five tries, with one error and what helps', async () => {
    await start();
    emulator.fault('PUT package', { kind: 'refusal', status: 400, code: 'UserNetworkTooSlow' }, 9);
    const result = await run();
    expect([result.exitCode, result.outputs['failure-kind'], puts().length]).toEqual([1, 'upload', 5]);
    expect(tries(result)).toHaveLength(4);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^The package cannot be uploaded in 5 tries \(\d+ KB\): tries 1 to 5: the store answers 400 UserNetworkTooSlow\. Use a runner in China, .*image-repository\)\.$/,
      ),
    ]);
    expect(writesTo(emulator, 'app')).toEqual([]);
  });

  it('ends as what the platform says, where that gives no further address', async () => {
    await start();
    emulator.fault('PUT package', { kind: 'refusal', status: 503, code: 'SlowDown' });
    const denied = { kind: 'error', code: 'AuthFailure.TokenFailure', message: 'over' } as const;
    const onLine = (line: string): void => {
      if (line.includes('Try 2 of 5')) emulator.fault('DescribeCloudBaseBuildService', denied);
    };
    const result = await run({ onLine });
    expect([result.exitCode, result.outputs['failure-kind'], puts()]).toEqual([1, 'auth', ['SlowDown']]);
    expect(writesTo(emulator, 'app')).toEqual([]);
  });
});

describe('an upload through a proxy', () => {
  let proxy: TlsProxy;

  afterEach(() => proxy.close());

  /** None of the variables that the machine itself may have. */
  const none = {
    http_proxy: '',
    HTTP_PROXY: '',
    https_proxy: '',
    HTTPS_PROXY: '',
    no_proxy: '',
    NO_PROXY: '',
  };

  const through = async (scheme: string, name: string): Promise<StepResult> => {
    await start({ publicUrl: `${scheme}://${storeHost}` });
    proxy = await startTlsProxy(emulator.apiEndpoint);
    emulator.fault('PUT package', { kind: 'reset', afterBytes: 200_000 });
    const url = proxy.url.replace('http://', 'http://user:h%75sh-hush@');
    const env = { ...none, [name]: url, NODE_EXTRA_CA_CERTS: proxy.caFile };
    const result = await run({ env });
    expect(shownBy(result)).not.toMatch(/hush|h%75sh/);
    return result;
  };

  it.each([
    ['https', 'HTTPS_PROXY', 443],
    ['https', 'https_proxy', 443],
    ['http', 'HTTP_PROXY', 80],
    ['http', 'http_proxy', 80],
  ])('of %s takes that of %s, with its credentials, for each try', async (scheme, name, port) => {
    const result = await through(scheme, name);
    expectLive(result);
    expect(puts()).toEqual(['reset', 'stored']);
    const authorization = `Basic ${Buffer.from('user:hush-hush').toString('base64')}`;
    const passed = { target: `${storeHost}:${port}`, authorization };
    expect(proxy.passed).toEqual([passed, passed]);
  });

  it('goes past it to what NO_PROXY names', async () => {
    await start({ publicUrl: `https://${storeHost}` });
    proxy = await startTlsProxy(emulator.apiEndpoint);
    let stop = (): void => undefined;
    const result = await run({
      env: { ...none, HTTPS_PROXY: proxy.url, NO_PROXY: storeHost },
      onStart: (kill) => {
        stop = () => {
          kill('SIGTERM');
        };
      },
      onLine: (line) => {
        if (line.includes('Try 2 of 5')) stop();
      },
    });
    expect(tries(result)).toEqual([
      expect.stringMatching(/^The connection failed \(getaddrinfo \w+ store\.test\)/),
    ]);
    expect([result.outputs['failure-kind'], proxy.passed]).toEqual(['cancelled', []]);
  });
});
