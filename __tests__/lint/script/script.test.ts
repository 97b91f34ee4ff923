import { describe, expect, it } from '@jest/globals';

import { check } from '../../../src/lint/check.ts';
import {
  parseScript,
  placeInScript,
  type ScriptSubject,
  type SyntaxFault,
} from '../../../src/lint/script/script.ts';
import { sourceOf } from '../../support/lint.ts';

function parseText(text: string, file = 'server.js'): ScriptSubject | SyntaxFault {
  const dockerfile = 'FROM node:24-slim\nCMD ["node", "server.js"]\n';
  const source = sourceOf({ mode: 'container', files: { [file]: text, Dockerfile: dockerfile } });
  return parseScript(source, { file, text, isDeclaredModule: file.endsWith('.mjs') });
}

describe('a script that is nested too deep', () => {
  it.each([
    ['open brackets', '['.repeat(100_000)],
    ['open parentheses', '('.repeat(50_000)],
    ['closed brackets', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['a long sum', `listen(${'a+'.repeat(100_000)}a);`],
    ['functions', '()=>'.repeat(50_000)],
    ['templates', '`${'.repeat(50_000)],
    ['branches', 'if (a) {} else '.repeat(50_000)],
    ['blocks', '{'.repeat(100_000)],
  ])('is said to be so, and nothing is thrown: %s', (_name, text) => {
    expect(parseText(text)).toEqual({
      message: 'the code is nested too deep to be read',
      at: { file: 'server.js', line: 1, column: 1 },
      isTooDeep: true,
    });
  });

  it('is no fault of its own where it only parses as a module', () => {
    expect(parseText(`import a from './a.js';\nexport const b = ${'a+'.repeat(100_000)}a;`)).toMatchObject({
      isTooDeep: true,
    });
    expect(parseText(`export const a = 1;\nconst b = (;`)).not.toHaveProperty('isTooDeep');
  });

  const heads =
    "const { Pool } = require('pg'); setInterval; fs.writeFile; process.env; req.headers; 'sqlite';\n";

  it.each([
    ['members', `res.send(a${'.a'.repeat(100_000)}); server.listen(3000, 'localhost');`],
    ['calls', `exports.main = a${'()'.repeat(100_000)}; app.listen(3000);`],
    [
      'members of calls',
      `res.json(app${'.use(a)'.repeat(50_000)}); app${'.use(a)'.repeat(50_000)}.listen(3000);`,
    ],
    ['a sum', `fs.writeFile(${'a+'.repeat(3000)}a);`],
    ['fallbacks', `app.listen(${'a||'.repeat(3000)}3000, ${'a||'.repeat(3000)}'localhost');`],
    [
      'names',
      `const a0 = 1;\n${Array.from({ length: 3000 }, (_, at) => `const a${at + 1} = a${at};`).join('')}\nlisten(a3000);`,
    ],
  ])('is looked at as far as it goes: %s', (_name, text) => {
    const subject = parseText(heads + text);
    if ('message' in subject) throw new Error(subject.message);
    const { source } = subject;
    const found = check({ source, dockerfile: undefined, scripts: [subject], faults: [], directives: [] });
    expect(found.filter(({ severity, rule }) => severity === 'error' && rule !== 'CBR001')).toEqual([]);
  });
});

describe('a script', () => {
  it.each([
    ['exports.a = 1;\nreturn;', 'server.js', { isModule: false, isDeclaredModule: false }],
    ['export const a = 1;', 'server.js', { isModule: true, isDeclaredModule: false }],
    ['export const a = await b;', 'server.mjs', { isModule: true, isDeclaredModule: true }],
    ['#!/usr/bin/env node\na();', 'bin/www', { isModule: false, isDeclaredModule: false }],
  ])('is parsed as what it is: %j in %s', (text, file, found) => {
    expect(parseText(text, file)).toMatchObject(found);
  });

  it.each([
    ['const a = 1;\r\nexport { a };', 'server.cjs', '2:1'],
    ['a();\n  return;', 'server.mjs', '2:3'],
    ['a();\u2028 b(;', 'server.js', '2:4'],
    ['\u0000\u0001', 'server.js', '1:1'],
  ])('has its fault at its place: %j in %s', (text, file, place) => {
    const fault = parseText(text, file);
    expect('at' in fault ? `${fault.at.line}:${fault.at.column}` : 'none').toBe(place);
  });

  it('has places that count from 1, whatever ends its lines', () => {
    const text = 'a;\nb;\r\nc;\rd;\u2029e;';
    const subject = parseText(text);
    const places = ['a', 'b', 'c', 'd', 'e'].map((letter) => {
      const start = text.indexOf(letter);
      return 'message' in subject ? undefined : placeInScript(subject, { start, end: start + 2 });
    });
    expect(places).toEqual(
      [1, 2, 3, 4, 5].map((line) => ({ file: 'server.js', line, column: 1, endLine: line, endColumn: 3 })),
    );
  });
});
