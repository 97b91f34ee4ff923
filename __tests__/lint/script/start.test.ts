import { describe, expect, it } from '@jest/globals';

import type { Example } from '../../../src/lint/rule.ts';
import { listStartScripts } from '../../../src/lint/script/start.ts';
import { sourceOf } from '../../support/lint.ts';

type Files = Example['files'];

describe('in function mode', () => {
  it.each<[string, Files, string[]]>([
    ['index.js', { 'index.js': '' }, ['index.js']],
    ['main', { 'package.json': '{ "main": "src/app.js" }', 'src/app.js': '' }, ['src/app.js']],
    ['a main without its ending', { 'package.json': '{ "main": "./app" }', 'app.js': '' }, ['app.js']],
    [
      'a main that is a folder',
      { 'package.json': '{ "main": "dist" }', 'dist/index.js': '' },
      ['dist/index.js'],
    ],
    ['a main that is missing', { 'package.json': '{ "main": "dist/x.js" }', 'index.js': '' }, ['index.js']],
    ['no entry', { 'package.json': '{}', 'app.js': '' }, []],
    ['nothing', {}, []],
    ['a list for package.json', { 'package.json': '[]', 'index.js': '' }, []],
    ['a main without an ending', { 'package.json': '{ "main": "bin/run" }', 'bin/run': '' }, ['bin/run']],
    ['a main in node_modules', { 'package.json': '{ "main": "node_modules/a/index.js" }' }, []],
    ['a main in TypeScript', { 'package.json': '{ "main": "index.ts" }', 'index.ts': '' }, []],
  ])('begins with the entry: %s', (_name, files, scripts) => {
    expect(listStartScripts(sourceOf({ mode: 'function', files }))).toEqual(scripts);
  });

  it('begins with each function of cloudbase-functions.json', () => {
    const functions = [
      { name: 'a', directory: 'a' },
      { name: 'b', directory: './b', source: 'main.js' },
      { name: 'c', directory: 'c' },
      { name: 'again', directory: 'a' },
      { name: 'lost', directory: 'lost' },
    ];
    const files = {
      'cloudbase-functions.json': JSON.stringify({ functionsRoot: 'fns', functions }),
      'fns/a/index.js': '',
      'fns/b/main.js': '',
      'fns/c/package.json': '{ "main": "start" }',
      'fns/c/start.js': '',
      'index.js': '',
    };
    expect(listStartScripts(sourceOf({ mode: 'function', files }))).toEqual([
      'fns/a/index.js',
      'fns/b/main.js',
      'fns/c/start.js',
    ]);
  });

  it.each(['{', '[]', '{ "functions": 1 }', '{ "functions": [null] }', '[{]'])(
    'takes no harm from %s',
    (text) => {
      const files = { 'cloudbase-functions.json': text, 'index.js': '' };
      expect(listStartScripts(sourceOf({ mode: 'agent', files }))).toEqual([]);
    },
  );
});

