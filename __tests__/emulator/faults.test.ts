import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';

describe('a fault', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator();
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  const envs = (): Promise<unknown> => client.call('DescribeEnvs');

  it('answers as many calls as asked, then the action works again', async () => {
    emulator.fault('DescribeEnvs', { kind: 'error', code: 'RequestLimitExceeded', message: 'slow down' }, 2);
    await expect(envs()).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
    await expect(envs()).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
    expect(await envs()).toMatchObject({ Total: 1 });
    expect(emulator.journal.entries().map((entry) => entry.code)).toEqual([
      'RequestLimitExceeded',
      'RequestLimitExceeded',
      undefined,
    ]);
  });

  it('can be a page of HTML or a broken connection', async () => {
    emulator.fault('DescribeEnvs', { kind: 'http', status: 502, body: '<html>Bad Gateway</html>' });
    await expect(envs()).rejects.toMatchObject({ message: '<html>Bad Gateway</html>' });
    emulator.fault('DescribeEnvs', { kind: 'drop' });
    await expect(envs()).rejects.toMatchObject({ name: 'CloudBaseError', code: '' });
  });

  it('can be silence, which ends with the emulator', async () => {
    const other = await startEmulator();
    other.fault('DescribeEnvs', { kind: 'hang' });
    const asked = createClient(other).call('DescribeEnvs');
    asked.catch(() => undefined);
    while (other.journal.entries().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await other.close();
    await expect(asked).rejects.toMatchObject({ name: 'CloudBaseError' });
  });

  it('can lose the answer of a call that took effect', async () => {
    emulator.script('demo-env', 'lost', { end: 'online', run: false });
    emulator.fault('CreateCloudRunServer', { kind: 'lost-answer' });
    await expect(client.deployImage('Create', 'lost')).rejects.toMatchObject({ code: '' });
    await client.waitOnline('lost', 'lost-001');
  });
});
