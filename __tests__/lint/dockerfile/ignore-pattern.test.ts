import { describe, expect, it } from '@jest/globals';

import { createIgnoreMatcher, parseIgnorePatterns } from '../../../src/lint/dockerfile/ignore-pattern.ts';

const paths = [
  'a.js',
  'a.md',
  'lib',
  'lib/a.js',
  'lib/x',
  'lib/x/a.js',
  'lib/x/y/b.md',
  'x/lib/c',
  '[z]',
  'é é',
];

const ignoredBy = (text: string): string[] =>
  paths.filter(createIgnoreMatcher(parseIgnorePatterns(text).patterns));

describe('the patterns of an ignore file', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['# a.js\n\n  \n', []],
    ['a.js', ['a.js']],
    ['/a.js', ['a.js']],
    ['./a.js/', ['a.js']],
    ['lib/../a.js', ['a.js']],
    ['  a.js  ', ['a.js']],
    ['*.js', ['a.js']],
    ['**/*.js', ['a.js', 'lib/a.js', 'lib/x/a.js']],
    ['lib', ['lib', 'lib/a.js', 'lib/x', 'lib/x/a.js', 'lib/x/y/b.md']],
    ['lib/*\n!lib/x', ['lib/a.js']],
    ['lib\n!lib/x\nlib/x/y', ['lib', 'lib/a.js', 'lib/x/y/b.md']],
    ['lib/**/a*\n!lib/x', ['lib/a.js', 'lib/x/a.js']],
    ['lib/**', ['lib/a.js', 'lib/x', 'lib/x/a.js', 'lib/x/y/b.md']],
    ['**\n! a.js', paths.filter((path) => path !== 'a.js')],
    ['?.js', ['a.js']],
    ['a.[a-l]?', ['a.js']],
    ['a.[^j]*', ['a.md']],
    ['\\[z\\]', ['[z]']],
    ['é?é', ['é é']],
    ['A.JS', []],
    ['a.js$\na|b', []],
  ])('%j leave out %j', (text, ignored) => {
    expect(ignoredBy(text)).toEqual(ignored);
  });

  it('are told by line, as they are written', () => {
    const { patterns } = parseIgnorePatterns('\ufeff# c\r\n lib/ \r\n! lib/x\n');
    expect(patterns.map(({ line, written, isException }) => [line, written, isException])).toEqual([
      [2, 'lib/', false],
      [3, '! lib/x', true],
    ]);
  });

  it.each(['[', 'a[b', '\\', '!', 'a[z-a]', 'x'.repeat(1_001)])(
    '%# that are none are named by their lines',
    (line) => {
      expect(parseIgnorePatterns(`a\n${line}\nb`)).toMatchObject({
        faults: [2],
        patterns: [{ line: 1 }, { line: 3 }],
      });
    },
  );
});
