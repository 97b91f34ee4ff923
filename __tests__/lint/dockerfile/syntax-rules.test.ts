import { describe, expect, it } from '@jest/globals';
import { ValidationCode } from 'dockerfile-utils';

import { syntaxRules } from '../../../src/lint/dockerfile/syntax-rules.ts';

const codes = Object.values(ValidationCode).filter((name) => typeof name === 'string');

describe('the rules of dockerfile-utils', () => {
  it('are all in the table, and no others', () => {
    expect(Object.keys(syntaxRules).sort()).toEqual([...new Set(codes)].sort());
    expect(codes.length).toBeGreaterThan(50);
  });

  it.each(Object.entries(syntaxRules))(
    '%s is told in sentences',
    (_, { fix, message = 'None.', part = 'a' }) => {
      expect(fix).toMatch(/^[A-Z][^\n]*\.$/);
      expect(message).toMatch(/^[A-Z][^\n]*\.$/);
      expect(part).toMatch(/^[a-z-]+$/);
    },
  );
});
