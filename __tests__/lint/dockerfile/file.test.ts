import { expect, it } from '@jest/globals';

import { fileRules } from '../../../src/lint/dockerfile/file.ts';
import type { Source } from '../../../src/lint/rule.ts';
import { sourceOf } from '../../support/lint.ts';

const messagesOf = (given: Partial<Source>): string[] => {
  const source = { ...sourceOf({ mode: 'container', files: { Dockerfile: 'FROM a' } }), ...given };
  return fileRules.flatMap((rule) => rule.check(source)).map(({ message }) => message);
};
const file = (size: number): Partial<Source> => ({
  entries: new Map([['Dockerfile', { kind: 'file', size }]]),
});

it.each<[string, Partial<Source>]>([
  ['does not exist', { entries: new Map(), texts: new Map() }],
  ['is a folder', { entries: new Map([['Dockerfile', { kind: 'folder', size: 0 }]]), texts: new Map() }],
  [
    'is a link that leads to no text',
    { entries: new Map([['Dockerfile', { kind: 'link', size: 0 }]]), texts: new Map() },
  ],
  ['is larger than 256 KiB', file(10_000_000)],
  ['is no UTF-8 text', { texts: new Map() }],
  ['is no UTF-8 text', { texts: new Map([['Dockerfile', 'FROM\0a']]) }],
  [
    'has a line of more than 32 KiB',
    { texts: new Map([['Dockerfile', `FROM a\nRUN ${'x '.repeat(20_000)}`]]) },
  ],
  ['is empty', { texts: new Map([['Dockerfile', '\n \r\n']]) }],
])('%s', (fault, given) => {
  expect(messagesOf(given)).toEqual([`The Dockerfile "Dockerfile" ${fault}.`]);
});

it('is there and can be read, also through a link', () => {
  expect(messagesOf({})).toEqual([]);
  expect(messagesOf({ entries: new Map([['Dockerfile', { kind: 'link', size: 9 }]]) })).toEqual([]);
  expect(messagesOf({ dockerfile: undefined, mode: 'function', texts: new Map() })).toEqual([]);
});
