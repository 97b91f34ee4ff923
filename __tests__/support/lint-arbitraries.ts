import * as fc from 'fast-check';

import { damage, texts, type Edit } from './config-arbitraries.ts';
import { canary, dockerfiles } from './dockerfile-arbitraries.ts';
import type { LintCase } from './lint-project.ts';
import type { Templates } from './templates.ts';

const manifestValues = fc.oneof(
  fc.constantFrom<unknown>(
    ...['index.js', './index', 'dist/index.js', '..', '/etc/passwd', '', '\u0000', 'a/'],
  ),
  fc.constantFrom<unknown>(...['>=20', '^18', '20.18', 'x', '>>', '*', 'workspace:*', 'file:../x', 'module']),
  fc.jsonValue({ maxDepth: 2 }),
);

const manifestKeys = [
  ...['name', 'main', 'type', 'scripts', 'dependencies', 'devDependencies', 'engines', 'packageManager'],
  ...['exports', 'optionalDependencies', 'volta', 'workspaces', 'files', '__proto__', 'toString'],
];

const innerKeys = [
  'start',
  'build',
  'node',
  'npm',
  'express',
  'sqlite3',
  'mysql2',
  'sharp',
  '@a/b',
  '__proto__',
  '\n',
];

const privateUrl = fc.constant<unknown>(`git+https://user:${canary}@example.com/x.git`);

const manifests = fc
  .dictionary(
    fc.constantFrom(...manifestKeys),
    fc.oneof(
      manifestValues,
      fc.dictionary(fc.constantFrom(...innerKeys), fc.oneof(manifestValues, privateUrl), { maxKeys: 4 }),
    ),
  )
  .map((value) => JSON.stringify(value));

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"dependencies":{"a":'), fc.integer({ min: 1, max: 20_000 }))
  .map(([sign, times]) => sign.repeat(times));

/** What may stand in a JSON file that lint reads: values of every kind, objects of the right shape, half of them. */
export const jsonTexts: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: manifests, weight: 6 },
  { arbitrary: fc.json(), weight: 3 },
  {
    arbitrary: fc.constantFrom('', '[]', 'null', '0', '"x"', '{', '{"main":', '// no\n{}', '\ufeff{}'),
    weight: 2,
  },
  { arbitrary: nested, weight: 1 },
  { arbitrary: texts, weight: 1 },
);

const scriptPieces = [
  ...["const express = require('express');\n", "import http from 'node:http';\n", "import './other.js';\n"],
  ...[
    "require('./other');\n",
    'exports.main = (event, context) => ',
    'export const main = ',
    'module.exports = ',
  ],
  ...[
    'app.listen(3000);\n',
    "server.listen(process.env.PORT, '127.0.0.1');\n",
    'http.createServer().listen({ port: ',
  ],
  ...[
    'res.json(req.headers);\n',
    'res.send(process.env);\n',
    'return ',
    'await ',
    'async () => ',
    '{ ',
    '}',
    ' }\n',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '`',
    '${',
    "'",
    '"',
    '/',
    '//',
    '/*',
    '*/',
    '#!',
    ';',
    ',',
    '...',
    '=>',
    '\\',
    '\n',
    '\u2028',
  ],
  ...["new Database('data.db');\n", "fs.writeFileSync('uploads/x', y);\n", "multer({ dest: 'uploads/' });\n"],
  ...[`const url = 'mysql://root:${canary}@db:3306/app';\n`, `createClient({ password: '${canary}' });\n`],
  ...[
    '// cloudrun-lint ignore=CBR001 why\n',
    '// cloudrun-lint ignore=\n',
    'class A { #b = 1; static {} }\n',
    '🚀',
    '\r',
  ],
  ...[
    'import(x).catch(() => {});\n',
    'import.meta.dirname',
    '<div/>',
    'enum A {}',
    'with (a) b;\n',
    'exports[main]',
  ],
];

