import { describe, expect, it } from '@jest/globals';

import {
  asSentence,
  countOf,
  entriesOf,
  listOf,
  textOf,
  withoutQuotes,
} from '../../../src/lint/dockerfile/tool-answer.ts';

describe('the message of another program', () => {
  it.each([
    ['duplicate name a', 'Duplicate name a.'],
    ['Use COPY.', 'Use COPY.'],
    ['really?', 'Really?'],
    ['two\n  lines\t here ', 'Two lines here.'],
    ['invalid signal: ', 'Invalid signal.'],
    ['', '.'],
    [`${'x'.repeat(299)} yz`, `X${'x'.repeat(298)}…`],
  ])('%j is the sentence %j', (message, sentence) => {
    expect(asSentence(message)).toBe(sentence);
  });
});

it.each([
  ['Invalid containerPort: 99999', 'Invalid containerPort: 99999'],
  ['invalid containerPort: 80-90/tcp', 'invalid containerPort'],
  ['Invalid containerPort: zQ7kCanary', 'Invalid containerPort'],
  ['Invalid containerPort: KEY=zQ7kCanary', 'Invalid containerPort'],
  ['Invalid proto: zQ7kCanary', 'Invalid proto'],
  ['Invalid signal: zQ7k\nCanary', 'Invalid signal'],
  ['Unknown flag: --a=zQ7kCanary', 'Unknown flag: --a=[redacted]'],
])('what is said as %j quotes no word that may be a secret: %j', (said, shown) => {
  expect(withoutQuotes(said)).toBe(shown);
});

describe('a JSON value', () => {
  it('of another shape than expected is empty', () => {
    expect([entriesOf(null), entriesOf('x'), listOf({ 0: 1 }), listOf([1, { a: 2 }])]).toEqual([
      {},
      {},
      [],
      [{}, { a: 2 }],
    ]);
    expect([textOf(1), textOf('a'), countOf(0), countOf(1.5), countOf('3'), countOf(3)]).toEqual([
      '',
      'a',
      1,
      1,
      1,
      3,
    ]);
  });
});
