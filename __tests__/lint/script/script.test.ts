import { describe, expect, it } from '@jest/globals';

import { check } from '../../../src/lint/check.ts';
import {
  parseScript,
  placeInScript,
  type ScriptSubject,
  type SyntaxFault,
} from '../../../src/lint/script/script.ts';
import { sourceOf } from '../../support/lint.ts';

function parseText(text: string, file = 'server.js', isDeclaredModule = false): ScriptSubject | SyntaxFault {
  const dockerfile = 'FROM node:24-slim\nCMD ["node", "server.js"]\n';
  const source = sourceOf({ mode: 'container', files: { [file]: text, Dockerfile: dockerfile } });
  return parseScript(source, { file, text, isDeclaredModule });
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
  ])('is a fault at its begin, and nothing is thrown: %s', (_name, text) => {
    expect(parseText(text)).toEqual({
      message: 'the code is nested too deep to be read',
      at: { file: 'server.js', line: 1, column: 1 },
    });
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
    ['CommonJS', 'server.js', false, 'exports.a = 1;\nreturn;', false],
    ['module syntax in CommonJS', 'server.js', false, 'export const a = 1;', true],
    ['a module', 'server.js', true, 'export const a = await b;', true],
    ['a hashbang', 'bin/www', false, '#!/usr/bin/env node\na();', false],
  ])('is parsed as what it is: %s', (...[, file, isDeclaredModule, text, isModule]) => {
    expect(parseText(text, file, isDeclaredModule)).toMatchObject({ isModule, isDeclaredModule });
  });

  it.each([
    ['module syntax in .cjs', 'server.cjs', false, 'const a = 1;\r\nexport { a };', 2, 1],
    ['a return in a module', 'server.mjs', true, 'a();\n  return;', 2, 3],
    ['a letter that ends a line', 'server.js', false, 'a();\u2028 b(;', 2, 4],
    ['bytes', 'server.js', false, '\u0000\u0001', 1, 1],
  ])('has its fault at its place: %s', (...[, file, isDeclaredModule, text, line, column]) => {
    expect(parseText(text, file, isDeclaredModule)).toMatchObject({ at: { file, line, column } });
  });

  it('has places that count from 1, whatever ends its lines', () => {
    const text = 'a;\nb;\r\nc;\rd;\u2029e;';
    const lines = ['a', 'b', 'c', 'd', 'e'].map((letter) => {
      const start = text.indexOf(letter);
      const subject = parseText(text);
      return 'message' in subject ? undefined : placeInScript(subject, { start, end: start + 2 });
    });
    expect(lines).toEqual(
      [1, 2, 3, 4, 5].map((line) => ({ file: 'server.js', line, column: 1, endLine: line, endColumn: 3 })),
    );
  });
});
