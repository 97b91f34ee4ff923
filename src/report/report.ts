import type { RunContext } from '../context.ts';
import type { Events } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { Files, GitHub, Log } from '../ports.ts';
import { createAnnotationListener } from './annotations.ts';
import { writeStickyComment } from './comment.ts';
import { createLogListener, logEnd } from './log.ts';
import { createMaskListener } from './masks.ts';
import { renderComment, renderSummary } from './markdown.ts';

interface ReportPorts {
  readonly files: Files;
  readonly gitHub: GitHub;
  readonly log: Log;
}

/** Lets masks, log and annotations hear of the run while it runs. */
export function listenTo(events: Events, log: Log): void {
  events.listen(createMaskListener(log));
  events.listen(createLogListener(log));
  events.listen(createAnnotationListener(log));
}

/** Writes summary and comment and ends the log; what cannot be written is a warning, never a failure of the run. */
export async function report(outcome: Outcome, context: RunContext, ports: ReportPorts): Promise<void> {
  await writeSummary(outcome, context, ports);
  await writeComment(outcome, context, ports);
  logEnd(outcome, ports.log);
}

async function writeSummary(
  outcome: Outcome,
  context: RunContext,
  { files, log }: ReportPorts,
): Promise<void> {
  if (context.summaryFile === undefined || context.summaryFile === '') return;
  const summary = renderSummary(outcome, outcome.values.inputs?.inputs.target);
  await files.append(context.summaryFile, summary).catch((error: unknown) => {
    log.warning(`The job summary cannot be written: ${String(error)}`);
  });
}

async function writeComment(
  outcome: Outcome,
  context: RunContext,
  { gitHub, log }: ReportPorts,
): Promise<void> {
  const inputs = outcome.values.inputs?.inputs;
  const { pullRequest } = context;
  if (inputs === undefined || inputs.comment === 'false') return;
  const missing = missingForComment(inputs.gitHubToken, pullRequest);
  if (missing !== undefined || pullRequest === undefined) {
    if (inputs.comment === 'true') log.warning(`There is no comment: ${missing ?? ''}.`);
    return;
  }
  try {
    const url = await writeStickyComment(
      pullRequest.number,
      renderComment(outcome, inputs.target, context),
      gitHub,
    );
    log.info(`Comment: ${url}`);
  } catch (error) {
    const sentence = `The comment cannot be written: ${describeRefusal(error)}`;
    if (inputs.comment === 'true') log.warning(sentence);
    else log.notice(sentence);
  }
}

/** GitHub answers 403 or 404 to a token that may not write comments. */
function describeRefusal(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const isForbidden = status === 403 || status === 404;
  return isForbidden ? `${reason}. Grant the job "permissions: pull-requests: write".` : `${reason}.`;
}

function missingForComment(token: string, pullRequest: RunContext['pullRequest']): string | undefined {
  if (pullRequest === undefined) return 'the event is not of a pull request';
  return token === '' ? 'the input github-token is empty' : undefined;
}
