import { expect, it } from '@jest/globals';

import type { Hit } from '../../../src/lint/rule.ts';
import { sizeRules } from '../../../src/lint/project/size.ts';
import { checkSource, places, sourceOf } from '../../support/lint.ts';

const mb = 1024 * 1024;

function check(sizes: readonly (readonly [path: string, megabytes: number])[]): readonly Hit[] {
  const source = sourceOf({ mode: 'container', files: {} });
  const entries = new Map(sizes.map(([path, size]) => [path, { kind: 'file' as const, size: size * mb }]));
  return sizeRules.flatMap((rule) => rule.check({ ...source, entries, packaged: [...entries.keys()] }));
}

it.each(sizeRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkSource(rule, rule.bad))).toEqual(['model/weights.onnx:1', 'model/weights.onnx:1']);
  expect(checkSource(rule, rule.good)).toEqual([]);
});

it('names the folders that hold most of a large package, at its largest file', () => {
  const hits = check([
    ['index.js', 1],
    ['data/a.csv', 40],
    ['data/b/c.csv', 45],
    ['media/film.mp4', 30],
    ['docs/a.md', 0.1],
  ]);
  expect(hits).toEqual([
    {
      message:
        'The package holds 5 files with 116 MB, most of it in "data" (85 MB), "media" (30 MB), "." (1 MB).',
      at: { file: 'data/b/c.csv', line: 1, column: 1 },
    },
  ]);
});

it('names each file that is large by itself, the largest first', () => {
  const hits = check([
    ['a.bin', 51],
    ['model/weights.onnx', 300],
    ['b.bin', 50],
  ]);
  expect(hits.map(({ message }) => message)).toEqual([
    'The package holds 3 files with 401 MB, most of it in "model" (300 MB), "." (101 MB).',
    '"model/weights.onnx" has 300 MB.',
    '"a.bin" has 51 MB.',
  ]);
});

it('counts files', () => {
  const files = (count: number): [string, number][] =>
    Array.from({ length: count }, (_, index) => [`coverage/${index}.html`, 0.001]);
  expect(check(files(5000))).toEqual([]);
  expect(check(files(5001)).map(({ message }) => message)).toEqual([
    'The package holds 5001 files with 5 MB, most of it in "coverage" (5001 files).',
  ]);
});

it('takes a package of usual size, and one that is not known', () => {
  expect(check([['a.bin', 50]])).toEqual([]);
  expect(check([])).toEqual([]);
  const source = sourceOf({ mode: 'function', files: {} });
  const entries = new Map([['a.bin', { kind: 'file' as const, size: 900 * mb }]]);
  const hits = sizeRules.flatMap((rule) => rule.check({ ...source, entries, packaged: undefined }));
  expect([hits, sizeRules.flatMap((rule) => rule.check({ ...source, entries, packaged: [] }))]).toEqual([
    [],
    [],
  ]);
});
