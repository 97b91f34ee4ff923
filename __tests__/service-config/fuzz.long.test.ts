import { afterAll, beforeAll, describe, it } from '@jest/globals';

import { createProperties, startRounds, type Rounds } from '../support/config-properties.ts';

const times = 6;
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

let rounds: Rounds;

beforeAll(async () => {
  // Jest names the tests of a run with many files only where they fail.
  process.stdout.write(`Service configs are made from FUZZ_SEED=${seed}\n`);
  rounds = await startRounds();
});
afterAll(() => rounds.close());

describe(`whatever the service config, from FUZZ_SEED=${seed}`, () => {
  it.each(createProperties(() => rounds))(
    '$name',
    async ({ check, runs }) => {
      await check({ seed, numRuns: runs * times });
    },
    60_000,
  );
});
