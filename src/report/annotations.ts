import type { RunEvent } from '../events.ts';
import type { Severity } from '../lint/finding.ts';
import type { StageValues } from '../outcome.ts';
import type { Log } from '../ports.ts';

/** GitHub shows ten annotations of a level for a step; the rest stays in the log. */
const shownPerLevel = 10;

const levels = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  keyof Log
>;

/** Writes lint findings at their lines as soon as lint has ended. */
export function createAnnotationListener(log: Log): (event: RunEvent) => void {
  return (event) => {
    if (event.kind !== 'finished' || event.stage !== 'lint') return;
    const { findings } = event.value as StageValues['lint'];
    for (const [severity, level] of Object.entries(levels)) {
      const ofLevel = findings.filter((finding) => finding.severity === severity);
      ofLevel.forEach(({ rule, message, at }, index) => {
        if (index < shownPerLevel) log[level](`${message} (${rule})`, at);
        else log.info(`${at.file}:${at.line}:${at.column}: ${message} (${rule})`);
      });
    }
  };
}
