import { expect, it } from '@jest/globals';

import { lintEntry } from '../../src/lint/function.ts';

const commonjs = 'exports.main = () => 1;\n';
const asModule = 'import a from "a";\nexport const main = await a();\n';
const broken = 'exports.main = () => {\n  return (;\n};\n';

it.each([
  ['index.js', commonjs],
  ['index.js', asModule],
  ['index.mjs', asModule],
  ['index.cjs', commonjs],
  ['index.cjs', '#!/usr/bin/env node\nreturn;\n'],
  ['index.js', 'return;\n'],
  ['index.ts', broken],
  ['cloudbase-functions.json', '{'],
])('%s may hold %j', (file, text) => {
  expect(lintEntry(text, file)).toEqual([]);
});

it.each(['index.js', 'index.cjs', 'lib/index.mjs'])(
  '%s that does not parse is an error at its place',
  (file) => {
    expect(lintEntry(broken, file)).toEqual([
      {
        severity: 'error',
        rule: 'syntax',
        message: 'The entry does not parse: Unexpected token.',
        at: { file, line: 2, column: 11 },
      },
    ]);
  },
);

it.each([
  ['index.cjs', asModule],
  ['index.mjs', 'with (a) {}'],
])('%s is read as what its name says: %j', (file, text) => {
  expect(lintEntry(text, file)).toHaveLength(1);
});
