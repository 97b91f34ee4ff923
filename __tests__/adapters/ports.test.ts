import { expect, it } from '@jest/globals';

import { connectCloud, createPorts } from '../../src/adapters/ports.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeLog } from '../support/fakes.ts';

const reason = new RangeError('aborted');
const around = {
  env: { PATH: process.env['PATH'] ?? '', GIVEN: 'given' },
  context: { repository: 'acme/shop' },
  token: '',
  toolCache: undefined,
  log: createFakeLog(),
};
const node = (code: string) => ({ file: process.execPath, args: ['-p', code] });

it('gives children the environment that was handed over', async () => {
  const { exec } = createPorts(around, new AbortController().signal);
  const { stdout } = await exec.capture(node('Object.keys(process.env).sort().join()'));
  expect(stdout).toBe('GIVEN,PATH');
});

it('gives every set of ports the one log of the step', () => {
  const [first, second] = [1, 2].map(() => createPorts(around, new AbortController().signal));
  expect([first?.log, second?.log]).toEqual([around.log, around.log]);
  expect(first?.log).toBe(second?.log);
});

it('ends every port with the reason of the abort', async () => {
  const signal = AbortSignal.abort(reason);
  const ports = createPorts(around, signal);
  const credentials = { secretId: 'a', secretKey: 'b', sessionToken: '' };
  const cloud = { credentials, region: 'ap-shanghai', apiEndpoint: 'http://127.0.0.1:1' };
  const { cloudRun } = connectCloud(ports, cloud, signal);
  const works: (() => Promise<unknown>)[] = [
    () => ports.exec.capture(node('1')),
    () => ports.docker.readEngine(),
    () => ports.files.listFolder('/'),
    () => ports.http.request({ method: 'GET', url: 'http://127.0.0.1:1', timeoutMs: 10 }),
    () => ports.clock.sleep(1),
    () => cloudRun.readEnvironment('demo-env'),
  ];
  for (const work of works) expect(await failureOf(RangeError, work)).toBe(reason);
});
