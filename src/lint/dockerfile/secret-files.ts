import { posix } from 'node:path';

import {
  findEntry,
  isExcluded,
  listCopies,
  listIgnoreFiles,
  type CopySource,
  type CopyStep,
  type IgnoreFile,
} from './context.ts';
import { npmExample } from './example.ts';
import { inSource, placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const good = npmExample(
  [
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN npm ci --omit=dev',
    'COPY . .',
    'USER node',
    'CMD ["node", "server.js"]',
  ],
  { '.dockerignore': '.env\n.git\nnode_modules\n' },
);

/** Files with secrets that a COPY or ADD takes along. */
export const secretFileRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR028',
    severity: 'error',
    title: 'File with secrets copied into the image',
    why: 'Whoever can pull the image can read the file, also where a later step deletes it. CloudBase Run hands secrets to the service as env vars.',
    fix: 'Leave the file out of the COPY, exclude it in .dockerignore, and hand its values to the service with the setting EnvParams or the input "env-from".',
    bad: npmExample(
      ['FROM node:24-slim', 'WORKDIR /app', 'COPY .env server.js ./', 'CMD ["node", "server.js"]'],
      { '.env': 'DB_PASSWORD=k3Ws9qTb\n' },
    ),
    good,
    check: (subject) =>
      listFound(subject).flatMap(({ step, source, files, node }): Hit[] => {
        const secrets = files.filter((file) => isSurelySecret(subject, file));
        if (secrets.length === 0 || !subject.finalStages.includes(step.stage)) return [];
        const message = `The copy of "${source.value}" takes ${quote(secrets)} into the image.`;
        return [{ message, at: placeOf(subject, node) }];
      }),
  },
  {
    id: 'CBR029',
    severity: 'warning',
    title: 'File that may hold secrets copied in a build',
    why: 'What a COPY brings stays in the layers of its stage: in the image, or in the cache of the builder.',
    fix: 'Exclude the file in .dockerignore; a build that needs it reads it with RUN --mount=type=secret.',
    bad: npmExample(
      [
        'FROM node:24-slim',
        'WORKDIR /app',
        'COPY package.json package-lock.json .npmrc ./',
        'RUN npm ci --omit=dev',
        'CMD ["node", "server.js"]',
      ],
      { '.npmrc': '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n' },
    ),
    good,
    check: (subject) => [...checkDoubtful(subject), ...checkHandedOn(subject)],
  },
];

function checkDoubtful(subject: DockerfileSubject): Hit[] {
  return listFound(subject).flatMap(({ step, source, files, node }): Hit[] => {
    const isFinal = subject.finalStages.includes(step.stage);
    const doubtful = files.filter((file) => !isFinal || !isSurelySecret(subject, file));
    if (doubtful.length === 0) return [];
    const target = isFinal ? 'the image' : 'a layer of the build';
    return [
      {
        message: `The copy of "${source.value}" takes ${quote(doubtful)} into ${target}.`,
        at: placeOf(subject, node),
      },
    ];
  });
}

/** Files of an earlier stage: nobody knows whether they are there. */
function checkHandedOn(subject: DockerfileSubject): Hit[] {
  return listCopies(subject).flatMap((step) => {
    if (step.from === undefined || !subject.finalStages.includes(step.stage)) return [];
    return step.sources
      .filter(({ path }) => sureName.test(posix.basename(path)) && !sampleName.test(path))
      .map((source) => ({
        message: `"${source.value}" of "${step.from ?? ''}" goes into the image.`,
        at: placeOf(subject, source),
      }));
  });
}

interface Found {
  readonly step: CopyStep;
  readonly source: CopySource;
  /** Relative to the build folder. */
  readonly files: readonly string[];
  readonly node: CopySource;
}

