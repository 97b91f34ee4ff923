import { describe, expect, it } from '@jest/globals';

import type { ScriptImport } from '../../../src/lint/script/imports.ts';
import { parseScript } from '../../../src/lint/script/script.ts';
import { sourceOf } from '../../support/lint.ts';

function importsOf(text: string): readonly ScriptImport[] {
  const source = sourceOf({ mode: 'container', files: { 'index.js': text } });
  const subject = parseScript(source, { file: 'index.js', text, isDeclaredModule: false });
  if ('message' in subject) throw new Error(subject.message);
  return subject.imports;
}

describe('the imports of a script', () => {
  it.each([
    ["const a = require('a');", ['a', true, false]],
    ['const a = require(`a`);', ['a', true, false]],
    ["const a = (0, require('a'));", ['a', true, false]],
    ["import a from 'a';", ['a', true, false]],
    ["import 'a';", ['a', true, false]],
    ["export * from 'a';", ['a', true, false]],
    ["export { b } from 'a';", ['a', true, false]],
    ["const a = await import('a'); export { a };", ['a', true, false]],
    ["function load() { return require('a'); }", ['a', false, false]],
    ["const load = () => import('a');", ['a', false, false]],
    ["(async () => { await import('a'); })();", ['a', true, false]],
    ["(function () { require('a'); })();", ['a', true, false]],
    ["if (process.env.DEBUG) require('a');", ['a', false, false]],
    ["if (require('a').isOn) start();", ['a', true, false]],
    ["const a = process.env.A ? require('a') : null;", ['a', false, false]],
    ["const a = global.a || require('a');", ['a', false, false]],
    ["switch (x) { case 1: require('a'); }", ['a', false, false]],
    ["for (const x of list) require('a');", ['a', false, false]],
    ["class A { static b = require('a'); }", ['a', true, false]],
    ["class A { b = require('a'); }", ['a', false, false]],
    ["class A { b() { require('a'); } }", ['a', false, false]],
    ["try { require('a'); } catch {}", ['a', true, true]],
    ["try { x(); } catch { require('a'); }", ['a', false, false]],
    ["try { require('a'); } finally { x(); }", ['a', true, false]],
    ["import('a').catch(() => undefined);", ['a', true, true]],
    ["import('a').then(start).catch(() => undefined);", ['a', true, true]],
    ["import('a').then(start);", ['a', true, false]],
  ])('finds the import of %s', (text, found) => {
    expect(
      importsOf(text).map(({ specifier, isTopLevel, isGuarded }) => [specifier, isTopLevel, isGuarded]),
    ).toEqual([found]);
  });

  it.each([
    'require(name);',
    'require(`./${name}`);',
    'import(name);',
    'module.require.resolve("a");',
    '// require("a")',
    'const text = "require(\'a\')";',
    'export const a = 1;',
    'require();',
  ])('finds none in %s', (text) => {
    expect(importsOf(text)).toEqual([]);
  });

  it('looks into every statement that holds a call', () => {
    const text = [
      '// require(1)',
      'const text = "require(2)";',
      "function load() { return [require ('a'), require('b')]; }",
      'start();',
      '/* import(3) */',
      "class Loader { load() { return import('c'); } }",
      "require('d');",
      'stop();',
    ].join('\n');
    expect(importsOf(text).map(({ specifier, at }) => `${specifier}:${at.line}`)).toEqual([
      'a:3',
      'b:3',
      'c:6',
      'd:7',
    ]);
  });

  it('tells where the specifiers stand, in the order of the text', () => {
    const text = "const a = require('a');\nimport('b');\nimport c from 'c';\n";
    expect(importsOf(text).map(({ specifier, at }) => [specifier, at])).toEqual([
      ['a', { file: 'index.js', line: 1, column: 19, endLine: 1, endColumn: 22 }],
      ['b', { file: 'index.js', line: 2, column: 8, endLine: 2, endColumn: 11 }],
      ['c', { file: 'index.js', line: 3, column: 15, endLine: 3, endColumn: 18 }],
    ]);
  });
});
