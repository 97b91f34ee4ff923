import { expect, it } from '@jest/globals';

import { diagnoseStart, isLoopback, type StartEvidence } from '../../src/diagnosis/local.ts';

const running: StartEvidence = {
  port: 8080,
  exitCode: undefined,
  isOutOfMemory: false,
  hasListened: false,
  listeners: [],
  logTail: [],
};

it.each<[Partial<StartEvidence>, string, string]>([
  [{ isOutOfMemory: true, exitCode: 137 }, 'out-of-memory', 'was stopped because it ran out of memory'],
  [{ exitCode: 3 }, 'exit-on-start', 'ended with exit code 3 before it listened'],
  [{ exitCode: 0 }, 'exit-on-start', 'ended with exit code 0 before it listened'],
  [{ exitCode: 0, hasListened: true }, 'exit-on-start', 'ended with exit code 0 soon after it listened'],
  [
    { exitCode: 255, logTail: ['exec /app: exec format error'] },
    'architecture',
    'was built for another processor architecture',
  ],
  [
    { listeners: [{ address: '127.0.0.1', port: 8080 }] },
    'loopback-bind',
    'listens on port 8080 of the loopback interface only',
  ],
  [
    { listeners: [{ address: '::1', port: 8080 }] },
    'loopback-bind',
    'listens on port 8080 of the loopback interface only',
  ],
  [{ listeners: [{ address: '0.0.0.0', port: 3000 }] }, 'wrong-port', 'listens on port 3000 instead of 8080'],
  [{ listeners: [] }, 'slow-start', 'runs, but does not listen on port 8080'],
  [{ listeners: undefined }, 'slow-start', 'runs, but does not listen on port 8080'],
])('%j is %s', (evidence, kind, finding) => {
  expect(diagnoseStart({ ...running, ...evidence })).toEqual({ kind, finding });
});

it.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['172.17.0.2', false],
])('%s is of the loopback interface: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
