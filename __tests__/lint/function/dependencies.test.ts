import { builtinModules as installed } from 'node:module';

import { describe, expect, it } from '@jest/globals';

import { builtinModules, packageNameOf } from '../../../src/lint/function/builtins.ts';
import { functionDependencyRules } from '../../../src/lint/function/dependencies.ts';
import type { ServiceFacts } from '../../../src/lint/rule.ts';
import { checkScripts } from '../../support/lint.ts';

function find(files: Record<string, string>, service: Partial<ServiceFacts> = {}): string[] {
  return functionDependencyRules.flatMap((rule) =>
    checkScripts(rule, { mode: 'function', files }, service).map(
      ({ at, message }) => `${rule.severity} ${at.file}:${at.line} ${message}`,
    ),
  );
}
const manifest = (value: object): string => JSON.stringify(value);
const missing = (name: string): string =>
  `The package "${name}" is loaded, and package.json does not name it.`;

describe('a package that package.json does not name', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["const a = require('axios');", {}, [`error index.js:1 ${missing('axios')}`]],
    [
      "\nconst { a } = require('@scope/name/file');",
      { 'package.json': '{}' },
      [`error index.js:2 ${missing('@scope/name')}`],
    ],
    [
      "import a from 'axios';\nexport { b } from 'b';",
      { 'package.json': '{"type": "module"}' },
      [`error index.js:1 ${missing('axios')}`, `error index.js:2 ${missing('b')}`],
    ],
    ["require('axios'); require('axios/lib');", {}, [`error index.js:1 ${missing('axios')}`]],
    [
      "function get() { return require('axios'); }\nrequire('axios');",
      {},
      [`error index.js:2 ${missing('axios')}`],
    ],
    ["exports.main = () => require('axios');", {}, [`warning index.js:1 ${missing('axios')}`]],
    ["if (process.env.A) require('axios');", {}, [`warning index.js:1 ${missing('axios')}`]],
    ["exports.main = () => import('axios');", {}, [`warning index.js:1 ${missing('axios')}`]],
    [
      "require('axios');",
      { 'package.json': manifest({ dependencies: { koa: '1' } }) },
      [`warning index.js:1 ${missing('axios')}`],
    ],
    [
      "require('axios');",
      { 'package.json': manifest({ dependencies: { koa: '1' } }), 'pnpm-lock.yaml': '' },
      [`error index.js:1 ${missing('axios')}`],
    ],
    [
      "require('axios');",
      { 'package.json': manifest({ dependencies: { koa: '1' } }), 'pnpm-lock.yaml': '', '.npmrc': '' },
      [`warning index.js:1 ${missing('axios')}`],
    ],
    [
      "require('axios');",
      { 'package.json': manifest({ devDependencies: { axios: '1' } }) },
      [
        'error index.js:1 The package "axios" is loaded, and stands in "devDependencies", which the platform leaves out.',
      ],
    ],
  ])('%s beside %j', (text, files, found) => {
    expect(find({ 'index.js': text, ...files })).toEqual(found);
  });

  it('is a warning in a script that is not the entry', () => {
    expect(find({ 'index.js': '', 'lib/db.js': "require('pg');" })).toEqual([
      `warning lib/db.js:1 ${missing('pg')}`,
    ]);
  });
});

describe('it says nothing of', () => {
  it.each<[string, Record<string, string>]>([
    ["require('fs'); require('node:fs'); require('fs/promises'); require('node:test');", {}],
    ["require('./a'); require('../a'); require('/a'); require('.'); require('#a');", {}],
    ["import 'https://example.com/a.js'; import 'data:text/javascript,1';", {}],
    ["require('axios');", { 'package.json': manifest({ dependencies: { axios: '1' } }) }],
    ["require('axios');", { 'package.json': manifest({ optionalDependencies: { axios: '1' } }) }],
    ["require('axios');", { 'package.json': manifest({ peerDependencies: { axios: '1' } }) }],
    ["require('shop/file');", { 'package.json': manifest({ name: 'shop' }) }],
    ["require('axios');", { 'package.json': '{' }],
    ["require('axios');", { 'package.json': manifest({ workspaces: ['packages/*'] }) }],
    ["require('axios');", { 'package.json': '{}', 'pnpm-workspace.yaml': '' }],
    ["try { require('axios'); } catch {}", {}],
    ["exports.main = () => import('axios').catch(() => 1);", {}],
    ['require(name); require(`a${name}`);', {}],
    ["(function (modules) { modules[0]((require) => require('axios')); })([]);", {}],
    ["require('@cloudbase/functions-framework');", {}],
    ["exports.main = () => 'require(axios)';", {}],
  ])('%s beside %j', (text, files) => {
    expect(find({ 'index.js': text, ...files })).toEqual([]);
  });

  it('packages that come with the package', () => {
    expect(find({ 'index.js': "require('axios');" }, { isInstalledByPlatform: false })).toEqual([]);
  });

  it('what a package.json nearer to the script names', () => {
    const nested = manifest({ dependencies: { pg: '1' } });
    expect(find({ 'package.json': '{}', 'a/package.json': nested, 'a/b.js': "require('pg');" })).toEqual([]);
  });
});

it.each<[string, string | undefined]>([
  ['axios', 'axios'],
  ['axios/lib/a.js', 'axios'],
  ['@a/b', '@a/b'],
  ['@a/b/c', '@a/b'],
  ['@a', undefined],
  ['punycode', undefined],
  ['punycode/', 'punycode'],
  ['lodash.get', 'lodash.get'],
  ['JSONStream', 'JSONStream'],
  ['node:fs', undefined],
  ['_http_agent', undefined],
  ['', undefined],
  ['./a', undefined],
  ['C:\\a', undefined],
])('the package of "%s" is %s', (specifier, name) => {
  expect(packageNameOf(specifier)).toBe(name);
});

it('knows the builtins of Node.js', () => {
  const names = installed.filter((name) => !/^_|^node:|\//.test(name));
  expect(names.filter((name) => !builtinModules.has(name))).toEqual([]);
  expect(packageNameOf('fs')).toBeUndefined();
});
