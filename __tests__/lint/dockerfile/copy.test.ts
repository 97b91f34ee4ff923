import { describe, expect, it } from '@jest/globals';

import { copyRules } from '../../../src/lint/dockerfile/copy.ts';
import { fromRules } from '../../../src/lint/dockerfile/copy-from.ts';
import { createDockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import { checkDockerfile, places, sourceOf } from '../../support/lint.ts';
import { pick } from '../../support/lint-pairs.ts';

const rule = pick([...copyRules, ...fromRules]);

const project = (lines: string, others: Readonly<Record<string, string>> = {}) => ({
  mode: 'container' as const,
  files: { Dockerfile: `FROM node:24-slim AS base\n${lines}\n`, 'a.js': '', 'src/b.js': '', ...others },
});

const allCopyHits = (lines: string, others: Readonly<Record<string, string>> = {}) =>
  ['CBR037', 'CBR038', 'CBR039', 'CBR040'].flatMap((id) =>
    checkDockerfile(rule(id), project(lines, others)).map((hit) => `${id} ${hit.at.line}: ${hit.message}`),
  );

describe('sources of COPY and ADD', () => {
  it.each([
    ['COPY missing.js ./', ['CBR037 2: The build folder holds no "missing.js".']],
    ['COPY ./missing/ ./', ['CBR037 2: The build folder holds no "missing".']],
    ['COPY /missing.js ./', ['CBR037 2: The build folder holds no "missing.js".']],
    ['COPY A.js ./', ['CBR037 2: The build folder holds no "A.js".']],
    ['COPY a.js missing.js ./', ['CBR037 2: The build folder holds no "missing.js".']],
    ['COPY a.js/x ./', ['CBR037 2: The build folder holds no "a.js/x".']],
    ['COPY ["a b.txt", "./"]', ['CBR037 2: The build folder holds no "a b.txt".']],
    ['COPY --chown=node --link missing.js ./', ['CBR037 2: The build folder holds no "missing.js".']],
    ['COPY --parents src/./c.js ./', ['CBR037 2: The build folder holds no "src/c.js".']],
    ['ADD missing.tar.gz ./', ['CBR037 2: The build folder holds no "missing.tar.gz".']],
    ['ARG NAME=missing\nCOPY $NAME.js ./', ['CBR037 3: The build folder holds no "missing.js".']],
    ['COPY a.js \\\n  missing.js \\\n  ./', ['CBR037 3: The build folder holds no "missing.js".']],
    ['COPY ../other ./', ['CBR039 2: "../other" leads out of the build folder.']],
    ['COPY src/../../other ./', ['CBR039 2: "src/../../other" leads out of the build folder.']],
    [
      'COPY ../a.js ./',
      ['CBR040 2: "../a.js" leads out of the build folder, and BuildKit reads it as "a.js".'],
    ],
  ])('%j is found', (lines, expected) => {
    expect(allCopyHits(lines)).toEqual(expected);
  });

  it.each([
    'COPY a.js ./',
    'COPY ./a.js ./',
    'COPY /a.js ./',
    'COPY "a.js" ./',
    'COPY . .',
    'COPY ./ ./',
    'COPY / /app',
    'COPY src ./src',
    'COPY src/ ./src/',
    'COPY src/../a.js ./',
    'COPY missing* ./',
    'COPY missing?.js ./',
    'COPY [m]issing.js ./',
    'COPY $MISSING ./',
    'COPY ${MISSING}/x ./',
    'ARG NAME=missing\nCOPY ${NAME:+a}.js ./',
    'COPY --from=base missing.js ./',
    'COPY --from=base --chown=node ../x ./',
    'COPY --exclude=*.md . .',
    'ADD https://a.dev/missing.js ./',
    'ADD git@github.com:a/b.git ./',
    'COPY <<EOF /app/x\nmissing.js other\nEOF',
    'ONBUILD COPY missing.js ./',
    'COPY node_modules/a/b.js ./',
    'COPY .git/HEAD ./',
    'COPY',
    'COPY missing.js',
    'COPY []',
    'COPY ["missing.js", ./',
    'RUN cp missing.js other.js',
  ])('%j is not', (lines) => {
    const others = { 'node_modules/': '', '.git/': '' };
    expect(allCopyHits(lines, others)).toEqual([]);
  });

  it('count from the build folder', () => {
    const files = {
      'web/Dockerfile': 'FROM a\nCOPY a.js b.js ./\nCOPY c.js ../b.js ./\n',
      'web/a.js': '',
      'b.js': '',
      'web/c.js': '',
    };
    const source = sourceOf({ mode: 'container', files });
    const place = { path: 'web/Dockerfile', buildFolder: 'web' };
    const subject = createDockerfileSubject(source, place, files['web/Dockerfile']);
    expect(places(rule('CBR037').check(subject))).toEqual(['web/Dockerfile:2']);
    expect(places(rule('CBR039').check(subject))).toEqual(['web/Dockerfile:3']);
  });

  it('are not known below a link', () => {
    const source = sourceOf(project('COPY linked/x.js ./'));
    const entries = new Map([...source.entries, ['linked', { kind: 'link', size: 1 } as const]]);
    const place = { path: 'Dockerfile', buildFolder: '.' };
    const text = source.texts.get('Dockerfile') ?? '';
    const check = (known: typeof entries) =>
      rule('CBR037').check(createDockerfileSubject({ ...source, entries: known }, place, text));
    expect(check(entries)).toEqual([]);
    expect(check(new Map(source.entries))).toHaveLength(1);
  });
});

describe('CBR038, sources that .dockerignore excludes', () => {
  it.each([
    ['a.js\n', 'COPY a.js ./', 'by "a.js" in line 1'],
    ['# all\n\n*\n!src\n', 'COPY a.js ./', 'by "*" in line 3'],
    ['src\n', 'COPY src/b.js ./', 'by "src" in line 1'],
    ['src/\n', 'COPY src ./', 'by "src/" in line 1'],
    ['**/*.js\r\n', 'COPY ./src/b.js ./', 'by "**/*.js" in line 1'],
    ['[\na.js\n', 'COPY a.js ./', 'by "a.js" in line 2'],
    ['/a.js', 'COPY a.js ./', 'by "/a.js" in line 1'],
    ['a.js\n!a.js\nb\n*.js\n!b.js\n', 'COPY a.js ./', 'by "*.js" in line 4'],
  ])('%j excludes the source of %s', (rules, lines, pattern) => {
    const [hit, ...more] = checkDockerfile(rule('CBR038'), project(lines, { '.dockerignore': rules }));
    expect(hit?.message).toMatch(/^".*" is excluded from the build /);
    expect(hit?.message).toContain(`${pattern} of .dockerignore.`);
    expect([hit?.at.line, more]).toEqual([2, []]);
  });

  it.each([
    ['*\n!a.js\n', 'COPY a.js ./'],
    ['src\n!src/b.js\n', 'COPY src ./src'],
    ['src/*\n', 'COPY src ./src'],
    ['*\n', 'COPY . .'],
    ['A.js\n', 'COPY a.js ./'],
    ['a.js\n', 'COPY --from=base a.js ./'],
    ['a.js\n', 'COPY *.js ./'],
    ['missing.js\n', 'COPY missing.js ./'],
    ['Dockerfile\n.dockerignore\n', 'COPY Dockerfile .dockerignore ./'],
    ['', 'COPY a.js ./'],
    ['[\n', 'COPY a.js ./'],
    ['#a.js\n', 'COPY a.js ./'],
  ])('%j leaves the source of %s', (rules, lines) => {
    expect(checkDockerfile(rule('CBR038'), project(lines, { '.dockerignore': rules }))).toEqual([]);
  });

  it('only where every ignore file excludes it', () => {
    const check = (own: string) =>
      checkDockerfile(
        rule('CBR038'),
        project('COPY a.js ./', { '.dockerignore': 'a.js\n', 'Dockerfile.dockerignore': own }),
      );
    expect(check('b.js\n')).toEqual([]);
    expect(check('*.js\n').map((hit) => hit.message)).toEqual([
      '"a.js" is excluded from the build by "*.js" in line 1 of Dockerfile.dockerignore.',
    ]);
  });
});

describe('CBR041, no .dockerignore', () => {
  const modules = { 'node_modules/': '' };

  it.each([
    [
      'COPY . .',
      modules,
      ['COPY takes "node_modules" along on other machines, since there is no .dockerignore.'],
    ],
    [
      'ADD ./ /app',
      { '.git/': '' },
      ['ADD takes ".git" along on other machines, since there is no .dockerignore.'],
    ],
    [
      'COPY . .\nFROM node:24\nCOPY . .',
      { ...modules, '.git/': '' },
      ['COPY takes "node_modules" and ".git" along on other machines, since there is no .dockerignore.'],
    ],
    ['COPY . .', {}, []],
    ['COPY . .', { 'web/node_modules/': '', 'web/.git/': '' }, []],
    ['COPY . .', { '.git': 'gitdir: ../x\n' }, []],
    ['COPY . .', { ...modules, '.dockerignore': '' }, []],
    ['COPY . .', { ...modules, 'Dockerfile.dockerignore': '' }, []],
    ['COPY src ./src', modules, []],
    ['COPY --from=base . .', modules, []],
  ])('%j with %j', (lines, others, expected) => {
    const hits = checkDockerfile(rule('CBR041'), project(lines, others));
    expect(hits.map((hit) => hit.message)).toEqual(expected);
    expect(places(hits)).toEqual(expected.map(() => 'Dockerfile:2'));
  });
});

describe('CBR042, --from', () => {
  const stages = 'FROM node:24 AS build\nFROM node:24 AS deps\n';
  const check = (line: string, more = '') =>
    checkDockerfile(rule('CBR042'), {
      mode: 'container',
      files: { Dockerfile: `${stages}FROM node:24-slim AS final\n${line}\n${more}` },
    }).map((hit) => [hit.at.line, hit.message, hit.fix]);

  it.each([
    [
      'COPY --from=biuld /a /b',
      '--from="biuld" names no earlier stage.',
      'Write "build", the name of an earlier stage.',
    ],
    [
      'COPY --chown=node --from=builder /a /b',
      '--from="builder" names no earlier stage.',
      'Write "build", the name of an earlier stage.',
    ],
    ['COPY --from=publish /a /b', '--from="publish" names no earlier stage.', undefined],
    ['COPY --from=later /a /b', '--from="later" names a stage that comes later.', undefined],
    ['COPY --from=final /a /b', '--from="final" names the stage that it stands in.', undefined],
    [
      'COPY --from=2 /a /b',
      '--from=2 names no earlier stage: this one is number 2.',
      'Write a number from 0 to 1, or a name.',
    ],
    [
      'COPY --from=7 /a /b',
      '--from=7 names no earlier stage: this one is number 2.',
      'Write a number from 0 to 1, or a name.',
    ],
    [
      'RUN --mount=type=bind,from=dep,target=/x true',
      '--from="dep" names no earlier stage.',
      'Write "deps", the name of an earlier stage.',
    ],
  ])('%s is found', (line, message, fix) => {
    expect(check(line, 'FROM node:24-slim AS later\n')).toEqual([[4, message, fix]]);
  });

  it('takes the name of a known image for that image', () => {
    const text =
      'FROM php:8.4 AS compose\nFROM php:8.4\nCOPY --from=composer /a /b\nCOPY --from=composed /a /b\n';
    const hits = checkDockerfile(rule('CBR042'), { mode: 'container', files: { Dockerfile: text } });
    expect(places(hits)).toEqual(['Dockerfile:4']);
  });

  it.each([
    'COPY --from=build /a /b',
    'COPY --from=BUILD /a /b',
    'COPY --from=0 /a /b',
    'COPY --from=1 /a /b',
    'COPY --from=composer /usr/bin/composer /b',
    'COPY --from=composer:2 /usr/bin/composer /b',
    'COPY --from=nginx /a /b',
    'COPY --from=golang /a /b',
    'COPY --from=ghcr.io/astral-sh/uv /uv /b',
    'COPY --from=builder:1 /a /b',
    'COPY --from=me/build /a /b',
    'COPY --from=$STAGE /a /b',
    'COPY --from= /a /b',
    'COPY from=biuld /b',
    'RUN --mount=type=bind,from=deps,target=/x true',
    'RUN --mount=type=cache,target=/from=biuld true',
    'ONBUILD COPY --from=biuld /a /b',
  ])('%s is not', (line) => {
    expect(check(line)).toEqual([]);
  });
});
