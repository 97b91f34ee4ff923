import { describe, expect, it } from '@jest/globals';

import { secretFileRules } from '../../../src/lint/dockerfile/secret-files.ts';
import { secretRules } from '../../../src/lint/dockerfile/secrets.ts';
import { createDockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import { checkDockerfile, checkDockerfileText, places, sourceOf } from '../../support/lint.ts';
import { pick } from '../../support/lint-pairs.ts';

const rule = pick([...secretRules, ...secretFileRules]);

/** Made of parts, so that no scanner takes the test for a leak. */
const made = 'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3';
const tokens: Readonly<Record<string, string>> = {
  'a GitHub token': `ghp_${made.slice(0, 36)}`,
  'a GitLab token': `glpat-${made.slice(0, 20)}`,
  'an npm token': `npm_${made.slice(0, 36)}`,
  'an AWS access key': `AKIA${made.toUpperCase().slice(0, 16)}`,
  'a Tencent Cloud SecretId': `AKID${made.slice(0, 32)}`,
  'an API key': `sk-proj-${made.slice(0, 24)}`,
  'a Google API key': `AIza${made.slice(0, 35)}`,
  'a Slack token': `xoxb-${made.slice(0, 24)}`,
  'a Stripe key': `sk_live_${made.slice(0, 24)}`,
  'a private key': '-----BEGIN RSA PRIVATE KEY-----',
  'an address with a password': 'postgres://shop:k3Ws9qTb@10.0.4.7:5432/shop',
};

describe('CBR025, names for secrets', () => {
  it.each([
    'ENV DB_PASSWORD=k3Ws9qTb',
    'ENV DB_PASSWORD k3Ws9qTb',
    'ENV db_password="k3Ws9qTb"',
    'ENV REDIS_PWD=k3Ws9qTb',
    'ENV API_KEY=k3Ws9qTb',
    'ENV apiKey=k3Ws9qTb',
    'ENV WX_SECRET=k3Ws9qTb',
    'ENV JWT_SECRET_KEY=k3Ws9qTb',
    'ENV TENCENTCLOUD_SECRETKEY=k3Ws9qTb',
    'ENV AWS_SECRET_ACCESS_KEY=k3Ws9qTb',
    'ENV PASSWORD_2=k3Ws9qTb',
    'ENV MYSQL_ROOT_PASSWORD=root',
    'ENV PASSWORD=changeme',
    'ENV WX_APPSECRET=k3Ws9qTb',
    'ENV APPSECRET=k3Ws9qTb',
    'ENV JWTSECRET=k3Ws9qTb',
    "ENV DB_PASSWORD='k3Ws9$qTb'",
    'ARG NPM_TOKEN=k3Ws9qTb',
    'ARG A=1 NPM_TOKEN=k3Ws9qTb',
  ])('%s is found', (line) => {
    const hits = checkDockerfileText(rule('CBR025'), `FROM node:24-slim\n${line}\n`);
    expect(places(hits)).toEqual(['Dockerfile:2']);
    expect(JSON.stringify(hits)).not.toMatch(/k3Ws9qTb|changeme/);
  });

  it.each([
    'ENV PORT=3000',
    'ENV DB_PASSWORD=',
    'ENV DB_PASSWORD=""',
    'ENV DB_PASSWORD=$DB_PASSWORD',
    'ENV DB_PASSWORD=${DB_PASSWORD:-x}',
    "ENV DB_PASSWORD='$DB_PASSWORD'",
    "ENV DB_PASSWORD='${DB_PASSWORD}'",
    'ENV DB_PASSWORD="k3Ws9$qTb"',
    'ENV SECRETARY=k3Ws9qTb',
    'ENV APPSECRET_FILE=k3Ws9qTb',
    'ENV DB_PASSWORD=your-password',
    'ENV SECRET_KEY=dummy',
    'ENV SECRET_KEY=build-only',
    'ENV SECRET_KEY=xxxxxxxx',
    'ENV SECRET_KEY=<secret>',
    'ENV DB_PASSWORD_FILE=/run/secrets/db',
    'ENV DB_PASSWORD=/run/secrets/db',
    'ENV TOKEN_PATH=a.txt',
    'ENV STRIPE_PUBLIC_KEY=k3Ws9qTb',
    'ENV NEXT_PUBLIC_API_KEY=k3Ws9qTb',
    'ENV AWS_ACCESS_KEY_ID=k3Ws9qTb',
    'ENV TOKEN_TTL=3600s',
    'ENV MAX_TOKENS=k3Ws9qTb',
    'ENV MYSQL_ALLOW_EMPTY_PASSWORD=yep',
    'ENV USE_TOKEN=true',
    'ENV PWD=app',
    'ENV COMPASS=north',
    'ENV KEYBOARD=german',
    'ENV MONKEY=george',
    'ARG NPM_TOKEN',
    'ARG NPM_TOKEN=',
    '# ENV DB_PASSWORD=k3Ws9qTb',
    'LABEL password=k3Ws9qTb',
    `ENV DB_TOKEN=${tokens['a GitHub token'] ?? ''}`,
  ])('%s is not', (line) => {
    expect(checkDockerfileText(rule('CBR025'), `FROM node:24-slim\n${line}\n`)).toEqual([]);
  });
});

describe('CBR026 and CBR027, values that are secrets', () => {
  it.each(Object.entries(tokens))('%s is found in ENV, ARG and RUN, and never shown', (kind, token) => {
    const text = `FROM node:24-slim\nENV WHAT="${token}"\nARG OTHER='${token}'\nRUN curl \\\n  -H "Authorization: Bearer ${token}" https://a.dev\n`;
    const values = checkDockerfileText(rule('CBR026'), text);
    expect(values.map(({ message, at }) => [at.line, message])).toEqual([
      [2, `ENV "WHAT" holds ${kind}.`],
      [3, `ARG "OTHER" holds ${kind}.`],
    ]);
    const runs = checkDockerfileText(rule('CBR027'), text);
    expect(runs.map(({ message, at }) => [at.line, message])).toEqual([[4, `RUN holds ${kind}.`]]);
    expect(JSON.stringify([values, runs])).not.toContain(token);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'ghp_short',
    'sk-your-openai-api-key-goes-here-1',
    'sk-learn',
    'postgres://user:password@localhost:5432/db',
    'postgres://postgres:postgres@db:5432/app',
    'postgres://shop:k3Ws9qTb@db:5432/shop',
    'mysql://root:root@10.0.4.7/shop',
    'mysql://shop:$PASSWORD@10.0.4.7/shop',
    'https://user:pass@example.com/',
    'https://cdn.dev/a@2:3',
    '-----BEGIN PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----',
  ])('"%s" is not', (value) => {
    const text = `FROM node:24-slim\nENV WHAT="${value}"\nRUN tool "${value}"\n`;
    expect(checkDockerfileText(rule('CBR026'), text)).toEqual([]);
    expect(checkDockerfileText(rule('CBR027'), text)).toEqual([]);
  });

  it.each([
    [`npm config set //registry.npmjs.org/:_authToken=${made}`, 1],
    ['npm config set //registry.npmjs.org/:_authToken=$NPM_TOKEN', 0],
    [`export AWS_SECRET_ACCESS_KEY=${made} && aws s3 ls`, 1],
    [`a; JWT_SECRET="${made}" node build.js`, 1],
    ['export AWS_SECRET_ACCESS_KEY=$KEY', 0],
    [`export COMMIT=${made}`, 0],
    [`export JWT_SECRET=dummy${made}`, 0],
    [`export JWT_SECRET=${made.toLowerCase()}`, 0],
    ['export JWT_SECRET=k3Ws9qTb', 0],
    [`SECRET_KEY=/opt/${made} python manage.py`, 0],
    ['npm config set "//registry.npmjs.org/:_authToken=${NPM_TOKEN}"', 0],
    [
      '--mount=type=secret,id=token curl -H "Authorization: Bearer $(cat /run/secrets/token)" https://a.dev',
      0,
    ],
  ])('RUN %s has %d hits', (command, count) => {
    const hits = checkDockerfileText(rule('CBR027'), `FROM node:24-slim\nRUN ${command}\n`);
    expect(places(hits)).toEqual(Array(count).fill('Dockerfile:2'));
  });
});

const files = (lines: string, others: Readonly<Record<string, string>>) => ({
  mode: 'container' as const,
  files: { Dockerfile: `FROM node:24-slim\n${lines}\n`, ...others },
});

const key = '-----BEGIN PRIVATE KEY-----\n';

describe('CBR028, files with secrets', () => {
  it.each([
    ['COPY .env ./', { '.env': '' }, 'The copy of ".env" takes ".env" into the image.'],
    [
      'COPY ./.env.production .',
      { '.env.production': '' },
      'The copy of "./.env.production" takes ".env.production" into the image.',
    ],
    [
      'COPY ["a.js", ".env", "./"]',
      { '.env': '', 'a.js': '' },
      'The copy of ".env" takes ".env" into the image.',
    ],
    [
      'ADD conf/id_rsa /root/',
      { 'conf/id_rsa': '' },
      'The copy of "conf/id_rsa" takes "conf/id_rsa" into the image.',
    ],
    [
      'COPY --chown=node:node tls/server.key /tls/',
      { 'tls/server.key': key },
      'The copy of "tls/server.key" takes "tls/server.key" into the image.',
    ],
    [
      'COPY tls/server-key.pem /tls/',
      { 'tls/server-key.pem': key },
      'The copy of "tls/server-key.pem" takes "tls/server-key.pem" into the image.',
    ],
    ['COPY a.p12 /tls/', { 'a.p12': '' }, 'The copy of "a.p12" takes "a.p12" into the image.'],
    [
      'COPY . .',
      { '.env': '', 'a/.env.local': '' },
      'The copy of "." takes ".env" and "a/.env.local" into the image.',
    ],
    [
      'COPY conf ./conf',
      { 'conf/.env': '', '.env': '' },
      'The copy of "conf" takes "conf/.env" into the image.',
    ],
    [
      'COPY .env ./',
      { '.env': '', '.dockerignore': 'node_modules\n' },
      'The copy of ".env" takes ".env" into the image.',
    ],
  ])('%s with %j is found', (line, others, message) => {
    const hits = checkDockerfile(rule('CBR028'), files(line, others));
    expect(hits.map((hit) => [hit.at.line, hit.message])).toEqual([[2, message]]);
  });

  it.each([
    ['COPY .env.example ./', { '.env.example': '' }],
    ['COPY .env.sample .env.template ./', { '.env.sample': '', '.env.template': '' }],
    ['COPY . .', { '.env.example': '' }],
    ['COPY .env ./', {}],
    ['COPY .env ./', { '.env': '', '.dockerignore': '.env*\n' }],
    ['COPY . .', { '.env': '', '.dockerignore': '**/.env\n' }],
    ['COPY src ./src', { '.env': '', 'src/a.js': '' }],
    ['COPY env.js ./', { 'env.js': '' }],
    ['COPY tls/ca.pem /tls/', { 'tls/ca.pem': '-----BEGIN CERTIFICATE-----\n' }],
    ['COPY tls/public.key /tls/', { 'tls/public.key': '-----BEGIN PUBLIC KEY-----\n' }],
    ['COPY id_rsa.pub /root/', { 'id_rsa.pub': '' }],
    ['COPY --from=build /app/.env ./', { '.env': '' }],
    ['ONBUILD COPY .env ./', { '.env': '' }],
    ['RUN --mount=type=bind,source=.env,target=.env true', { '.env': '' }],
  ])('%s with %j is not', (line, others) => {
    expect(checkDockerfile(rule('CBR028'), files(line, others))).toEqual([]);
  });

  it.each([
    ['COPY tls/server.key /tls/', ['Dockerfile:2']],
    ['COPY tls/server-key.pem /tls/', ['Dockerfile:2']],
    ['COPY tls/public.key /tls/', []],
    ['COPY tls/jwt-public-key.pem /tls/', []],
    ['COPY tls/ca.pem /tls/', []],
    ['COPY . .', []],
  ])('%s goes by the name where nobody has read the file', (line, expected) => {
    const names = ['server.key', 'server-key.pem', 'public.key', 'jwt-public-key.pem', 'ca.pem'];
    const source = sourceOf(files(line, Object.fromEntries(names.map((name) => [`tls/${name}`, '']))));
    const text = source.texts.get('Dockerfile') ?? '';
    const unread = { ...source, texts: new Map([['Dockerfile', text]]) };
    const subject = createDockerfileSubject(unread, { path: 'Dockerfile', buildFolder: '.' }, text);
    expect(places(rule('CBR028').check(subject))).toEqual(expected);
  });

  it('a stage that never ships is a warning instead', () => {
    const example = files('COPY .env ./\nFROM node:24-slim\nCOPY a.js ./', { '.env': '', 'a.js': '' });
    expect(checkDockerfile(rule('CBR028'), example)).toEqual([]);
    expect(checkDockerfile(rule('CBR029'), example).map((hit) => hit.message)).toEqual([
      'The copy of ".env" takes ".env" into a layer of the build.',
    ]);
  });

  it('a stage that the final one is built on ships', () => {
    const text = 'FROM node:24-slim AS base\nCOPY .env ./\nFROM base\nCMD ["node"]\n';
    const example = { mode: 'container' as const, files: { Dockerfile: text, '.env': '' } };
    expect(places(checkDockerfile(rule('CBR028'), example))).toEqual(['Dockerfile:2']);
  });
});

describe('CBR029, files that may hold secrets', () => {
  it.each([
    ['COPY .npmrc ./', { '.npmrc': '//a/:_authToken=${T}\n' }],
    ['COPY package.json .npmrc ./', { '.npmrc': '//a/:_authToken=${T}\n', 'package.json': '{}' }],
    ['COPY .ssh /root/.ssh', { '.ssh/config': '' }],
    ['COPY .aws/ /root/.aws/', { '.aws/config': '' }],
    ['COPY kubeconfig /root/', { kubeconfig: '' }],
    ['COPY conf/prod.kubeconfig /root/', { 'conf/prod.kubeconfig': '' }],
    ['COPY .kube /root/.kube', { '.kube/config': '' }],
    ['COPY .pgpass /root/', { '.pgpass': '' }],
    ['COPY .dockercfg /root/', { '.dockercfg': '' }],
    [
      'COPY .docker/config.json /root/.docker/',
      { '.docker/config.json': '{"auths":{"a.dev":{"auth":"eA=="}}}' },
    ],
    ['COPY tls/unread.pem /tls/', { 'tls/unread.pem/': '' }],
    ['COPY --from=build /app/.env ./', {}],
  ])('%s with %j is found', (line, others) => {
    expect(places(checkDockerfile(rule('CBR029'), files(line, others)))).toEqual(['Dockerfile:2']);
  });

  it.each([
    ['COPY .npmrc ./', { '.npmrc': 'registry=https://a.dev/\n' }],
    ['COPY .npmrc ./', {}],
    ['COPY .docker/nginx.conf ./', { '.docker/nginx.conf': '' }],
    ['COPY .docker/config.json ./', { '.docker/config.json': '{}' }],
    ['COPY docker/config.json ./', { 'docker/config.json': '{"auths":{"a.dev":{"auth":"eA=="}}}' }],
    ['COPY . .', { '.npmrc': '//a/:_authToken=${T}\n', '.dockerignore': '.npmrc\n' }],
    ['COPY .env ./', { '.env': '' }],
    ['COPY --from=build /app/.env.example ./', {}],
    ['COPY --from=build /app/dist ./', {}],
  ])('%s with %j is not', (line, others) => {
    expect(checkDockerfile(rule('CBR029'), files(line, others))).toEqual([]);
  });
});
