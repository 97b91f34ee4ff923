import { findCause } from './failure-causes.ts';
import { hideCredentials } from './progress-events.ts';
import type { BuildSummary } from './progress.ts';

/** Why an image does not build, and where. */
export interface BuildFailure {
  /** The last 20 lines of the failing step; of the whole output where no step failed. */
  readonly logTail: readonly string[];
  /** The line in the Dockerfile, from 1. */
  readonly dockerfileLine?: number;
  /** One sentence. */
  readonly reason: string;
  readonly kind: 'build' | 'network';
  /** What to do next. */
  readonly advice: string;
}

interface Frame {
  readonly line: number;
  readonly command: string;
}

const tailLength = 20;

/**
 * Why a build failed, from its progress and the lines that are no progress. Reads the output of `--progress plain` too,
 * where the summary knows nothing.
 */
export function readBuildFailure(summary: BuildSummary, lines: readonly string[]): BuildFailure {
  const plain = lines.filter((line) => !line.trimStart().startsWith('{"')).map(hideCredentials);
  const { failed } = summary;
  const frame = findFrame(plain);
  const block = findBlock(plain);
  const message = findMessage(plain) ?? failed?.error ?? '';
  // The Dockerfile's own text first: BuildKit has put the values of build arguments into the names of its steps.
  const command = shorten(
    frame?.command ?? commandOf(message) ?? withoutNumber(failed?.step ?? block?.step ?? ''),
  );
  const logTail =
    [failed?.logTail, block?.logTail].find((tail) => tail !== undefined && tail.length > 0) ?? [];
  const cause = findCause({
    message: withoutCommand(message),
    command,
    step: failed?.step ?? block?.step ?? '',
    logTail,
  });
  const line = frame?.line ?? lineOf(message);
  return {
    logTail: logTail.length > 0 ? logTail : plain.filter((each) => each !== '').slice(-tailLength),
    ...(line === undefined ? {} : { dockerfileLine: line }),
    reason: cause.reason,
    kind: cause.kind ?? 'build',
    advice: cause.advice,
  };
}

/** True for the output of a buildx that is older than `--progress rawjson` (0.13): the caller builds with `plain`. */
export function isRawJsonUnknown(lines: readonly string[]): boolean {
  return lines.some((line) => /invalid progress mode "?rawjson/.test(line));
}

/** The last excerpt of the Dockerfile, `Dockerfile:3` with `>>>` before the lines of the failing instruction. */
function findFrame(lines: readonly string[]): Frame | undefined {
  const start = lines.findLastIndex(
    (line, index) => /^\S.*:\d+$/.test(line) && /^-{10,}$/.test(lines[index + 1] ?? ''),
  );
  const [, line = ''] = /:(\d+)$/.exec(lines[start] ?? '') ?? [];
  if (start < 0) return undefined;
  const end = lines.findIndex((each, index) => index > start + 1 && /^-{10,}$/.test(each));
  const marked = lines
    .slice(start + 2, end < 0 ? undefined : end)
    .flatMap((each) => /^\s*\d+ \| >>> (.*)$/.exec(each)?.[1] ?? []);
  const command = marked.map((each) => each.replace(/\\\s*$/, '').trim()).join(' ');
  return { line: Number(line), command };
}

/** In plain progress: the failing step with its last lines, ` > [2/2] RUN npm ci:` between dashes. */
function findBlock(lines: readonly string[]): { step: string; logTail: string[] } | undefined {
  const start = lines.findLastIndex((line, index) => /^ > .*:$/.test(line) && lines[index - 1] === '------');
  if (start < 0) return undefined;
  const end = lines.indexOf('------', start);
  const tail = lines
    .slice(start + 1, end < 0 ? undefined : end)
    .map((line) => line.replace(/^\d+\.\d+ /, ''));
  return { step: (lines[start] ?? '').slice(3, -1), logTail: tail.slice(-tailLength) };
}

/** The error at the end, without what buildx and gRPC put before it. */
function findMessage(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex((line) =>
    /^(?:ERROR: |error: |unknown (?:shorthand )?flag: |docker: )/.test(line),
  );
  if (start < 0) return undefined;
  const prefixes =
    /^(?:(?:ERROR|error|failed to build|failed to solve|ResourceExhausted|Unknown|Internal|Unavailable|NotFound|InvalidArgument|FailedPrecondition): ?|rpc error: code = \w+ desc = )+/;
  return lines.slice(start).join('\n').trim().replace(prefixes, '');
}

function commandOf(message: string): string | undefined {
  const found =
    /^process "(.*?)" did not complete/s.exec(message) ??
    /^executor failed running \[(.*?)\]: /s.exec(message);
  return found?.[1] === undefined ? undefined : `RUN ${found[1].replace(/^\/bin\/sh -c /, '')}`;
}

/** What a command says of itself is no cause. */
function withoutCommand(message: string): string {
  return message
    .replace(/^process ".*" did not/s, 'process did not')
    .replace(/^(executor failed running) \[.*\]: /s, '$1: ');
}

function withoutNumber(step: string): string {
  return step.startsWith('[internal]') ? '' : step.replace(/^\[[^\]]*\] /, '');
}

function shorten(command: string): string {
  const text = command.replace(/\s+/g, ' ').trim();
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function lineOf(message: string): number | undefined {
  const line = /dockerfile parse error (?:on )?line (\d+)/.exec(message)?.[1];
  return line === undefined ? undefined : Number(line);
}
