import { expect, it } from '@jest/globals';

import { describePackage, renderPackage, showBytes } from '../../src/report/package.ts';
import { goodValues, live } from '../support/outcomes.ts';
import { fileEntry, sourcePackage } from '../support/samples.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [99_940, '99.9 KB'],
  [99_960, '100 KB'],
  [999_600, '1.0 MB'],
  [20_480_000, '20.5 MB'],
  [3_210_000_000, '3.2 GB'],
  [5_000_000_000_000, '5000 GB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(showBytes(bytes)).toBe(shown);
});

const zip = sourcePackage({
  fileCount: 12,
  sourceBytes: 2_000_000,
  bytes: 500_000,
  largest: [fileEntry('model|`x`.bin', { size: 1_900_000 }), fileEntry('a.js', { size: 100 })],
});

it('is told by its sizes and its largest files', () => {
  expect(describePackage(zip)).toEqual([
    '12 files with 2.0 MB, packed to 500 KB.',
    'sha-256 abc',
    'Its 2 largest files:',
    '     1.9 MB  model|`x`.bin',
    '  100 bytes  a.js',
  ]);
});

it('stands in the summary with its largest files folded, and their names harmless', () => {
  expect(renderPackage({ ...live, values: { ...goodValues, package: zip } })).toEqual([
    'Package: 12 files with 2.0 MB, packed to 500 KB, sha-256 <code>abc</code>.',
    '',
    '<details><summary>Its 2 largest files</summary>',
    '',
    '| file | size |',
    '| --- | ---: |',
    '| <code>model\\|\\`x\\`.bin</code> | 1.9 MB |',
    '| <code>a.js</code> | 100 bytes |',
    '',
    '</details>',
    '',
  ]);
  const image = { kind: 'image', reference: 'r', digest: undefined, isProven: false } as const;
  expect(renderPackage({ ...live, values: { ...goodValues, package: image } })).toEqual([]);
});
