import { expect } from '@jest/globals';
import * as fc from 'fast-check';

import { InputError, type Position } from '../../src/errors.ts';
import { severities, type Finding } from '../../src/lint/finding.ts';
import { canary } from './dockerfile-arbitraries.ts';
import { containers, functions, mutatedTemplates, projects } from './lint-arbitraries.ts';
import { lintProject, type LintCase } from './lint-project.ts';
import { readTemplates } from './templates.ts';

/** A property of lint, and how often it is tried where there is little time. */
export interface Property {
  readonly name: string;
  readonly runs: number;
  /** Fails with the seed and the smallest example that it found. */
  readonly check: (attempts: Attempts) => Promise<void>;
}

interface Attempts {
  readonly seed: number;
  readonly numRuns: number;
  /** No more is tried after this time. */
  readonly limitMs: number;
}

/** All that holds whatever is linted. */
export function createProperties(): Property[] {
  const entry = (name: string, runs: number, cases: fc.Arbitrary<LintCase>): Property => ({
    name,
    runs,
    check: async ({ seed, numRuns, limitMs }) => {
      const property = fc.asyncProperty(cases, expectFindings);
      // The search for a smaller example must end before the test does, or nothing is told.
      await fc.assert(property, { seed, numRuns, interruptAfterTimeLimit: limitMs });
    },
  });
  return [
    entry('any Dockerfile', 150, containers),
    entry('any script of a function', 250, functions),
    entry('any project', 150, projects),
    entry('any template with damaged files', 80, mutatedTemplates(readTemplates())),
  ];
}

/** Lint ends with findings that say what is wrong, where, and what to do, and that tell no secret. */
export async function expectFindings(project: LintCase): Promise<void> {
  const findings = await lintProject(project);
  if (findings instanceof InputError) expect(findings.message).toMatch(/^mode: /);
  else for (const finding of findings) expectFinding(finding, project);
}

const tools = ['cloudbase-run', 'buildkit', 'hadolint', 'dockerfile-utils'];

/** A finding that GitHub can show at a line of a file of the project. */
export function expectFinding(finding: Finding, { files }: LintCase): void {
  const { severity, tool, rule, message, fix, url, at } = finding;
  expect(severities).toContain(severity);
  expect(tools).toContain(tool);
  expect(rule).toMatch(/^[A-Za-z][\w-]*$/);
  expect(url).toMatch(/^(https:\/\/|docs\/rules\.md#)/);
  expectSentence(message);
  expectSentence(fix);
  expectPlace(at, files);
}

/** One line that ends as a sentence does, and holds nothing secret nor anything that a log would act on. */
function expectSentence(text: string): void {
  expect(text).toMatch(/^\S.*\.$/su);
  expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(text.length).toBeLessThanOrEqual(1000);
  expect(text.toLowerCase()).not.toContain(canary.toLowerCase());
}

/** A file that is not there is named by its first character. */
function expectPlace({ file, line, column, ...end }: Position, files: LintCase['files']): void {
  const text = files[file];
  if (typeof text !== 'string') {
    expect([file === '' || file.startsWith('/') || file.startsWith('..'), line, column]).toEqual([
      false,
      1,
      1,
    ]);
    return;
  }
  const { endLine = line, endColumn } = end;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|[\n\r\u2028\u2029]/);
  expect([line, column, endLine - line].map(Number.isInteger)).toEqual([true, true, true]);
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(endLine).toBeGreaterThanOrEqual(line);
  // A heredoc that never ends takes the line after the last one.
  expect(endLine).toBeLessThanOrEqual(lines.length + 1);
  // What else ends a line to a parser of JavaScript ends none to GitHub: columns are not compared then.
  if (/\r(?!\n)|[\u2028\u2029]/.test(text)) return;
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  if (endColumn === undefined || endLine > lines.length) return;
  expect(endColumn).toBeGreaterThanOrEqual(endLine === line ? column : 1);
  expect(endColumn).toBeLessThanOrEqual((lines[endLine - 1] ?? '').length + 1);
}
