import { afterAll, beforeAll, describe, it } from '@jest/globals';

import { createProperties, startRounds, type Rounds } from '../support/config-properties.ts';

const seed = 3;

let rounds: Rounds;

beforeAll(async () => {
  rounds = await startRounds();
});
afterAll(() => rounds.close());

describe('whatever the service config', () => {
  it.each(createProperties(() => rounds))('$name', async ({ check, runs }) => {
    await check({ seed, numRuns: runs });
  });
});
