import { Arg, Env, Run, type Property } from 'dockerfile-ast';

import { npmExample } from './example.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const good = npmExample([
  'FROM node:24-slim',
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev',
  'COPY server.js ./',
  'USER node',
  'CMD ["node", "server.js"]',
]);

/** What must not stand in a Dockerfile, since whoever can read the image can read it. */
export const secretRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR025',
    severity: 'warning',
    title: 'Env var or build argument that looks like a secret',
    why: 'Values of ENV and ARG stay in the history of the image, and the Dockerfile goes to the platform with the source. CloudBase Run hands env vars to the service when it starts.',
    fix: 'Remove the value, and hand it to the service with the setting EnvParams or the input "env-from".',
    bad: npmExample(['FROM node:24-slim', 'ENV DB_PASSWORD=k3Ws9qTb', 'CMD ["node", "server.js"]']),
    good,
    check: (subject) =>
      listValues(subject).flatMap(({ keyword, name, value, plain, node }): Hit[] => {
        if (!isSecretName(name) || isVariable(value) || !isLiteral(plain) || holdsSecret(plain)) return [];
        const message = `${keyword} puts a value of "${name}", a name for a secret, into the Dockerfile.`;
        return [{ message, at: placeOf(subject, node) }];
      }),
  },
  {
    id: 'CBR026',
    severity: 'error',
    title: 'Secret in ENV or ARG',
    why: 'The value has the form of a real secret. It stays in the history of the image and in the source that is uploaded, for everybody who can read one of them.',
    fix: 'Remove the value, make the secret invalid where it was issued, and hand a new one to the service with the setting EnvParams or the input "env-from".',
    bad: npmExample([
      'FROM node:24-slim',
      'ENV DATABASE_URL=mysql://shop:k3Ws9qTb@10.0.4.7:3306/shop',
      'CMD ["node", "server.js"]',
    ]),
    good,
    check: (subject) =>
      listValues(subject).flatMap(({ keyword, name, plain, node }): Hit[] => {
        const kind = secretIn(plain);
        if (kind === undefined) return [];
        return [{ message: `${keyword} "${name}" holds ${kind}.`, at: placeOf(subject, node) }];
      }),
  },
  {
    id: 'CBR027',
    severity: 'error',
    title: 'Secret in a RUN command',
    why: 'Commands of RUN stay in the history of the image and in the source that is uploaded, for everybody who can read one of them.',
    fix: 'Remove the secret and make it invalid where it was issued; a build that needs one reads it from a file with RUN --mount=type=secret.',
    bad: npmExample([
      'FROM node:24-slim',
      'RUN npm config set registry http://ci:Rk29vQx7Lm@10.0.4.9/npm/',
      'CMD ["node", "server.js"]',
    ]),
    good,
    check: (subject) =>
      subject.dockerfile.getInstructions().flatMap((run): Hit[] => {
        if (!(run instanceof Run)) return [];
        const text = (run.getRawArgumentsContent() ?? '').slice(0, longest);
        const kind = secretIn(text) ?? assignedIn(text);
        return kind === undefined ? [] : [{ message: `RUN holds ${kind}.`, at: placeOf(subject, run) }];
      }),
  },
];

/** Longer texts are data that somebody inlined. */
const longest = 65_536;

interface NamedValue {
  readonly keyword: string;
  readonly name: string;
  readonly value: string;
  /** The same, where the builder takes each `$` in it as it is: with another character in its place. */
  readonly plain: string;
  readonly node: Property;
}

function listValues({ dockerfile }: DockerfileSubject): NamedValue[] {
  return dockerfile.getInstructions().flatMap((instruction) => {
    if (!(instruction instanceof Env || instruction instanceof Arg)) return [];
    const keyword = instruction.getKeyword();
    return instruction.getProperties().flatMap((node) => {
      const value = node.getValue()?.slice(0, longest);
      return value === undefined
        ? []
        : [{ keyword, name: node.getName(), value, plain: plainOf(node, value), node }];
    });
  });
}

/** Single quotes keep a value from the builder; what begins with a variable is still none of its own. */
function plainOf(node: Property, value: string): string {
  const isQuoted = /^'[^']*'$/.test(node.getUnescapedValue() ?? '');
  return isQuoted ? value.replaceAll(/(?<!^|[:\s])\$(?!\{)/g, 'S') : value;
}

const isVariable = (value: string): boolean => /^\$\{?\w+\}?$/.test(value);

const secretName =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|[A-Z\d]*SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?(ACCESS_?)?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|AUTH_?KEY|CREDENTIALS?)(_?\d+|_(PROD|PRODUCTION|DEV|TEST|STAGING))?$/;

