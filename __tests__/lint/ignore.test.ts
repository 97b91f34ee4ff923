import { expect, it } from '@jest/globals';

import type { Directive } from '../../src/lint/directive.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { checkRuleId, leaveOut } from '../../src/lint/ignore.ts';

const finding = (rule: string, line: number, file = 'Dockerfile'): Finding => ({
  severity: 'error',
  tool: 'cloudbase-run',
  rule,
  message: 'Found.',
  fix: 'Do this.',
  url: '',
  at: { file, line, column: 1 },
});
const directive = (given: Partial<Directive> = {}): Directive => ({
  ids: ['CBR002'],
  reason: 'why',
  at: { file: 'Dockerfile', line: 2, column: 1 },
  endLine: 4,
  ...given,
});
const staying = (findings: Finding[], directives: Directive[], ignored: string[] = []): string[] =>
  leaveOut(findings, directives, ignored).findings.map(({ rule, at }) => `${rule}:${at.line}`);

it('leaves out what a comment covers', () => {
  const findings = [1, 2, 3, 4, 5].map((line) => finding('CBR002', line));
  expect(staying(findings, [directive()])).toEqual(['CBR002:1', 'CBR002:5']);
  expect(leaveOut(findings, [directive()], []).ignored).toBe(3);
});

it.each<[string, Finding, Directive]>([
  ['in another file', finding('CBR002', 3, 'b/Dockerfile'), directive()],
  ['of another rule', finding('CBR003', 3), directive()],
  ['for a comment without a reason', finding('CBR002', 3), directive({ reason: '' })],
])('keeps a finding %s', (_name, found, comment) => {
  expect(leaveOut([found], [comment], [])).toEqual({ findings: [found], ignored: 0 });
});

it('leaves out the rules that the input names, of whatever tool', () => {
  expect(
    staying([finding('CBR002', 1), finding('DL3008', 1), finding('CBR003', 1)], [], ['CBR002', 'DL3008']),
  ).toEqual(['CBR003:1']);
});

it.each<[string, string[], string[]]>([
  ['a rule of ours, with what other tools say of it', ['CBR004'], ['CBR003:1', 'CBR026:1']],
  ['what a tool says, of every tool but ours', ['DL3025'], ['CBR003:1', 'CBR004:1', 'CBR026:1']],
  [
    'no stricter rule of the same topic',
    ['CBR025'],
    ['CBR003:1', 'CBR004:1', 'DL3025:1', 'JSONArgsRecommended:1', 'CBR026:1'],
  ],
  ['an id as SARIF has it', ['hadolint/DL3025'], ['CBR003:1', 'CBR004:1', 'CBR026:1']],
])('leaves out %s', (_name, ignored, stays) => {
  const ids = ['CBR003', 'CBR004', 'DL3025', 'JSONArgsRecommended', 'CBR026'];
  expect(
    staying(
      ids.map((id) => finding(id, 1)),
      [],
      ignored,
    ),
  ).toEqual(stays);
});

it.each(['CBR001', 'hadolint/DL3008', 'CBR902', 'DL3008', 'SC2086', 'JSONArgsRecommended'])(
  'takes the id %s',
  (id) => {
    expect(checkRuleId(id)).toBeUndefined();
  },
);

it.each([
  ['CBR999', 'not "CBR999".'],
  ['cbr001', 'not "cbr001". Did you mean "CBR001"?'],
  ['cbr102', 'not "cbr102". Did you mean "CBR102"?'],
  ['a-b', 'not "a-b".'],
])('refuses the id %s', (id, end) => {
  expect(checkRuleId(id)).toMatch(/^must name rules such as CBR002, /);
  expect(checkRuleId(id)?.endsWith(end)).toBe(true);
});
