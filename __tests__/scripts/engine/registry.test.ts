import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { startRegistry } from '../../../scripts/engine/registry.ts';
import type { TestEngine } from '../../support/engine.ts';
import { listProcesses } from '../../support/leftovers.ts';
import { startFaultProxy, type FaultAnswer } from '../../support/registry-faults.ts';
import { describeWithRegistry, listTags, readManifest } from '../../support/registry.ts';

const user = { name: 'pusher', password: 'pass:word' };

/** A docker CLI with a login of its own, and an image of a few bytes that is in no registry. */
function prepareDocker({ env }: TestEngine) {
  const folder = { path: '' };
  const source = `registry-test-${process.pid}:source`;
  const named = new Set([source]);
  const docker = (args: string[], input?: string) =>
    execa('docker', args, {
      env: { ...env, DOCKER_CONFIG: folder.path },
      all: true,
      reject: false,
      ...(input === undefined ? {} : { input }),
    });
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'registry-test-'));
    await writeFile(join(folder.path, 'hello'), `hello ${process.pid}`);
    const tar = await execa('tar', ['-c', '-C', folder.path, 'hello'], { encoding: 'buffer' });
    await execa('docker', ['import', '-', source], { env, input: tar.stdout });
  });
  afterAll(async () => {
    await docker(['image', 'rm', ...named]);
    await rm(folder.path, { recursive: true });
  });
  return {
    docker,
    push: async (image: string) => {
      named.add(image);
      await docker(['tag', source, image]);
      return docker(['push', image]);
    },
    /** Removes what the engine has under a name, and fetches it again. */
    pullAnew: async (image: string) => {
      await docker(['image', 'rm', image]);
      named.add(image);
      return docker(['pull', image]);
    },
    inspect: async (image: string, format: string) =>
      (await docker(['image', 'inspect', '--format', format, image])).stdout,
  };
}

