import { describe, expect, it } from '@jest/globals';

import { hadolintFixes, parseHadolint } from '../../../src/lint/dockerfile/hadolint.ts';

const entry = {
  file: '/tmp/x/Dockerfile',
  line: 3,
  column: 1,
  level: 'warning',
  code: 'DL3008',
  message: 'Pin versions in apt get install.',
};

function parse(...entries: unknown[]): unknown {
  return parseHadolint(JSON.stringify(entries), 'app/Dockerfile');
}

describe("hadolint's list", () => {
  it('is findings at their lines', () => {
    expect(parse(entry)).toEqual([
      {
        severity: 'warning',
        tool: 'hadolint',
        rule: 'DL3008',
        message: 'Pin versions in apt get install.',
        fix: 'Write each package as name=version.',
        url: 'https://github.com/hadolint/hadolint/wiki/DL3008',
        at: { file: 'app/Dockerfile', line: 3, column: 1 },
      },
    ]);
  });

  it.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'info'],
    ['style', 'info'],
    ['else', 'warning'],
    ['constructor', 'warning'],
  ])('of level %s is of severity %s', (level, severity) => {
    expect(parse({ ...entry, level })).toMatchObject([{ severity }]);
  });

  it.each([
    ['SC2086', 'Put the variable in double quotes.', 'https://www.shellcheck.net/wiki/SC2086'],
    [
      'DL9999',
      'Change it as the page of DL9999 explains.',
      'https://github.com/hadolint/hadolint/wiki/DL9999',
    ],
    ['../x', 'Change it as the page of ../x explains.', 'https://github.com/hadolint/hadolint'],
  ])('with %s says %j', (code, fix, url) => {
    expect(parse({ ...entry, code })).toMatchObject([{ rule: code, fix, url }]);
  });

  it('warns alone, in words of our own, where hadolint cannot read the file', () => {
    const message = 'unexpected "canary" expecting end of input';
    expect(parse({ ...entry, code: 'DL1000', level: 'error', message })).toMatchObject([
      { severity: 'warning', message: 'Hadolint cannot read the Dockerfile from here on.' },
    ]);
  });

  it('may be empty or odd', () => {
    expect([parse(), parse(null)]).toMatchObject([
      [],
      [{ rule: 'hadolint', severity: 'warning', at: { line: 1, column: 1 } }],
    ]);
  });

  it.each(['', '{}', 'null', '[', 'hadolint: error'])('is not %j', (stdout) => {
    expect(parseHadolint(stdout, 'Dockerfile')).toBeUndefined();
  });

  it('has fixes in sentences', () => {
    for (const [code, fix] of Object.entries(hadolintFixes)) {
      expect(code).toMatch(/^(DL|SC)\d{4}$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
    }
  });
});
