import { ProjectError, type Position } from '../errors.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One thing that lint found, at its place; `file` of the position is relative to the repository root. */
export interface Finding {
  readonly severity: Severity;
  /** The rule's name in the tool that knows it. */
  readonly rule: string;
  readonly message: string;
  readonly at: Position;
}

/** The findings by severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** The failure of a run whose findings reach the severity that the input `lint` names. */
export function lintFailure(findings: readonly Finding[]): ProjectError {
  const { error, warning } = countFindings(findings);
  const [worst] = [...findings].sort((left, right) => rank(left.severity) - rank(right.severity));
  const first = worst === undefined ? '' : ` First: ${worst.at.file}:${worst.at.line}: ${worst.message}`;
  return new ProjectError(`Lint found ${error} error(s) and ${warning} warning(s).${first}`, {
    kind: 'lint',
    advice: 'Correct the findings above; input "lint: off" leaves the check out.',
  });
}

function rank(severity: Severity): number {
  return ['error', 'warning', 'info'].indexOf(severity);
}
