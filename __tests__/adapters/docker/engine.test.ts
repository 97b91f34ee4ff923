import { expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { MissingProgramError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec } from '../../support/fakes.ts';

const buildx = { Name: 'buildx', Version: '0.29' };

/** What `docker info` says of the client and, where one answers, of the engine. */
function infoOf(engine: object, plugins: unknown = [{ Name: 'compose' }, buildx]): Partial<Finished> {
  return { stdout: JSON.stringify({ ClientInfo: { Plugins: plugins }, ...engine }) };
}

it.each<[Partial<Finished>, unknown]>([
  [
    infoOf({ ServerVersion: '27.1', NCPU: 4, Driver: 'overlay2', DriverStatus: [['a', 'b']] }),
    { version: '27.1', cpus: 4, store: 'overlay2' },
  ],
  [
    infoOf({
      ServerVersion: '29',
      NCPU: 4,
      Driver: 'overlayfs',
      DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
    }),
    { version: '29', cpus: 4, store: 'containerd' },
  ],
  [infoOf({ ServerVersion: '27.1' }), { version: '27.1', cpus: 1, store: 'unknown' }],
  ...[null, [], [{ Name: 'compose', Version: '2' }], [{ Name: 'buildx', Err: 'exec format error' }]].map(
    (plugins): [Partial<Finished>, unknown] => [
      infoOf({ ServerVersion: '27.1' }, plugins),
      { reason: 'the docker command has no buildx' },
    ],
  ),
  [{ stdout: '{"ServerVersion":"27.1"}' }, { reason: 'the docker command has no buildx' }],
  [
    { ...infoOf({ ServerErrors: ['x'] }), exitCode: 1, lines: ['Cannot connect'] },
    { reason: 'no Docker engine answers (Cannot connect)' },
  ],
  [{ exitCode: 1, stdout: 'no json' }, { reason: 'no Docker engine answers (exit code 1)' }],
  [infoOf({ ServerVersion: '' }), { reason: 'no Docker engine answers (exit code 0)' }],
])('the engine that says %j', async (info, answer) => {
  const docker = createDocker(
    createFakeExec(() => info),
    createFakeExec(),
    {},
  );
  expect(await docker.readEngine()).toEqual(answer);
});

it('is none without a docker command, and a bug stays a bug', async () => {
  const failing = (error: Error): Promise<unknown> =>
    createDocker(
      { ...createFakeExec(), capture: () => Promise.reject(error) },
      createFakeExec(),
      {},
    ).readEngine();
  expect(await failing(new MissingProgramError('docker'))).toEqual({
    reason: 'there is no docker command on this machine',
  });
  await failureOf(TypeError, () => failing(new TypeError('bug')));
});
