import { describe, expect, it } from '@jest/globals';

import type { Rule } from '../../../src/lint/rule.ts';
import { listenRules } from '../../../src/lint/script/listen.ts';
import type { ScriptSubject } from '../../../src/lint/script/script.ts';
import { checkScripts, places } from '../../support/lint.ts';

const head = `const express = require('express');
const fastify = require('fastify');
const http = require('node:http');
const Koa = require('koa');
const app = express();
`;
const dockerfile = 'FROM node:24-slim\nCMD ["node", "server.js"]\n';

function ruleOf(id: string): Rule<ScriptSubject> {
  const rule = listenRules.find((each) => each.id === id);
  if (rule === undefined) throw new Error(id);
  return rule;
}

/** The ids of the rules that find something in a server, with the texts of the hits. */
function find(text: string, more: Readonly<Record<string, string>> = {}, service = {}): string[] {
  const files = { 'server.js': head + text, Dockerfile: dockerfile, 'package.json': '{}', ...more };
  return listenRules.flatMap((rule) =>
    checkScripts(rule, { mode: 'container', port: 8080, files }, service).map(({ at, message }) => {
      expect(message).toMatch(/^[A-Z].*\.$/);
      return `${rule.id}:${at.line - 5}`;
    }),
  );
}

it.each(listenRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkScripts(rule, rule.bad))).toEqual([expect.stringContaining('server.js:')]);
  expect(checkScripts(rule, rule.good)).toEqual([]);
});

it.each([
  ['app.listen(process.env.PORT);'],
  ['app.listen(process.env.PORT || 3000);'],
  ['app.listen(process.env.PORT ?? 3000, () => {});'],
  ['app.listen(Number(process.env.PORT) || 3000, "0.0.0.0");'],
  ['app.listen(parseInt(process.env.PORT ?? "3000", 10));'],
  ['const port = process.env.PORT || 3000;\napp.listen(port);'],
  ['const { PORT = 3000 } = process.env;\napp.listen(PORT);'],
  ['const config = require("./config");\napp.listen(config.port, config.host);'],
  ['app.listen({ port: process.env.PORT, host: "::" });'],
  ['let port = 3000;\nif (process.env.PORT) port = process.env.PORT;\napp.listen(port);'],
  ['let port = 3000;\nport = Number(process.env.PORT);\napp.listen(port);'],
  ['http.createServer(app).listen("/tmp/app.sock");'],
  ['window.addEventListener("x", listen);'],
  ['emitter.listen("event", 3000);'],
  ['app.listen();'],
  ['app.listen(8080);'],
  ['app.listen("8080");'],
  ['server.listen(8080);'],
  ['if (process.env.LOCAL) app.listen(8080);'],
  ['// app.listen(3000)'],
  ['app.listen(0);'],
  ['app.listen("0", "127.0.0.1");'],
  ['app.listen({ port: 0, host: "localhost" });'],
  ['const free = 0;\nhttp.createServer().listen(free, () => {});'],
  ['fastify().listen({ port: 0 });'],
  ['const text = "app.listen(3000)";'],
  ['fastify().listen({ port: process.env.PORT, host: "0.0.0.0" });'],
  ['fastify().listen(process.env.PORT, "0.0.0.0");'],
  ['fastify().listen({ path: "/tmp/app.sock" });'],
  ['fastify().listen({ port: process.env.PORT, ...options });'],
  ['fastify().listen(options);'],
  ['const host = process.env.HOST;\nfastify().listen({ port: process.env.PORT, host });'],
  ['const run = (port) => app.listen(port);\nrun(process.env.PORT);'],
])('finds nothing in %s', (text) => {
  expect(find(text)).toEqual([]);
});

describe('the one server of the container', () => {
  it.each([
    ['app.listen(3000);', ['CBR202:1']],
    ['app.listen("3000");', ['CBR202:1']],
    ['const port = 3000;\napp.listen(port);', ['CBR202:2']],
    ['const port = Number("3000");\napp.listen(port);', ['CBR202:2']],
    ['app.listen({ port: 3000 });', ['CBR202:1']],
    ['app.listen(3000 || process.env.PORT);', ['CBR202:1']],
    ['http.createServer(app).listen(3000);', ['CBR202:1']],
    ['const server = http.createServer(app);\nserver.listen(3000);', ['CBR202:2']],
    ['new http.Server(app).listen(3000);', ['CBR202:1']],
    ['new Koa().use(app).listen(3000);', ['CBR202:1']],
    ['function main() {\n  app.listen(3000);\n}\nmain();', ['CBR202:2']],
    ['if (require.main === module) app.listen(3000);', ['CBR202:1']],
    ['app.listen(process.env.PORT, "127.0.0.1");', ['CBR203:1']],
    ['app.listen(process.env.PORT, "localhost", () => {});', ['CBR203:1']],
    ['const host = "::1";\napp.listen({ port: process.env.PORT, host });', ['CBR203:2']],
    ['app.listen(3000, "127.0.0.1");', ['CBR202:1', 'CBR203:1']],
  ])('is an error where it is out of reach: %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it('is found beside a probe for a free port', () => {
    const probe = 'http.createServer().listen(0, "127.0.0.1");';
    expect(find(`${probe}\napp.listen(3000, "localhost");`)).toEqual(['CBR202:2', 'CBR203:2']);
    expect(find('app.listen(3000);', { 'probe.js': `require("net").${probe.slice(5)}` })).toEqual([
      'CBR202:1',
    ]);
  });

  it('is found in transpiled and Nest code', () => {
    const transpiled =
      'const express_1 = __importDefault(require("express"));\nconst a = (0, express_1.default)();\na.listen(3000);';
    const nest =
      'const core_1 = require("@nestjs/core");\nasync function bootstrap() {\n  const a = await core_1.NestFactory.create(x);\n  await a.listen(3000);\n}\nbootstrap();';
    expect([find(transpiled), find(nest)]).toEqual([['CBR202:3'], ['CBR202:4']]);
  });

  it('is found in Hono and hapi code', () => {
    const hono = 'const { serve } = require("@hono/node-server");\nserve({ fetch: app.fetch, port: 3000 });';
    const hapi = 'const Hapi = require("@hapi/hapi");\nHapi.server({ port: 8080, host: "localhost" });';
    expect([find(hono), find(hapi)]).toEqual([['CBR202:2'], ['CBR203:2']]);
  });
});

