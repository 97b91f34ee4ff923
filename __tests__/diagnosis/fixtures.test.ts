import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { diagnoseStart } from '../../src/diagnosis/local.ts';
import { failingFixtures, platformSecret } from '../support/failing-fixtures.ts';

const logs = join(import.meta.dirname, 'logs');
const names = failingFixtures.map(({ mode, name }) => (mode === 'container' ? name : `function-${name}`));
const logged = failingFixtures.flatMap((fixture, index) => {
  const file = join(logs, `${names[index] ?? ''}.txt`);
  return existsSync(file) && 'kind' in fixture.expected
    ? [{ ...fixture, expected: fixture.expected, file }]
    : [];
});

it.each(logged)('the log of the $mode $name says what the table says', ({ expected, file }) => {
  const { kind, isOnlyHere } = diagnoseStart({
    port: 8080,
    exitCode: expected.exitCode ?? 1,
    isOutOfMemory: false,
    hasListened: false,
    listeners: undefined,
    logTail: readFileSync(file, 'utf8').trimEnd().split('\n'),
    platformEnv: [platformSecret],
  });
  expect({ kind, isOnlyHere }).toEqual({ kind: expected.kind, isOnlyHere: expected.isOnlyHere ?? false });
});

it('knows the fixture of every log, and every folder of a fixture', () => {
  expect(readdirSync(logs).filter((file) => !names.includes(file.replace('.txt', '')))).toEqual([]);
  const folders = failingFixtures.map(({ folder }) => folder);
  const present = ['containers', 'functions'].flatMap((kind) =>
    readdirSync(join('__tests__', 'fixtures', kind)).map((name) => join('__tests__', 'fixtures', kind, name)),
  );
  expect([...folders].sort()).toEqual(present.filter((folder) => !folder.endsWith('monorepo')).sort());
});
