import { expect, it } from '@jest/globals';

import { functionEncodingRules } from '../../../src/lint/function/encoding.ts';
import { checkSource, sourceOf } from '../../support/lint.ts';

const marked = '\uFEFF{}';
const list = JSON.stringify({ functionsRoot: '.', functions: [{ name: 'a', directory: 'a' }] });

it.each<[Record<string, string>, string[]]>([
  [{ 'package.json': '{"name": "ä"}', 'index.js': '' }, []],
  [{ 'package.json': marked, 'index.js': '' }, ['package.json begins with a byte order mark.']],
  [{ 'package.json': '\uFEFF{"main": "a.mjs"}', 'a.mjs': '' }, []],
  [{ 'package.json': '\uFEFF{"main": "a.cjs"}', 'a.cjs': '' }, []],
  [{ 'package.json': marked }, []],
  [{ 'other.json': marked, 'index.js': marked }, []],
  [{ 'cloudbase-functions.json': marked }, ['cloudbase-functions.json begins with a byte order mark.']],
  [
    { 'cloudbase-functions.json': list, 'a/index.js': '', 'package.json': marked },
    ['package.json begins with a byte order mark.'],
  ],
  [
    { 'cloudbase-functions.json': list, 'a/index.js': '', 'a/package.json': '{}', 'package.json': marked },
    [],
  ],
])('in %j it finds %j', (files, found) => {
  const hits = functionEncodingRules.flatMap((rule) => checkSource(rule, { mode: 'function', files }));
  expect(hits.map(({ message }) => message)).toEqual(found);
});

it('goes by the size of the file where the text comes without the mark', () => {
  const source = sourceOf({ mode: 'function', files: { 'package.json': marked, 'index.js': '' } });
  const texts = new Map([...source.texts, ['package.json', '{}'] as const]);
  expect(functionEncodingRules.flatMap((rule) => rule.check({ ...source, texts }))).toHaveLength(1);
});
