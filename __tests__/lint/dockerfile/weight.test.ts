import { describe, expect, it } from '@jest/globals';

import { weightRules } from '../../../src/lint/dockerfile/weight.ts';
import { checkDockerfile, checkDockerfileText, places } from '../../support/lint.ts';
import { pick } from '../../support/lint-pairs.ts';

const rule = pick(weightRules);

describe('CBR034, development dependencies', () => {
  const check = (lines: string, manifest = '{ "devDependencies": { "eslint": "9" } }') =>
    places(
      checkDockerfile(rule('CBR034'), {
        mode: 'container',
        files: { Dockerfile: `FROM node:24\n${lines}\n`, 'package.json': manifest },
      }),
    );

  it.each([
    ['RUN npm ci', ['Dockerfile:2']],
    ['RUN npm install', ['Dockerfile:2']],
    ['RUN yarn --frozen-lockfile', ['Dockerfile:2']],
    ['RUN pnpm install --frozen-lockfile', ['Dockerfile:2']],
    ['ENV NODE_ENV=development\nRUN npm ci', ['Dockerfile:3']],
    ['RUN npm ci\nENV NODE_ENV=production', ['Dockerfile:2']],
    ['RUN npm ci\nFROM node:24\nRUN npm ci', ['Dockerfile:4']],
    ['RUN npm ci --omit=dev', []],
    ['RUN npm ci --omit dev', []],
    ['RUN yarn --production', []],
    ['RUN npm ci --production', []],
    ['RUN npm install --only=production', []],
    ['RUN yarn install --production=true', []],
    ['RUN pnpm install --prod', []],
    ['RUN pnpm i -P', []],
    ['ENV NODE_ENV=production\nRUN npm ci', []],
    ['ENV NODE_ENV production\nRUN npm ci', []],
    ['ENV A=1 NODE_ENV="production"\nRUN npm ci', []],
    ['ENV NPM_CONFIG_OMIT=dev\nRUN npm ci', []],
    ['RUN NODE_ENV=production npm ci', []],
    ['RUN npm ci && npm run build && npm prune --omit=dev', []],
    ['RUN npm ci\nRUN npm run build\nRUN npm prune --production', []],
    ['RUN npm ci && npm run build && rm -rf node_modules', []],
    ['RUN npm ci\nENV NODE_ENV=production\nRUN npm prune', []],
    ['RUN npm ci\nFROM node:24-slim\nRUN npm ci --omit=dev', []],
    ['RUN npm install express', []],
    ['RUN npm install -g pm2', []],
    ['RUN npm run build', []],
  ])('%j', (lines, expected) => {
    expect(check(lines)).toEqual(expected);
  });

  it.each(['', '[]', 'null', '{ "devDependencies": {} }', '{ "devDependencies": 3 }', '{ "dependencies"'])(
    'a package.json of %j has none',
    (manifest) => {
      expect(check('RUN npm ci', manifest)).toEqual([]);
    },
  );
});

describe('CBR035, build tools', () => {
  it.each([
    [
      'RUN apt-get update && apt-get install -y --no-install-recommends build-essential',
      '"build-essential" of "apt-get" stays',
    ],
    ['RUN apt install gcc g++=4:12', '"gcc", "g++" of "apt" stay'],
    ['RUN apk add --no-cache python3 make g++', '"make", "g++" of "apk" stay'],
    ['RUN apk add --virtual .build-deps gcc musl-dev', '"gcc", "musl-dev" of "apk" stay'],
    ['RUN yum install -y gcc-c++', '"gcc-c++" of "yum" stays'],
    ['RUN apt-get install -y python3-dev', '"python3-dev" of "apt-get" stays'],
    ['RUN apt-get install -y maven', '"maven" of "apt-get" stays'],
    ['RUN apk add cargo', '"cargo" of "apk" stays'],
    ['RUN apk add gcc\nRUN apk del gcc', '"gcc" of "apk" stays'],
  ])('%j is found', (lines, words) => {
    const hits = checkDockerfileText(rule('CBR035'), `FROM python:3.13-slim\n${lines}\n`);
    expect(hits.map(({ at, message }) => [at.line, message])).toEqual([
      [2, `${words} in the image that runs.`],
    ]);
  });

  it.each([
    'RUN apk add --no-cache --virtual .build-deps gcc musl-dev && pip install x && apk del .build-deps',
    'RUN apt-get install -y gcc && pip install x && apt-get purge -y gcc && apt-get autoremove -y',
    'RUN yum install -y gcc && make && yum remove -y gcc',
    'RUN apt-get install -y curl ca-certificates git python3 libpq5',
    'RUN apt-get install -y openjdk-17-jre-headless',
    'RUN apk add tzdata gcompat libgcc libstdc++ makepasswd',
    'RUN echo apt-get install gcc',
    'RUN pip install gcc',
    'RUN apk add gcc\nFROM python:3.13-slim',
  ])('%j is not', (lines) => {
    expect(checkDockerfileText(rule('CBR035'), `FROM python:3.13-slim\n${lines}\n`)).toEqual([]);
  });
});

describe('CBR036, images of compilers', () => {
  it.each([
    ['FROM golang:1.27\nCMD ["/server"]', ['Dockerfile:1']],
    ['FROM node:24\nFROM maven:3-eclipse-temurin-21\nRUN mvn package', ['Dockerfile:2']],
    ['FROM docker.io/library/rust:1-slim', ['Dockerfile:1']],
    ['FROM gradle', ['Dockerfile:1']],
    ['FROM mcr.microsoft.com/dotnet/sdk:10.0', ['Dockerfile:1']],
    ['FROM golang:1.27 AS build\nFROM build', ['Dockerfile:1']],
    ['FROM golang:1.27 AS build\nFROM alpine\nCOPY --from=build /a /a', []],
    ['FROM mcr.microsoft.com/dotnet/aspnet:10.0', []],
    ['FROM me/golang:1.27', []],
    ['FROM node:24', []],
    ['FROM scratch', []],
  ])('%j', (text, expected) => {
    expect(places(checkDockerfileText(rule('CBR036'), `${text}\n`))).toEqual(expected);
  });
});
