import { resolve } from 'node:path';

import type { RunContext } from '../context.ts';
import type { Events } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { Files, GitHub, Log } from '../ports.ts';
import { isInside } from '../stages/inputs/inside.ts';
import { createAnnotationListener } from './annotations.ts';
import { writeStickyComment } from './comment.ts';
import { redactFindings } from './findings.ts';
import { createLogListener, logEnd } from './log.ts';
import { createMaskListener } from './masks.ts';
import { renderComment, renderSummary } from './markdown.ts';
import { renderSarif } from './sarif.ts';

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

/** Writes SARIF, summary and comment and ends the log; what cannot be written is a warning, never a failure of the run. */
export async function report(outcome: Outcome, context: RunContext, ports: ReportPorts): Promise<void> {
  await writeSarif(outcome, context, ports);
  await writeSummary(outcome, context, ports);
  await writeComment(outcome, context, ports);
  logEnd(outcome, ports.log);
}

async function writeSarif(outcome: Outcome, context: RunContext, ports: ReportPorts): Promise<void> {
  const inputs = outcome.values.inputs?.inputs;
  const findings = redactFindings(outcome);
  if (inputs === undefined || !('sarifFile' in inputs) || inputs.sarifFile === '') return;
  if (findings === undefined) return;
  try {
    const path = resolve(context.workspace, inputs.sarifFile);
    if (!(await isInside(path, context.workspace, ports.files)))
      throw new Error('a link leads out of the workspace');
    const { rules } = await import('../lint/rules.ts');
    await ports.files.write(path, renderSarif(findings, rules));
  } catch (error) {
    ports.log.warning(`The sarif-file "${inputs.sarifFile}" cannot be written: ${describeReason(error)}.`);
  }
}

async function writeSummary(
  outcome: Outcome,
  context: RunContext,
  { files, log }: ReportPorts,
): Promise<void> {
  if (context.summaryFile === undefined || context.summaryFile === '') return;
  const summary = renderSummary(outcome, context);
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
  if (inputs === undefined || !('comment' in inputs) || inputs.comment === 'false') return;
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
  const reason = describeReason(error);
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const isForbidden = status === 403 || status === 404;
  return isForbidden ? `${reason}. Grant the job "permissions: pull-requests: write".` : `${reason}.`;
}

function describeReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function missingForComment(token: string, pullRequest: RunContext['pullRequest']): string | undefined {
  if (pullRequest === undefined) return 'the event is not of a pull request';
  return token === '' ? 'the input github-token is empty' : undefined;
}
