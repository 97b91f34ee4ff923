import { expect, it } from '@jest/globals';

import type { Finding, Severity } from '../../src/lint/finding.ts';
import { createAnnotationListener } from '../../src/report/annotations.ts';
import { createFakeLog } from '../support/fakes.ts';

const findings = (severity: Severity, count: number): Finding[] =>
  Array.from({ length: count }, (_, index) => ({
    severity,
    tool: 'cloudbase-run',
    rule: 'RULE',
    message: `${severity} ${index + 1}.`,
    fix: 'Do this.',
    url: 'docs/rules.md#rule',
    at: { file: 'Dockerfile', line: index + 1, column: 2 },
  }));

function linesFor(found: Finding[], stage: 'lint' | 'build' = 'lint'): readonly string[] {
  const log = createFakeLog();
  const value = { findings: found, isFailed: false };
  createAnnotationListener(log)({ kind: 'finished', stage, value, durationMs: 0 });
  return log.lines;
}

it('writes each finding at its line, by its severity', () => {
  const found = [...findings('warning', 1), ...findings('info', 1), ...findings('error', 2)];
  expect(linesFor(found)).toEqual([
    'error: error 1. (RULE) @Dockerfile:1',
    'error: error 2. (RULE) @Dockerfile:2',
    'warning: warning 1. (RULE) @Dockerfile:1',
    'notice: info 1. (RULE) @Dockerfile:1',
  ]);
});

it('leaves what GitHub would not show to the log', () => {
  const lines = linesFor(findings('warning', 12));
  expect(lines.filter((line) => line.startsWith('warning'))).toHaveLength(10);
  expect(lines.slice(10)).toEqual([
    'info: Dockerfile:11:2: warning 11. (RULE)',
    'info: Dockerfile:12:2: warning 12. (RULE)',
  ]);
});

it('hears of lint alone', () => {
  expect(linesFor(findings('error', 1), 'build')).toEqual([]);
});