describe('a server of which less is known', () => {
  it.each([
    ['server.listen(3000);', ['CBR201:1']],
    ['server.listen(process.env.PORT, "localhost");', ['CBR204:1']],
    ['if (process.env.LOCAL) app.listen(3000, "localhost");', ['CBR201:1', 'CBR204:1']],
    ['process.env.LOCAL && app.listen(3000);', ['CBR201:1']],
    ['app.listen(process.env.PORT);\nhttp.createServer(app).listen(9100);', ['CBR201:2']],
    ['app.listen(3000);\nadmin.listen(process.env.ADMIN_PORT);', ['CBR201:1']],
    ['app.listen(process.env.PORT, process.env.HOST || "127.0.0.1");', ['CBR204:1']],
    ['fastify().listen({ port: process.env.PORT });', ['CBR204:1']],
    ['fastify({ logger: true }).listen({ port: 8080 }, () => {});', ['CBR204:1']],
    ['other().listen({ port: 8081 });', ['CBR201:1']],
    ['fastify().listen(3000, () => {});', ['CBR202:1', 'CBR204:1']],
  ])('is a warning: %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it.each([
    ['another script that listens', { 'metrics.js': 'require("http").createServer().listen(x)' }],
    ['a proxy in the image', { Dockerfile: 'FROM nginx\nCMD nginx && node server.js' }],
    ['a program in the background', { Dockerfile: 'FROM node\nCMD python proxy.py & node server.js' }],
    ['a script without an ending that listens', { 'bin/www': 'require("http").createServer().listen(x)' }],
    ['a shell script that starts it', { Dockerfile: 'FROM node\nCMD ["./start.sh"]' }],
    ['another script to start', { Dockerfile: 'FROM node\nCMD ["node", "main.js"]', 'main.js': '' }],
    ['no Dockerfile', { Dockerfile: '' }],
  ])('is a warning beside %s', (_name, more) => {
    expect(find('app.listen(3000, "127.0.0.1");', more)).toEqual(
      expect.arrayContaining(['CBR201:1', 'CBR204:1']),
    );
    expect(find('app.listen(3000, "127.0.0.1");', more)).not.toContain('CBR203:1');
  });

  it('is a warning where the port or the command of the service is not known', () => {
    expect(find('app.listen(3000);', {}, { port: undefined })).toEqual(['CBR201:1']);
    expect(find('app.listen(8080);', {}, { port: undefined })).toEqual(['CBR201:1']);
    expect(find('app.listen(3000);', {}, { hasCommand: true })).toEqual(['CBR201:1']);
  });

  it('finds that Nest on Fastify listens on localhost', () => {
    const text =
      'const app2 = NestFactory.create(AppModule, new FastifyAdapter());\napp2.listen(process.env.PORT || 3000);';
    expect(find(text)).toEqual(['CBR204:2']);
  });

  it('trusts a host from the environment that somebody sets', () => {
    const text = 'app.listen(process.env.PORT, process.env.HOST || "127.0.0.1");';
    const env = [{ name: 'HOST', value: '0.0.0.0', at: undefined }];
    expect(find(text, {}, { env })).toEqual([]);
    expect(find(text, { Dockerfile: `${dockerfile}ENV HOST=0.0.0.0` })).toEqual([]);
  });
});

it.each([
  ['fastify().listen({ port });', "Name the host: app.listen({ port, host: '0.0.0.0' })."],
  [
    'NestFactory.create(AppModule, new FastifyAdapter()).listen(process.env.PORT);',
    "Name the host: app.listen(port, '0.0.0.0').",
  ],
  ['server.listen(process.env.PORT, "localhost");', undefined],
])('shows the form of the framework that listens: %s', (text, fix) => {
  const rule = ruleOf('CBR204');
  expect(rule.fix).not.toMatch(/listen\(/);
  expect(
    checkScripts(rule, { mode: 'container', files: { 'server.js': head + text } }).map((hit) => hit.fix),
  ).toEqual([fix]);
});

it('looks at containers alone', () => {
  const files = { 'server.js': `${head}app.listen(3000, "localhost");` };
  expect(listenRules.flatMap((rule) => checkScripts(rule, { mode: 'function', files }))).toEqual([]);
});

it('names the port and where it stands', () => {
  const files = { 'server.js': `${head}app.listen(3000);`, Dockerfile: dockerfile };
  expect(checkScripts(ruleOf('CBR202'), { mode: 'container', port: 8080, files })).toEqual([
    {
      message: "The server listens on port 3000, but the service's Port is 8080.",
      at: { file: 'server.js', line: 6, column: 12, endLine: 6, endColumn: 16 },
    },
  ]);
});
