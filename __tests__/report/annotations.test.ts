import { expect, it } from '@jest/globals';

import type { Finding, Severity } from '../../src/lint/finding.ts';
import { createAnnotationListener } from '../../src/report/annotations.ts';
import { createFakeLog } from '../support/fakes.ts';

const finding = (severity: Severity, line = 1): Finding => ({
  severity,
  tool: 'cloudbase-run',
  rule: 'CBR001',
  message: `${severity} ${line}.`,
  fix: 'Do this.',
  url: 'https://docs.test/rules.md#cbr001',
  at: { file: 'Dockerfile', line, column: 2 },
});

function linesFor(findings: readonly Finding[], stage: 'lint' | 'build' = 'lint'): readonly string[] {
  const log = createFakeLog();
  const value = { findings, isFailed: false, ignored: 0 };
  createAnnotationListener(log)({ kind: 'finished', stage, value, durationMs: 0 });
  return log.lines;
}

it('writes each finding at its line with its fix and its page, the worst first', () => {
  const found = [finding('warning'), finding('info'), finding('error', 2), finding('error')];
  const end = 'Do this. (CBR001, https://docs.test/rules.md#cbr001)';
  expect(linesFor(found)).toEqual([
    `error: error 1. ${end} @Dockerfile:1`,
    `error: error 2. ${end} @Dockerfile:2`,
    `warning: warning 1. ${end} @Dockerfile:1`,
    `notice: info 1. ${end} @Dockerfile:1`,
  ]);
});

it('hands all of them to the log, which knows how many are shown', () => {
  const lines = linesFor(Array.from({ length: 30 }, (_, index) => finding('error', index + 1)));
  expect(lines.filter((line) => line.startsWith('error: '))).toHaveLength(30);
});

it('hears of lint alone', () => {
  expect(linesFor([finding('error')], 'build')).toEqual([]);
});
