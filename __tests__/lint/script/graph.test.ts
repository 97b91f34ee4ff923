import { describe, expect, it } from '@jest/globals';

import { isDeclaredModule, resolveScript } from '../../../src/lint/script/graph.ts';
import { sourceOf } from '../../support/lint.ts';

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
    ['half/a.js', false],
  ])('tells of %s: %s', (file, isModule) => {
    expect(isDeclaredModule(file, source)).toBe(isModule);
  });

  it('takes a script without any package.json for CommonJS', () => {
    expect(isDeclaredModule('a/b.js', sourceOf({ mode: 'function', files: {} }))).toBe(false);
  });
});
