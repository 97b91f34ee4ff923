import { describe, expect, it } from '@jest/globals';

import { didYouMean, nearest } from '../../src/service-config/issues.ts';

describe('the nearest word', () => {
  it.each([
    ['cpu', 'Cpu'],
    ['Prot', 'Port'],
    ['EnvParam', 'EnvParams'],
    ['Banana', undefined],
  ])('to %s is %s', (word, found) => {
    expect(nearest(word, ['Cpu', 'Port', 'EnvParams'])).toBe(found);
  });
});

it('asks for the word that was meant, if there is one', () => {
  expect(didYouMean('Cpu')).toBe(' Did you mean "Cpu"?');
  expect(didYouMean(undefined)).toBe('');
});
