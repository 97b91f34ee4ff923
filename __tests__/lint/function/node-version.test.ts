import { describe, expect, it } from '@jest/globals';

import { functionModuleRules } from '../../../src/lint/function/modules.ts';
import { functionNodeRules, parseVersionFile } from '../../../src/lint/function/node-version.ts';
import { checkScripts, checkSource } from '../../support/lint.ts';

function find(files: Record<string, string>): string[] {
  return functionNodeRules.flatMap((rule) =>
    checkSource(rule, { mode: 'function', files: { ...files, 'index.js': '' } }).map(
      ({ at, message }) => `${rule.id} ${at.file}:${at.line}:${at.column} ${message}`,
    ),
  );
}
const engines = (node: unknown): string => JSON.stringify({ engines: { node } }, null, 1);

describe('the version of Node.js', () => {
  it.each<[Record<string, string>, string[]]>([
    [{}, []],
    [{ '.nvmrc': '20.18' }, []],
    [{ '.nvmrc': 'v20.18.3\n' }, []],
    [{ '.nvmrc': '\n# none\n' }, []],
    [
      { '.nvmrc': '# why\r\n v22.11.0\r\n' },
      ['CBR106 .nvmrc:2:2 .nvmrc changes the Node.js of the cloud from 20.18 to 22.11.0.'],
    ],
    [
      { '.node-version': '20', '.nvmrc': '22' },
      ['CBR106 .node-version:1:1 .node-version changes the Node.js of the cloud from 20.18 to 20.'],
    ],
    [
      { '.nvmrc': '20.180' },
      ['CBR106 .nvmrc:1:1 .nvmrc changes the Node.js of the cloud from 20.18 to 20.180.'],
    ],
    [
      { '.nvmrc': 'lts/*' },
      [
        'CBR107 .nvmrc:1:1 .nvmrc asks for "lts/*", which is no version number, so which Node.js the cloud takes is not known here.',
      ],
    ],
    [
      { '.node-version': 'node', '.nvmrc': '20.18' },
      [
        'CBR107 .node-version:1:1 .node-version asks for "node", which is no version number, so which Node.js the cloud takes is not known here.',
      ],
    ],
    [{ 'package.json': engines('>=18') }, []],
    [{ 'package.json': engines('20.x') }, []],
    [{ 'package.json': engines('^20.18.1') }, []],
    [{ 'package.json': engines('lts/*') }, []],
    [{ 'package.json': engines(22) }, []],
    [{ 'package.json': '{' }, []],
    [
      { 'package.json': engines('>=22'), '.nvmrc': 'lts/*' },
      [
        'CBR107 .nvmrc:1:1 .nvmrc asks for "lts/*", which is no version number, so which Node.js the cloud takes is not known here.',
      ],
    ],
    [
      { 'package.json': engines('18 || >=22') },
      ['CBR108 package.json:3:11 "engines" asks for Node.js "18 || >=22", and the platform runs 20.18.'],
    ],
    [
      { 'package.json': engines('>=20.19') },
      ['CBR108 package.json:3:11 "engines" asks for Node.js ">=20.19", and the platform runs 20.18.'],
    ],
    [
      { 'package.json': engines('>=22'), '.nvmrc': '20.18.1' },
      ['CBR109 .nvmrc:1:1 .nvmrc asks for Node.js 20.18.1, and "engines" of package.json for ">=22".'],
    ],
    [
      { 'package.json': engines('>=22.5'), '.nvmrc': '22' },
      ['CBR106 .nvmrc:1:1 .nvmrc changes the Node.js of the cloud from 20.18 to 22.'],
    ],
  ])('in %j it finds %j', (files, found) => {
    expect(find(files)).toEqual(found);
  });

  it('is placed by the word alone', () => {
    expect(parseVersionFile('  v22 # new', '.nvmrc')).toEqual({
      file: '.nvmrc',
      asked: 'v22',
      version: '22',
      at: { file: '.nvmrc', line: 1, column: 3, endLine: 1, endColumn: 6 },
    });
  });
});

describe('module syntax', () => {
  const script = "// entry\nimport fs from 'node:fs';\nexport const main = () => fs;\n";
  it.each<[Record<string, string>, string[]]>([
    [
      { 'index.js': script },
      ['index.js:2 index.js has the syntax of a module, and Node.js 20.18 takes it for CommonJS.'],
    ],
    [
      { 'index.js': script, '.nvmrc': '20.18.1' },
      ['index.js:2 index.js has the syntax of a module, and Node.js 20.18.1 takes it for CommonJS.'],
    ],
    [
      { 'index.js': script, '.nvmrc': '22.6' },
      ['index.js:2 index.js has the syntax of a module, and Node.js 22.6 takes it for CommonJS.'],
    ],
    [
      { 'index.js': 'exports.main = 1; import.meta.url;' },
      ['index.js:1 index.js has the syntax of a module, and Node.js 20.18 takes it for CommonJS.'],
    ],
    [{ 'index.js': script, '.nvmrc': '20' }, []],
    [{ 'index.js': script, '.nvmrc': '20.19.0' }, []],
    [{ 'index.js': script, '.node-version': '22.7.0' }, []],
    [{ 'index.js': script, '.nvmrc': 'lts/*' }, []],
    [{ 'index.js': script, '.nvmrc': '9'.repeat(30) }, []],
    [{ 'index.mjs': script }, []],
    [{ 'index.js': script, 'package.json': '{"type": "module"}' }, []],
    [{ 'index.js': "exports.main = () => import('node:fs');" }, []],
  ])('in %j it finds %j', (files, found) => {
    const hits = functionModuleRules.flatMap((rule) => checkScripts(rule, { mode: 'function', files }));
    expect(hits.map(({ at, message }) => `${at.file}:${at.line} ${message}`)).toEqual(found);
  });
});
