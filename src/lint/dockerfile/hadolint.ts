import { asSentence, countOf, entriesOf, textOf } from './tool-answer.ts';
import type { Finding, Severity } from '../finding.ts';
import { parseJson } from '../json.ts';

const levels: Readonly<Record<string, Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  style: 'info',
};

/** What to do about the rules of hadolint that are met most. */
export const hadolintFixes: Readonly<Record<string, string>> = {
  DL3000: 'Begin the path of WORKDIR with "/".',
  DL3002: 'Name another user than root in the last USER.',
  DL3003: 'Change the folder with WORKDIR.',
  DL3004: 'Remove sudo: RUN is root until USER says otherwise.',
  DL3006: 'Write the tag of the base image.',
  DL3007: 'Write a tag other than "latest".',
  DL3008: 'Write each package as name=version.',
  DL3009: 'Remove /var/lib/apt/lists in the same RUN.',
  DL3013: 'Write each package as name==version, or install from a requirements file.',
  DL3015: 'Add --no-install-recommends to apt-get install.',
  DL3016: 'Write each package as name@version.',
  DL3018: 'Write each package as name=version.',
  DL3019: 'Add --no-cache to apk add.',
  DL3020: 'Write COPY in place of ADD.',
  DL3025: 'Write the command as a JSON list: ["program", "argument"].',
  DL3027: 'Write apt-get in place of apt.',
  DL3042: 'Add --no-cache-dir to pip install.',
  DL3045: 'Set WORKDIR before, or copy to an absolute path.',
  DL3059: 'Join RUN instructions that follow each other.',
  DL4000: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
  DL4003: 'Remove all but the last CMD of the stage.',
  DL4004: 'Remove all but the last ENTRYPOINT of the stage.',
  DL4006: 'Set SHELL with the option "-o pipefail" before a RUN with a pipe.',
  SC2086: 'Put the variable in double quotes.',
};

/** hadolint reads fewer Dockerfiles than the builder does, so what it cannot read need not be wrong. */
const unreadable = 'DL1000';

/** Reads what `hadolint --format json` prints; undefined where it is no such JSON. `file` is the name that findings carry. */
export function parseHadolint(stdout: string, file: string): Finding[] | undefined {
  const answer = parseJson(stdout);
  return Array.isArray(answer) ? answer.map((entry) => parseEntry(entriesOf(entry), file)) : undefined;
}

function parseEntry(entry: Readonly<Record<string, unknown>>, file: string): Finding {
  const rule = textOf(entry['code']) || 'hadolint';
  const level = textOf(entry['level']);
  const isUnreadable = rule === unreadable;
  const message = isUnreadable
    ? 'Hadolint cannot read the Dockerfile from here on'
    : textOf(entry['message']);
  return {
    severity: isUnreadable ? 'warning' : severityOf(level),
    tool: 'hadolint',
    rule,
    message: asSentence(message || `Hadolint reports ${rule}`),
    fix: fixOf(rule),
    url: urlOf(rule),
    at: { file, line: countOf(entry['line']), column: countOf(entry['column']) },
  };
}

function severityOf(level: string): Severity {
  return (Object.hasOwn(levels, level) ? levels[level] : undefined) ?? 'warning';
}

function fixOf(rule: string): string {
  const known = Object.hasOwn(hadolintFixes, rule) ? hadolintFixes[rule] : undefined;
  return known ?? `Change it as the page of ${rule} explains.`;
}

function urlOf(rule: string): string {
  if (/^SC\d+$/.test(rule)) return `https://www.shellcheck.net/wiki/${rule}`;
  if (/^DL\d+$/.test(rule)) return `https://github.com/hadolint/hadolint/wiki/${rule}`;
  return 'https://github.com/hadolint/hadolint';
}
