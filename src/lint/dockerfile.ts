import { validate, ValidationCode, ValidationSeverity } from 'dockerfile-utils';

import type { Finding, Severity } from './finding.ts';

const severities: Readonly<Record<number, Severity>> = { 1: 'error', 2: 'warning', 3: 'info', 4: 'info' };

/** Checks the syntax and the general rules of a Dockerfile; `file` is the name that findings carry. */
export function lintDockerfile(text: string, file: string): Finding[] {
  const settings = { emptyContinuationLine: ValidationSeverity.WARNING };
  return validate(text, settings).map(({ severity, code, message, range }) => ({
    severity: severities[severity ?? 1] ?? 'error',
    tool: 'dockerfile-utils' as const,
    rule: typeof code === 'number' ? (ValidationCode[code] ?? String(code)) : 'dockerfile',
    message: `${typeof message === 'string' ? message : message.value}.`.replace(/\.\.$/, '.'),
    fix: 'Correct the instruction as the Dockerfile reference has it.',
    url: 'https://docs.docker.com/reference/dockerfile/',
    at: {
      file,
      line: range.start.line + 1,
      column: range.start.character + 1,
      endLine: range.end.line + 1,
      endColumn: range.end.character + 1,
    },
  }));
}
