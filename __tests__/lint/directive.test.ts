import { expect, it } from '@jest/globals';

import { parseDirectives, type Lines } from '../../src/lint/directive.ts';

const covered = (text: string, instructions?: readonly Lines[]): string[] =>
  parseDirectives('a', text, instructions).map(
    ({ ids, reason, at, endLine }) => `${ids.join('+')} ${at.line}-${endLine} ${reason}`,
  );

it.each<[string, string, string[]]>([
  ['above a line', '// cloudrun-lint ignore=CBR201 a reason\nlisten();', ['CBR201 1-2 a reason']],
  ['above other comments', '// cloudrun-lint ignore=CBR201 why\n// more\n\nlisten();', ['CBR201 1-4 why']],
  ['beside code', 'a();\nlisten(); // cloudrun-lint ignore=CBR201 why', ['CBR201 2-2 why']],
  ['in a block', '/* cloudrun-lint ignore=CBR201 why */ listen();\nb();', ['CBR201 1-1 why']],
  ['in a block of its own', '/* cloudrun-lint ignore=CBR201 why */\nlisten();', ['CBR201 1-2 why']],
  ['of several rules', '# cloudrun-lint ignore=CBR201,DL3008 why\na: 1', ['CBR201+DL3008 1-2 why']],
  [
    'of several rules with spaces',
    '# cloudrun-lint ignore=CBR201, DL3008 why\na: 1',
    ['CBR201+DL3008 1-2 why'],
  ],
  ['without a reason', '# cloudrun-lint ignore=CBR201\na: 1', ['CBR201 1-2 ']],
  ['without ids', '# cloudrun-lint ignore= why\na: 1', [' 1-2 why']],
  ['at the end', 'a: 1\n# cloudrun-lint ignore=CBR201 why', ['CBR201 2-2 why']],
  ['with Windows line ends', '# cloudrun-lint ignore=CBR201 why\r\na: 1\r\n', ['CBR201 1-2 why']],
  ['of another tool', '# hadolint ignore=DL3008\nRUN a', []],
])('reads a comment %s', (_name, text, expected) => {
  expect(covered(text)).toEqual(expected);
});

it('covers the whole instruction that follows', () => {
  const text = 'FROM a\n# cloudrun-lint ignore=CBR002 why\nRUN a \\\n  && b\nRUN c\n';
  const instructions = [
    { line: 1, endLine: 1 },
    { line: 3, endLine: 4 },
    { line: 5, endLine: 5 },
  ];
  expect(covered(text, instructions)).toEqual(['CBR002 2-4 why']);
});

it('covers an instruction in whose middle it stands', () => {
  const text = 'RUN a \\\n# cloudrun-lint ignore=CBR002 why\n  && b\n';
  expect(covered(text, [{ line: 1, endLine: 3 }])).toEqual(['CBR002 2-3 why']);
});

it('is no comment beside an instruction of a Dockerfile', () => {
  expect(covered('RUN a # cloudrun-lint ignore=CBR002 why', [{ line: 1, endLine: 1 }])).toEqual([]);
});
