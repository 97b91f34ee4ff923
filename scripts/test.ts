import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureEngine } from './engine.ts';
import { findLeftovers } from './leftovers.ts';
import { resultsFolder, sumResults, type Totals } from './test-results.ts';

const root = join(import.meta.dirname, '..');
const isLong = process.argv.includes('--long');
const longTests = '\\.long\\.test\\.ts$';

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const checks: readonly Check[] = [
  { name: 'Types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'Lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'] },
  { name: 'Format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'Tables of the README, schema for editors', args: ['scripts/readme-tables.ts', '--check'] },
];

function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status === 0;
}

function runJest(name: string, engine: unknown, folder: string): boolean {
  const selection = isLong ? ['--testPathPatterns', longTests] : ['--testPathIgnorePatterns', longTests];
  const output = ['--json', '--outputFile', join(resultsFolder, `${name}.json`)];
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  return run([...jest, ...selection, ...output], {
    ...process.env,
    TMPDIR: folder,
    TEST_ENGINE: JSON.stringify(engine),
  });
}

function record(name: string, isPassed: boolean): void {
  const totals: Totals = { passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, skipped: 0 };
  writeFileSync(join(resultsFolder, `${name}.check.json`), JSON.stringify(totals));
}

async function main(): Promise<boolean> {
  mkdirSync(resultsFolder, { recursive: true });
  const suite = isLong ? 'long' : 'test';
  const failed: string[] = [];
  const check = (name: string, isPassed: boolean): void => {
    record(`${suite} ${name}`, isPassed);
    if (!isPassed) failed.push(name);
  };
  for (const { name, args } of isLong ? [] : checks) {
    console.log(`${name} …`);
    check(name, run(args));
  }
  const folder = mkdtempSync(join(tmpdir(), 'cbr-'));
  const engine = await ensureEngine({ baseImages: ['node', 'python'], registry: true, log: console.log });
  const engineEnv = 'reason' in engine ? {} : engine.env;
  // An earlier run that was killed, or one beside this one, may have things of its own in the engine.
  const before = new Set(findLeftovers({ folder, engineEnv }));
  try {
    if ('reason' in engine) console.log(`Docker tests are skipped: ${engine.reason}`);
    const known = 'reason' in engine ? engine : { env: engine.env };
    if (!runJest(suite, known, folder)) failed.push('Tests');
    const left = findLeftovers({ folder, engineEnv }).filter((each) => !before.has(each));
    for (const each of left) console.log(`Left behind: ${each}`);
    check('Nothing is left behind', left.length === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (!('reason' in engine)) await engine.stop();
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
  const { passed, failed: count, skipped } = sumResults(suite);
  console.log(`${passed} passed, ${count} failed, ${skipped} skipped`);
  return failed.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
