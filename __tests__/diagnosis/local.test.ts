import { describe, expect, it } from '@jest/globals';

import { adviceFor } from '../../src/diagnosis/advice.ts';
import { diagnoseStart, isLoopback, type Diagnosis, type StartEvidence } from '../../src/diagnosis/local.ts';
import { failureKinds } from '../../src/errors.ts';

const running: StartEvidence = {
  port: 8080,
  exitCode: undefined,
  isOutOfMemory: false,
  hasListened: false,
  listeners: [],
  logTail: [],
  platformEnv: [],
  architecture: 'amd64',
};
const diagnose = (evidence: Partial<StartEvidence>): Diagnosis => diagnoseStart({ ...running, ...evidence });
const at = (address: string, port: number): StartEvidence['listeners'] => [{ address, port }];
const eacces = 'Error: listen EACCES: permission denied 0.0.0.0:80';

describe('a service that did not come up', () => {
  it.each<[Partial<StartEvidence>, string, string]>([
    [{ isOutOfMemory: true, exitCode: 137 }, 'out-of-memory', 'was stopped because it ran out of memory'],
    [{ isOutOfMemory: true }, 'out-of-memory', 'was stopped because it ran out of memory'],
    [{ exitCode: 3 }, 'exit-on-start', 'ended with exit code 3 before it listened'],
    [{ exitCode: 0 }, 'exit-on-start', 'ended with exit code 0 before it listened'],
    [{ exitCode: 0, hasListened: true }, 'exit-on-start', 'ended with exit code 0 soon after it listened'],
    [{ exitCode: 134 }, 'exit-on-start', 'ended with exit code 134 before it listened'],
    [
      { exitCode: 137 },
      'out-of-memory',
      'was killed (exit code 137), as the system does where memory runs out',
    ],
    ...[
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      'MemoryError',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
      'fatal error: runtime: out of memory',
      'memory allocation of 4096 bytes failed',
    ].map((line): [Partial<StartEvidence>, string, string] => [
      { exitCode: 134, logTail: [line] },
      'out-of-memory',
      'ended with exit code 134 because it ran out of memory',
    ]),
    [
      { exitCode: 255, logTail: ['exec /app: exec format error'] },
      'architecture',
      'starts a program that is not for linux/amd64, or a script without a "#!" line',
    ],
    [
      { architecture: 'arm64', exitCode: 255 },
      'architecture',
      'is built for arm64, and the platform runs amd64',
    ],
    [{ architecture: 'arm64' }, 'architecture', 'is built for arm64, and the platform runs amd64'],
    [
      { exitCode: 127, logTail: ['/bin/sh: 1: serve: not found'] },
      'entry-not-found',
      'ended with exit code 127 because it cannot find its start command "serve"',
    ],
    [
      { exitCode: 1, logTail: ['Error: connect ECONNREFUSED 127.0.0.1:8081'] },
      'exit-on-start',
      'ended with exit code 1 because it could not connect to 127.0.0.1:8081',
    ],
  ])('%j is %s', (evidence, kind, finding) => {
    expect(diagnose(evidence)).toMatchObject({ kind, finding, isOnlyHere: false });
  });

  it.each<[StartEvidence['listeners'], string, string]>([
    [at('127.0.0.1', 8080), 'loopback-bind', 'listens on port 8080 of the loopback interface only'],
    [at('::1', 8080), 'loopback-bind', 'listens on port 8080 of the loopback interface only'],
    [at('0.0.0.0', 3000), 'wrong-port', 'listens on port 3000 instead of 8080'],
    [
      at('127.0.0.1', 3000),
      'wrong-port',
      'listens on port 3000 of the loopback interface only, instead of 8080',
    ],
    [
      [
        { address: '127.0.0.1', port: 4000 },
        { address: '::', port: 3000 },
      ],
      'wrong-port',
      'listens on port 3000 instead of 8080',
    ],
    [at('0.0.0.0', 8080), 'slow-start', 'listens on port 8080, but only since it was too late'],
    [at('127.0.0.1', 9229), 'slow-start', 'runs, but does not listen on port 8080'],
    [at('127.0.0.11', 41234), 'slow-start', 'runs, but does not listen on port 8080'],
    [[], 'slow-start', 'runs, but does not listen on port 8080'],
    [undefined, 'slow-start', 'runs, but does not listen on port 8080'],
  ])('with the sockets %j is %s', (listeners, kind, finding) => {
    expect(diagnose({ listeners })).toMatchObject({ kind, finding, isOnlyHere: false });
  });

  it.each<[string, string, string]>([
    [eacces, 'wrong-port', 'may not listen on port 80 as a user other than root; 8080 is expected'],
    [
      'Error: listen EACCES: permission denied :::443',
      'wrong-port',
      'may not listen on port 443 as a user other than root; 8080 is expected',
    ],
    [
      'listen tcp :80: bind: permission denied',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      "ERROR: [Errno 13] error while attempting to bind on address ('0.0.0.0', 80): permission denied",
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      '(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      "[1] [ERROR] Can't connect to ('0.0.0.0', 80)",
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      "[1] [ERROR] Can't connect to ('0.0.0.0', 5000)",
      'wrong-port',
      'wants to listen on port 5000, which is taken, instead of 8080',
    ],
    [
      " * Serving Flask app 'm'\n * Debug mode: off\nPermission denied",
      'wrong-port',
      'may not listen on a port below 1024 as a user other than root; 8080 is expected',
    ],
    ['Permission denied', 'exit-on-start', 'ended with exit code 1 before it listened'],
    [
      'Address already in use\nPort 5000 is in use by another program.',
      'wrong-port',
      'wants to listen on port 5000, which is taken, instead of 8080',
    ],
    [
      '2026/11/25 15:00:00 main.go:12: listen tcp :80: bind: permission denied',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      'Failed to bind to address http://[::1]:80: permission denied',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      'Failed to bind to address http://localhost:80: permission denied',
      'wrong-port',
      'may not listen on port 80 as a user other than root; 8080 is expected',
    ],
    [
      'java.net.BindException: Permission denied',
      'wrong-port',
      'may not listen on a port below 1024 as a user other than root; 8080 is expected',
    ],
    [
      'Error: listen EADDRINUSE: address already in use :::3000',
      'wrong-port',
      'wants to listen on port 3000, which is taken, instead of 8080',
    ],
    [
      'Error: listen EADDRINUSE: address already in use :::8080',
      'exit-on-start',
      'ended with exit code 1 before it listened',
    ],
    [
      "Error: EACCES: permission denied, open '/app/data.txt'",
      'exit-on-start',
      'ended with exit code 1 before it listened',
    ],
    [
      "PermissionError: [Errno 13] Permission denied: '/app/data.txt'",
      'exit-on-start',
      'ended with exit code 1 before it listened',
    ],
  ])('that says "%s" is %s', (line, kind, finding) => {
    expect(diagnose({ exitCode: 1, logTail: [line] })).toMatchObject({ kind, finding });
  });

  it('and runs on without its low port wants the wrong one', () => {
    expect(diagnose({ logTail: [eacces] }).kind).toBe('wrong-port');
  });

  it('because Port itself is low hears to change Port', () => {
    const { finding, advice } = diagnose({ port: 80, exitCode: 1, logTail: [eacces] });
    expect(finding).toBe('may not listen on port 80 as a user other than root');
    expect(advice).toContain('Set Port in server-config to 1024 or higher');
  });
});

