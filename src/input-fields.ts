import leven from 'leven';

import type { Environment } from './context.ts';

/** Says what is wrong with one input, as a sentence that follows the input's name. */
export type Report = (message: string) => void;

/** The names in an input that takes several, each once. */
export function splitNames(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

/** A line that says something, and its number in the text. */
export interface NumberedLine {
  readonly line: string;
  readonly number: number;
}

/** The lines of an input that takes several, trimmed, without blank ones and comments (`#`). */
export function linesOf(text: string): NumberedLine[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
}

/** True for what can be the name of an environment variable. */
export function isEnvName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

/** One of a few words; where it is none of them, the one that it is nearly, else the first one. */
export function parseChoice<T extends string>(raw: string, choices: readonly [T, ...T[]], report: Report): T {
  const found = choices.find((choice) => choice === raw);
  if (found !== undefined) return found;
  const [nearest = choices[0]] = [...choices].sort((left, right) => leven(raw, left) - leven(raw, right));
  const isNear = choices.length > 1 && leven(raw, nearest) <= 2;
  const hint = isNear ? ` Did you mean "${nearest}"?` : '';
  report(`must be ${choices.map((choice) => `"${choice}"`).join(' or ')}, not "${raw}".${hint}`);
  return isNear ? nearest : choices[0];
}

/** Somebody may have written `KEY=value` there: nothing that follows the name is shown, nor any part of it. */
export function parseEnvFrom(text: string, report: Report): string[] {
  const names = splitNames(text);
  const form = 'must be names of environment variables, separated by spaces, commas or line breaks';
  const wrong = names.find((each) => !isEnvName(each));
  if (wrong !== undefined) {
    const [shown = ''] = /^\w*/.exec(wrong) ?? [];
    report(`${form}, not "${shown}…". The values stand in the "env:" of the step.`);
  }
  return names;
}

/**
 * Lines NAME=VALUE; a value may hold `=`. A wrong line may be a part of a value: it is named by its number, and nothing of
 * it is shown.
 */
export function parseAssignments(text: string, report: Report): Record<string, string> {
  const pairs = linesOf(text).map(({ line, number }) => {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      const form =
        'must be lines NAME=VALUE, with a name of letters, digits and "_" that begins with no digit';
      report(`${form}; line ${number} is none. A value of several lines cannot stand here.`);
    }
    return [name ?? '', value] as const;
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) report(`sets "${twice}" twice. Leave one of the two out.`);
  return Object.fromEntries(pairs);
}

/** The path of a request; empty for none. */
export function parsePath(text: string, report: Report): string {
  if (text !== '' && !/^\/[^\s#]*$/.test(text)) {
    // A query, and a user in a whole address, may be secrets.
    const shown = text.replace(/\?.*$/s, '?…').replace(/\/\/[^/]*@/, '//…@');
    report(
      `must be a path that begins with "/", such as "/healthz", without spaces and "#", not "${shown}".`,
    );
  }
  return text;
}

/** HTTP statuses and ranges of them; none for an empty text. */
export function parseStatuses(text: string, report: Report): { from: number; to: number }[] {
  const parts = splitNames(text);
  const ranges = parts.map((part) => {
    const [, first, last = first] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part) ?? [];
    return { from: Number(first), to: Number(last) };
  });
  const wrong = parts.find((_, index) => !isRange(ranges[index]));
  if (wrong !== undefined) {
    const form = 'must be statuses from 100 to 599 and ranges of them, the lower one first';
    report(`${form}, separated by commas or spaces, such as "200-299, 404", not "${wrong}".`);
  }
  return ranges;
}

function isRange(range: { readonly from: number; readonly to: number } | undefined): boolean {
  return range !== undefined && range.from <= range.to;
}

/** A whole number between two others, both among them. */
export function parseWhole(text: string, [least, most]: readonly [number, number], report: Report): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    report(`must be a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

/** The name of a service, by the rules that the vendor's tools have in common. */
export function parseServiceName(name: string, report: Report): string {
  const form =
    '3 to 45 letters, digits, hyphens and underscores, beginning with a letter and ending with a letter or digit';
  if (name === '') report(`is missing: give the name of the service, ${form}.`);
  else if (!/^[A-Za-z][A-Za-z0-9_-]{1,43}[A-Za-z0-9]$/.test(name)) {
    report(`must be ${form}, not "${name}".`);
  } else if (/^(lcap|lowcode)/.test(name)) {
    report(`must not begin with "lcap" or "lowcode", which the platform keeps for itself: "${name}".`);
  }
  return name;
}

/** The id of a CloudBase environment. */
export function parseEnvId(envId: string, report: Report): string {
  if (envId === '') report('is missing: give the id of the CloudBase environment, such as "my-env-1a2b3c".');
  else if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(envId)) {
    report(`must be an environment id of letters, digits and hyphens, not "${envId}".`);
  }
  return envId;
}

/** Checks the id of an agent's bot, as the vendor's SDK takes it (manager-node, createFunctionAgent); empty for none. */
export function checkBotId(botId: string, report: Report): void {
  if (botId === '' || /^ibot-[a-z0-9_]+-[a-z0-9_]+$/.test(botId)) return;
  report(
    `must have the form ibot-NAME-TAG, with lower-case letters, digits and underscores, not "${botId}".`,
  );
}

export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken: string;
}

/** The API key as given, else that of the TENCENTCLOUD_… variables; what is missing stays empty. */
export function pickCredentials(given: Credentials, env: Environment): Credentials {
  const isOwnPair = given.secretId !== '' || given.secretKey !== '';
  return {
    secretId: given.secretId || (env['TENCENTCLOUD_SECRETID'] ?? ''),
    secretKey: given.secretKey || (env['TENCENTCLOUD_SECRETKEY'] ?? ''),
    sessionToken: given.sessionToken || (isOwnPair ? '' : (env['TENCENTCLOUD_SESSIONTOKEN'] ?? '')),
  };
}

/** A region's id. */
export function parseRegion(region: string, report: Report): string {
  if (!/^[a-z]+-[a-z]+(-\d+)?$/.test(region)) {
    report(`must be a region's id such as "ap-shanghai", not "${region}".`);
  }
  return region;
}

const defaultEndpoint = 'https://{service}.tencentcloudapi.com';

/** An endpoint of the API without a slash at its end; the public one where none is given. */
export function parseApiEndpoint(given: string, report: Report): string {
  const endpoint = given || defaultEndpoint;
  const url = URL.parse(endpoint.replaceAll('{service}', 'service'));
  const isLoopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isAccepted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (!isAccepted || url.username !== '' || url.search !== '' || url.hash !== '') {
    report(
      `must be an https URL, or http on the loopback interface, such as "${defaultEndpoint}", not "${endpoint}".`,
    );
  }
  return endpoint.replace(/\/+$/, '');
}

/** Seconds as a text to milliseconds. */
export function parseTimeout(text: string, report: Report): number {
  return parseWhole(text, [10, 21_600], report) * 1000;
}
