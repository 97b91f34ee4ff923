import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { withLock } from '../../../scripts/engine/lock.ts';

it('lets one caller work at a time and frees the lock after a failure', async () => {
  const order: string[] = [];
  const work = (name: string) =>
    withLock(
      () => undefined,
      async () => {
        order.push(`${name} starts`);
        await delay(20);
        order.push(`${name} ends`);
        if (name === 'first') throw new Error('broken');
      },
    );
  const first = work('first');
  const second = work('second');
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(order).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
});
