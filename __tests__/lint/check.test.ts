import { expect, it } from '@jest/globals';

import { check } from '../../src/lint/check.ts';
import type { Directive } from '../../src/lint/directive.ts';
import { sourceOf } from '../support/lint.ts';

const at = { file: 'index.js', line: 1, column: 1 };
const nothing = {
  source: sourceOf({ mode: 'function', files: { 'index.js': 'exports.main = () => 1;' } }),
  dockerfile: undefined,
  scripts: [],
  faults: [],
  directives: [],
};

it('makes a finding of each hit, with what its rule says', () => {
  expect(check({ ...nothing, faults: [{ message: 'Unexpected token', at }] })).toEqual([
    {
      severity: 'error',
      tool: 'cloudbase-run',
      rule: 'CBR200',
      message: 'The script does not parse: Unexpected token.',
      fix: 'Correct the syntax.',
      url: 'docs/rules.md#cbr200',
      at,
    },
  ]);
});

it('tells which ids of a comment name no rule', () => {
  const directive: Directive = { ids: ['CBR001', 'CBR999', 'DL3008'], reason: 'why', at, endLine: 2 };
  expect(check({ ...nothing, directives: [directive] }).map(({ message }) => message)).toEqual([
    'The comment ignores "CBR999", which is no rule.',
  ]);
});

it('says the same of one file a hundred times at most', () => {
  const ids = Array.from({ length: 150 }, (_, index) => `CBRX${index}`);
  const findings = check({ ...nothing, directives: [{ ids, reason: 'why', at, endLine: 2 }] });
  expect(findings).toHaveLength(100);
});