const harmlessName = /^(OLD)?PWD$|PUBLIC|(^|_)(ALLOW|DISABLE|ENABLE|NO|REQUIRE|SKIP|USE)_|NEXT_TOKEN$/;

function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toUpperCase();
  return secretName.test(words) && !harmlessName.test(words);
}

/** True for a value of its own: no variable, no switch, no path of a file, nothing that says itself that it is none. */
function isLiteral(value: string): boolean {
  const text = value.trim();
  return (
    text !== '' &&
    !/\$|^(true|false|yes|no|on|off|none|null|nil|\d{1,4})$|^\.{0,2}\//i.test(text) &&
    !isStandIn(text)
  );
}

const standIn =
  /^(x+|\*+|\.+|-+)$|(?<![a-z])(your|placeholder|dummy|example|sample|fake)(?![a-z])|build[-_]?only|build[-_]?time|not[-_]?(a[-_]?)?(real|used|secret)|unused|ignored?$|<.*>|x{6,}|\*{3,}|0{8,}|^1234567/i;

function isStandIn(text: string): boolean {
  const value = text.slice(0, 200);
  return standIn.test(value) || new Set(value.replace(/^\w+[-_]/, '')).size < 3;
}

const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(?:gh[pousr]_[A-Za-z\d]{36,}|github_pat_\w{22,})/, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
  [/\bnpm_[A-Za-z\d]{36}\b/, 'an npm token'],
  [/\bA(?:KIA|SIA)[A-Z\d]{16}\b/, 'an AWS access key'],
  [/\bAKID[A-Za-z\d]{32}\b/, 'a Tencent Cloud SecretId'],
  [/\bsk-(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[\w-]{20,}/, 'an API key'],
  [/\bAIza[\w-]{35}/, 'a Google API key'],
  [/\b[rs]k_live_[A-Za-z\d]{16,}/, 'a Stripe key'],
  [/\bxox[abprs]-(?=[\w-]{0,80}\d)[\w-]{10,}/, 'a Slack token'],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key'],
  [/_authToken["']?[ =]["']?[\w-]{20,}/, 'the token of a package registry'],
  [/\bAuthorization: *Bearer +[\w.~+/-]{24,}/i, 'a bearer token'],
];

/** What a text surely holds, in words; undefined where it may be anything. */
function secretIn(text: string): string | undefined {
  const found = shapes.find(([shape]) => {
    const match = shape.exec(text)?.[0];
    return match !== undefined && (match.startsWith('-----') || !isStandIn(match));
  });
  return found?.[1] ?? (hasLogin(text) ? 'an address with a password' : undefined);
}

const assignment = /(?<=^|[\s;&|(])([A-Za-z_]\w{1,60})=(["']?)([\w+/=.~-]{32,200})\2(?=$|[\s;&|)])/g;
const saysItself = /dummy|fake|test|example|sample|change|insecure|placeholder|build|your|secret|password/i;

/** The name of a variable for a secret that a command gives a long random value. */
function assignedIn(text: string): string | undefined {
  const found = [...text.matchAll(assignment)].find(([, name = '', , value = '']) => {
    const isMixed = [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(value));
    return isMixed && isSecretName(name) && isLiteral(value) && !saysItself.test(value);
  });
  return found === undefined ? undefined : `a value of "${found[1] ?? ''}", a name for a secret`;
}

const holdsSecret = (value: string): boolean => secretIn(value) !== undefined;

/** True for a value of its own under a name for a secret, and for one that has the form of a real secret. */
export function looksSecret(name: string, value: string): boolean {
  return (isSecretName(name) && isLiteral(value)) || holdsSecret(value);
}

const login = /\b[a-z][a-z\d+.-]{1,20}:\/\/([^\s:/@"'$]{0,100}):([^\s/@"'$]{1,200})@([\w.-]{1,200})/gi;
const standInPassword =
  /^(p(ass)?w(or)?d|pass(word|wd)?|secret|token|changeme|change-me|root|admin|user(name)?|postgres|mysql|mongo|redis|guest|test|demo|dev|db|123\w*)\d*$/i;
const standInHost =
  /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|[^.]*|(.*\.)?example(\.\w+)?|.*\.(test|invalid|local))$/i;

function hasLogin(text: string): boolean {
  return [...text.matchAll(login)].some(([, user, password = '', host = '']) => {
    const isPlain = password === user || standInPassword.test(password) || /^[[{%<]/.test(password);
    return !isPlain && !isStandIn(password) && !standInHost.test(host);
  });
}
