import { describe, expect, it } from '@jest/globals';

import { isDeclaredModule, listImports, resolveScript } from '../../../src/lint/script/graph.ts';
import { parseScript, type ScriptSubject } from '../../../src/lint/script/script.ts';
import { sourceOf } from '../../support/lint.ts';

function subjectOf(text: string): ScriptSubject {
  const source = sourceOf({ mode: 'container', files: { 'index.js': text } });
  const subject = parseScript(source, { file: 'index.js', text, isDeclaredModule: false });
  if ('message' in subject) throw new Error(subject.message);
  return subject;
}

describe('listImports', () => {
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
      listImports(subjectOf(text)).map(({ specifier, isTopLevel, isGuarded }) => [
        specifier,
        isTopLevel,
        isGuarded,
      ]),
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
    expect(listImports(subjectOf(text))).toEqual([]);
  });

  it('tells where the specifiers stand, in the order of the text', () => {
    const text = "const a = require('a');\nimport('b');\nimport c from 'c';\n";
    expect(listImports(subjectOf(text)).map(({ specifier, at }) => [specifier, at])).toEqual([
      ['a', { file: 'index.js', line: 1, column: 19, endLine: 1, endColumn: 22 }],
      ['b', { file: 'index.js', line: 2, column: 8, endLine: 2, endColumn: 11 }],
      ['c', { file: 'index.js', line: 3, column: 15, endLine: 3, endColumn: 18 }],
    ]);
  });
});

describe('resolveScript', () => {
  const files = {
    'src/index.js': '',
    'src/a.js': '',
    'src/b.cjs': '',
    'src/c.mjs': '',
    'src/data.json': '{}',
    'src/both.json': '{}',
    'src/both.mjs': '',
    'src/types.ts': '',
    'src/style.css': '',
    'src/www': '',
    'src/folder/index.js': '',
    'src/esm/index.mjs': '',
    'src/named/package.json': '{ "main": "start.js" }',
    'src/named/start.js': '',
    'src/loop/package.json': '{ "main": "../loop" }',
    'src/lost/package.json': '{ "main": "dist/index.js" }',
    'src/lost/index.js': '',
    'src/half/package.json': '{ "main": ',
    'src/half/index.js': '',
    'src/twice/index.js': '',
    'src/twice.js': '',
    'root.js': '',
  };
  const source = sourceOf({ mode: 'function', files });

  it.each([
    ['./a.js', 'src/a.js'],
    ['./a', 'src/a.js'],
    ['./b', 'src/b.cjs'],
    ['./c', 'src/c.mjs'],
    ['./www', 'src/www'],
    ['./folder', 'src/folder/index.js'],
    ['./folder/', 'src/folder/index.js'],
    ['./folder/../a', 'src/a.js'],
    ['./esm', 'src/esm/index.mjs'],
    ['./named', 'src/named/start.js'],
    ['./lost', 'src/lost/index.js'],
    ['./half', 'src/half/index.js'],
    ['./twice', 'src/twice.js'],
    ['./twice/', 'src/twice/index.js'],
    ['.', 'src/index.js'],
    ['..', undefined],
    ['../root', 'root.js'],
    ['../../root', undefined],
    ['./data', undefined],
    ['./data.json', undefined],
    ['./both', undefined],
    ['./types', undefined],
    ['./types.ts', undefined],
    ['./style.css', undefined],
    ['./loop', undefined],
    ['./none', undefined],
    ['a', undefined],
    ['/src/a.js', undefined],
    ['node:fs', undefined],
    ['.a', undefined],
    ['', undefined],
  ])('leads from src/index.js with %s to %s', (specifier, file) => {
    expect(resolveScript('src/index.js', specifier, source)).toBe(file);
  });
});

describe('isDeclaredModule', () => {
  const files = {
    'package.json': '{ "type": "module" }',
    'cjs/package.json': '{ "type": "commonjs" }',
    'list/package.json': '[]',
    'half/package.json': '{ "type": "module", ',
  };
  const source = sourceOf({ mode: 'function', files });

  it.each([
    ['index.js', true],
    ['a/b/c.js', true],
    ['index.mjs', true],
    ['index.cjs', false],
    ['cjs/a/b.js', false],
    ['cjs/a/b.mjs', true],
    ['list/a.js', false],
    ['half/a.js', true],
  ])('tells of %s: %s', (file, isModule) => {
    expect(isDeclaredModule(file, source)).toBe(isModule);
  });

  it('takes a script without any package.json for CommonJS', () => {
    expect(isDeclaredModule('a/b.js', sourceOf({ mode: 'function', files: {} }))).toBe(false);
  });
});
