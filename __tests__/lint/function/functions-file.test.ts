import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';

import { functionListRules } from '../../../src/lint/function/functions-file-rules.ts';
import { parseFunctionsFile } from '../../../src/lint/function/functions-file.ts';
import { checkSource } from '../../support/lint.ts';

const name = 'cloudbase-functions.json';
const a = { name: 'a', directory: 'a', triggerPath: '/a' };
const b = { name: 'b', directory: 'b', triggerPath: '/b' };

/** What the rules find, as `CBR120:3 message`. */
function find(value: unknown, more: Record<string, string> = {}): string[] {
  const text =
    typeof value === 'string' ? value : JSON.stringify({ functionsRoot: '.', ...(value as object) }, null, 1);
  const files = { [name]: text, 'a/index.js': '', 'b/index.js': '', ...more };
  return functionListRules.flatMap((rule) =>
    checkSource(rule, { mode: 'function', files }).map(({ at, message }) => {
      expect(at.file).toBe(name);
      return `${rule.id}:${at.line} ${message.replace(`${name} `, '')}`;
    }),
  );
}

describe('the file that lists functions', () => {
  it.each<[unknown, string[]]>([
    [{ functions: [a, b] }, []],
    [{ functions: [a, b], routes: [] }, []],
    [{ functions: [a, b], routes: [{ functionName: 'b', path: '/' }] }, []],
    [
      {
        functions: [a, { ...b, triggerPath: null, source: null, target: null }],
        routes: [{ functionName: 'b', path: '/' }],
      },
      [],
    ],
    [{ functions: [a], routes: [{ functionName: 'a', path: '/a' }] }, []],
    [{ functionsRoot: './', functions: [{ ...a, directory: './a/' }], other: 1 }, []],
    [{ functions: [{ ...a, directory: '.' }], routes: [] }, []],
    ['{', ['CBR120:1 is not valid JSON: close brace expected.']],
    ['{\n  // why\n  "functions": []\n}', ['CBR120:2 is not valid JSON: invalid comment token.']],
    ['{\n "functions": [1,]\n}', ['CBR120:2 is not valid JSON: value expected.']],
    ['[]', ['CBR120:1 is not a JSON object.']],
    [{}, ['CBR120:1 has no list "functions".']],
    [{ functions: {} }, ['CBR120:3 has no list "functions".']],
    [{ functionsRoot: 3, functions: [a] }, ['CBR120:2 has no text "functionsRoot".']],
    [{ functions: [a, { name: 'b' }] }, ['CBR120:9 has a function without "name" or "directory".']],
    [{ functions: [{ ...a, triggerPath: 3 }] }, ['CBR120:7 has a function whose "triggerPath" is no text.']],
    [{ functions: [{ ...a, target: [] }] }, ['CBR120:8 has a function whose "target" is no text.']],
    [{ functions: [a], routes: {} }, ['CBR120:10 has "routes" that are no list.']],
    [{ functions: [a], routes: [{ path: '' }] }, ['CBR120:11 has a route without "functionName" or "path".']],
    [
      { functions: [{ ...a, directory: 'x' }] },
      ['CBR121:6 has the function "a" in the directory "x", and there is no folder "x" in the source.'],
    ],
    [
      { functions: [{ ...a, directory: '../a' }] },
      ['CBR121:6 has the function "a" in the directory "../a", and there is no folder "../a" in the source.'],
    ],
    [
      { functions: [{ ...a, directory: 'a/index.js' }] },
      [
        'CBR121:6 has the function "a" in the directory "a/index.js", and there is no folder "a/index.js" in the source.',
      ],
    ],
    [
      { functionsRoot: 'gone', functions: [a, b] },
      ['CBR121:2 has the "functionsRoot" "gone", and there is no such folder in the source.'],
    ],
    [
      { functions: [a], routes: [{ functionName: 'c', path: '/c' }] },
      ['CBR123:13 has the route "/c" to the function "c", which is not in "functions".'],
    ],
    [{ functions: [{ ...a, triggerPath: 'a' }] }, ['CBR124:7 has the route "a", which must begin with "/".']],
    [
      { functions: [a, { ...b, triggerPath: '/a' }] },
      ['CBR125:12 has the route "/a" twice, which the framework refuses.'],
    ],
    [
      {
        functions: [a, b],
        routes: [
          { functionName: 'a', path: '/' },
          { functionName: 'a', path: '/' },
        ],
      },
      ['CBR125:22 has the route "/" twice, which the framework refuses.'],
    ],
    [{ functions: [a, { ...b, name: 'a' }] }, ['CBR126:10 has two functions of the name "a".']],
    [
      { functions: [a, { name: 'b', directory: 'b' }] },
      ['CBR127:10 has the function "b", which no path leads to.'],
    ],
  ])('%j', (value, found) => {
    expect(find(value)).toEqual(found);
  });

  it('may lead through what nobody looked at', () => {
    expect(find({ functions: [{ ...a, directory: 'node_modules/x/y' }] })).toEqual([]);
  });
});

