import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { describeWithEngine } from '../support/engine.ts';

describeWithEngine('the Docker engine', ({ env }) => {
  it('runs a container from a base image', async () => {
    const args = ['run', '--rm', '--user', 'node', 'node:24-slim', 'node', '-p', 'process.getuid()'];
    const { stdout } = await execa('docker', args, { env });
    expect(stdout).toBe('1000');
  });
});
