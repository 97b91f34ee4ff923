import { describe, expect, it } from '@jest/globals';

import {
  linesOf,
  parseAssignments,
  parsePath,
  parseStatuses,
  parseWhole,
  type Report,
} from '../src/input-fields.ts';

/** What a rule says of a text. */
function faultsOf(rule: (text: string, report: Report) => unknown, text: string): string[] {
  const faults: string[] = [];
  rule(text, (fault) => faults.push(fault));
  return faults;
}

it('counts lines, but hands over only those that say something', () => {
  expect(linesOf('\n a \r\n# b\n\t\n #c\nd # e')).toEqual([
    { line: 'a', number: 2 },
    { line: 'd # e', number: 6 },
  ]);
});

describe('assignments', () => {
  const form = 'must be lines NAME=VALUE, with a name of letters, digits and "_" that begins with no digit';
  const advice = 'A value of several lines cannot stand here.';

  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['\n# A=1\n  \n', {}],
    ['A=1', { A: '1' }],
    ['A=', { A: '' }],
    ['  _a1=x y  \r\nB==a=b\n', { _a1: 'x y', B: '=a=b' }],
    ['A="quoted"', { A: '"quoted"' }],
    ['A=#1', { A: '#1' }],
    ['A=1\na=2', { A: '1', a: '2' }],
    ['URL=https://a.test/?b=c&d=e#f', { URL: 'https://a.test/?b=c&d=e#f' }],
  ])('%j are %j', (text, values) => {
    expect(parseAssignments(text, () => undefined)).toEqual(values);
    expect(faultsOf(parseAssignments, text)).toEqual([]);
  });

  it.each([
    ['canary', [`${form}; line 1 is none. ${advice}`]],
    ['KEY=canary\nMIIcanary', [`${form}; line 2 is none. ${advice}`]],
    ['my-key=canary', [`${form}; line 1 is none. ${advice}`]],
    ['1A=canary', [`${form}; line 1 is none. ${advice}`]],
    ['=canary', [`${form}; line 1 is none. ${advice}`]],
    ['A: canary', [`${form}; line 1 is none. ${advice}`]],
    ['A = canary', [`${form}; line 1 is none. ${advice}`]],
    ['A=1\nB=2\nA=canary', ['sets "A" twice. Leave one of the two out.']],
    ['a\nA=1\nb', [`${form}; line 1 is none. ${advice}`, `${form}; line 3 is none. ${advice}`]],
  ])('%j are refused', (text, faults) => {
    expect(faultsOf(parseAssignments, text)).toEqual(faults);
    expect(faults.join()).not.toContain('canary');
  });

  it('keep a name of the prototype like any other', () => {
    const values = parseAssignments('__proto__=a\nconstructor=b', () => undefined);
    expect(Object.entries(values)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('a path', () => {
  it.each(['', '/', '/healthz', '/a/b?c=d&e=%20', '/你好', '//a'])('%j is taken', (text) => {
    expect(parsePath(text, () => undefined)).toBe(text);
    expect(faultsOf(parsePath, text)).toEqual([]);
  });

  it.each([
    ['healthz', 'healthz'],
    ['/a b', '/a b'],
    ['/a#b', '/a#b'],
    ['/a\nHost: b', '/a\nHost: b'],
    ['http://a.test/', 'http://a.test/'],
    ['https://u:canary@a.test/', 'https://…@a.test/'],
    ['a?token=canary', 'a?…'],
  ])('%j is refused', (text, shown) => {
    expect(faultsOf(parsePath, text)).toEqual([
      `must be a path that begins with "/", such as "/healthz", without spaces and "#", not "${shown}".`,
    ]);
  });
});

describe('statuses', () => {
  it.each([
    ['', []],
    ['200', [{ from: 200, to: 200 }]],
    [
      '200-299, 404',
      [
        { from: 200, to: 299 },
        { from: 404, to: 404 },
      ],
    ],
    [
      '100 301-301\n599',
      [
        { from: 100, to: 100 },
        { from: 301, to: 301 },
        { from: 599, to: 599 },
      ],
    ],
  ])('%j are %j', (text, ranges) => {
    expect(parseStatuses(text, () => undefined)).toEqual(ranges);
    expect(faultsOf(parseStatuses, text)).toEqual([]);
  });

  it.each([
    ['99', '99'],
    ['600', '600'],
    ['299-200', '299-200'],
    ['200-600', '200-600'],
    ['2xx', '2xx'],
    ['200 - 299', '-'],
    ['200-', '200-'],
    ['ok', 'ok'],
    ['200;404', '200;404'],
    ['0200', '0200'],
    ['-200', '-200'],
  ])('%j are refused', (text, shown) => {
    expect(faultsOf(parseStatuses, text)).toEqual([
      'must be statuses from 100 to 599 and ranges of them, the lower one first, ' +
        `separated by commas or spaces, such as "200-299, 404", not "${shown}".`,
    ]);
  });
});

describe('a whole number', () => {
  const rule = (text: string, report: Report): number => parseWhole(text, [0, 500], report);

  it.each(['0', '1', '500', '007'])('%j is taken', (text) => {
    expect(rule(text, () => undefined)).toBe(Number(text));
    expect(faultsOf(rule, text)).toEqual([]);
  });

  it.each(['', '-1', '501', '1.5', '1e2', '0x10', ' 1', 'ten'])('%j is refused', (text) => {
    expect(faultsOf(rule, text)).toEqual([`must be a whole number from 0 to 500, not "${text}".`]);
  });
});
