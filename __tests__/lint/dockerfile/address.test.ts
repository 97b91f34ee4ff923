import { describe, expect, it } from '@jest/globals';

import { isLoopback, parseAddress } from '../../../src/lint/dockerfile/address.ts';

describe('an address to listen on', () => {
  it.each<[string, string | undefined, number | 'variable' | undefined]>([
    ['8080', undefined, 8080],
    [':8080', undefined, 8080],
    ['0.0.0.0', '0.0.0.0', undefined],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['localhost:80', 'localhost', 80],
    ['[::1]:80', '[::1]', 80],
    ['::1', '::1', undefined],
    ['http://+:80', '+', 80],
    ['http://localhost:5000/path', 'localhost', 5000],
    ['tcp://0.0.0.0:9292?x=1', '0.0.0.0', 9292],
    ['$PORT', undefined, 'variable'],
    ['0.0.0.0:$PORT', '0.0.0.0', 'variable'],
    ['0.0.0.0:${PORT:-8080}', '0.0.0.0', 'variable'],
    ['$HOST:80', '$', 80],
    ['unix:/run/x.sock', undefined, undefined],
    ['fd://3', undefined, undefined],
    ['a:b@c:80', undefined, undefined],
    ['', undefined, undefined],
  ])('is read from %j', (value, host, port) => {
    expect(parseAddress(value)).toEqual({ host, port });
  });

  it.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['localhost.example.com', false],
    ['127.0.0.1.example.com', false],
    ['::', false],
    ['', false],
    [undefined, false],
  ])('%j reaches the container alone: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
