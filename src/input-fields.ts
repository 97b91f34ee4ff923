import leven from 'leven';

import type { Environment } from './context.ts';

/** Says what is wrong with one input, as a sentence that follows the input's name. */
export type Report = (message: string) => void;

/** The names in an input that takes several, each once. */
export function splitNames(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

/** True for what can be the name of an environment variable. */
export function isEnvName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

/** One of a few words; the nearest one where it is none of them. */
export function parseChoice<T extends string>(raw: string, choices: readonly T[], report: Report): T {
  const found = choices.find((choice) => choice === raw);
  if (found !== undefined) return found;
  const [first = raw as T, ...rest] = [...choices].sort(
    (left, right) => leven(raw, left) - leven(raw, right),
  );
  const hint = rest.length > 0 && leven(raw, first) <= 2 ? ` Did you mean "${first}"?` : '';
  report(`must be ${choices.map((choice) => `"${choice}"`).join(' or ')}, not "${raw}".${hint}`);
  return first;
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
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 10 || seconds > 21_600) {
    report(`must be a whole number from 10 to 21600, not "${text}".`);
  }
  return seconds * 1000;
}
