import { expect, it } from '@jest/globals';
import { buildDaemonArgs } from '../../../scripts/engine/daemon.ts';

it('keeps everything of the daemon in its own folder and control group', () => {
  expect(buildDaemonArgs('/e')).toEqual([
    '--config-file=/e/daemon.json',
    '--data-root=/e/data',
    '--exec-root=/e/exec',
    '--pidfile=/e/pid',
    '--host=unix:///e/docker.sock',
    '--cgroup-parent=deploy-cloudbase-run',
    '--exec-opt=native.cgroupdriver=cgroupfs',
  ]);
});
