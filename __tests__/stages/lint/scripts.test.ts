import { expect, it } from '@jest/globals';

import { followScripts } from '../../../src/stages/lint/scripts.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { sourceOf } from '../../support/lint.ts';

/** The scripts and the faults that are found in a function, and what of the files was read. */
async function follow(files: Readonly<Record<string, string>>) {
  const read: string[] = [];
  const fake = createFakeFiles(files);
  const readText = (path: string): Promise<string | undefined> => {
    read.push(path.slice(root.length + 1));
    return fake.readText(path);
  };
  const source = { ...sourceOf({ mode: 'function', files }), texts: new Map(Object.entries(files)) };
  for (const file of Object.keys(files)) if (!file.endsWith('.json')) source.texts.delete(file);
  const { scripts, faults } = await followScripts(source, root, { ...fake, readText });
  return { scripts: scripts.map(({ file }) => file), faults, read };
}

it('follows the entry through relative imports, each file once', async () => {
  const { scripts, faults, read } = await follow({
    'package.json': '{"main": "src/index.js"}',
    'src/index.js': "const a = require('./a'); require('../lib'); require('express'); exports.main = a;",
    'src/a.js': "module.exports = require('./b.cjs');",
    'src/b.cjs': "require('./a');",
    'lib/index.js': "import('./late.mjs');",
    'lib/late.mjs': 'export const late = 1;',
    'test/index.test.js': 'broken(',
    'data.json': '{}',
  });
  expect(scripts).toEqual(['src/index.js', 'src/a.js', 'lib/index.js', 'src/b.cjs', 'lib/late.mjs']);
  expect(faults).toEqual([]);
  expect(read).toEqual(scripts);
});

it('reads scripts without an ending', async () => {
  const { scripts } = await follow({
    'package.json': '{"main": "bin/www"}',
    'bin/www': "#!/usr/bin/env node\nrequire('./port');",
    'bin/port': 'module.exports = 3000;',
  });
  expect(scripts).toEqual(['bin/www', 'bin/port']);
});

it('names the script that does not parse, and goes on with the others', async () => {
  const { scripts, faults } = await follow({
    'index.js': "require('./a');\nrequire('./b');",
    'a.js': 'const a = 1;\nreturn (;',
    'b.js': '',
  });
  expect(scripts).toEqual(['index.js', 'b.js']);
  expect(faults).toEqual([{ message: 'Unexpected token', at: { file: 'a.js', line: 2, column: 9 } }]);
});

it.each([
  ['a long sum', `exports.sum = (a) => ${'a+'.repeat(100_000)}a;`],
  ['nested lists', `exports.list = ${'['.repeat(50_000)}${']'.repeat(50_000)};`],
  ['a module', `export const sum = (a) => ${'a+'.repeat(100_000)}a;`],
])('leaves out what only the parser cannot read, without a fault: %s', async (_name, text) => {
  const { scripts, faults } = await follow({ 'index.js': "require('./deep');", 'deep.js': text });
  expect({ scripts, faults }).toEqual({ scripts: ['index.js'], faults: [] });
});

it('finds nothing where nothing starts', async () => {
  expect(await follow({ 'package.json': '[]', 'src/index.ts': '' })).toEqual({
    scripts: [],
    faults: [],
    read: [],
  });
});

it('leaves out what is too large to be a script by hand', async () => {
  const large = `exports.main = () => 1; // ${'x'.repeat(5 * 1024 * 1024)}`;
  expect((await follow({ 'index.js': large })).scripts).toEqual([]);
});
