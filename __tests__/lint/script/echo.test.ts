import { describe, expect, it } from '@jest/globals';

import { echoRules } from '../../../src/lint/script/echo.ts';
import { checkScripts, places } from '../../support/lint.ts';

function find(text: string, mode: 'container' | 'function' = 'container'): string[] {
  return echoRules.flatMap((rule) =>
    checkScripts(rule, { mode, files: { 'index.js': text } }).map(({ at, message }) => {
      expect(message).toMatch(/^[A-Z].*\.$/);
      return `${rule.id}:${at.line}:${at.column}`;
    }),
  );
}

it.each(echoRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkScripts(rule, rule.bad))).toEqual(['index.js:2']);
  expect(echoRules.flatMap((each) => checkScripts(each, rule.good))).toEqual([]);
});

it.each([
  ['app.get("/", (req, res) => res.json(req.headers));', 'CBR205:1:37'],
  ['app.get("/", (req, res) => { res.status(200).json({ headers: req.headers }); });', 'CBR205:1:62'],
  ['app.get("/", (req, res) => res.send({ ...req.headers }));', 'CBR205:1:42'],
  ['app.get("/", (req, res) => res.end(JSON.stringify(req.headers)));', 'CBR205:1:51'],
  ['app.get("/", (req, res) => res.end(JSON.stringify(req.headers, null, 2)));', 'CBR205:1:51'],
  ['app.get("/", (req, res) => res.send(`headers: ${JSON.stringify(req.headers)}`));', 'CBR205:1:64'],
  ['app.get("/", (req, res) => res.send("headers: " + JSON.stringify(req.headers)));', 'CBR205:1:66'],
  ['app.get("/", (req, res) => res.json([req.rawHeaders]));', 'CBR205:1:38'],
  ['app.get("/", (req, res) => {\n  const { headers } = req;\n  res.json({ headers });\n});', 'CBR205:3:14'],
  ['app.get("/", (req, res) => {\n  const all = req.headers;\n  res.json({ all });\n});', 'CBR205:3:14'],
  ['app.get("/", (q, r) => r.json(q.headers));', 'CBR205:1:31'],
  ['router.get("/", (ctx) => {\n  ctx.body = ctx.headers;\n});', 'CBR205:2:14'],
  ['router.get("/", (ctx) => {\n  ctx.body = { h: ctx.request.headers };\n});', 'CBR205:2:19'],
  ['router.get("/", (ctx) => {\n  ctx.body = ctx.header;\n});', 'CBR205:2:14'],
  ['app.get("/", (c) => c.json(c.req.header()));', 'CBR205:1:28'],
  ['app.get("/", async (request, reply) => ({ headers: request.headers }));', 'CBR205:1:52'],
  ['app.get("/", async (req, reply) => ({ headers: req.headers }));', 'CBR205:1:48'],
  ['app.get("/", async (req, reply) => {\n  return req.headers;\n});', 'CBR205:2:10'],
  ['app.get("/", (req, res) => res.send(req.rawHeaders));', 'CBR205:1:37'],
  ['app.get("/", (req, res) => res.set(req.headers).end());', 'CBR205:1:36'],
  ['app.get("/", (req, res) => res.header(req.headers).end());', 'CBR205:1:39'],
  ['app.get("/", (req, res) => res.status(200).set(req.headers).end());', 'CBR205:1:48'],
  ['router.get("/", (ctx) => {\n  ctx.set(ctx.headers);\n});', 'CBR205:2:11'],
  ['app.get("/", (req, res) => res.writeHead(200, req.headers).end());', 'CBR205:1:47'],
  [`app.get("/", (req, res) => res.send(req.headers['x-cloudbase-context']));`, 'CBR205:1:37'],
  ['app.get("/", (req, res) => res.send(req.headers?.["X-CloudBase-Context"]));', 'CBR205:1:37'],
  ['app.get("/", (req, res) => res.json({ a: req.get("x-cloudbase-context") }));', 'CBR205:1:42'],
  ['app.get("/", (req, res) => res.json({ a: req.header("X-Cloudbase-Context") }));', 'CBR205:1:42'],
  ['router.get("/", (ctx) => {\n  ctx.body = ctx.headers["x-cloudbase-context"];\n});', 'CBR205:2:14'],
  ['app.get("/", (c) => c.json(c.req.header("x-cloudbase-context")));', 'CBR205:1:28'],
  [
    'app.get("/", (req, res) => {\n  const a = req.headers["x-cloudbase-context"];\n  res.send(`a: ${a}`);\n});',
    'CBR205:3:18',
  ],
  ['http.createServer((req, res) => res.write(JSON.stringify(process.env)));', 'CBR206:1:58'],
  ['app.get("/env", (req, res) => res.json(process.env));', 'CBR206:1:40'],
  ['app.get("/env", (req, res) => res.json({ ...process.env }));', 'CBR206:1:45'],
  ['app.get("/env", (req, res) => res.json(Object.entries(process.env)));', 'CBR206:1:55'],
  ['import { env } from "node:process";\napp.get("/", (req, res) => res.json(env));', 'CBR206:2:37'],
  ['const { env } = process;\napp.get("/", (req, res) => res.json({ env }));', 'CBR206:2:39'],
  ['const handler = () => new Response(JSON.stringify(process.env));', 'CBR206:1:51'],
  ['const handler = () => Response.json(process.env);', 'CBR206:1:37'],
  ['console.log(process.env);', 'CBR207:1:13'],
  ['console.log("env", process.env);', 'CBR207:1:20'],
  ['console.log(JSON.stringify(process.env, null, 2));', 'CBR207:1:28'],
  ['logger.info({ env: process.env });', 'CBR207:1:20'],
])('finds what is given away by %s', (text, found) => {
  expect(find(text)).toEqual([found]);
});