describe('an end that proves nothing', () => {
  const log = ['Error: Missing required environment variables: PAYMENT_TOKEN, MAIL_KEY'];

  it.each([
    [
      ['PAYMENT_TOKEN', 'MAIL_KEY'],
      true,
      'the env vars "PAYMENT_TOKEN", "MAIL_KEY" are not set in this run; the platform has them',
    ],
    [['PAYMENT_TOKEN'], false, 'the env var "MAIL_KEY" is not set'],
    [[], false, 'the env vars "PAYMENT_TOKEN", "MAIL_KEY" are not set'],
  ])('is one for lack of env vars of the platform: %j', (platformEnv, isOnlyHere, finding) => {
    expect(diagnose({ exitCode: 1, logTail: log, platformEnv })).toMatchObject({
      kind: 'missing-env',
      isOnlyHere,
      finding: `ended with exit code 1 because ${finding}`,
    });
  });

  it('is none where the log names no variable', () => {
    const logTail = ['Error: environment variable not found'];
    const finding = 'ended with exit code 1 because an env var is not set; its log does not name it';
    const expected = { kind: 'missing-env', isOnlyHere: false, finding };
    expect(diagnose({ exitCode: 1, logTail, platformEnv: ['TOKEN'] })).toMatchObject(expected);
  });

  it('is one for lack of a database, and shows no password', () => {
    const logTail = ['Error: connection refused: postgres://admin:hunter22@db.local:5432/shop'];
    expect(diagnose({ exitCode: 1, logTail })).toMatchObject({
      kind: 'exit-on-start',
      isOnlyHere: true,
      finding:
        'ended with exit code 1 because it could not connect to its database, cache or queue at db.local:5432',
    });
  });

  it('names five variables at most', () => {
    const names = ['A_A', 'B_B', 'C_C', 'D_D', 'E_E', 'F_F', 'G_G'];
    const { finding } = diagnose({ exitCode: 1, logTail: [`Missing env vars: ${names.join(', ')}`] });
    expect(finding).toContain('"A_A", "B_B", "C_C", "D_D", "E_E" and 2 more are not set');
  });
});

it('has advice for every kind that can happen locally', () => {
  const local = failureKinds.slice(failureKinds.indexOf('exit-on-start'), failureKinds.indexOf('image-pull'));
  for (const kind of [...local, 'smoke'] as const) expect(adviceFor).toHaveProperty([kind]);
  expect(diagnose({}).advice).toBe(adviceFor['slow-start']);
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
