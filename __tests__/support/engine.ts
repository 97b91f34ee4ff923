import { describe, it } from '@jest/globals';
import { findEngine } from '../../scripts/engine/find.ts';

/** What a test needs to reach the Docker engine: environment variables for the children it starts. */
export interface TestEngine {
  env: Record<string, string>;
}

/**
 * Registers tests that need a Docker engine. Without one they are skipped under a name that says why;
 * with CI=true they fail instead.
 */
export function describeWithEngine(name: string, tests: (engine: TestEngine) => void): void {
  const engine = testEngine();
  if ('env' in engine) {
    describe(name, () => {
      tests(engine);
    });
  } else if (process.env['CI'] === 'true') {
    it(`${name} has a Docker engine`, () => {
      throw new Error(`No Docker engine: ${engine.reason}`);
    });
  } else {
    describe.skip(`${name} (skipped: ${engine.reason})`, () => {
      tests({ env: {} });
    });
  }
}

function testEngine(): TestEngine | { reason: string } {
  const given = process.env['TEST_ENGINE'];
  if (given !== undefined && given !== '') return JSON.parse(given) as TestEngine | { reason: string };
  return findEngine() ?? { reason: 'no engine answers; "npm run engine -- up" starts one' };
}
