import { expect, it } from '@jest/globals';

import { checkFiles, checkMemory, checkShutdown } from '../../../src/stages/verify/traces.ts';
import { createFakeServed } from '../../support/served.ts';

const MiB = 1024 * 1024;

it.each<[number | undefined, number, string, string]>([
  [undefined, 1, 'skipped', 'the memory of the service cannot be seen from here'],
  [10 * MiB, 1, 'passed', 'up to 10 MiB of 1024 MiB in use'],
  [10 * MiB + 1, 0.5, 'passed', 'up to 11 MiB of 512 MiB in use'],
  [
    0.9 * 1000 * MiB,
    1000 / 1024,
    'warned',
    'uses up to 900 MiB of 1000 MiB, which leaves little for requests: raise Cpu and Mem together',
  ],
  [0.9 * 1000 * MiB - 1, 1000 / 1024, 'passed', 'up to 900 MiB of 1000 MiB in use'],
  [
    1024 * MiB,
    1,
    'warned',
    'uses up to 1024 MiB of 1024 MiB, which leaves little for requests: raise Cpu and Mem together',
  ],
  [
    1025 * MiB,
    1,
    'warned',
    'uses up to 1025 MiB of 1024 MiB, which the platform does not give it: raise Cpu and Mem together',
  ],
])('%s bytes of %s GiB are %s', async (...[peak, memory, result, detail]) => {
  const served = createFakeServed({ readPeakMemory: () => Promise.resolve(peak) });
  expect(await checkMemory(served, memory)).toEqual({ name: 'memory', result, detail });
});

const which = 'which no other instance sees and which go with the instance';

it.each<[string[], 'outside /tmp' | 'in its folder', string, string]>([
  [[], 'outside /tmp', 'passed', 'none written outside /tmp'],
  [[], 'in its folder', 'passed', 'none written in its folder'],
  [['/app/a'], 'outside /tmp', 'warned', `writes /app/a, ${which}`],
  [['/1', '/2', '/3', '/4', '/5'], 'outside /tmp', 'warned', `writes /1, /2, /3, /4, /5, ${which}`],
  [
    ['/1', '/2', '/3', '/4', '/5', '/6', '/7'],
    'outside /tmp',
    'warned',
    `writes /1, /2, /3, /4, /5 and 2 more, ${which}`,
  ],
])('written files %j %s are %s', async (...[files, where, result, detail]) => {
  const served = createFakeServed({ listWrites: () => Promise.resolve(files) });
  expect(await checkFiles(served, where)).toEqual({ name: 'files', result, detail });
});

it.each([
  [true, 'passed', 'ends when it is asked to (SIGTERM)'],
  [
    false,
    'warned',
    'does not end within 10 s after SIGTERM, and requests under way are cut off: handle the signal, and start the program itself, not by a shell',
  ],
])('to end by itself (%s) is %s', async (hasEnded, result, detail) => {
  const asked: number[] = [];
  const end = (seconds: number) => {
    asked.push(seconds);
    return Promise.resolve(hasEnded);
  };
  expect(await checkShutdown(createFakeServed({ end }))).toEqual({ name: 'shutdown', result, detail });
  expect(asked).toEqual([10]);
});
