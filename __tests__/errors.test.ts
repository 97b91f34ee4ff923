import { describe, expect, it } from '@jest/globals';

import {
  CloudError,
  failureKindOf,
  InputError,
  MissingProgramError,
  ProjectError,
  ReadinessError,
  StopError,
} from '../src/errors.ts';

describe('the failure kind', () => {
  const cloud = { action: 'X', code: '', isRetryable: false } as const;

  it.each([
    [new InputError([]), 'input'],
    [new InputError([], 'entry-not-found'), 'entry-not-found'],
    [new ProjectError('x', { kind: 'build' }), 'build'],
    [new MissingProgramError('pnpm'), 'build'],
    [new CloudError('x', { kind: 'quota', ...cloud }), 'quota'],
    [
      new ReadinessError('x', {
        kind: 'crash-loop',
        lastStep: '',
        waitedSeconds: 1,
        consoleUrl: '',
        cloudRunId: '',
      }),
      'crash-loop',
    ],
    [StopError.bySignal('SIGTERM'), 'cancelled'],
    [StopError.byTimeout(60_000), 'timeout'],
    [new TypeError('x'), 'unexpected'],
    ['a string', 'unexpected'],
    [undefined, 'unexpected'],
  ])('of %s is %s', (error, kind) => {
    expect(failureKindOf(error)).toBe(kind);
  });
});

describe('a failure', () => {
  it('carries its name, its cause and its log', () => {
    const cause = new Error('root');
    const error = new ProjectError('built badly', { kind: 'build', exitCode: 2, logTail: ['last'], cause });
    expect(error).toMatchObject({
      name: 'ProjectError',
      message: 'built badly',
      cause,
      exitCode: 2,
      logTail: ['last'],
    });
    expect(new ProjectError('x', { kind: 'build' }).logTail).toEqual([]);
  });

  it('of a program that is missing says which one', () => {
    expect(new MissingProgramError('pnpm')).toMatchObject({
      message: 'The program "pnpm" is not on this machine.',
      advice: 'Install "pnpm" in a step before this one.',
    });
  });

  it('of inputs lists every problem in a line of its own', () => {
    const problems = [
      { subject: 'mode', message: 'is wrong.' },
      { subject: 'source', message: 'is missing.' },
    ];
    expect(new InputError(problems).message).toBe('mode: is wrong.\nsource: is missing.');
  });

  it('of time and signals names them', () => {
    expect(StopError.byTimeout(60_000).message).toBe('The run took longer than timeout-seconds (60).');
    expect(StopError.bySignal('SIGINT').message).toBe('The run was cancelled (SIGINT).');
  });
});
