import { beforeAll, describe, it } from '@jest/globals';

import { createProperties } from '../support/lint-properties.ts';

const times = 25;
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

beforeAll(() => {
  // Jest names the tests of a run with many files only where they fail.
  process.stdout.write(`What is linted is made from FUZZ_SEED=${seed}\n`);
});

describe(`lint ends with findings at their places, without secrets, from FUZZ_SEED=${seed}`, () => {
  it.each(createProperties())(
    '$name',
    async ({ check, runs }) => {
      await check({ seed, numRuns: runs * times, limitMs: 60_000 });
    },
    120_000,
  );
});
