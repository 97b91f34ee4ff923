import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { parseManifest } from '../../../src/lint/function/manifest.ts';
import { findEntry } from '../../../src/stages/project/entry.ts';
import type { RequestedMode } from '../../../src/stages/project/mode.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { serviceConfig } from '../../support/samples.ts';

interface Case {
  readonly main?: unknown;
  readonly files: readonly string[];
  readonly requestedMode?: RequestedMode;
}

const find = ({ main, files, requestedMode = 'function' }: Case): Promise<string> =>
  findEntry(
    { folder: root, requestedMode, config: serviceConfig() },
    parseManifest(JSON.stringify({ main })).manifest ?? { main: undefined },
    createFakeFiles(Object.fromEntries(files.map((path) => [path, '']))),
  );

it.each<[Case, string]>([
  [{ files: ['index.js'] }, 'index.js'],
  [{ main: 'app.js', files: ['app.js', 'index.js'] }, 'app.js'],
  [{ main: './app.js', files: ['app.js'] }, 'app.js'],
  [{ main: 'app.cjs', files: ['app.cjs'] }, 'app.cjs'],
  [{ main: 'app.mjs', files: ['app.mjs'] }, 'app.mjs'],
  [{ main: 'app', files: ['app.js', 'app.ts'] }, 'app.js'],
  [{ main: 'app', files: ['app'] }, 'app'],
  [{ main: 'lib', files: ['lib/index.js'] }, 'lib/index.js'],
  [{ main: 'lib/', files: ['lib/index.js'] }, 'lib/index.js'],
  [{ main: '.', files: ['index.js'] }, 'index.js'],
  [{ main: 'gone.js', files: ['index.js'] }, 'index.js'],
  [{ main: '', files: ['index.js'] }, 'index.js'],
  [{ main: 3, files: ['index.js', 'index.ts'] }, 'index.js'],
  [{ main: 'app.js', files: ['app.js', 'cloudbase-functions.json'] }, 'cloudbase-functions.json'],
])('the entry of %j is %s', async (given, entry) => {
  expect(await find(given)).toBe(entry);
});

describe('an entry that cannot be loaded', () => {
  const needs = 'function mode needs an entry';
  const compile = 'compile it in a step before this one, and let "main" of package.json name the result.';

  it.each<[string, Case, string]>([
    [
      'none',
      { files: ['readme'] },
      `${needs}, and the source has no "main" in package.json and no index.js.`,
    ],
    [
      'no main',
      { main: 'gone.js', files: [] },
      `${needs}, and the source has no "gone.js", which is the "main" of package.json.`,
    ],
    [
      'no build',
      { main: 'dist/index.js', files: ['src/index.ts'] },
      `${needs}, and the source has no "dist/index.js", which is the "main" of package.json. ` +
        'Build the project in a step before this one.',
    ],
    [
      'outside the source',
      { main: '../app.js', files: ['../app.js'] },
      `${needs} inside the source, and the "main" of package.json is "../app.js".`,
    ],
    [
      'TypeScript as main',
      { main: 'src/app.ts', files: ['src/app.ts', 'index.js'] },
      `${needs} that Node.js can load, and "src/app.ts" is TypeScript: ${compile}`,
    ],
    [
      'TypeScript behind a main without extension',
      { main: 'app', files: ['app.ts'] },
      `${needs} that Node.js can load, and "app.ts" is TypeScript: ${compile}`,
    ],
    [
      'TypeScript as the index',
      { files: ['index.ts'] },
      `${needs} that Node.js can load, and "index.ts" is TypeScript: ${compile}`,
    ],
    [
      'data',
      { main: 'app.json', files: ['app.json'] },
      `${needs} that Node.js can load, and "app.json" is none of .js, .cjs and .mjs.`,
    ],
    [
      'another language without a Dockerfile',
      { files: ['app.py'], requestedMode: 'auto' },
      'the source holds no Dockerfile, so function mode was taken, and function mode needs a Node.js entry: ' +
        'there is no "main" in package.json and no index.js. A service in another language needs a Dockerfile.',
    ],
  ])('%s', async (_name, given, message) => {
    const error = await failureOf(InputError, () => find(given));
    expect([error.message, error.kind]).toEqual([`source: ${message}`, 'entry-not-found']);
  });
});
