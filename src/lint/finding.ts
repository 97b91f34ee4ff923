import { ProjectError, type FailureKind, type Position } from '../errors.ts';

export type Severity = 'error' | 'warning' | 'info';

/** The severities, the worst first. */
export const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

/** The tools whose findings are merged. */
export type Tool = 'cloudbase-run' | 'buildkit' | 'hadolint' | 'dockerfile-utils';

/** One thing that lint found, at its place; `file` of the position is relative to the repository root. */
export interface Finding {
  readonly severity: Severity;
  readonly tool: Tool;
  /** The rule's id in the tool that knows it: `CBR001`, `DL3008`, `StageNameCasing`. */
  readonly rule: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do, in one sentence. */
  readonly fix: string;
  /** Where the rule is explained; `docs/rules.md#cbr001` where the action's own pages have no known address. */
  readonly url: string;
  readonly at: Position;
  /** The failure kind of a run that this finding fails, where it is another one than `lint`. */
  readonly kind?: FailureKind;
}

/** A text of a finding in one line: what it quotes may hold line breaks or orders to a terminal. */
export function asOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** The findings by severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** What lint found, in numbers: `2 errors, 1 info`. */
export function describeFindings(findings: readonly Finding[]): string {
  const counts = Object.entries(countFindings(findings)).filter(([, count]) => count > 0);
  if (counts.length === 0) return 'no findings';
  return counts.map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`).join(', ');
}

/** The worst first; then by file and place. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (left, right) =>
      severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
      compareTexts(left.at.file, right.at.file) ||
      left.at.line - right.at.line ||
      left.at.column - right.at.column ||
      compareTexts(left.rule, right.rule),
  );
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The failure of a run whose findings reach the severity that the input `lint` names. */
export function lintFailure(findings: readonly Finding[]): ProjectError {
  const [worst] = sortFindings(findings);
  const first =
    worst === undefined ? '' : ` First: ${worst.at.file}:${worst.at.line}: ${worst.message} ${worst.fix}`;
  return new ProjectError(`Lint found ${describeFindings(findings)}.${first}`, {
    kind: worst?.kind ?? 'lint',
    advice:
      'Correct the findings above, or name in the input "lint-ignore" the rules that are wrong for this project.',
  });
}
