import { expect, it } from '@jest/globals';
import { parse, type AnyNode } from 'acorn';

import { originOf, readNames } from '../../../src/lint/script/names.ts';
import { walkTree } from '../../../src/lint/script/tree.ts';

/** The origin of the last expression of a script. */
function originIn(text: string): string | undefined {
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
  const last: AnyNode | undefined = program.body.at(-1);
  return last?.type === 'ExpressionStatement' ? originOf(last.expression, readNames(program)) : undefined;
}

it.each([
  ['process.env;', 'process.env'],
  ["const fs = require('node:fs');\nfs.promises.writeFile;", 'fs.promises.writeFile'],
  ["import { writeFile as write } from 'fs/promises';\nwrite;", 'fs/promises.writeFile'],
  ["import * as http from 'node:http';\nhttp['createServer']().listen;", 'http.createServer().listen'],
  ["import express from 'express';\nconst app = express();\napp.use(x).listen;", 'express().use().listen'],
  ["const { Router: R } = require('express');\nnew R();", 'express.Router()'],
  ["const k = __importDefault(require('koa'));\n(0, k.default)();", 'koa()'],
  ['const app = exports.app = create();\napp;', 'create()'],
  ['const f = (req) => req;\nreq.headers;', 'req.headers'],
])('names where the last value of %j comes from', (text, origin) => {
  expect(originIn(text)).toBe(origin);
});

it.each([
  ['function a() { const app = express(); }\nfunction b() { const app = koa(); }\napp;'],
  ['let app = express();\napp = koa();\napp;'],
  ['const app = express();\nconst f = (app) => app;\napp;'],
  ['function app() {}\napp();'],
  ['let app;\napp;'],
  ['const [app] = list;\napp;'],
  ['const a = b;\nconst b = a;\na;'],
  ['a[b];'],
  ['(() => 1)();'],
])('names nothing where names may stand for more: %j', (text) => {
  expect(originIn(text)).toBeUndefined();
});

it('ends quietly in a tree that is too deep for the stack', () => {
  let seen = 0;
  const leaf = { type: 'Identifier', name: 'a', start: 0, end: 1 };
  let tree: unknown = leaf;
  for (let depth = 0; depth < 50_000; depth++)
    tree = { type: 'UnaryExpression', operator: '!', prefix: true, argument: tree, start: 0, end: 1 };
  const program = parse('', { ecmaVersion: 'latest' });
  program.body = [{ type: 'ExpressionStatement', expression: tree, start: 0, end: 1 }] as typeof program.body;
  walkTree(program, { Identifier: () => seen++ });
  expect(seen).toBe(0);
});