describeWithRegistry('a registry', ({ engine, registry }) => {
  const { docker, push, pullAnew, inspect } = prepareDocker(engine);

  it('takes a push and gives back the very image, by tag and by digest', async () => {
    const image = `${registry.address}/shop/app:1`;
    const pushed = await push(image);
    expect(pushed).toMatchObject({ exitCode: 0 });
    const id = await inspect(image, '{{.Id}}');
    const { digest, configDigest } = await readManifest(registry.address, 'shop/app', '1');
    expect(pushed.all).toContain(`1: digest: ${digest} `);
    expect(await readManifest(registry.address, 'shop/app', digest)).toEqual({ digest, configDigest });
    expect(await listTags(registry.address, 'shop/app')).toEqual(['1']);
    expect(await pullAnew(image)).toMatchObject({ exitCode: 0 });
    expect([id, configDigest]).toContain(await inspect(image, '{{.Id}}'));
    expect(await inspect(image, '{{join .RepoDigests " "}}')).toContain(digest);
    const byDigest = `${registry.address}/shop/app@${digest}`;
    expect(await pullAnew(byDigest)).toMatchObject({ exitCode: 0 });
    expect(await inspect(byDigest, '{{.Id}}')).toBe(await inspect(image, '{{.Id}}'));
  });

  it('has nothing under other names', async () => {
    expect(await listTags(registry.address, 'shop/absent')).toEqual([]);
    await expect(readManifest(registry.address, 'shop/absent', '1')).rejects.toThrow('answered 404');
    const pulled = await docker(['pull', `${registry.address}/shop/absent:1`]);
    expect(pulled.all).toContain(`${registry.address}/shop/absent:1 not found: manifest unknown`);
  });

  it('serves its images through a mirror of it, also when it is gone', async () => {
    const origin = await startRegistry();
    await push(`${origin.address}/shop/app:1`);
    const expected = await readManifest(origin.address, 'shop/app', '1');
    const mirror = await startRegistry({ mirrorOf: `http://${origin.address}` });
    try {
      expect(await pullAnew(`${mirror.address}/shop/app:1`)).toMatchObject({ exitCode: 0 });
      await origin.stop();
      expect(await readManifest(mirror.address, 'shop/app', '1')).toEqual(expected);
    } finally {
      await Promise.all([origin.stop(), mirror.stop()]);
    }
  });

  it('leaves no process and no file behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'registry-test-'));
    const own = await startRegistry({ user, parent: folder });
    expect(listProcesses(folder)).not.toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
    await own.stop();
    expect(listProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describeWithRegistry(
  'a registry with a password',
  ({ engine, registry }) => {
    const { docker, push } = prepareDocker(engine);
    const login = (password: string) =>
      docker(['login', '--username', user.name, '--password-stdin', registry.address], password);

    it('refuses who has no password or a wrong one', async () => {
      const image = `${registry.address}/shop/app:1`;
      expect((await push(image)).all).toContain('no basic auth credentials');
      expect((await login('wrong')).all).toContain('401 Unauthorized');
      expect((await push(image)).exitCode).toBe(1);
      await expect(readManifest(registry.address, 'shop/app', '1')).rejects.toThrow('answered 401');
    });

    it('lets in who has it', async () => {
      expect(await login(user.password)).toMatchObject({ exitCode: 0 });
      expect(await push(`${registry.address}/shop/app:2`)).toMatchObject({ exitCode: 0 });
      expect(await listTags(registry, 'shop/app')).toEqual(['2']);
    });
  },
  { user },
);

describeWithRegistry('a registry behind a proxy with faults', ({ engine, registry }) => {
  const { docker, push } = prepareDocker(engine);
  const rows: [name: string, answer: FaultAnswer, words: RegExp][] = [
    ['401', { status: 401 }, /unauthorized|no basic auth credentials/],
    ['403', { status: 403 }, /denied/],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, /toomanyrequests/],
    ['500', { status: 500 }, /asked to answer 500|500 Internal Server Error/],
    ['503', { status: 503 }, /asked to answer 503|503 Service Unavailable/],
    ['no answer', 'drop', /EOF/],
  ];

  it.each(rows)('answers %s to the requests that were chosen', async (_name, answer, words) => {
    const proxy = await startFaultProxy(registry.address);
    try {
      proxy.fault({ method: /GET|HEAD/, path: /\/manifests\//, answer });
      const { exitCode, all } = await docker(['pull', `${proxy.address}/shop/app:1`]);
      expect({ exitCode, all }).toEqual({ exitCode: 1, all: expect.stringMatching(words) });
      const spoilt = proxy.seen.filter(({ fault }) => fault !== undefined);
      expect(spoilt[0]).toEqual({ method: 'HEAD', path: '/v2/shop/app/manifests/1', fault: answer });
    } finally {
      await proxy.close();
    }
  });

  it('gives the headers of the answer', async () => {
    const proxy = await startFaultProxy(registry.address);
    proxy.fault({ path: /^\/v2\//, answer: { status: 429, headers: { 'retry-after': '7' } } });
    const response = await fetch(`http://${proxy.address}/v2/`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    await proxy.close();
  });

  it('lets all else through, and a fault end after the times that it has', async () => {
    const proxy = await startFaultProxy(registry.address);
    try {
      proxy.fault({ path: /\/tags\/list/, times: 1, answer: { status: 403 } });
      expect(await push(`${proxy.address}/shop/through:1`)).toMatchObject({ exitCode: 0 });
      await expect(listTags(proxy.address, 'shop/through')).rejects.toThrow('answered 403');
      expect(await listTags(proxy.address, 'shop/through')).toEqual(['1']);
      expect(await listTags(registry.address, 'shop/through')).toEqual(['1']);
    } finally {
      await proxy.close();
    }
  });

  it('hangs until it is healed or closed', async () => {
    const proxy = await startFaultProxy(registry.address);
    proxy.fault({ path: /^\/v2\/$/, answer: 'hang' });
    const hanging = fetch(`http://${proxy.address}/v2/`).then(
      () => 'answered',
      () => 'closed',
    );
    while (proxy.seen.length === 0) await new Promise(setImmediate);
    proxy.heal();
    expect((await fetch(`http://${proxy.address}/v2/`)).status).toBe(200);
    await proxy.close();
    expect(await hanging).toBe('closed');
  });
});
