import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../../emulator/emulator.ts';
import { createCaller, type Caller } from '../../../src/adapters/cloudbase/call.ts';
import { CloudError } from '../../../src/errors.ts';
import { waitFor } from '../../support/cloud-client.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog, type FakeLog } from '../../support/fakes.ts';

const temporary = { secretId: 'AKID-temporary', secretKey: 'temporary-key', token: 'session-token' };
const EnvId = 'demo-env';
let emulator: Emulator;
let log: FakeLog;

function connect(signal = new AbortController().signal, sessionToken = temporary.token): Caller {
  const { secretId, secretKey } = temporary;
  const credentials = { secretId, secretKey, sessionToken };
  const connection = {
    credentials,
    region: 'ap-shanghai',
    apiEndpoint: emulator.apiEndpoint,
    proxy: undefined,
  };
  return createCaller(connection, { log, signal });
}

const read = (caller: Caller) => caller.read('tcbr', 'DescribeEnvBaseInfo', { EnvId });
const count = (action: string): number => emulator.journal.actions().filter((name) => name === action).length;

beforeEach(async () => {
  emulator = await startEmulator({ credentials: [temporary] });
  log = createFakeLog();
});
afterEach(async () => {
  await emulator.close();
});

describe('a call', () => {
  it('is signed with the key and its token, and sends its parameters alone', async () => {
    expect(await read(connect())).toMatchObject({ IsExist: true });
    expect(await connect().read('tcb', 'DescribeEnvs', { EnvId })).toMatchObject({ EnvList: [{ EnvId }] });
    expect(emulator.journal.entries().map(({ api, params, code }) => [api, params, code])).toEqual([
      ['tcbr', { EnvId }, undefined],
      ['tcb', { EnvId }, undefined],
    ]);
    expect(log.lines).toEqual(['debug: tcbr:DescribeEnvBaseInfo', 'debug: tcb:DescribeEnvs']);
  });

  it('without the token of its key is refused', async () => {
    const error = await failureOf(CloudError, () => read(connect(undefined, '')));
    expect(error).toMatchObject({ kind: 'auth', action: 'DescribeEnvBaseInfo' });
    expect(error.code).toMatch(/^AuthFailure/);
  });
});

describe('a call that only reads', () => {
  it.each([
    [{ kind: 'error', code: 'RequestLimitExceeded', message: 'slow down' }],
    [{ kind: 'error', code: 'InternalError', message: 'oops' }],
    [{ kind: 'drop' }],
    [{ kind: 'http', status: 502, body: '<html>Bad Gateway</html>' }],
  ] as const)('is tried again, and says so: %j', async (fault) => {
    emulator.fault('DescribeEnvBaseInfo', fault);
    expect(await read(connect())).toMatchObject({ IsExist: true });
    expect(log.lines.filter((line) => /^info: .+ Try 2 of 4 in \d+ ms\.$/.test(line))).toHaveLength(1);
  });

  it('is not tried again when another try cannot help', async () => {
    emulator.fault('DescribeEnvBaseInfo', { kind: 'error', code: 'UnauthorizedOperation', message: 'no' }, 9);
    expect((await failureOf(CloudError, () => read(connect()))).kind).toBe('auth');
    expect(count('DescribeEnvBaseInfo')).toBe(1);
  });

  it('fails after four tries', async () => {
    emulator.fault('DescribeEnvBaseInfo', { kind: 'error', code: 'InternalError', message: 'oops' }, 9);
    expect((await failureOf(CloudError, () => read(connect()))).kind).toBe('network');
    expect(count('DescribeEnvBaseInfo')).toBe(4);
  });
});

it.each([
  [{ kind: 'error', code: 'InternalError', message: 'oops' }],
  [{ kind: 'drop' }],
  [{ kind: 'lost-answer' }],
] as const)('a call that writes is never sent again: %j', async (fault) => {
  emulator.fault('CreateCloudRunServer', fault, 9);
  const DeployInfo = { DeployType: 'image', ImageUrl: 'registry.invalid/shop:1' };
  const params = { EnvId, ServerName: 'shop', DeployInfo, Items: [] };
  emulator.script(EnvId, 'shop', { end: 'online', run: false });
  const error = await failureOf(CloudError, () => connect().write('tcbr', 'CreateCloudRunServer', params));
  expect(error.kind).toBe('network');
  expect(count('CreateCloudRunServer')).toBe(1);
});

describe('an abort', () => {
  const reason = new RangeError('aborted');

  it('ends a call that hangs, and lets no other one begin', async () => {
    const stop = new AbortController();
    const caller = connect(stop.signal);
    emulator.fault('DescribeEnvBaseInfo', { kind: 'hang' });
    const reading = failureOf(RangeError, () => read(caller));
    await waitFor(
      () => Promise.resolve(count('DescribeEnvBaseInfo')),
      (calls) => calls > 0,
    );
    stop.abort(reason);
    expect(await reading).toBe(reason);
    expect(await failureOf(RangeError, () => read(caller))).toBe(reason);
    expect(count('DescribeEnvBaseInfo')).toBe(1);
  });

  it('ends the pause before another try', async () => {
    const stop = new AbortController();
    emulator.fault('DescribeEnvBaseInfo', { kind: 'error', code: 'InternalError', message: 'oops' }, 9);
    const reading = failureOf(RangeError, () => read(connect(stop.signal)));
    await waitFor(
      () => Promise.resolve(log.lines),
      (lines) => lines.some((line) => line.includes('Try 2')),
    );
    stop.abort(reason);
    expect(await reading).toBe(reason);
    expect(count('DescribeEnvBaseInfo')).toBe(1);
  });
});
