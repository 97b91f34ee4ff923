import { describe, expect, it } from '@jest/globals';

import { isTooLong, lintSyntax } from '../../../src/lint/dockerfile/syntax.ts';

const from = 'FROM node:24-slim\n';

describe('the syntax of a Dockerfile', () => {
  it('that is good has no findings', () => {
    const text = `${from}WORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n`;
    expect(lintSyntax(text, 'Dockerfile')).toEqual([]);
  });

  it('with a misspelled instruction has an error at its place', () => {
    expect(lintSyntax(`${from}RUNN npm ci\n`, 'app/Dockerfile')).toEqual([
      {
        severity: 'error',
        tool: 'dockerfile-utils',
        rule: 'UNKNOWN_INSTRUCTION',
        message: 'Unknown instruction: RUNN.',
        fix: 'Write an instruction of the Dockerfile reference, or end the line before with a backslash if this one belongs to it.',
        url: 'https://docs.docker.com/reference/dockerfile/#overview',
        at: { file: 'app/Dockerfile', line: 2, column: 1, endLine: 2, endColumn: 5 },
      },
    ]);
  });

  it('says the same only once of a line', () => {
    const text = `${from}COPY --chown=a --chown=b c d\nEXPOSE a b\n`;
    expect(lintSyntax(text, 'Dockerfile').map(({ rule, at }) => [rule, at.line])).toEqual([
      ['FLAG_DUPLICATE', 2],
      ['INVALID_PORT', 3],
    ]);
  });

  it.each([
    'EXPOSE canary',
    'EXPOSE \\\nENV TOKEN "canary"',
    'ENV TOKEN="canary',
    "ENV TOKEN='canary",
    'ENV TOKEN=a canary',
    'ENV A=${B:canary}',
    'ENV A=b\ncanary0123/+=',
    'ENV canary"',
    'HEALTHCHECK --retries=canary CMD a',
    'HEALTHCHECK canary',
  ])('%j is told without its values', (line) => {
    const findings = lintSyntax(`${from}${line}\n`, 'Dockerfile');
    expect(findings.map(({ severity }) => severity)).toContain('error');
    expect(JSON.stringify(findings)).not.toMatch(/canary/i);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t\n'],
    ['bytes', Array.from({ length: 2_000 }, (_, at) => String.fromCharCode((at * 7919) % 256)).join('')],
    ['CRLF', `${from}RUN a \\\n b\n`.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${from}`],
    ['an open here-document', `${from}RUN <<EOF\necho a\n`],
    ['backticks', '# escape=`\nFROM a\nRUN a `\n b\n'],
    ['half an instruction', `${from}COPY [`],
    ['ONBUILD alone', `${from}ONBUILD`],
    ['lone surrogates', `${from}RUN \ud800 ${'\udc00'.repeat(9)}`],
    ['__proto__', `${from}__proto__ a\nENV __proto__=a constructor=b`],
  ])('holds with %s', (_, text) => {
    for (const { at, message } of lintSyntax(text, 'Dockerfile')) {
      expect(at.line).toBeGreaterThan(0);
      expect(message).toMatch(/[.…?!]$/);
    }
  });

  it('is not checked in a text that would take minutes', () => {
    const many = `${from}${'ENV A=$B\n'.repeat(111_000)}`;
    const long = `${from}RUN ${'a '.repeat(500_000)}`;
    for (const text of [many, long]) {
      expect(lintSyntax(text, 'Dockerfile')).toMatchObject([
        { severity: 'info', rule: 'TOO_LONG', at: { line: 1 } },
      ]);
    }
    expect([isTooLong('\n'.repeat(2_000)), isTooLong('\n'.repeat(2_001))]).toEqual([false, true]);
  });
});
