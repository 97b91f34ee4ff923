import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { childEnv, lastLines, mustRun, run } from '../../../scripts/engine/run.ts';

const saved = { ...process.env };

beforeEach(() => {
  process.env['INPUT_SECRET-KEY'] = 'canary';
  process.env['GITHUB_TOKEN'] = 'canary';
  process.env['TENCENTCLOUD_SECRETKEY'] = 'canary';
  process.env['http_proxy'] = 'http://127.0.0.1:1';
});

afterEach(() => {
  process.env = { ...saved };
});

describe('childEnv', () => {
  it('hands on paths and proxies, but no input and no token', () => {
    const env = childEnv({ DOCKER_HOST: 'unix:///x' });
    expect(env).toMatchObject({
      PATH: saved['PATH'],
      http_proxy: 'http://127.0.0.1:1',
      DOCKER_HOST: 'unix:///x',
    });
    expect(Object.values(env)).not.toContain('canary');
  });

  it('is all that a child sees', async () => {
    const { ok, stdout } = await run('env', []);
    expect(ok).toBe(true);
    expect(stdout).not.toContain('canary');
  });
});

describe('run', () => {
  it('tells of a failure, of a missing program and of a timeout without throwing', async () => {
    expect((await run('sh', ['-c', 'echo why >&2; exit 3'])).stderr).toBe('why');
    expect(await run('no-such-program', [])).toMatchObject({
      ok: false,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect((await run('sleep', ['5'], { timeoutMs: 50 })).ok).toBe(false);
  });

  it('throws the end of what was said when the command must succeed', async () => {
    await expect(mustRun('sh', ['-c', 'seq 9 >&2; exit 1'])).rejects.toThrow('sh failed: 5\n6\n7\n8\n9');
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc');
  });
});
