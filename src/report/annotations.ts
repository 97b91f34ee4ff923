import type { RunEvent } from '../events.ts';
import { sortFindings, type Severity } from '../lint/finding.ts';
import type { StageValues } from '../outcome.ts';
import type { Log } from '../ports.ts';

const levels = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  keyof Log
>;

/** Writes lint findings at their lines as soon as lint has ended, the worst first: the log knows how many are shown. */
export function createAnnotationListener(log: Log): (event: RunEvent) => void {
  return (event) => {
    if (event.kind !== 'finished' || event.stage !== 'lint') return;
    const { findings } = event.value as StageValues['lint'];
    for (const { severity, rule, message, fix, url, at } of sortFindings(findings))
      log[levels[severity]](`${message} ${fix} (${rule}, ${url})`, at);
  };
}
