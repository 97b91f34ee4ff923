import { describe, expect, it } from '@jest/globals';

import type { Example, Hit, Rule, ServiceFacts, Source } from '../../../src/lint/rule.ts';
import { scriptRules, sourceRules } from '../../../src/lint/rules.ts';
import type { ScriptSubject } from '../../../src/lint/script/script.ts';
import { checkScripts, checkSource } from '../../support/lint.ts';

type Check = (example: Example, service?: Partial<ServiceFacts>) => readonly Hit[];

interface Named {
  readonly id: string;
  readonly rule: Rule<Source> | Rule<ScriptSubject>;
  readonly check: Check;
}

const isOfFunctions = ({ id }: { readonly id: string }): boolean => id.startsWith('CBR1');

const all: readonly Named[] = [
  ...sourceRules.filter(isOfFunctions).map((rule) => ({
    id: rule.id,
    rule,
    check: (example: Example, service = {}) => checkSource(rule, example, service),
  })),
  ...scriptRules.filter(isOfFunctions).map((rule) => ({
    id: rule.id,
    rule,
    check: (example: Example, service = {}) => checkScripts(rule, example, service),
  })),
];
const table = all.map((each) => [each.id, each] as const);

const errorsOf = (example: Example): string[] =>
  all.flatMap(({ id, rule, check }) => (rule.severity === 'error' && check(example).length > 0 ? [id] : []));

describe.each(table)('%s', (_id, { rule, check }) => {
  it('finds its bad example, in the first file', () => {
    const hits = check(rule.bad);
    expect(hits[0]?.at.file).toBe(Object.keys(rule.bad.files)[0]);
    expect(hits.every(({ message }) => /^\S.*\.$/s.test(message))).toBe(true);
  });

  it('finds nothing in its good example, and no other error is there', () => {
    expect(check(rule.good)).toEqual([]);
    expect(errorsOf(rule.good)).toEqual([]);
  });

  it('finds nothing of the same in container mode', () => {
    expect(check({ ...rule.bad, mode: 'container' })).toEqual([]);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"main": 3, "dependencies": [], "engines": 4}',
    '\u0000\u0001',
    '[[['.repeat(9999),
    '"',
  ])('takes files that hold %.20j', (text) => {
    const names = [
      'package.json',
      'cloudbase-functions.json',
      '.nvmrc',
      '.node-version',
      'index.js',
      'cloudbaserc.json',
    ];
    const files = Object.fromEntries(names.map((name) => [name, text]));
    for (const mode of ['function', 'agent'] as const)
      expect(Array.isArray(check({ mode, files }))).toBe(true);
  });
});

describe('shapes of real projects give no error', () => {
  const handler = 'exports.main = async (event, context) => ({ path: context.httpContext.url });\n';
  it.each<[string, Record<string, string>]>([
    ['one file', { 'index.js': handler }],
    [
      'a build beside a Dockerfile',
      {
        'package.json':
          '{"main": "dist/index.js", "scripts": {"build": "tsc"}, "devDependencies": {"typescript": "^5"}}',
        'dist/index.js':
          '"use strict";\nvar __importDefault = (this && this.__importDefault) || function (mod) {\n' +
          '  return (mod && mod.__esModule) ? mod : { "default": mod };\n};\n' +
          'Object.defineProperty(exports, "__esModule", { value: true });\nexports.main = void 0;\n' +
          'const bot_1 = require("./bot");\nconst main = function (event, context) { return bot_1.run(event); };\nexports.main = main;\n',
        'dist/bot.js': '"use strict";\nexports.run = (event) => event;\n',
        'src/index.ts': '',
        Dockerfile: 'FROM node:20\n',
      },
    ],
    [
      'several functions of one package',
      {
        'cloudbase-functions.json': JSON.stringify({
          functionsRoot: 'dist',
          functions: [
            { name: 'a', directory: 'a', source: 'index.js', target: 'main', triggerPath: '/a' },
            { name: 'b', directory: '.', source: 'b.js' },
          ],
          routes: [{ functionName: 'b', path: '/' }],
        }),
        'package.json': '{"dependencies": {"@cloudbase/node-sdk": "^3"}}',
        'dist/a/index.js': handler,
        'dist/b.js': `const cloud = require('@cloudbase/node-sdk');\n${handler}`,
      },
    ],
  ])('%s', (_name, files) => {
    expect(errorsOf({ mode: 'function', files })).toEqual([]);
  });
});