const nestedScripts = fc
  .tuple(
    fc.constantFrom('(', '[', '{', 'a?', '!', '`${', 'x=>', 'a.b(', 'if(a){', '1+'),
    fc.integer({ min: 1, max: 3000 }),
  )
  .map(([sign, times]) => sign.repeat(times));

/** Deep, but whole: what parses can still be too deep to walk. */
const deepScripts = fc
  .tuple(
    fc.constantFrom(['(', ')'], ['[', ']'], ['{', '}'], ['!', ''], ['1+', ''], ['a=>', '']),
    fc.integer({ min: 1, max: 3000 }),
  )
  .map(([[open = '', close = ''], times]) => `${open.repeat(times)}1${close.repeat(times)}`);

/** JavaScript from fragments, rarely whole. */
export const scripts: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc.array(fc.constantFrom(...scriptPieces), { maxLength: 16 }).map((pieces) => pieces.join('')),
    weight: 8,
  },
  { arbitrary: texts, weight: 1 },
  { arbitrary: nestedScripts, weight: 1 },
  { arbitrary: deepScripts, weight: 1 },
);

const functionsFiles = fc.oneof(
  jsonTexts,
  fc
    .record(
      {
        functionsRoot: fc.oneof(fc.constantFrom('.', './functions', '..', '/', ''), fc.jsonValue()),
        functions: fc.array(
          fc.record(
            {
              name: fc.oneof(fc.constantFrom('a', 'b', ''), fc.jsonValue()),
              directory: fc.oneof(fc.constantFrom('.', 'a', '../a', '/', ''), fc.jsonValue()),
              source: fc.oneof(fc.constantFrom('index.js', '../../x'), fc.jsonValue()),
              target: fc.oneof(fc.constantFrom('main', '__proto__'), fc.jsonValue()),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 4 },
        ),
        routes: fc.array(
          fc.record(
            {
              functionName: fc.constantFrom('a', 'c', ''),
              path: fc.oneof(fc.constantFrom('/', 'x', ''), fc.jsonValue()),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 4 },
        ),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);

const ignoreFiles = fc
  .array(
    fc.constantFrom(
      '*',
      '!*',
      '**',
      'node_modules',
      '[',
      '[a-',
      '!',
      '\\',
      '/',
      '..',
      '#',
      'Dockerfile',
      '.env',
      '{a',
      ' ',
    ),
    {
      maxLength: 6,
    },
  )
  .map((rules) => rules.join('\n'));

const composeFiles = fc.oneof(
  texts,
  fc.constantFrom(
    `services:\n  db:\n    image: mysql:8\n    environment:\n      MYSQL_ROOT_PASSWORD: ${canary}\n`,
    'services: [',
    'services: null',
    '- a',
    'services:\n  a: &x\n    b: *x\n',
    'services:\n  redis: 7\n',
  ),
);

const versionFiles = fc.oneof(
  texts,
  fc.constantFrom('20', 'v18.0.0', 'lts/*', 'system', '20.x', '>=1', '99999999999999999999'),
);

const modes = fc.constantFrom('auto' as const, 'container' as const, 'function' as const, 'agent' as const);
const ports = fc.constantFrom(undefined, 80, 3000, 8080);
const envs = fc.constantFrom(
  undefined,
  { DATABASE_URL: `mysql://root:${canary}@10.0.0.1:3306/app` },
  { REDIS_HOST: '127.0.0.1', REDIS_PASSWORD: canary, FUNCTION_TARGET: '__proto__' },
);

/** Projects whose files are random texts of their kind; a file may be missing. */
export const projects: fc.Arbitrary<LintCase> = fc.record({
  files: fc
    .record(
      {
        Dockerfile: dockerfiles,
        '.dockerignore': ignoreFiles,
        '.cloudbaseignore': ignoreFiles,
        'package.json': jsonTexts,
        'package-lock.json': jsonTexts,
        'index.js': scripts,
        'server.js': scripts,
        'other.js': scripts,
        'lib/module.mjs': scripts,
        'cloudbase-functions.json': functionsFiles,
        'a/index.js': scripts,
        'docker-compose.yml': composeFiles,
        'requirements.txt': texts,
        '.nvmrc': versionFiles,
        '.node-version': versionFiles,
        '.env': fc.constant(`PASSWORD=${canary}\n`),
      },
      { requiredKeys: [] },
    )
    .map((files) => ({ 'README.md': '', ...files })),
  mode: modes,
  port: ports,
  env: envs,
});

const around = { 'package.json': '{"main":"server.js"}', 'server.js': '', 'package-lock.json': '{}' };

/** Projects of one Dockerfile, in container mode. */
export const containers: fc.Arbitrary<LintCase> = fc.record({
  files: dockerfiles.map((Dockerfile) => ({ Dockerfile, ...around })),
  mode: fc.constant('container' as const),
  port: ports,
});

/** Functions of one script. */
export const functions: fc.Arbitrary<LintCase> = fc.record({
  files: fc
    .tuple(scripts, fc.constantFrom('{}', '{"type":"module"}', '{"dependencies":{"express":"4"}}'))
    .map(([script, manifest]) => ({ 'index.js': script, 'package.json': manifest })),
  mode: fc.constantFrom('function' as const, 'agent' as const),
});

/** Deletes, doubles or inserts; `length` characters from `place` on. */
type Mutation = readonly [kind: 'delete' | 'double' | 'insert', place: number, length: number, piece: string];

const pieces = [
  '\n',
  ' ',
  '"',
  "'",
  '\\',
  '[',
  ']',
  '{',
  '}',
  ',',
  '=',
  '$',
  '#',
  '\r',
  '\u0000',
  '你',
  '<<EOF',
  '--from=',
];

const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.tuple(
    fc.constantFrom('delete' as const, 'double' as const, 'insert' as const),
    fc.nat(),
    fc.integer({ min: 1, max: 20 }),
    fc.constantFrom(...pieces),
  ),
  { minLength: 1, maxLength: 6 },
);

function mutate(text: string, all: readonly Mutation[]): string {
  return all.reduce((current, [kind, place, length, piece]) => {
    const at = place % (current.length + 1);
    if (kind === 'double') return current.slice(0, at + length) + current.slice(at);
    const edit: Edit = kind === 'delete' ? [at, length, ''] : [at, 0, piece];
    return damage(current, [edit]);
  }, text);
}

/** The templates, each with one or two of its files damaged. */
export function mutatedTemplates(templates: Templates): fc.Arbitrary<LintCase> {
  const damages = fc.array(fc.tuple(fc.nat(), mutations), { minLength: 1, maxLength: 2 });
  const secretLine = `ENV DB_PASSWORD=${canary}`;
  return fc
    .tuple(fc.constantFrom(...templates), damages, fc.boolean())
    .map(([{ files, mode, port }, all, hasSecret]) => {
      const whole = Object.fromEntries(
        Object.entries(files).map(([path, text]) => [
          path,
          hasSecret && /^dockerfile$/i.test(path) ? `${text}\n${secretLine}\n` : text,
        ]),
      );
      const names = Object.keys(whole).sort(byInterest);
      for (const [pick, each] of all) {
        const name = names[pick % Math.min(names.length, 6)] ?? '';
        whole[name] = mutate(whole[name] ?? '', each);
      }
      return { files: whole, mode, port };
    });
}

/** What lint reads comes first. */
function byInterest(left: string, right: string): number {
  const rank = (path: string): number =>
    [/dockerfile$/i, /^package\.json$|functions\.json$/, /\.[cm]?js$|bin\/www$/].findIndex((form) =>
      form.test(path),
    );
  const [first, second] = [rank(left), rank(right)].map((each) => (each < 0 ? 9 : each));
  return (first ?? 0) - (second ?? 0) || (left < right ? -1 : 1);
}
