import { expect, it } from '@jest/globals';

import { databaseRules } from '../../../src/lint/script/database.ts';
import { checkScripts, places } from '../../support/lint.ts';

function find(text: string, service = {}, Dockerfile = 'FROM node:24-slim'): string[] {
  const files = { 'index.js': text, Dockerfile };
  return databaseRules.flatMap((rule) =>
    checkScripts(rule, { mode: 'container', files }, service).map(({ at, message }) => {
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(message).not.toMatch(/secret/);
      return `${rule.id}:${at.line} ${/"(.*)"/.exec(message)?.[1] ?? ''}`;
    }),
  );
}

it.each(databaseRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkScripts(rule, rule.bad))).toEqual(['server.js:4']);
  expect(databaseRules.flatMap((each) => checkScripts(each, rule.good))).toEqual([]);
});

it.each([
  ['const url = "postgres://shop:secret@10.0.0.12:5432/shop";', 'CBR212:1 10.0.0.12'],
  ['const url = "mysql://shop:s@secret@db/shop";', 'CBR212:1 db'],
  ['const url = `redis://:${password}@172.16.0.4:6379`;', 'CBR212:1 172.16.0.4'],
  ['connect("mongodb://mongo:27017/shop");', 'CBR212:1 mongo'],
  ['connect("amqp://queue.internal");', 'CBR212:1 queue.internal'],
  ['connect("mongodb://localhost:27017/shop");', 'CBR213:1 localhost'],
  ['connect("redis://127.0.0.1");', 'CBR213:1 127.0.0.1'],
  ['connect("redis://[::1]:6379");', 'CBR213:1 [::1]'],
  ['const mysql = require("mysql2/promise");\nmysql.createPool({ host: "10.1.2.3" });', 'CBR212:2 10.1.2.3'],
  ['const host = "localhost";\nconst { Pool } = require("pg");\nnew Pool({ host });', 'CBR213:3 localhost'],
  ['import Redis from "ioredis";\nnew Redis({ host: "redis", port: 6379 });', 'CBR212:2 redis'],
  ['require("knex")({ client: "pg", connection: { host: "192.168.1.2" } });', 'CBR212:1 192.168.1.2'],
  ['require("redis").createClient({ socket: { host: "cache" } });', 'CBR212:1 cache'],
])('finds the host in %s', (text, found) => {
  expect(find(text)).toEqual([found]);
});

it.each([
  ['connect(process.env.DATABASE_URL);'],
  ['connect(process.env.DATABASE_URL || "mysql://root@localhost/shop");'],
  ['connect(process.env.DATABASE_URL ?? `mysql://root@10.0.0.1/shop`);'],
  ['const { REDIS_URL = "redis://localhost" } = process.env;'],
  ['const url = isLocal ? "redis://localhost" : process.env.REDIS_URL;'],
  ['if (isLocal) connect("redis://localhost");'],
  ['connect("postgres://shop@gz-postgres-1.sql.tencentcdb.com:5432/shop");'],
  ['connect("mongodb+srv://shop@cluster0.abcde.mongodb.net/shop");'],
  ['connect(`mysql://${user}:${password}@${host}:3306/shop`);'],
  ['connect(`mysql://${host}/shop`);'],
  ['fetch("http://localhost:3000");'],
  ['server.listen({ host: "localhost" });'],
  ['const mysql = require("mysql2");\nmysql.createPool({ host: process.env.DB_HOST });'],
  ['const text = "use postgres://";'],
  ['// redis://localhost'],
])('finds nothing in %s', (text) => {
  expect(find(text)).toEqual([]);
});

it('counts a private host no more where the service has a private network', () => {
  expect(find('connect("redis://10.0.0.1");\nconnect("redis://localhost");', { hasVpc: true })).toEqual([
    'CBR213:2 localhost',
  ]);
});

it('counts localhost no more where the image holds a database itself', () => {
  expect(find('connect("redis://localhost");', {}, 'FROM node\nRUN apt-get install -y redis')).toEqual([]);
});
