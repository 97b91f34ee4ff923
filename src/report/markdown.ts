import type { RunContext } from '../context.ts';
import { Failure, ReadinessError } from '../errors.ts';
import { stageTitles } from '../events.ts';
import { describeFindings } from '../lint/finding.ts';
import type { Outcome } from '../outcome.ts';
import type { Target } from '../ports.ts';
import { consoleUrlOf } from '../stages/follow/urls.ts';
import { renderDownload } from './download.ts';
import { code, escape, fence } from './escape.ts';
import { renderFindings } from './findings.ts';
import { redact, redactedTail } from './masks.ts';
import { renderPackage } from './package.ts';
import { describePlan, describeSettings, planOf, renderPlan } from './plan.ts';

/** The hidden marker by which a comment is found again: one for each service and environment. */
export function commentMarker({ envId, serviceName }: Target): string {
  return `<!-- deploy-cloudbase-run service=${serviceName} env=${envId} -->`;
}

/** The pull request comment of a run. */
export function renderComment(outcome: Outcome, target: Target, context: RunContext): string {
  const commit = context.sha === '' ? '' : ` · commit ${code(context.sha.slice(0, 7))}`;
  const log = context.runUrl === '' ? '' : ` · [log](${context.runUrl})`;
  const foot = `[console](${consoleUrlOf(target)})${log}${commit} · ${seconds(outcome.durationMs)}`;
  return [
    commentMarker(target),
    `### CloudBase Run: ${code(target.serviceName)}`,
    '',
    ...renderState(outcome),
    '',
    ...renderChanges(outcome),
    foot,
    '',
  ].join('\n');
}

/** The job summary of a run. */
export function renderSummary(outcome: Outcome, context: RunContext): string {
  const target = targetOf(outcome);
  const name = target === undefined ? '' : `: ${code(target.serviceName)}`;
  return [
    `## CloudBase Run${name}`,
    '',
    ...renderState(outcome),
    '',
    ...renderFindings(outcome, context),
    ...renderChecks(outcome),
    ...renderImage(outcome),
    ...renderPackage(outcome),
    ...renderConfig(outcome),
    ...renderChanges(outcome),
    '| stage | duration |',
    '| --- | ---: |',
    ...outcome.stages.map(
      ({ stage, durationMs, isFailed }) =>
        `| ${stageTitles[stage]}${isFailed ? ' (failed)' : ''} | ${seconds(durationMs)} |`,
    ),
    '',
  ].join('\n');
}

/** The service that the run is about; `lint` and `run` need none. */
function targetOf({ values }: Outcome): Target | undefined {
  const inputs = values.inputs?.inputs;
  return inputs !== undefined && 'target' in inputs ? inputs.target : undefined;
}

function renderState(outcome: Outcome): string[] {
  const { failure, values } = outcome;
  const { follow = values.online, project } = values;
  if (failure !== undefined) return renderFailure(outcome, failure);
  if (outcome.status === 'planned') return renderPlanned(outcome);
  if (outcome.status === 'linted') return [`**Linted**: ${describeFindings(values.lint?.findings ?? [])}.`];
  if (outcome.status === 'packaged' && values.package?.kind === 'package')
    return [`**Packaged**: ${code(values.package.file)}`];
  if (values.serve !== undefined)
    return [`**Running** on this machine for the steps that follow: ${code(values.serve.url)}`];
  if (values.download !== undefined) return renderDownload(values.download);
  if (follow === undefined) return [`Status: **${outcome.status}**`];
  const [best] = follow.urls;
  const { serviceType, accessTypes } = follow.service;
  const cells = [
    follow.versionName,
    follow.previousVersion || 'none',
    project?.mode ?? serviceType,
    accessTypes.join(', ') || 'none',
  ];
  return [
    `**${outcome.status === 'unchanged' ? 'Unchanged' : 'Live'}**${best === undefined ? ', not public' : `: ${best.url}`}`,
    '',
    '| version | before | mode | access |',
    '| --- | --- | --- | --- |',
    `| ${cells.map(code).join(' | ')} |`,
  ];
}

function renderPlanned(outcome: Outcome): string[] {
  const plan = planOf(outcome);
  if (plan === undefined) return [];
  return [`**Planned**, nothing was written to the cloud. ${describePlan(plan)[0] ?? ''}`];
}

function renderChanges(outcome: Outcome): string[] {
  const plan = planOf(outcome);
  return plan === undefined ? [] : renderPlan(plan);
}

/** What an overlay and its base make together. */
function renderConfig({ values }: Outcome): string[] {
  const { inputs } = values;
  if (inputs === undefined || inputs.inputs.overlay === '') return [];
  const title = `server-config with ${code(inputs.inputs.overlay)}`;
  return [
    `<details><summary>${title}</summary>`,
    '',
    fence(describeSettings(inputs.config.settings, inputs.inputs.envFrom)),
    '',
    '</details>',
    '',
  ];
}

/** GitHub refuses a comment of more than 65,536 characters: lines of a log are cut, and there are twenty of them. */
const longestLine = 1_000;

function renderFailure(outcome: Outcome, { kind, stage, error }: NonNullable<Outcome['failure']>): string[] {
  const known = error instanceof Failure ? error : undefined;
  const message = redact(known?.message ?? 'Unexpected error.', outcome);
  const tail = redactedTail(outcome).map((line) => line.slice(0, longestLine));
  const at = stage === undefined ? '' : ` at "${stageTitles[stage]}"`;
  return [
    `**${outcome.status === 'cancelled' ? 'Cancelled' : 'Failed'}**${at} (${code(kind)})`,
    '',
    ...message.split('\n').map((line) => `- ${escape(line.slice(0, longestLine))}`),
    ...(error instanceof ReadinessError ? ['', renderPosition(error)] : []),
    ...(known?.advice === undefined ? [] : ['', escape(redact(known.advice, outcome))]),
    ...(tail.length === 0
      ? []
      : ['', '<details><summary>The last lines of the log</summary>', '', fence(tail), '', '</details>']),
  ];
}

function renderPosition({ lastStep, waitedSeconds }: ReadinessError): string {
  return `Last step: ${escape(lastStep)}, ${waitedSeconds} s after the release.`;
}

function renderChecks(outcome: Outcome): string[] {
  const { verify } = outcome.values;
  if (verify === undefined) return [];
  if (verify.status === 'skipped') return [`Local verification was skipped: ${escape(verify.reason)}.`, ''];
  const rows = verify.checks.map(
    ({ name, result, detail }) =>
      `| ${name} | ${result === 'warned' || result === 'failed' ? `**${result}**` : result} | ${escape(redact(detail, outcome))} |`,
  );
  return ['| checked locally | result | detail |', '| --- | --- | --- |', ...rows, ''];
}

/** The image that the platform gets, where it gets one. */
function renderImage({ values }: Outcome): string[] {
  const { package: artifact, verify } = values;
  if (artifact?.kind !== 'image') return [];
  const digest = artifact.digest === undefined ? '' : `, digest ${code(artifact.digest)}`;
  const hasRun =
    artifact.isProven &&
    verify !== undefined &&
    verify.status !== 'skipped' &&
    verify.timeToListenMs !== undefined;
  const proof = hasRun ? ': the very image that was checked here' : ', not checked here';
  return [`Image ${code(artifact.reference)}${digest}${proof}.`, ''];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
