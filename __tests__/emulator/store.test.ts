import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StoreOptions } from '../../emulator/options.ts';
import { announce, type Announced } from '../support/announced.ts';
import { createClient } from '../support/cloud-client.ts';

let emulator: Emulator;

async function start(store: Partial<StoreOptions> = {}): Promise<() => Promise<Announced>> {
  emulator = await startEmulator({ store });
  const client = createClient(emulator);
  return () => announce(client);
}

afterEach(() => emulator.close());

const xml = (code: string, message = code): string =>
  `<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  return { value: await work(), ms: performance.now() - started };
}

const codes = (): unknown[] =>
  emulator.journal.entries().flatMap(({ api, code }) => (api === 'upload' ? [code ?? 'stored'] : []));

describe('a link with a rate', () => {
  it('takes a package no faster', async () => {
    const next = await start({ bytesPerSecond: 1_000_000 });
    const { put, look } = await next();
    const { value, ms } = await timed(() => put(500_000));
    expect(value).toBe('200 ');
    expect(ms).toBeGreaterThan(480);
    expect(await look()).toBe(403);
  });

  it('holds the sender back', async () => {
    const next = await start({ bytesPerSecond: 1_000_000 });
    const { url, headers } = await next();
    const outgoing = request(url, {
      method: 'PUT',
      agent: false,
      headers: { ...headers, 'content-length': 30_000_000 },
    });
    outgoing.on('error', () => undefined).write(Buffer.alloc(30_000_000));
    await wait(500);
    expect(outgoing.socket?.writableLength).toBeGreaterThan(0);
    outgoing.destroy();
  });

  it('that needs longer than the cut is refused when all has arrived, and nothing is stored', async () => {
    const next = await start({ bytesPerSecond: 1_000_000, cutMs: 200 });
    const late = await next();
    const { value, ms } = await timed(() => late.put(500_000));
    expect(value).toBe(`400 ${xml('UserNetworkTooSlow')}`);
    expect(ms).toBeGreaterThan(480);
    expect(await late.look()).toBe(404);
    const small = await next();
    expect(await small.put(50_000)).toBe('200 ');
    expect(codes()).toEqual(['UserNetworkTooSlow', 'stored']);
  });
});

describe('an address', () => {
  it('that has expired is refused; the next one is good', async () => {
    const next = await start({ urlLifetimeMs: 300 });
    const old = await next();
    await wait(350);
    expect(await old.put(10)).toBe(`403 ${xml('AccessDenied', 'Request has expired')}`);
    expect(await (await next()).put(10)).toBe('200 ');
    expect(codes()).toEqual(['AccessDenied', 'stored']);
  });

  it('is that of what stands before the store', async () => {
    const next = await start({ publicUrl: 'https://store.example' });
    expect((await next()).url).toMatch(/^https:\/\/store\.example\/packages\/app\.zip\/\d+\?sign=/);
  });
});

describe('a transfer', () => {
  it('can be refused in the words of the store', async () => {
    const next = await start();
    const { put, look } = await next();
    emulator.fault('PUT package', { kind: 'refusal', status: 503, code: 'SlowDown' });
    emulator.fault('PUT package', { kind: 'refusal', status: 403, code: 'AccessDenied', message: 'no' });
    expect(await put(10)).toBe(`503 ${xml('SlowDown')}`);
    expect(await put(10)).toBe(`403 ${xml('AccessDenied', 'no')}`);
    expect(await look()).toBe(404);
    expect(await put(10)).toBe('200 ');
    expect(codes()).toEqual(['SlowDown', 'AccessDenied', 'stored']);
  });

  it('can be reset in the middle; nothing is stored', async () => {
    const next = await start();
    const { put, look } = await next();
    emulator.fault('PUT package', { kind: 'reset', afterBytes: 100_000 });
    await expect(put(2_000_000)).rejects.toMatchObject({ message: 'fetch failed' });
    expect(await look()).toBe(404);
    expect(await put(10)).toBe('200 ');
    expect(codes()).toEqual(['reset', 'stored']);
  });

  it('can stall, until the emulator ends', async () => {
    const next = await start();
    const { put } = await next();
    emulator.fault('PUT package', { kind: 'stall', afterBytes: 100_000 });
    let isOver = false;
    const stalled = put(20_000_000).then(
      () => 'answered',
      () => 'failed',
    );
    void stalled.then(() => {
      isOver = true;
    });
    while (codes().length === 0) await wait(20);
    await wait(300);
    expect([isOver, codes()]).toEqual([false, ['stall']]);
    await emulator.close();
    expect(await stalled).toBe('failed');
  });

  it('can be slow by itself', async () => {
    const next = await start({ cutMs: 200 });
    emulator.fault('PUT package', { kind: 'slow', bytesPerSecond: 1_000_000 });
    expect(await (await next()).put(500_000)).toBe(`400 ${xml('UserNetworkTooSlow')}`);
    expect(await (await next()).put(500_000)).toBe('200 ');
  });

  it('is what its faults are for', async () => {
    await start();
    expect(() => {
      emulator.fault('DescribeEnvs', { kind: 'stall', afterBytes: 0 });
    }).toThrow('"DescribeEnvs" has no transfer that could meet the fault "stall".');
  });
});