describe('in a function', () => {
  it.each([
    ['exports.main = (event, context) => context.httpContext.headers;', 'CBR205:1:36'],
    ['exports.main = async (event) => ({ statusCode: 200, headers: event.headers });', 'CBR205:1:62'],
    ['exports.main = (event) => event.headers["x-cloudbase-context"];', 'CBR205:1:27'],
    ['exports.main = (event, { httpContext }) => httpContext.headers["x-cloudbase-context"];', 'CBR205:1:44'],
    ['module.exports.main = async () => {\n  return process.env;\n};', 'CBR206:2:10'],
    ['module.exports = { main: async () => process.env };', 'CBR206:1:38'],
    ['module.exports = { async main() { return { env: process.env }; } };', 'CBR206:1:49'],
    ['async function main() { return process.env; }\nmodule.exports = { main };', 'CBR206:1:32'],
    ['const main = async () => process.env;\nexports.main = main;', 'CBR206:1:26'],
    ['export const main = async () => process.env;', 'CBR206:1:33'],
    ['export async function main() { return process.env; }', 'CBR206:1:39'],
    ['const handler = () => process.env;\nexport { handler as main };', 'CBR206:1:23'],
    ['function handler() { return process.env; }\nexport { handler as main };', 'CBR206:1:29'],
  ])('finds what the exported handler returns: %s', (text, found) => {
    expect(find(text, 'function')).toEqual([found]);
  });

  it.each([
    ['exports.readHeaders = (event) => event.headers;'],
    ['const read = () => process.env;\nexports.main = () => ({ statusCode: read().APP_STATUS });'],
    ['exports.main = async (event) => {\n  const pick = () => process.env;\n  return pick().A;\n};'],
    ['exports.main = async (event) => fetch(url, { headers: event.headers });'],
    ['exports.main = async (event) => ({ host: event.headers.host, name: process.env.NAME });'],
  ])('finds nothing in %s', (text) => {
    expect(find(text, 'function')).toEqual([]);
  });
});

it.each([
  ['app.get("/", (req, res) => res.json(req.headers["user-agent"]));'],
  ['app.get("/", (req, res) => res.json({ host: req.headers.host, id: req.headers?.id }));'],
  ['app.get("/", (req, res) => res.json({ headers: [] }));'],
  ['app.get("/", (req, res) => res.json({ keys: Object.keys(req.headers) }));'],
  ['app.get("/", (req, res) => res.json({ all: pick(req.headers) }));'],
  ['app.get("/", (req, res) => res.send(JSON.stringify(process.env, ["NODE_ENV"])));'],
  ['app.get("/", (req, res) => res.json(process.env.NODE_ENV));'],
  ['app.get("/", (req, res) => res.json({ isSet: req.headers !== undefined, b: "a" in process.env }));'],
  ['app.get("/", async (req, res) => res.send(await fetch(url, { headers: req.headers })));'],
  ['const child = spawn("node", [], { env: process.env });'],
  ['const env = { ...process.env, A: "1" };\nspawn("node", [], { env });'],
  ['const config = parse(process.env);\nmodule.exports = config;'],
  ['client.send(JSON.stringify(process.env));'],
  ['app.get("/", (req, res) => res.json(parse(req.headers["x-cloudbase-context"]).requestId));'],
  ['app.get("/", (req, res) => res.json({ has: "x-cloudbase-context" in req.headers }));'],
  ['app.get("/", (req, res) => { delete req.headers["x-cloudbase-context"]; res.send("ok"); });'],
  ['app.get("/", (req, res) => res.send(req.get("host") + "x-cloudbase-context"));'],
  ['app.get("/", (req, res) => res.set("x-request-id", req.headers["x-request-id"]).end());'],
  ['app.get("/", (c) => { c.set("headers", c.req.header()); return c.text("ok"); });'],
  ['redis.set("last", JSON.stringify(req.headers));'],
  ['worker.write({ headers: req.headers });'],
  ['exports.main = () => process.env;'],
  ['const read = (request) => request.headers;'],
  ['app.get("/", (c) => c.json(c.req.header("host")));'],
  ['console.log(process.env.NODE_ENV, Object.keys(process.env).length);'],
  ['console.log(config(process.env));'],
  ['// res.json(req.headers); console.log(process.env)'],
  [''],
])('finds nothing in %s', (text) => {
  expect(find(text)).toEqual([]);
});

it('takes no harm from names that stand for themselves', () => {
  expect(
    find('const a = b, b = a;\nres.json({ a, headers, env: process.env[a] });\nvar c = c;\nres.json(c);'),
  ).toEqual([]);
});
