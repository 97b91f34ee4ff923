import { describe, expect, it } from '@jest/globals';

import { installRules } from '../../../src/lint/dockerfile/install.ts';
import { checkDockerfile, places } from '../../support/lint.ts';
import { pick } from '../../support/lint-pairs.ts';

const rule = pick(installRules);

const project = (text: string, others: Readonly<Record<string, string>> = {}) => ({
  mode: 'container' as const,
  files: { Dockerfile: text, 'package.json': '{}', ...others },
});

const npmLock = { 'package-lock.json': '{}' };

describe('CBR030, npm install with a lockfile', () => {
  it.each([
    'RUN npm install',
    'RUN npm i --omit=dev',
    'RUN npm install --production > /dev/null',
    'RUN ["npm", "install"]',
    'RUN ["sh", "-c", "npm install"]',
    'RUN --mount=type=cache,target=/root/.npm npm install',
    'RUN NODE_ENV=production npm install',
    'RUN cd /app && npm install && npm run build',
    'RUN <<EOF\nnpm install\nEOF',
  ])('%j is found', (line) => {
    const hits = checkDockerfile(rule('CBR030'), project(`FROM node:24\n${line}\n`, npmLock));
    expect(places(hits)).toEqual([line.includes('<<') ? 'Dockerfile:3' : 'Dockerfile:2']);
  });

  it('is found at the line of its command', () => {
    const text = 'FROM node:24\nRUN apk add git \\\n  # why\n  && npm install \\\n  && true\n';
    const [hit] = checkDockerfile(rule('CBR030'), project(text, npmLock));
    expect(hit).toEqual({
      message: '"npm install" installs what it finds, though "package-lock.json" stands beside it.',
      at: { file: 'Dockerfile', line: 4, column: 6, endLine: 4, endColumn: 17 },
    });
  });

  it.each([
    'RUN npm ci',
    'RUN true # \\\n  && npm install',
    'RUN npm install -g pnpm',
    'RUN npm install --global npm@11',
    'RUN npm install express',
    'RUN npm install --prefix web',
    'RUN npm install --package-lock-only',
    'RUN npm ci || npm install',
    'RUN if [ -f package-lock.json ]; then npm ci; else npm install; fi',
    'RUN echo "npm install"',
    'RUN cat <<EOF > readme\nnpm install\nEOF',
    'ONBUILD RUN npm install',
    '# RUN npm install',
  ])('%j is not', (line) => {
    expect(checkDockerfile(rule('CBR030'), project(`FROM node:24\n${line}\n`, npmLock))).toEqual([]);
  });

  it('is not found without a lockfile', () => {
    expect(checkDockerfile(rule('CBR030'), project('FROM node:24\nRUN npm install\n'))).toEqual([]);
  });
});

describe('CBR031, npm ci without a lockfile', () => {
  it.each([
    ['COPY package.json ./\nRUN npm ci', {}, ['Dockerfile:3']],
    ['RUN apk add git && npm ci --omit=dev', {}, ['Dockerfile:2']],
    ['RUN npm ci', { ...npmLock, '.dockerignore': '*.json\n!package.json\n' }, ['Dockerfile:2']],
    ['RUN npm install -g npm\nRUN npm ci', {}, ['Dockerfile:3']],
    ['RUN npm ci', npmLock, []],
    ['RUN npm ci', { 'npm-shrinkwrap.json': '{}' }, []],
    ['RUN cd web && npm ci', { 'web/package-lock.json': '{}' }, []],
    ['RUN npm install --package-lock-only && npm ci', {}, []],
    ['RUN npm i\nRUN npm ci', {}, []],
    ['RUN git clone https://a.dev/b . && npm ci', {}, []],
    ['ADD https://a.dev/b.tgz ./\nRUN npm ci', {}, []],
    ['ADD app.tar.gz ./\nRUN npm ci', {}, []],
    ['COPY --from=registry.dev/app /app ./\nRUN npm ci', {}, []],
    ['COPY <<EOF package-lock.json\n{}\nEOF\nRUN npm ci', {}, []],
    ['RUN npm ci || true', {}, []],
    ['RUN if [ -f package-lock.json ]; then npm ci; else npm i; fi', {}, []],
  ])('%j with %j', (lines, others, expected) => {
    const hits = checkDockerfile(rule('CBR031'), project(`FROM node:24\n${lines}\n`, others));
    expect(places(hits)).toEqual(expected);
  });

  it('says nothing where the package.json comes from elsewhere', () => {
    const example = { mode: 'container' as const, files: { Dockerfile: 'FROM app\nRUN npm ci\n' } };
    expect(checkDockerfile(rule('CBR031'), example)).toEqual([]);
  });
});

describe('CBR032, installs that may change the lockfile', () => {
  const locks = { 'yarn.lock': '', 'pnpm-lock.yaml': '' };

  it.each([
    ['RUN yarn', 1],
    ['RUN yarn install --production', 1],
    ['RUN pnpm install --prod', 1],
    ['RUN corepack enable && pnpm i', 1],
    ['RUN yarn --frozen-lockfile', 0],
    ['RUN yarn install --immutable', 0],
    ['RUN pnpm install --frozen-lockfile', 0],
    ['RUN pnpm install --no-frozen-lockfile', 0],
    ['RUN yarn build', 0],
    ['RUN yarn add left-pad', 0],
    ['RUN pnpm add -g tsx', 0],
    ['RUN yarn --version', 0],
    ['RUN npm ci', 0],
  ])('%s has %d hits', (line, count) => {
    const hits = checkDockerfile(rule('CBR032'), project(`FROM node:24\n${line}\n`, locks));
    expect(places(hits)).toEqual(Array(count).fill('Dockerfile:2'));
    expect(checkDockerfile(rule('CBR032'), project(`FROM node:24\n${line}\n`))).toEqual([]);
  });
});

describe('CBR033, sources before dependencies', () => {
  it.each([
    ['COPY . .\nRUN npm ci', ['Dockerfile:2']],
    ['COPY ./ /app/\nRUN npm install', ['Dockerfile:2']],
    ['ADD . /app\nRUN pip install -r requirements.txt', ['Dockerfile:2']],
    ['COPY . .\nRUN python -m pip install --no-cache-dir -r requirements.txt', ['Dockerfile:2']],
    ['COPY . .\nRUN composer install --no-dev', ['Dockerfile:2']],
    ['COPY . .\nRUN go mod download', ['Dockerfile:2']],
    ['COPY . .\nRUN mvn -B package', ['Dockerfile:2']],
    ['COPY package.json ./\nCOPY . .\nRUN npm ci', ['Dockerfile:3']],
    ['COPY package*.json ./\nRUN npm ci\nCOPY . .', []],
    ['COPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci --omit=dev', []],
    ['COPY pom.xml ./\nRUN mvn dependency:go-offline\nCOPY . .\nRUN mvn package', []],
    ['COPY . .\nRUN go build -o /server', []],
    ['COPY . .\nRUN npm run build', []],
    ['COPY . .\nRUN npm install -g serve', []],
    ['COPY . .\nRUN npm install express', []],
    ['COPY . .\nRUN pnpm install --dir web', ['Dockerfile:2']],
    ['COPY . .\nRUN pip install .', []],
    ['COPY src ./src\nRUN npm ci', []],
    ['COPY --from=build . .\nRUN npm ci', []],
    ['COPY . .\nFROM node:24\nRUN npm ci', []],
  ])('%j', (lines, expected) => {
    const hits = checkDockerfile(rule('CBR033'), project(`FROM node:24\n${lines}\n`));
    expect(places(hits)).toEqual(expected);
  });
});
