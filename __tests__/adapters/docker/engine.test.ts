import { expect, it } from '@jest/globals';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { MissingProgramError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeExec } from '../../support/fakes.ts';

function readEngine(info: Partial<Finished>, buildx: Partial<Finished>): Promise<unknown> {
  const exec = createFakeExec(({ args }) => (args[0] === 'info' ? info : buildx));
  return createDocker(exec, createFakeExec(), {}).readEngine();
}

it.each<[Partial<Finished>, Partial<Finished>, unknown]>([
  [
    { stdout: '{"ServerVersion":"27.1","NCPU":4,"Driver":"overlay2","DriverStatus":[["a","b"]]}' },
    {},
    { version: '27.1', cpus: 4, store: 'overlay2' },
  ],
  [
    {
      stdout:
        '{"ServerVersion":"29","NCPU":4,"Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}',
    },
    {},
    { version: '29', cpus: 4, store: 'containerd' },
  ],
  [{ stdout: '{"ServerVersion":"27.1"}' }, {}, { version: '27.1', cpus: 1, store: 'unknown' }],
  [{ stdout: '{"ServerVersion":"27.1"}' }, { exitCode: 1 }, { reason: 'the docker command has no buildx' }],
  [
    { exitCode: 1, stdout: '{"ServerErrors":["x"]}', lines: ['Cannot connect'] },
    {},
    { reason: 'no Docker engine answers (Cannot connect)' },
  ],
  [{ exitCode: 1, stdout: 'no json' }, {}, { reason: 'no Docker engine answers (exit code 1)' }],
  [{ stdout: '{"ServerVersion":""}' }, {}, { reason: 'no Docker engine answers (exit code 0)' }],
])('the engine that says %j, %j', async (info, buildx, answer) => {
  expect(await readEngine(info, buildx)).toEqual(answer);
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
