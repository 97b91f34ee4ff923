import { describe, expect, it } from '@jest/globals';

import { buildMark, parseMark } from '../../src/service-config/fingerprint.ts';

const fingerprint = '0a1b'.repeat(16);

it('makes a mark of the source and the number of the version', () => {
  expect(buildMark(fingerprint, 7)).toBe(`${fingerprint}:7`);
});

describe('a mark', () => {
  it.each([
    ['shop-007', 7],
    ['shop-7', 7],
    ['shop-1234', 1234],
    ['shop2-010', 10],
    ['shop-2-010', 10],
    ['a-b-c-003', 3],
    ['shop-2024_x-003', 3],
  ])('holds for the version %s with the number %s', (versionName, number) => {
    expect(parseMark(buildMark(fingerprint, number), versionName)).toBe(fingerprint);
  });

  it.each([
    ['shop-008', 7],
    ['shop-006', 7],
    ['shop-2-010', 2],
    ['shop-017', 7],
    ['shop7', 7],
    ['shop-007-a', 7],
    ['shop', 0],
    ['', 0],
    ['shop--1', -1],
  ])('does not hold for the version "%s" with the number %s', (versionName, number) => {
    expect(parseMark(buildMark(fingerprint, number), versionName)).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    ':',
    ':7',
    fingerprint,
    `${fingerprint}:`,
    `${fingerprint}:x`,
    `${fingerprint}:7 `,
    `${fingerprint}:7:7`,
    `xyz:7`,
    `a b:7`,
    `${fingerprint}\n:7`,
  ])('of another form says nothing: %j', (mark) => {
    expect(parseMark(mark, 'shop-007')).toBeUndefined();
  });
});
