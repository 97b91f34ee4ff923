import { Failure, InputError } from '../errors.ts';
import { stageTitles, type RunEvent } from '../events.ts';
import { describeFindings } from '../lint/finding.ts';
import type { Outcome, StageValues } from '../outcome.ts';
import type { Log } from '../ports.ts';
import { describeDownload } from './download.ts';
import { redact, redactedTail } from './masks.ts';
import { describePackage } from './package.ts';
import { describePlan, describeSettings, planOf } from './plan.ts';

/** Writes a run into the step's log while it happens: one group a stage, closed with what the stage made. */
export function createLogListener(log: Log): (event: RunEvent) => void {
  const values: Partial<StageValues> = {};
  return (event) => {
    switch (event.kind) {
      case 'started':
        log.startGroup(stageTitles[event.stage]);
        break;
      case 'finished':
        Object.assign(values, { [event.stage]: event.value });
        for (const line of describeValue({ [event.stage]: event.value })) log.info(line);
        if (event.stage === 'compare') {
          const { warnings } = event.value as StageValues['compare'];
          for (const { message, at } of warnings) log.warning(message, at);
        }
        if (event.stage === 'verify') warnOfEnd(values, log);
        log.info(`Done in ${(event.durationMs / 1000).toFixed(1)} s.`);
        log.endGroup();
        break;
      case 'failed':
        log.endGroup();
        break;
    }
  };
}

/** A service that ended for a reason of this machine alone is released all the same: that has to be seen. */
function warnOfEnd(values: Partial<StageValues>, log: Log): void {
  const { verify } = values;
  const end =
    verify?.status === 'warned'
      ? verify.checks.find(({ name, result }) => name === 'starts' && result === 'warned')
      : undefined;
  if (verify?.status !== 'warned' || end === undefined) return;
  for (const line of verify.logTail) log.output(redact(line, { values }));
  log.warning(redact(`The service ${end.detail}. It was not checked any further.`, { values }));
}

/** What a stage made, as sentences for the log. */
export function describeValue(values: Partial<StageValues>): string[] {
  const {
    inputs,
    look,
    lint,
    compare,
    build,
    serve,
    verify,
    scan,
    package: artifact,
    release,
    follow,
    online,
    download,
  } = values;
  if (inputs !== undefined) return describeConfig(inputs);
  if (look !== undefined) return [describeLook(look)];
  if (lint !== undefined) return [describeLint(lint)];
  if (compare !== undefined) return describePlan(compare);
  if (build !== undefined) return build.kind === 'skipped' ? [`Skipped: ${build.reason}.`] : [];
  if (serve !== undefined) return [`It listens at ${serve.url} after ${serve.timeToListenMs} ms.`];
  if (verify !== undefined) return describeVerification(verify);
  if (scan !== undefined) return [describeScan(scan)];
  if (artifact !== undefined) return describeArtifact(artifact);
  if (release !== undefined) return [describeRelease(release)];
  if (follow !== undefined) return [describeShare(follow)];
  if (download !== undefined) return [describeDownload(download)];
  if (online !== undefined) return [`"${online.versionName}" serves just this already; nothing is released.`];
  return [];
}

function describeVerification(verify: StageValues['verify']): string[] {
  if (verify.status === 'skipped') return [`Skipped: ${verify.reason}.`];
  const width = Math.max(...verify.checks.map(({ name }) => name.length));
  return verify.checks.map(
    ({ name, result, detail }) => `${name.padEnd(width)}  ${result.padEnd(7)}  ${detail}`,
  );
}

function describeScan({ scanned, hits }: StageValues['scan']): string {
  const found = hits.length === 0 ? 'none' : `${hits.length}, see the warnings`;
  return `${scanned} ${scanned === 1 ? 'text' : 'texts'} read; found what looks like a secret: ${found}.`;
}