describe('the framework itself', () => {
  const load = createRequire(createRequire(import.meta.url).resolve('@cloudbase/functions-framework'));
  const { default: Ajv } = load('ajv') as {
    default: new (options: object) => { validate(schema: unknown, value: unknown): boolean };
  };
  const schema: unknown = JSON.parse(readFileSync(load.resolve('../functions-schema.json'), 'utf8'));
  const { appendRoutesToFunctionsConfig: append } = load('./functions-config.js') as {
    appendRoutesToFunctionsConfig: (config: object) => void;
  };

  const wrong: readonly unknown[] = [null, 1, 'text', [], {}, [1], ['x'], [null], [{}]];
  const rightFunction = { name: 'a', directory: 'a' };
  const rightRoute = { functionName: 'a', path: '/r' };
  const values: readonly unknown[] = [
    ...wrong,
    ...wrong.map((functionsRoot) => ({ functionsRoot, functions: [rightFunction] })),
    ...wrong.map((functions) => ({ functionsRoot: '.', functions })),
    ...wrong.map((routes) => ({ functionsRoot: '.', functions: [rightFunction], routes })),
    ...['name', 'directory', 'source', 'target', 'triggerPath'].flatMap((key) =>
      [...wrong, '/x', ''].map((value) => ({
        functionsRoot: '.',
        functions: [{ ...rightFunction, [key]: value }],
      })),
    ),
    ...['functionName', 'path'].flatMap((key) =>
      [...wrong, ''].map((value) => ({
        functionsRoot: '.',
        functions: [rightFunction],
        routes: [{ ...rightRoute, [key]: value }],
      })),
    ),
    { functionsRoot: '.', functions: [rightFunction], routes: [rightRoute, rightRoute] },
    { functionsRoot: '.', functions: [{ ...rightFunction, triggerPath: '/r' }], routes: [rightRoute] },
    {
      functionsRoot: '.',
      functions: [rightFunction, { name: 'b', directory: 'b', triggerPath: '/r' }],
      routes: [rightRoute],
    },
    {
      functionsRoot: '.',
      functions: [
        { ...rightFunction, triggerPath: '/r' },
        { ...rightFunction, triggerPath: '/r' },
      ],
    },
  ];

  it.each(values.map((value) => [JSON.stringify(value), value] as const))(
    'judges %s alike',
    (text, value) => {
      const { faults } = parseFunctionsFile(text);
      const own = new Ajv({ strictTuples: false }).validate(schema, value) && isLoaded(value);
      // What it takes and never calls, or calls nothing by, is more than it looks at.
      const ours = faults.filter(({ kind }) => kind === 'form' || kind === 'twice').length === 0;
      expect(ours).toBe(own);
    },
  );

  function isLoaded(value: unknown): boolean {
    const {
      functions = [],
      functionsRoot,
      routes = [],
    } = value as { functions?: object[]; functionsRoot?: string; routes?: object[] };
    // Without a root it fails as it joins the paths, and without functions it has nothing to call.
    if (functionsRoot === undefined || functions.length === 0) return false;
    try {
      append({ functionsRoot, functions: functions.map((each) => ({ ...each })), routes: [...routes] });
      return true;
    } catch {
      return false;
    }
  }
});

it.each([
  [
    '{ "scripts": { "build": "tsc" } }',
    'dist/a',
    'Build the project in a step before this one: npm run build.',
  ],
  ['{ "scripts": { "build": "tsc" } }', 'distance/a', undefined],
  ['{ "scripts": { "test": "jest" } }', 'dist/a', undefined],
  ['{ "scripts": 1 }', 'dist/a', undefined],
])('says to build where a missing folder is built: %s, %s', (manifest, directory, fix) => {
  const list = JSON.stringify({ functionsRoot: './', functions: [{ ...a, directory }] });
  const files = { [name]: list, 'package.json': manifest };
  const hits = functionListRules.flatMap((rule) => checkSource(rule, { mode: 'function', files }));
  expect(hits.map((hit) => hit.fix)).toEqual([fix]);
});
