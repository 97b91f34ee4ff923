import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { readFunctions, type FunctionsFacts } from '../../../src/stages/project/functions-file.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';

const sources = { 'src/a/index.js': '', 'src/b/index.js': '', 'src/file': '', 'elsewhere/index.js': '' };
const functionOf = (name: string, more: object = {}): object => ({ name, directory: name, ...more });

function read(text: unknown): Promise<FunctionsFacts> {
  const json =
    typeof text === 'string' ? text : JSON.stringify({ functionsRoot: 'src', ...(text as object) });
  return readFunctions(root, createFakeFiles({ ...sources, 'cloudbase-functions.json': json }));
}

describe('the routes of several functions', () => {
  it.each<[object, string[]]>([
    [{ functions: [functionOf('a', { triggerPath: '/a' }), functionOf('b')] }, ['/a']],
    [
      {
        functions: [functionOf('a', { triggerPath: '/a' }), functionOf('b', { triggerPath: '/both' })],
        routes: [
          { functionName: 'b', path: '/' },
          { functionName: 'a', path: '/a' },
        ],
      },
      ['/', '/a', '/both'],
    ],
    [{ functions: [functionOf('a', { triggerPath: null })], routes: [] }, []],
  ])('of %j are %j', async (text, routes) => {
    expect((await read(text)).routes).toEqual(routes);
  });
});

it('names the root and the folders of the functions', async () => {
  const functions = [functionOf('a'), functionOf('x', { directory: './b' })];
  expect((await read({ functions })).needed).toEqual([
    ...['src', 'src/a', 'src/b'],
    ...['src/a/index.js', 'src/a/package.json', 'src/b/index.js', 'src/b/package.json'],
  ]);
});

describe('a file that is wrong', () => {
  const form =
    'Write it as {"functionsRoot": "./", "functions": [{"name": "hello", "directory": "hello", "triggerPath": "/hello"}]}.';

  it.each<[unknown, string]>([
    ['{', `is not a JSON object. ${form}`],
    ['[]', `is not a JSON object. ${form}`],
    [{}, `has no list "functions". ${form}`],
    [{ functions: [] }, `has no list "functions". ${form}`],
    [{ functions: {} }, `has no list "functions". ${form}`],
    [{ functions: [{ name: 'a' }] }, `has a function without "name" or "directory". ${form}`],
    [{ functions: [functionOf('a')], functionsRoot: 3 }, `has no text "functionsRoot". ${form}`],
    [
      { functions: [functionOf('a')], functionsRoot: 'gone' },
      'has the "functionsRoot" "gone", and there is no such folder in the source.',
    ],
    [
      { functions: [functionOf('a', { directory: 'gone' })] },
      'has the function "a" in the directory "gone", and there is no folder "src/gone" in the source.',
    ],
    [
      { functions: [functionOf('a', { directory: 'file' })] },
      'has the function "a" in the directory "file", and there is no folder "src/file" in the source.',
    ],
    [
      { functions: [functionOf('a', { directory: '../../repo2' })] },
      'has the function "a" in the directory "../../repo2", and there is no folder "../repo2" in the source.',
    ],
    [
      { functions: [functionOf('a')], routes: [{ functionName: 'c', path: '/c' }] },
      'has the route "/c" to the function "c", which is not in "functions".',
    ],
    [
      { functions: [functionOf('a', { triggerPath: 3 })] },
      `has a function whose "triggerPath" is no text. ${form}`,
    ],
    [
      { functions: [functionOf('a', { triggerPath: '/' }), functionOf('b', { triggerPath: '/' })] },
      'has the route "/" twice, which the framework refuses.',
    ],
    [{ functions: [functionOf('a', { triggerPath: 'a' })] }, 'has the route "a", which must begin with "/".'],
  ])('%j', async (text, message) => {
    const error = await failureOf(InputError, () => read(text));
    expect(error.message).toBe(`source: cloudbase-functions.json ${message}`);
  });

  it('has all its problems at once', async () => {
    const functions = [
      functionOf('a', { directory: 'x' }),
      functionOf('b', { directory: 'y', triggerPath: 'b' }),
    ];
    const error = await failureOf(InputError, () => read({ functions }));
    expect(error.problems).toHaveLength(3);
  });
});