function describeArtifact(artifact: StageValues['package']): string[] {
  if (artifact.kind === 'package') return describePackage(artifact);
  const proof = artifact.isProven
    ? 'The registry holds the very image that this machine has.'
    : 'This machine has not seen it.';
  const digest = artifact.digest === undefined ? '' : `, digest ${artifact.digest}`;
  return [`Image ${artifact.reference}${digest}. ${proof}`];
}

/** What an overlay and its base make together, or that there are overlays and none was picked. */
function describeConfig({ inputs, config }: StageValues['inputs']): string[] {
  if (inputs.overlay !== '') {
    return [`server-config with "${inputs.overlay}":`, ...describeSettings(config.settings, inputs.envFrom)];
  }
  if (config.overlays.length === 0) return [];
  const names = config.overlays.map((name) => `"${name}"`).join(', ');
  return [
    `server-config holds the environments ${names}; config-environment picks none, so its base counts alone.`,
  ];
}

function describeLint({ findings, ignored, skipped }: StageValues['lint']): string {
  if (skipped !== undefined) return `Skipped: ${skipped}.`;
  return `Lint: ${describeFindings(findings)}${ignored > 0 ? `; ${ignored} ignored` : ''}.`;
}

function describeShare({ versionName, share }: StageValues['follow']): string {
  return `"${versionName}" is online with ${share === 100 ? 'all' : `${share} %`} of the traffic.`;
}

function describeRelease({ taskId, makesVersion }: StageValues['release']): string {
  if (!makesVersion) return 'The platform has taken the settings; they need no new version.';
  return `The platform has accepted the release${taskId > 0 ? ` as task ${taskId}` : ''}.`;
}

function describeLook({ target, service }: StageValues['look']): string {
  if (service === undefined) return `There is no service "${target.serviceName}" in "${target.envId}" yet.`;
  const online = service.onlineVersions
    .map(({ versionName, share }) => `"${versionName}" with ${share} %`)
    .join(', ');
  return `"${target.serviceName}" in "${target.envId}" runs in ${service.serviceType} mode; online: ${online || 'nothing'}.`;
}

/** Ends the log of a run: every error with its place, the tail of the log that shows it, and the last line. */
export function logEnd(outcome: Outcome, log: Log): void {
  const { failure } = outcome;
  if (failure === undefined) {
    log.info(describeEnd(outcome));
    return;
  }
  const { error } = failure;
  if (error instanceof InputError) {
    for (const { subject, message, at } of error.problems) log.error(`${subject}: ${message}`, at);
  } else if (error instanceof Failure) {
    const tail = redactedTail(outcome);
    if (tail.length > 0) {
      log.startGroup('The last lines of the log');
      for (const line of tail) log.output(line);
      log.endGroup();
    }
    log.error(redact([error.message, error.advice].filter(Boolean).join(' '), outcome), error.at);
  } else {
    log.debug(redact(error instanceof Error ? (error.stack ?? '') : String(error), outcome));
    log.error(
      `Unexpected error: ${redact(describeUnexpected(error), outcome)}. This is a bug of the action: please report it with the log.`,
    );
  }
}

function describeEnd(outcome: Outcome): string {
  const { status, values } = outcome;
  const plan = planOf(outcome);
  if (status === 'planned' && plan !== undefined)
    return `Planned, nothing was written to the cloud. ${describePlan(plan)[0] ?? ''}`;
  if (status === 'linted') return `Linted: ${describeFindings(values.lint?.findings ?? [])}.`;
  if (status === 'packaged' && values.package?.kind === 'package') return `Packaged: ${values.package.file}`;
  if (values.serve !== undefined) return `Running: ${values.serve.url}`;
  if (values.download !== undefined)
    return `Downloaded "${values.download.versionName}" to "${values.download.folder}".`;
  const [best] = (values.follow ?? values.online)?.urls ?? [];
  const what = status === 'unchanged' ? 'Unchanged' : 'Live';
  return best === undefined
    ? `${what}. The service is not public, so there is no URL.`
    : `${what}: ${best.url}`;
}

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
