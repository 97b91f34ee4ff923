import { describe, expect, it } from '@jest/globals';

import { asSentence, countOf, entriesOf, listOf, textOf } from '../../../src/lint/dockerfile/tool-answer.ts';

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
