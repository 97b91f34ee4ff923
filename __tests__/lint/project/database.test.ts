import { describe, expect, it } from '@jest/globals';

import { databaseProjectRules } from '../../../src/lint/project/database.ts';
import { leadsToStore } from '../../../src/lint/project/stores.ts';
import { checkSource, places, sourceOf } from '../../support/lint.ts';

function find(files: Readonly<Record<string, string>>, service = {}): string[] {
  return databaseProjectRules.flatMap((rule) =>
    checkSource(rule, { mode: 'container', files }, service).map(({ at, message }) => {
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(message).not.toMatch(/secret/);
      const names = [...message.matchAll(/"([^"]*)"/g)].map(([, name]) => name).join(' ');
      return `${rule.id} ${at.file}:${at.line}:${at.column} ${names}`;
    }),
  );
}

it.each(databaseProjectRules)('$id finds its bad example and passes its good one', (rule) => {
  const [file] = Object.keys(rule.bad.files);
  expect(places(checkSource(rule, rule.bad))).toEqual([expect.stringContaining(`${String(file)}:`)]);
  expect(databaseProjectRules.flatMap((each) => checkSource(each, rule.good))).toEqual([]);
  expect(checkSource(rule, rule.bad, { hasVpc: true })).toEqual([]);
});

it('finds env vars of the service config where they stand', () => {
  const at = { file: 'cloudbase-run.yml', line: 7, column: 3 };
  const env = [
    { name: 'LOG_LEVEL', value: 'info', at: undefined },
    { name: 'DB_HOST', value: 'mysql', at },
    { name: 'CACHE', value: 'redis://:secret@10.0.0.1', at: undefined },
  ];
  expect(find({}, { env })).toEqual(['CBR301 cloudbase-run.yml:7:3 DB_HOST CACHE']);
  expect(find({ 'package.json': '{}' }, { env: env.slice(2) })).toEqual(['CBR301 Dockerfile:1:1 CACHE']);
});

it('says that server-config sets them, where no other place is known, with a verb for each number', () => {
  const [rule] = databaseProjectRules;
  const say = (names: readonly string[]): string[] =>
    names.length === 0 || rule === undefined
      ? []
      : checkSource(
          rule,
          { mode: 'container', files: {} },
          {
            env: names.map((name) => ({ name, value: 'db', at: undefined })),
          },
        ).map(({ message }) => message);
  expect([say(['DB_HOST']), say(['DB_HOST', 'PGHOST'])]).toEqual([
    [
      'The input server-config sets the env var "DB_HOST", which by the looks of it leads to a database or a private host.',
    ],
    [
      'The input server-config sets the env vars "DB_HOST", "PGHOST", which by the looks of it lead to a database or a private host.',
    ],
  ]);
});

describe('a Dockerfile', () => {
  it.each([
    ['FROM node\nENV DB_HOST=mysql', 'CBR301 Dockerfile:2:5 DB_HOST'],
    ['FROM node\nENV A=1 MYSQL_URL="mysql://u:secret@db/x"', 'CBR301 Dockerfile:2:9 MYSQL_URL'],
    ['FROM node\r\nENV REDIS_HOST cache\r\nENV PGHOST=pg', 'CBR301 Dockerfile:2:5 REDIS_HOST PGHOST'],
    ['FROM node AS base\nENV DB_HOST=mysql\nFROM base', 'CBR301 Dockerfile:2:5 DB_HOST'],
  ])('is found: %s', (text, found) => {
    expect(find({ Dockerfile: text })).toEqual([found]);
  });

  it.each([
    ['FROM node\nENV DB_HOST=localhost'],
    ['FROM node\nENV DB_HOST='],
    ['FROM node\nENV DB_HOST'],
    ['FROM node\nENV DB_NAME=shop DB_USER=shop'],
    ['FROM node\nENV DATABASE_URL=file:/tmp/x.db'],
    ['FROM node AS build\nENV DB_HOST=mysql\nFROM node'],
    ['FROM node\n# ENV DB_HOST=mysql'],
    ['ENV'],
    [''],
  ])('is passed: %s', (text) => {
    expect(find({ Dockerfile: text })).toEqual([]);
  });
});

