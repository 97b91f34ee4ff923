import type { RunContext } from '../context.ts';
import type { Position } from '../errors.ts';
import { describeFindings, type Finding, type Severity } from '../lint/finding.ts';
import type { Outcome, StageValues } from '../outcome.ts';
import { code, encodePath, escape } from './escape.ts';
import { redact } from './masks.ts';

/** The findings of a run without the values that the run knows; undefined where lint did not look. */
export function redactFindings(outcome: Outcome): readonly Finding[] | undefined {
  const { lint } = outcome.values;
  if (lint === undefined || lint.skipped !== undefined) return undefined;
  return lint.findings.map((finding) => ({
    ...finding,
    message: redact(finding.message, outcome),
    fix: redact(finding.fix, outcome),
  }));
}

/** A job summary holds 1 MiB: so many rows, and of each text so many characters. */
const [mostRows, longestText] = [50, 1_000];

/** What lint found, as Markdown: a table with the worst first, one line where it found nothing. */
export function renderFindings(outcome: Outcome, context: RunContext): string[] {
  const { lint } = outcome.values;
  if (lint === undefined) return [];
  if (lint.skipped !== undefined) return [`Lint was skipped: ${escape(lint.skipped)}.`, ''];
  const findings = redactFindings(outcome) ?? [];
  if (findings.length === 0) return [`Lint found nothing${describeIgnored(lint)}.`, ''];
  const rows = findings.slice(0, mostRows).map((finding) => renderRow(finding, context));
  const more = findings.length - rows.length;
  return [
    '### Lint',
    '',
    `${describeFindings(findings)}${describeIgnored(lint)}.`,
    '',
    '| severity | rule | place | what is wrong, and what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(more > 0 ? [`And ${more} more, in the log.`, ''] : []),
  ];
}

function describeIgnored({ ignored }: StageValues['lint']): string {
  return ignored > 0 ? `; ${ignored} ignored` : '';
}

const signs: Readonly<Record<Severity, string>> = { error: '**error**', warning: 'warning', info: 'info' };

function renderRow({ severity, rule, url, at, message, fix }: Finding, context: RunContext): string {
  const place = link(`${at.file}:${at.line}`, urlOfPlace(at, context));
  const text = `${cut(message)} ${cut(fix)}`;
  return `| ${signs[severity]} | ${link(rule, url)} | ${place} | ${escape(text)} |`;
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** Only an address of the web is a link; whatever it holds, it does not end the link or the table. */
function link(text: string, url: string): string {
  if (!/^https?:\/\//.test(url)) return code(text);
  const target = url.replace(
    /[\s()<>|\\`]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `[${code(text)}](${target})`;
}

/** The line on GitHub, as the commit has it; empty outside GitHub and outside the repository. */
function urlOfPlace({ file, line }: Position, { runUrl, sha }: RunContext): string {
  const isOutside = file.startsWith('/') || file.split('/').includes('..');
  if (runUrl === '' || sha === '' || isOutside) return '';
  const repositoryUrl = runUrl.replace(/\/actions\/runs\/.*$/, '');
  return `${repositoryUrl}/blob/${sha}/${encodePath(file)}#L${line}`;
}