/** The files of the build folder that COPY and ADD take along and that may hold secrets, but for excluded ones. */
function listFound(subject: DockerfileSubject): Found[] {
  const ignores = listIgnoreFiles(subject);
  const candidates = listCandidates(subject, ignores);
  return listCopies(subject).flatMap((step) => {
    if (step.from !== undefined) return [];
    return step.sources.flatMap((source) => {
      const files = [...new Set([...listNamed(subject, source, ignores), ...listInside(source, candidates)])];
      return files.length === 0 ? [] : [{ step, source, files, node: source }];
    });
  });
}

function listNamed(
  subject: DockerfileSubject,
  { path }: CopySource,
  ignores: readonly IgnoreFile[],
): string[] {
  const isThere = findEntry(subject, path) === 'present' && !isExcluded(ignores, path);
  return isThere && isCandidate(path) && !isPublic(subject, path) ? [path] : [];
}

/** What a copied folder brings: only what is a secret for sure, not by the ending of its name alone. */
function listInside({ path }: CopySource, candidates: readonly string[]): string[] {
  return candidates.filter((file) => path === '.' || file.startsWith(`${path}/`));
}

function listCandidates(subject: DockerfileSubject, ignores: readonly IgnoreFile[]): string[] {
  const prefix = inSource(subject, '.') === '.' ? '' : `${inSource(subject, '.')}/`;
  return [...subject.source.entries].flatMap(([entry, { kind }]) => {
    if (kind !== 'file' || !entry.startsWith(prefix)) return [];
    const path = entry.slice(prefix.length);
    const isSure = isSurelySecret(subject, path) && (isRead(subject, path) || !/\.(pem|key)$/i.test(path));
    return isSure && !isExcluded(ignores, path) ? [path] : [];
  });
}

const isRead = (subject: DockerfileSubject, path: string): boolean =>
  subject.source.texts.has(inSource(subject, path));

const sampleName = /\.(example|sample|template|dist|tmpl|tpl|default)$/i;
const sureName =
  /^(\.env(\..+)?|\.envrc|\.git-credentials|[._]netrc|id_(rsa|dsa|ecdsa|ed25519)|.+\.(p12|pfx))$/i;
const keyName = /\.key$|(^|[-_.])(key|private|privkey)[-_.]?.*\.pem$/i;
const doubtfulName =
  /^(\.npmrc|\.yarnrc\.yml|\.pypirc|\.pgpass|\.dockercfg|\.?kubeconfig(\.ya?ml)?)$|\.(pem|key|kubeconfig)$/i;
const doubtfulPath = /(^|\/)\.((aws|ssh|kube)(\/|$)|docker(\/config\.json)?$)/;

function isCandidate(path: string): boolean {
  const name = posix.basename(path);
  if (sampleName.test(name)) return false;
  return sureName.test(name) || doubtfulName.test(name) || doubtfulPath.test(path);
}

/** By its name, or by its text where its name may stand for a certificate. */
function isSurelySecret(subject: DockerfileSubject, path: string): boolean {
  const name = posix.basename(path);
  if (sampleName.test(name)) return false;
  if (sureName.test(name)) return true;
  const text = subject.source.texts.get(inSource(subject, path));
  const isKey = /\.(pem|key)$/i.test(name);
  return (
    isKey &&
    (text === undefined ? keyName.test(name) && !/pub(lic)?/i.test(name) : text.includes('PRIVATE KEY-----'))
  );
}

/** A certificate, or settings of a registry without a login. */
function isPublic(subject: DockerfileSubject, path: string): boolean {
  const text = subject.source.texts.get(inSource(subject, path));
  if (text === undefined) return false;
  if (/\.(pem|key)$/i.test(path)) return !text.includes('PRIVATE KEY-----');
  return (
    /(^|\/)\.(npmrc|yarnrc\.yml|pypirc|docker\/config\.json)$/.test(path) &&
    !/auth|password|token/i.test(text)
  );
}

function quote(files: readonly string[]): string {
  const shown = files.slice(0, 3).map((file) => `"${file}"`);
  const more = files.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}
