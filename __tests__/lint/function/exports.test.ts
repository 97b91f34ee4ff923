import { describe, expect, it } from '@jest/globals';

import { functionExportsRules } from '../../../src/lint/function/exports.ts';
import type { Example } from '../../../src/lint/rule.ts';
import { checkScripts, places } from '../../support/lint.ts';

const [rule] = functionExportsRules;

const run = (files: Record<string, string>, target = 'main'): string[] => {
  const example: Example = { mode: 'function', files };
  return rule === undefined
    ? ['no rule']
    : checkScripts(rule, example, { target }).map(({ at, message }) => `${at.file}:${at.line} ${message}`);
};
const module = { 'package.json': '{"type": "module"}' };

describe('a CommonJS entry without "main"', () => {
  it.each<[string, string]>([
    ['', 'index.js:1 index.js does not export "main"; it exports nothing.'],
    ['\nexports.handler = () => 1;', 'index.js:2 index.js does not export "main"; it exports "handler".'],
    [
      'module.exports = {\n  a, b() {} };',
      'index.js:1 index.js does not export "main"; it exports "a", "b".',
    ],
    ['module.exports = () => 1;', 'index.js:1 index.js does not export "main"; it exports nothing.'],
    [
      'function main() {}\nmodule.exports = main;',
      'index.js:2 index.js does not export "main"; it exports nothing.',
    ],
    [
      'const api = { run() {} };\nmodule.exports = api;',
      'index.js:2 index.js does not export "main"; it exports "run".',
    ],
    ['exports = { main() {} };', 'index.js:1 index.js does not export "main"; it exports nothing.'],
    [
      '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.default = void 0;\nexports.default = main;',
      'index.js:2 index.js does not export "main"; it exports "default".',
    ],
    [
      'var __importDefault = (this && this.__importDefault) || function (m) { return m; };\nexports.run = run;',
      'index.js:2 index.js does not export "main"; it exports "run".',
    ],
    [
      'var src_exports = {};\n__export(src_exports, { run: () => run });\nmodule.exports = __toCommonJS(src_exports);',
      'index.js:3 index.js does not export "main"; it exports "run".',
    ],
    ['Object.assign(exports, { a: 1 });', 'index.js:1 index.js does not export "main"; it exports "a".'],
    [
      'const express = require("express");\nconst app = express();\napp.listen(3000);',
      'index.js:1 index.js does not export "main"; it exports nothing.',
    ],
    [
      'if (require.main === module) run();\nexports.run = run;',
      'index.js:2 index.js does not export "main"; it exports "run".',
    ],
  ])('%j', (text, found) => {
    expect(run({ 'index.js': text })).toEqual([found]);
  });
});

describe('a CommonJS entry with "main", or one that could have it', () => {
  it.each([
    'exports.main = () => 1;',
    "exports['main'] = () => 1;",
    'exports[`main`] = () => 1;',
    'module.exports.main = async () => 1;',
    'module["exports"].main = 1;',
    'module.exports = { main };',
    'module.exports = { "main": 1 };',
    'module.exports = exports = { main };',
    'exports = module.exports = { main };',
    'exports = module.exports = () => 1; exports.main = 1;',
    'exports.handler = exports.main = () => 1;',
    'Object.assign(exports, { main });',
    'Object.assign(module.exports, require("./other"));',
    "Object.defineProperty(exports, 'main', { enumerable: true, get: () => 1 });",
    'Object.defineProperties(exports, { main: {} });',
    'Object.keys(other).forEach((key) => { exports[key] = other[key]; });',
    '__exportStar(require("./other"), exports);',
    'var src_exports = {}; __export(src_exports, { main: () => main }); module.exports = __toCommonJS(src_exports); 0 && (module.exports = { main });',
    'module.exports = __toCommonJS(unknown);',
    'module.exports = require("./dist");',
    'module.exports = new App();',
    'module.exports = build();',
    'module.exports = class { static main() {} };',
    'module.exports = { ...other };',
    'module.exports = { [name]: 1 };',
    'function api() {} api.main = 1; module.exports = api;',
    'const api = {}; api.main = 1; module.exports = api;',
    'const api = {}; fill(api); module.exports = api;',
    'const api = {}; api[name] = 1; module.exports = api;',
    'let api = {}; module.exports = api;',
    'module.exports = __webpack_exports__;',
    '(function (root, factory) { factory(exports); })(this, () => {});',
    '(function () { this.main = 1; }).call(this);',
    'this.main = () => 1;',
    '(() => { var mods = { 1: (module, exports) => { exports.a = 1; } }; })();',
    'var target = exports; target.main = 1;',
    'const functions = require("@cloudbase/functions-framework"); functions.event("a.main", () => 1);',
  ])('%s', (text) => {
    expect(run({ 'index.js': text })).toEqual([]);
  });
});

describe('an ES module', () => {
  it.each<[string, string[]]>([
    ['export const main = () => 1;', []],
    ['export async function main() {}', []],
    ['export class main {}', []],
    ['const run = 1; export { run as main };', []],
    ["const run = 1; export { run as 'main' };", []],
    ["export { main } from './other.js';", []],
    ["export * from './other.js';", []],
    ["export * as main from './other.js';", []],
    ['export const { main } = api;', []],
    ['export const { run: main = 1, ...rest } = api;', []],
    ['export const [, main] = api;', []],
    ['export default { main() {} };', ['index.js:1 index.js does not export "main"; it exports "default".']],
    [
      'export const a = 1;\nexport function b() {}',
      ['index.js:1 index.js does not export "main"; it exports "a", "b".'],
    ],
    ['console.log(1);', ['index.js:1 index.js does not export "main"; it exports nothing.']],
    ["export * as all from './o.js';", ['index.js:1 index.js does not export "main"; it exports "all".']],
  ])('%s', (text, found) => {
    expect(run({ 'index.js': text, ...module })).toEqual(found);
  });
});

it.each<[string, string, number]>([
  ['handler', 'exports.handler = 1;', 0],
  ['api.main', 'exports.api = { main() {} };', 0],
  ['api.main', 'exports.main = 1;', 1],
  ['default', 'exports.default = 1;', 0],
])('looks for the target "%s" in %s', (target, text, count) => {
  expect(run({ 'index.js': text }, target)).toHaveLength(count);
});

it('looks at entries alone, and at every function of a list with its own target', () => {
  const functions = [
    { name: 'a', directory: 'a' },
    { name: 'b', directory: 'b', source: 'run.js', target: 'go' },
  ];
  const files = {
    'cloudbase-functions.json': JSON.stringify({ functionsRoot: '.', functions }),
    'index.js': '',
    'a/index.js': 'exports.go = 1;',
    'a/other.js': '',
    'b/run.js': 'exports.main = 1;',
  };
  expect(run(files)).toEqual([
    'a/index.js:1 a/index.js does not export "main"; it exports "go".',
    'b/run.js:1 b/run.js does not export "go"; it exports "main".',
  ]);
});

it('follows "main" of package.json', () => {
  const files = { 'package.json': '{"main": "dist/app"}', 'dist/app.js': '', 'index.js': '' };
  expect(places(rule === undefined ? [] : checkScripts(rule, { mode: 'function', files }))).toEqual([
    'dist/app.js:1',
  ]);
});

it('says nothing in container mode, and of a script that is nested too deeply', () => {
  expect(rule && checkScripts(rule, { mode: 'container', files: { 'index.js': '' } })).toEqual([]);
  expect(run({ 'index.js': `const text = ${'"a" + '.repeat(20_000)}"b";` })).toEqual([]);
});
