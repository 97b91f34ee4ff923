import { describe, expect, it } from '@jest/globals';

import type { Position } from '../../src/errors.ts';
import { keyPosition, positionsOf, valuePosition } from '../../src/service-config/positions.ts';
import { parseYaml } from '../../src/service-config/yaml.ts';

const text = `A: 1
B:
  C: [x, {D: y}]
  0x10: &z {E: f}
G: *z
`;
const yaml = parseYaml(text, 'cloud.yml').value;
if (yaml === undefined) throw new Error('The sample must be right.');
const { contents } = yaml.document;
const show = ({ line, column }: Position): string => `${line}:${column}`;

it('gives the place of each key, and of each key one level down, aliases included', () => {
  const places = positionsOf({ map: contents, value: { A: 1, B: {}, G: {} } }, yaml);
  expect(Object.entries(places).map(([name, place]) => `${name} ${show(place)}`)).toEqual([
    'A 1:1',
    'B 2:1',
    'B.C 3:3',
    'B.0x10 4:3',
    'G 5:1',
    'G.E 4:13',
  ]);
});

it('gives no place to a key that is not wanted', () => {
  expect(positionsOf({ map: contents, value: { A: 1 } }, yaml)).toEqual({
    A: { file: 'cloud.yml', line: 1, column: 1 },
  });
  expect(positionsOf({ map: undefined, value: {} }, yaml)).toEqual({});
});

describe('the place of a value', () => {
  it.each<[(string | number)[], string]>([
    [[], '1:1'],
    [['A'], '1:4'],
    [['B', 'C', 1, 'D'], '3:14'],
    [['B', '0x10', 'E'], '4:16'],
    [['B', '16', 'E'], '4:16'],
    [['G', 'E'], '4:16'],
    [['B', 'C', 7, 'D'], '3:6'],
    [['G', 'missing'], '5:4'],
  ])('%j is its own, or that of what should hold it', (path, place) => {
    expect(show(valuePosition(contents, path, yaml))).toBe(place);
  });
});

describe('the place of a key', () => {
  it.each<[(string | number)[], string]>([
    [['B'], '2:1'],
    [['B', 'C', 1, 'D'], '3:11'],
    [['G', 'E'], '4:13'],
  ])('%j is its own', (path, place) => {
    expect(show(keyPosition(contents, path, yaml))).toBe(place);
  });
});
