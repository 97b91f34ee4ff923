import { ReadinessError } from '../errors.ts';
import { countFindings } from '../lint/finding.ts';
import type { Outcome, StageValues } from '../outcome.ts';
import { parseEnv } from '../service-config/merge.ts';
import { isChanging } from '../stages/compare.ts';
import { consoleUrlOf } from '../stages/follow/urls.ts';
import { servingVersion } from '../stages/release/write.ts';
import { redact } from './masks.ts';
import { buildPlanJson, planOf } from './plan.ts';

/** The outputs of action.yml, in its order; the two are kept equal by a test. */
export const outputNames = [
  'status',
  'failure-kind',
  'url',
  'urls',
  'url-source',
  'version',
  'previous-version',
  'mode',
  'task-id',
  'cloud-run-id',
  'image',
  'digest',
  'image-size-bytes',
  'time-to-listen-ms',
  'package-sha256',
  'package-bytes',
  'verification',
  'console-url',
  'duration-seconds',
  'lint-errors',
  'lint-warnings',
  'lint-infos',
  'changed',
  'plan',
  'service',
] as const;

export type Outputs = Readonly<Record<(typeof outputNames)[number], string>>;

/** The outputs of a run; what was not made is empty. */
export function buildOutputs(outcome: Outcome): Outputs {
  const { values } = outcome;
  const error = outcome.failure?.error;
  const { inputs, look, project, lint, release, follow = values.online } = values;
  const plan = planOf(outcome);
  const before = servingVersion(look?.service);
  const [best] = follow?.urls ?? [];
  const counts = lint === undefined || lint.skipped !== undefined ? undefined : countFindings(lint.findings);
  return {
    status: outcome.status,
    'failure-kind': outcome.failure?.kind ?? '',
    url: values.serve?.url ?? best?.url ?? '',
    urls: JSON.stringify(follow?.urls ?? []),
    'url-source': best?.source ?? '',
    version:
      follow?.versionName ?? (error instanceof ReadinessError ? error.servingVersion : undefined) ?? before,
    'previous-version': release?.previousVersion ?? before,
    mode: project?.mode ?? (takesNoSource(outcome) ? (look?.service?.serviceType ?? '') : ''),
    'task-id': release === undefined || release.taskId === 0 ? '' : String(release.taskId),
    'cloud-run-id': follow?.cloudRunId ?? (error instanceof ReadinessError ? error.cloudRunId : ''),
    ...describeArtifact(outcome),
    'console-url':
      inputs !== undefined && 'target' in inputs.inputs ? consoleUrlOf(inputs.inputs.target) : '',
    'duration-seconds': (outcome.durationMs / 1000).toFixed(1),
    'lint-errors': counts === undefined ? '' : String(counts.error),
    'lint-warnings': counts === undefined ? '' : String(counts.warning),
    'lint-infos': counts === undefined ? '' : String(counts.info),
    changed: plan === undefined ? '' : String(isChanging(plan)),
    plan: plan === undefined ? '' : buildPlanJson(plan),
    service: describeService(follow?.service ?? look?.service),
  };
}

/** Then the mode is that of the live service. */
function takesNoSource({ values }: Outcome): boolean {
  const command = values.inputs?.inputs.command;
  return command === 'update-config' || command === 'download';
}

/** What was built, packaged or pushed, and how it ran on this machine. */
function describeArtifact(outcome: Outcome) {
  const { build, package: artifact, follow = outcome.values.online, verify, serve } = outcome.values;
  const pushed = artifact?.kind === 'image' ? artifact : undefined;
  const zip = artifact?.kind === 'package' ? artifact : outcome.values.download?.zip;
  const timeToListenMs =
    serve?.timeToListenMs ??
    (verify === undefined || verify.status === 'skipped' ? undefined : verify.timeToListenMs);
  return {
    image: follow?.imageUrl || (pushed?.reference ?? ''),
    digest: pushed?.digest ?? '',
    'image-size-bytes': build?.kind === 'image' ? String(build.facts.bytes) : '',
    'time-to-listen-ms': timeToListenMs === undefined ? '' : String(timeToListenMs),
    'package-sha256': zip?.sha256 ?? '',
    'package-bytes': zip === undefined ? '' : String(zip.bytes),
    verification: verify === undefined ? '' : redact(JSON.stringify(describeVerification(verify)), outcome),
  };
}

/** The table of what was checked; without a local run, the reason why there was none. */
function describeVerification(verify: StageValues['verify']) {
  if (verify.status === 'skipped') return { status: verify.status, reason: verify.reason, checks: [] };
  return { status: verify.status, checks: verify.checks };
}

function describeService(service: StageValues['follow']['service'] | undefined): string {
  if (service === undefined) return '';
  const { settings, ...rest } = service;
  const hide = (key: string, value: unknown): unknown => (key === 'KeyID' ? '[redacted]' : value);
  const shown = { ...settings, EnvParams: redactEnv(settings) };
  return JSON.stringify({ ...rest, ownSettings: undefined, settings: shown }, hide);
}

/** The names of the env vars; their values never leave. */
function redactEnv(settings: StageValues['follow']['service']['settings']): Record<string, string> | string {
  const env = parseEnv(settings);
  if (env === undefined) return '[redacted]';
  return Object.fromEntries(Object.keys(env).map((name) => [name, '[redacted]']));
}
