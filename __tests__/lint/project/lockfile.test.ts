import { describe, expect, it } from '@jest/globals';

import { lockfileRules } from '../../../src/lint/project/lockfile.ts';
import type { Example } from '../../../src/lint/rule.ts';
import { checkSource, places, sourceOf } from '../../support/lint.ts';

const manifest = '{\n  "name": "shop",\n  "dependencies": { "koa": "3" }\n}\n';

function find(files: Example['files'], mode: Example['mode'] = 'container', service = {}): string[] {
  return lockfileRules.flatMap((rule) =>
    checkSource(rule, { mode, files }, service).map(({ at, message }) => {
      expect(message).toMatch(/^["A-Z].*\.$/);
      return `${rule.id} ${at.file}:${at.line}:${at.column}`;
    }),
  );
}

it.each(lockfileRules)('$id finds its bad example and passes its good one', (rule) => {
  const [file] = Object.keys(rule.bad.files);
  expect(places(checkSource(rule, rule.bad))).toEqual([expect.stringContaining(`${String(file)}:`)]);
  expect(lockfileRules.flatMap((each) => checkSource(each, rule.good))).toEqual([]);
});

describe('a lockfile', () => {
  it.each(['container', 'function', 'agent'] as const)('is missing in %s mode', (mode) => {
    expect(find({ 'package.json': manifest }, mode)).toEqual(['CBR305 package.json:3:3']);
  });

  it('is missing in the folder that the build sees', () => {
    const files = { 'api/package.json': manifest.replaceAll('\n', '\r\n'), 'web/package-lock.json': '' };
    const source = sourceOf({ mode: 'container', files });
    const dockerfile = { path: 'api/Dockerfile', buildFolder: './api' };
    expect(places(lockfileRules.flatMap((rule) => rule.check({ ...source, dockerfile })))).toEqual([
      'api/package.json:3',
    ]);
    const entries = new Map([...source.entries, ['yarn.lock', { kind: 'file' as const, size: 1 }]]);
    expect(lockfileRules.flatMap((rule) => rule.check({ ...source, dockerfile, entries }))).toEqual([]);
  });

  it.each([
    'package-lock.json',
    'npm-shrinkwrap.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    'bun.lockb',
  ])('is %s', (name) => {
    expect(find({ 'package.json': manifest, [name]: '' })).toEqual([]);
  });

  it.each([
    '{}',
    '{ "dependencies": {} }',
    '{ "dependencies": [] }',
    '{ "devDependencies": { "jest": "30" } }',
    '{ "a": { "dependencies": { "koa": "3" } } }',
    '[]',
    '{ "dependencies":',
    '',
    '['.repeat(50_000),
  ])('is not asked for by %j', (text) => {
    expect(find({ 'package.json': text })).toEqual([]);
  });

  it('is not asked for where a function comes with its node_modules', () => {
    const service = { isInstalledByPlatform: false };
    expect(find({ 'package.json': manifest }, 'function', service)).toEqual([]);
    expect(find({ 'package.json': manifest }, 'container', service)).toHaveLength(1);
  });
});

describe('requirements', () => {
  it.each([
    ['flask\n', 1],
    ['flask==3.1.0\r\ngunicorn>=20\r\n', 2],
    ['# web\n\nuvicorn[standard]  # server\n', 3],
    ['django ; python_version > "3"\n', 1],
  ])('are found without versions: %j', (text, line) => {
    expect(find({ 'requirements.txt': text })).toEqual([`CBR306 requirements.txt:${line}:1`]);
  });

  it.each([
    'flask==3.1.0\n',
    'flask~=3.1\n',
    'flask === 3.1.0 ; python_version > "3"\n',
    'shop @ git+https://example.com/shop.git\n',
    'https://example.com/shop.whl\n',
    '-r base.txt\n--hash=sha256:x\n',
    '# flask\n',
    '',
  ])('are passed: %j', (text) => {
    expect(find({ 'requirements.txt': text })).toEqual([]);
  });

  it('are passed beside a lockfile, and in a function', () => {
    expect(find({ 'requirements.txt': 'flask', 'uv.lock': '' })).toEqual([]);
    expect(find({ 'requirements.txt': 'flask' }, 'function')).toEqual([]);
  });

  it('are named, never more than five', () => {
    const text = 'a\nb\nc\nd\ne\nf\n';
    const hits = lockfileRules.flatMap((rule) =>
      checkSource(rule, { mode: 'container', files: { 'requirements.txt': text } }),
    );
    expect(hits.map(({ message }) => message)).toEqual([
      'No version is pinned of "a", "b", "c", "d", "e" and 1 more.',
    ]);
  });
});
