import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StoreOptions } from '../../emulator/options.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
  writesTo,
} from '../support/step.ts';

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  const ballast = randomBytes(12_000_000).toString('base64');
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n', 'ballast.txt': ballast });
});
afterAll(removeWorkspaces);
afterEach(() => emulator.close());

async function start(store: Partial<StoreOptions> = {}): Promise<void> {
  emulator = await startEmulator({ timeline: instant, store });
}

async function run(): Promise<StepResult> {
  const result = await pretend(emulator, { workspace, inputs: { lint: 'off', 'timeout-seconds': '1200' } });
  expect([result.stderr, result.leftAfterMain]).toEqual(['', []]);
  expect(shownBy(result)).not.toMatch(/sign=|\/packages\//);
  return result;
}

const linesOf = ({ lines }: StepResult, form: RegExp): string[] => lines.filter((line) => form.test(line));

function expectLive(result: StepResult): void {
  expect([result.exitCode, result.outputs['status'], errorsOf(result)]).toEqual([0, 'live', []]);
  expect(writesTo(emulator, 'app')).toHaveLength(1);
}

it('a stall ends after 30 s, and the next try is taken', async () => {
  await start();
  emulator.fault('PUT package', { kind: 'stall', afterBytes: 1_000_000 });
  const started = performance.now();
  const result = await run();
  expectLive(result);
  expect(performance.now() - started).toBeGreaterThan(30_000);
  expect(performance.now() - started).toBeLessThan(60_000);
  expect(linesOf(result, /Try \d/)).toEqual(['Nothing moved for 30 s. Try 2 of 5, with a fresh address.']);
}, 120_000);

it('a link that is too slow is given up after 30 s, with what it had come to, and the next try is taken', async () => {
  await start();
  emulator.fault('PUT package', { kind: 'slow', bytesPerSecond: 24_000 });
  const result = await run();
  expectLive(result);
  const [slow = '', ...more] = linesOf(result, /Try \d/);
  expect(more).toEqual([]);
  const rate =
    /^The link is too slow \(the rest would take \d+ s at (\d+) KB\/s\)\. Try 2 of 5, with a fresh address\.$/;
  expect(Number(rate.exec(slow)?.[1])).toBeGreaterThan(15);
  expect(Number(rate.exec(slow)?.[1])).toBeLessThan(40);
  expect(
    linesOf(result, /^Uploaded .* of 1\d\.\d MB \(\d+ %\) at \d+ KB\/s, about \d+ s left\.$/).length,
  ).toBeGreaterThan(3);
}, 120_000);

it('a link that stays too slow ends as upload after five tries, with what each has met', async () => {
  await start({ bytesPerSecond: 24_000 });
  const result = await run();
  expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'upload']);
  expect(linesOf(result, /Try \d of 5, with/)).toHaveLength(4);
  const [error = '', ...more] = errorsOf(result);
  expect(more).toEqual([]);
  expect(error).toMatch(
    /^The package cannot be uploaded in 5 tries \(1\d\.\d MB, \d+ KB\/s at best\): try 1: the link is too slow/,
  );
  expect(error).toMatch(/try 5: the store gave no answer within 210 s\. Use a runner in China, /);
  expect(writesTo(emulator, 'app')).toEqual([]);
}, 600_000);