describe('an example of env vars', () => {
  it.each([
    ['.env.example', 'A=1\nDATABASE_URL=\n', '2:1 DATABASE_URL'],
    [
      '.env.sample',
      '  export REDIS_URL="redis://localhost:6379" # cache\r\nDB_HOST=127.0.0.1',
      '1:10 REDIS_URL DB_HOST',
    ],
    ['env.example', "MONGO_URI='mongodb://mongo/shop'", '1:1 MONGO_URI'],
    ['.env.template', 'QUEUE=amqp://localhost', '1:1 QUEUE'],
  ])('is found: %s with %j', (file, text, found) => {
    expect(find({ [file]: text })).toEqual([`CBR302 ${file}:${found}`]);
  });

  it.each([
    ['.env.example', 'PORT=3000\nAPI_URL=http://localhost:4000\nHOST=localhost\n'],
    ['.env.example', 'DB_NAME=shop\nDB_PORT=5432\nDB_PASSWORD=\n'],
    ['.env.example', 'DATABASE_URL=file:./dev.db'],
    ['.env.example', 'MONGO_URI=mongodb+srv://cluster0.example.net'],
    ['.env.example', '# DATABASE_URL=\n'],
    ['.env.example', ''],
    ['.env', 'DATABASE_URL='],
    ['examples/.env.example', 'DATABASE_URL='],
  ])('is passed: %s with %j', (file, text) => {
    expect(find({ [file]: text })).toEqual([]);
  });

  it('does not count what the service config sets', () => {
    const env = [{ name: 'DATABASE_URL', value: 'https://db.example.com', at: undefined }];
    expect(find({ '.env.example': 'DATABASE_URL=' }, { env })).toEqual([]);
  });
});

describe('a compose file', () => {
  it.each([
    ['compose.yaml', 'services:\n  db:\n    image: postgres:17\n', '3:12 postgres:17'],
    [
      'docker-compose.yml',
      'services: { a: { image: "redis" }, b: { image: mysql:8 } }',
      '1:25 redis mysql:8',
    ],
    [
      'docker-compose.dev.yml',
      'services:\n  db:\n    image: docker.io/library/mongo@sha256:abc',
      '3:12 docker.io/library/mongo@sha256:abc',
    ],
    [
      'compose.yml',
      'services:\r\n  db:\r\n    image: bitnami/postgresql:1\r\n    image: redis\r\n',
      '3:12 bitnami/postgresql:1',
    ],
  ])('is found: %s with %j', (file, text, found) => {
    expect(find({ [file]: text })).toEqual([`CBR303 ${file}:${found}`]);
  });

  it.each([
    'services:\n  web:\n    image: node:24\n',
    'services:\n  admin:\n    image: redis-commander:latest\n',
    'services:\n  admin:\n    image: phpmyadmin/mysql-admin\n',
    'services:\n  web: &w\n    <<: *w\n',
    'services: [postgres]',
    'services:\n  db:\n    image: [postgres]\n',
    'postgres',
    '',
    '\t{',
    '['.repeat(20_000),
  ])('is passed: %j', (text) => {
    expect(find({ 'compose.yaml': text })).toEqual([]);
  });
});

it('takes the same names and values as the doubts about a service config', () => {
  const found = ['DB_HOST=mysql', 'dbHost=mysql', 'PGHOST=pg', 'UPSTREAM_HOST=10.0.0.1', 'X=redis://cache'];
  const passed = ['DB_HOST=', 'DB_HOST=localhost', 'VERSION=10.0.0.1', 'DB_URL=https://x', 'HOST=mysql'];
  const check = (text: string): boolean => {
    const [name = '', value = ''] = text.split('=');
    return leadsToStore({ name, value });
  };
  expect(found.map(check)).toEqual(found.map(() => true));
  expect(passed.map(check)).toEqual(passed.map(() => false));
});

it('looks in the folder that the build sees too', () => {
  const source = sourceOf({
    mode: 'container',
    files: { 'api/compose.yaml': 'services: { a: { image: redis } }' },
  });
  const dockerfile = { path: 'api/Dockerfile', buildFolder: 'api' };
  const hits = databaseProjectRules.flatMap((rule) => rule.check({ ...source, dockerfile }));
  expect(places(hits)).toEqual(['api/compose.yaml:1']);
});
