import { afterEach, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWithEngine } from '../support/engine.ts';

describeWithEngine('the container examples', ({ env }) => {
  const tags: string[] = [];
  const containers: string[] = [];

  async function docker(args: string[]): Promise<string> {
    const { stdout } = await execa('docker', args, { env });
    return stdout;
  }

  afterEach(async () => {
    for (const id of containers.splice(0)) await docker(['rm', '--force', id]);
    for (const tag of tags.splice(0)) await docker(['image', 'rm', '--force', tag]);
  });

  async function build(example: string): Promise<string> {
    const tag = `example-${example}-${process.pid}`;
    tags.push(tag);
    await docker(['buildx', 'build', '--quiet', '--load', '--tag', tag, `examples/${example}`]);
    return tag;
  }

  async function start(tag: string): Promise<{ id: string; url: string }> {
    const options = ['--env', 'PORT=9000', '--env', 'GREETING=Salve', '--publish', '127.0.0.1::9000'];
    const id = await docker(['run', '--detach', ...options, tag]);
    containers.push(id);
    return { id, url: `http://${await docker(['port', id, '9000/tcp'])}` };
  }

  async function answer(url: string): Promise<unknown> {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const response = await fetch(url, { headers: { connection: 'close' } }).catch(() => undefined);
      if (response !== undefined) return response.json();
      await delay(100);
    }
    throw new Error(`${url} never answered`);
  }

  it.each(['node-container', 'python-container'])(
    '%s listens on PORT, runs as a plain user and ends at once on SIGTERM',
    async (example) => {
      const { id, url } = await start(await build(example));
      const expected = { message: 'Salve from a CloudBase Run container', path: '/a/b' };
      expect(await answer(`${url}/a/b?c=d`)).toEqual(expected);
      expect(await docker(['exec', id, 'id', '-u'])).toBe('1000');
      const before = Date.now();
      await docker(['stop', '--time', '10', id]);
      expect(Date.now() - before).toBeLessThan(8_000);
      expect(await docker(['inspect', '--format', '{{.State.ExitCode}}', id])).toBe('0');
    },
    120_000,
  );
});
