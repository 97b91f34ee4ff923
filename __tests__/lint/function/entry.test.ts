import { expect, it } from '@jest/globals';

import { functionEntryRules } from '../../../src/lint/function/entry-rules.ts';
import { listEntryPoints } from '../../../src/lint/function/entry.ts';
import { functionManifestRules } from '../../../src/lint/function/manifest.ts';
import { checkSource, sourceOf } from '../../support/lint.ts';

const rules = [...functionManifestRules, ...functionEntryRules];
const list = 'cloudbase-functions.json';
const listOf = (...functions: object[]): string =>
  JSON.stringify({ functionsRoot: 'fn', functions }, null, 1);

function find(files: Record<string, string>): string[] {
  return rules.flatMap((rule) =>
    checkSource(rule, { mode: 'function', files }).map(({ at, message, fix = '' }) =>
      `${rule.id} ${at.file}:${at.line}:${at.column} ${message} ${fix}`.trim(),
    ),
  );
}

const build = 'Build the project in a step before this one.';
const compile = 'Compile it in a step before this one, and let "main" of package.json name the result.';

it.each<[Record<string, string>, string[]]>([
  [{ 'index.js': '' }, []],
  [{ 'package.json': '{"main": "a"}', 'a.cjs': '', 'index.js': '' }, []],
  [{ 'package.json': '{"main": "./lib/"}', 'lib/index.js': '' }, []],
  [{ 'package.json': '\uFEFF{"main": "a.mjs"}', 'a.mjs': '' }, []],
  [{ 'package.json': '{"main": "gone.js"}', 'index.js': '' }, []],
  [{ 'package.json': '{"main": "node_modules/x/index.js"}' }, []],
  [
    { 'package.json': '{', 'index.js': '' },
    ['CBR101 package.json:1:2 package.json is not valid JSON: close brace expected.'],
  ],
  [
    { 'package.json': '{\n  "a": 1,\n}' },
    ['CBR101 package.json:3:1 package.json is not valid JSON: property name expected.'],
  ],
  [
    { 'package.json': '// name\n{}' },
    ['CBR101 package.json:1:1 package.json is not valid JSON: invalid comment token.'],
  ],
  [
    { 'package.json': '{"a": 1}\r\n}' },
    ['CBR101 package.json:2:1 package.json is not valid JSON: end of file expected.'],
  ],
  [
    { 'package.json': '\n[]', 'index.js': '' },
    ['CBR101 package.json:2:1 package.json is valid JSON, but no object.'],
  ],
  [{ 'package.json': '"text"' }, ['CBR101 package.json:1:1 package.json is valid JSON, but no object.']],
  [{ 'package.json': '' }, ['CBR101 package.json:1:1 package.json is not valid JSON: value expected.']],
  [{ readme: '' }, ['CBR102 index.js:1:1 The source has no "main" in package.json and no index.js.']],
  [
    { 'package.json': '{\n}' },
    ['CBR102 package.json:1:1 The source has no "main" in package.json and no index.js.'],
  ],
  [
    { 'package.json': '{\n  "main": "app.js"\n}' },
    ['CBR102 package.json:2:11 "main" of package.json is "app.js", which does not exist.'],
  ],
  [
    { 'package.json': '{"main": "dist/index.js"}', 'src/index.ts': '' },
    [
      `CBR102 package.json:1:10 "main" of package.json is "dist/index.js", which does not exist; "src/index.ts" looks like its source. ${build}`,
    ],
  ],
  [
    { 'package.json': '{"main": "./dist/src/api/app.js"}', 'src/api/app.ts': '' },
    [
      `CBR102 package.json:1:10 "main" of package.json is "./dist/src/api/app.js", which does not exist; "src/api/app.ts" looks like its source. ${build}`,
    ],
  ],
  [
    { 'package.json': '{"main": "out/app.js", "scripts": { "build": "tsc" }}' },
    [
      'CBR102 package.json:1:10 "main" of package.json is "out/app.js", which does not exist. Build the project in a step before this one: npm run build.',
    ],
  ],
  [
    { 'package.json': '{"main": "../app.js"}' },
    ['CBR102 package.json:1:10 "main" of package.json is "../app.js", which leaves the source.'],
  ],
  [
    { 'package.json': '{"main": "/app.js"}' },
    ['CBR102 package.json:1:10 "main" of package.json is "/app.js", which leaves the source.'],
  ],
  [
    { 'package.json': '{"main": "app.ts"}', 'app.ts': '' },
    [`CBR103 package.json:1:10 The entry is "app.ts", which is TypeScript. ${compile}`],
  ],
  [{ 'index.ts': '' }, [`CBR103 index.ts:1:1 The entry is "index.ts", which is TypeScript. ${compile}`]],
  [
    { 'package.json': '{"main": "a.json"}', 'a.json': '' },
    ['CBR103 package.json:1:10 The entry is "a.json", which is none of .js, .cjs and .mjs.'],
  ],
  [
    { 'package.json': '{"main": "a"}', 'a.node': '' },
    ['CBR103 package.json:1:10 The entry is "a.node", which is none of .js, .cjs and .mjs.'],
  ],
  [{ [list]: listOf({ name: 'a', directory: 'a' }), 'fn/a/index.js': '' }, []],
  [{ [list]: listOf({ name: 'a', directory: 'a' }), 'fn/a.js': '' }, []],
  [
    {
      [list]: listOf({ name: 'a', directory: 'a' }),
      'fn/a/package.json': '{"main": "run"}',
      'fn/a/run.js': '',
    },
    [],
  ],
  [{ [list]: listOf({ name: 'a', directory: 'a', source: 'b/run' }), 'fn/a/b/run.js': '' }, []],
  [
    { [list]: listOf({ name: 'a', directory: 'a' }), 'fn/a/run.js': '', 'index.js': '' },
    [`CBR122 ${list}:6:17 The function "a" is in the directory "fn/a", which holds no entry.`],
  ],
  [
    { [list]: listOf({ name: 'a', directory: 'a', source: 'run.js' }), 'fn/a/index.js': '' },
    [`CBR122 ${list}:7:14 The function "a" has the source "fn/a/run.js", which does not exist.`],
  ],
  [
    { [list]: listOf({ name: 'a', directory: 'a', source: '../../../run.js' }), 'fn/a/index.js': '' },
    [`CBR122 ${list}:7:14 The function "a" has the source "../run.js", which leaves the source.`],
  ],
  [
    { [list]: listOf({ name: 'a', directory: 'a' }), 'fn/a/index.ts': '' },
    [
      `CBR103 ${list}:6:17 The entry is "fn/a/index.ts", which is TypeScript. Compile it in a step before this one, and let "source" in ${list} name the result.`,
    ],
  ],
  [{ [list]: listOf({ name: 'a', directory: 'gone' }) }, []],
  [{ [list]: '{' }, []],
])('in %j it finds %j', (files, found) => {
  expect(find(files)).toEqual(found);
});

it('takes a link for the entry that it may lead to', () => {
  const source = sourceOf({ mode: 'function', files: { 'package.json': '{"main": "dist/app.js"}' } });
  const entries = new Map([...source.entries, ['dist', { kind: 'link', size: 1 }] as const]);
  expect(functionEntryRules.flatMap((rule) => rule.check({ ...source, entries }))).toEqual([]);
  expect(listEntryPoints({ ...source, entries }).map(({ verdict }) => verdict)).toEqual([
    { kind: 'found', file: 'dist/app.js' },
  ]);
});

it('takes a link for the file that it may be', () => {
  const source = sourceOf({ mode: 'function', files: {} });
  const entries = new Map([['index.js', { kind: 'link', size: 1 }] as const]);
  expect(functionEntryRules.flatMap((rule) => rule.check({ ...source, entries }))).toEqual([]);
});