describe('in container mode', () => {
  const scripts: Files = {
    'server.js': '',
    'dist/main.js': '',
    'bin/www': '',
    'package.json': JSON.stringify({
      main: 'main.js',
      scripts: {
        start: 'node dist/main',
        'start:prod': 'NODE_ENV=production node ./bin/www',
        serve: 'npm start',
      },
    }),
  };

  it.each<[string, string[]]>([
    ['CMD ["node", "server.js"]', ['server.js']],
    ['CMD node server.js', ['server.js']],
    ['cmd node server', ['server.js']],
    ['CMD ["node", "--max-old-space-size=256", "-r", "./trace.js", "dist/main.js"]', ['dist/main.js']],
    ['CMD ["node", "/app/dist/main.js"]', ['dist/main.js']],
    ['CMD ["/usr/local/bin/node", "./bin/www"]', ['bin/www']],
    ['CMD node migrate.js && exec node server.js', ['server.js']],
    ['CMD ["sh", "-c", "node dist/main.js && node server.js"]', ['dist/main.js', 'server.js']],
    ['CMD [ "node", \\\n  "server.js" ]', ['server.js']],
    ['ENTRYPOINT ["node"]\nCMD ["server.js"]', ['server.js']],
    ['ENTRYPOINT ["tini", "--"]\r\nCMD ["node", "server.js"]\r\n', ['server.js']],
    ['CMD ["npm", "start"]', ['dist/main.js']],
    ['CMD npm run start:prod', ['bin/www']],
    ['CMD ["npm", "run", "serve"]', ['dist/main.js']],
    ['CMD yarn --silent start', ['dist/main.js']],
    ['CMD ["node", "app.js"]\nCMD ["node", "server.js"]', ['server.js']],
    ['CMD ["node", "dist/main.js"]\nFROM node:24-slim\nCMD ["node", "server.js"]', ['server.js']],
    ['CMD ["node", "server.js"]\nFROM base', ['server.js']],
    ['CMD sh -c "node dist/main.js"', ['dist/main.js']],
    ['CMD NODE_ENV=production node dist/main.js', ['dist/main.js']],
    ['CMD cd /app && node dist/main.js', ['dist/main.js']],
    ['CMD ["npx", "concurrently", "node dist/main.js", "node bin/www"]', ['dist/main.js', 'bin/www']],
    ['ENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "dist/main.js"]', ['dist/main.js']],
    ['ENTRYPOINT node dist/main.js\nCMD ["bin/www"]', ['dist/main.js']],
    ['# escape is a comment here\nCMD ["node", \\\n# in between\n"dist/main.js"]', ['dist/main.js']],
    ['CMD <<EOF\nnode dist/main.js\nEOF', ['server.js']],
    ['CMD ["./start.sh"]', ['server.js']],
    ['', ['server.js']],
    ['CMD ["node", "-e", "server.js"]', []],
    ['CMD ["node", "missing.js"]', []],
    ['CMD ["node"]', []],
    ['CMD ["nginx", "-g", "daemon off;"]', []],
    ['CMD ["npm", "run", "lost"]', []],
  ])('begins with what the Dockerfile starts: %s', (command, found) => {
    const files = { Dockerfile: `FROM node:24-slim\n${command}`, ...scripts };
    expect(listStartScripts(sourceOf({ mode: 'container', files }))).toEqual(found);
  });

  it.each<[string, Files, string[]]>([
    ['main', { 'package.json': '{ "main": "lib" }', 'lib/index.js': '', 'server.js': '' }, ['lib/index.js']],
    ['a usual name', { 'package.json': '{}', 'main.js': '', 'src/app.js': '' }, ['main.js']],
    ['a usual name in src', { 'package.json': '{}', 'src/app.js': '' }, ['src/app.js']],
    ['nothing without package.json', { 'server.js': '' }, []],
    ['nothing', {}, []],
  ])('begins without a command with %s', (_name, files, found) => {
    expect(listStartScripts(sourceOf({ mode: 'container', files }))).toEqual(found);
  });

  it('knows that npm start runs server.js where no script is named', () => {
    const files = {
      Dockerfile: 'FROM node\nCMD ["npm", "start"]',
      'package.json': '{}',
      'server.js': '',
      'app.js': '',
    };
    expect(listStartScripts(sourceOf({ mode: 'container', files }))).toEqual(['server.js']);
  });

  it('does not go by a CMD that the service config replaces', () => {
    const files = { ...scripts, Dockerfile: 'FROM node\nCMD ["node", "dist/main.js"]' };
    expect(listStartScripts(sourceOf({ mode: 'container', files }, { hasCommand: true }))).toEqual([
      'server.js',
    ]);
  });

  it('looks in the folder that the build sees', () => {
    const files = {
      'api/Dockerfile': 'FROM node\nCMD npm start',
      'api/package.json': '{}',
      'api/server.js': '',
      'server.js': '',
    };
    const source = sourceOf({ mode: 'container', files });
    const dockerfile = { path: 'api/Dockerfile', buildFolder: 'api' };
    expect(listStartScripts({ ...source, dockerfile })).toEqual(['api/server.js']);
  });

  it('ends where package scripts call each other', () => {
    const manifest = JSON.stringify({ scripts: { start: 'npm run go', go: 'npm start' } });
    const files = { Dockerfile: 'FROM node\nCMD npm start', 'package.json': manifest, 'server.js': '' };
    expect(listStartScripts(sourceOf({ mode: 'container', files }))).toEqual([]);
  });
});
