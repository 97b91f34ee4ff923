import { describe, expect, it } from '@jest/globals';

import { lintDockerfile } from '../../src/lint/dockerfile.ts';

describe('a Dockerfile', () => {
  it('that is good has no findings', () => {
    expect(lintDockerfile('FROM node:24\nWORKDIR /app\nCMD ["node", "a.js"]\n', 'Dockerfile')).toEqual([]);
  });

  it('with a misspelled instruction has an error at its place', () => {
    expect(lintDockerfile('FROM node:24\nRUNN npm ci\n', 'app/Dockerfile')).toEqual([
      {
        severity: 'error',
        rule: 'UNKNOWN_INSTRUCTION',
        message: 'Unknown instruction: RUNN.',
        at: { file: 'app/Dockerfile', line: 2, column: 1, endLine: 2, endColumn: 5 },
      },
    ]);
  });

  it.each([
    ['FROM node:24\nRUN a \\\n\n b\n', 'EMPTY_CONTINUATION_LINE', 'warning'],
    ['RUN echo hi\n', 'NO_SOURCE_IMAGE', 'error'],
    ['FROM node:24\nEXPOSE abc\n', 'INVALID_PORT', 'error'],
  ])('%j has %s as %s', (text, rule, severity) => {
    const findings = lintDockerfile(text, 'Dockerfile').map((finding) => [finding.rule, finding.severity]);
    expect(findings).toContainEqual([rule, severity]);
  });
});
