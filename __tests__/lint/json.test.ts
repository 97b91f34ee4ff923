import { expect, it } from '@jest/globals';

import { isRecord, parseJson, parseJsonText } from '../../src/lint/json.ts';

it.each([
  ['[1]', [1]],
  ['{"a":', undefined],
  ['{"a": 1,}', undefined],
  ['\uFEFF{}', undefined],
  ['', undefined],
])('the value of %j is %j', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

it.each([
  [{}, true],
  [[], false],
  [null, false],
  ['a', false],
  [undefined, false],
])('%j is a record: %j', (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});

it('a value has its place, and one that does not exist that of the value around it', () => {
  const json = parseJsonText('\uFEFF{\n  "a": { "b": 1 }\n}', 'x.json');
  expect(json.placeOf(['a', 'b'])).toEqual({
    file: 'x.json',
    line: 2,
    column: 15,
    endLine: 2,
    endColumn: 16,
  });
  expect(json.placeOf(['a', 'c'])).toEqual({ file: 'x.json', line: 2, column: 8, endLine: 2, endColumn: 18 });
  expect(json.placeOf(['c'])).toEqual({ file: 'x.json', line: 1, column: 1 });
});

it('the places of one text do not disturb each other, in any order and in every line', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `  { "a": ${index} }`);
  const json = parseJsonText(`[\r\n${lines.join(',\r\n')}\n\n]`, 'x.json');
  const found = lines.map((_, index) => json.placeOf([99 - index, 'a']));
  expect(found.map(({ line, column, endLine }) => [line, column, endLine])).toEqual(
    lines.map((_, index) => [101 - index, 10, 101 - index]),
  );
});

it('a fault has its place', () => {
  const { value, fault } = parseJsonText('{\n  "a" 1\n}', 'x.json');
  expect({ value, fault }).toEqual({
    value: undefined,
    fault: {
      message: 'colon expected',
      at: { file: 'x.json', line: 2, column: 7, endLine: 2, endColumn: 8 },
    },
  });
});
