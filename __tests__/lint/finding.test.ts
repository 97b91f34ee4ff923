import { expect, it } from '@jest/globals';

import { countFindings, lintFailure, type Finding, type Severity } from '../../src/lint/finding.ts';

const finding = (severity: Severity, line: number): Finding => ({
  severity,
  tool: 'cloudbase-run',
  rule: 'RULE',
  message: `Found ${severity}.`,
  fix: 'Do this.',
  url: 'docs/rules.md#rule',
  at: { file: 'Dockerfile', line, column: 1 },
});
const findings = [finding('info', 1), finding('warning', 2), finding('error', 3), finding('warning', 4)];

it('counts by severity', () => {
  expect(countFindings(findings)).toEqual({ error: 1, warning: 2, info: 1 });
  expect(countFindings([])).toEqual({ error: 0, warning: 0, info: 0 });
});

it('fails with the worst finding first', () => {
  const failure = lintFailure(findings);
  expect(failure.kind).toBe('lint');
  expect(failure.message).toBe(
    'Lint found 1 error, 2 warnings, 1 info. First: Dockerfile:3: Found error. Do this.',
  );
});
