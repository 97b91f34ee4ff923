import { afterEach, expect, it } from '@jest/globals';
import { privateEnv } from '../../../scripts/engine/find.ts';

const path = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = path;
});

it('puts the private programs first in PATH, once', () => {
  process.env['PATH'] = '/usr/bin:/e/bin:/bin';
  const env = privateEnv({
    folder: '/e',
    pid: 1,
    socket: '/e/s',
    config: '/e/config',
    programs: ['/e/bin', '/e/sbin'],
  });
  expect(env).toEqual({
    DOCKER_HOST: 'unix:///e/s',
    DOCKER_CONFIG: '/e/config',
    PATH: '/e/bin:/e/sbin:/usr/bin:/bin',
  });
});
