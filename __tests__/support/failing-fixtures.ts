import { join } from 'node:path';

import type { FailureKind } from '../../src/errors.ts';

/** A service that fails, or does something that is warned of, in exactly one way. */
export interface FailingFixture {
  readonly name: string;
  readonly mode: 'container' | 'function' | 'agent';
  /** Relative to the repository. */
  readonly folder: string;
  readonly expected: Expected;
  /** Names of env vars that only the platform has. */
  readonly platformEnv: readonly string[];
}

/**
 * How its local start ends: in a failure, in an end that proves nothing (`isOnlyHere`), or up, with something that is
 * found when it is looked at.
 */
export type Expected =
  | { readonly kind: FailureKind; readonly exitCode?: number; readonly isOnlyHere?: true }
  | { readonly remark: Remark };

/** What is found of a service that comes up. */
export type Remark =
  | 'answers no HTTP'
  | 'answers 500'
  | 'reflects the canary'
  | 'ignores SIGTERM'
  | 'runs as root'
  | 'writes outside /tmp'
  | 'listens after 3 s'
  | 'streams at /events, not at /buffered'
  | 'streams at /events, takes WebSockets'
  | 'streams at send-message'
  | 'answers JSON at send-message'
  | 'answers 500 at /people';

/** The env var that the fixtures `missing-secret` want, and `warns-then-misses-module` does not need. */
export const platformSecret = 'PAYMENT_TOKEN';

type Row = readonly [name: string, expected: Expected];

const ends = (kind: FailureKind, exitCode: number): Expected => ({ kind, exitCode });
const endsHere = (kind: FailureKind, exitCode: number): Expected => ({ kind, exitCode, isOnlyHere: true });

const containers: readonly Row[] = [
  ['exits', ends('exit-on-start', 3)],
  ['exits-python', ends('exit-on-start', 3)],
  ['api-down', ends('exit-on-start', 1)],
  ['database-down', endsHere('exit-on-start', 1)],
  ['database-down-python', endsHere('exit-on-start', 1)],
  ['other-port', { kind: 'wrong-port' }],
  ['other-port-python', { kind: 'wrong-port' }],
  ['low-port', ends('wrong-port', 1)],
  ['low-port-python', ends('wrong-port', 1)],
  ['loopback', { kind: 'loopback-bind' }],
  ['loopback-python', { kind: 'loopback-bind' }],
  ['never-listens', { kind: 'slow-start' }],
  ['never-listens-python', { kind: 'slow-start' }],
  ['out-of-memory', ends('out-of-memory', 137)],
  ['out-of-memory-python', ends('out-of-memory', 137)],
  ['heap-limit', { kind: 'out-of-memory' }],
  ['memory-error-python', ends('out-of-memory', 1)],
  ['missing-env', ends('missing-env', 1)],
  ['missing-env-python', ends('missing-env', 1)],
  ['missing-secret', endsHere('missing-env', 1)],
  ['missing-secret-python', endsHere('missing-env', 1)],
  ['other-architecture', { kind: 'architecture' }],
  ['entry-not-found', ends('entry-not-found', 1)],
  ['entry-not-found-module', ends('entry-not-found', 1)],
  ['entry-not-found-python', ends('entry-not-found', 2)],
  ['entry-not-found-gunicorn', ends('entry-not-found', 3)],
  ['no-such-command', ends('entry-not-found', 127)],
  // The engine itself refuses to start it: what `docker run` says is the log.
  ['no-such-program', ends('entry-not-found', 127)],
  ['warns-then-crashes', ends('exit-on-start', 1)],
  ['warns-then-misses-module', ends('entry-not-found', 1)],
  ['not-http', { remark: 'answers no HTTP' }],
  ['not-http-python', { remark: 'answers no HTTP' }],
  ['server-error', { remark: 'answers 500' }],
  ['server-error-python', { remark: 'answers 500' }],
  ['echo', { remark: 'reflects the canary' }],
  ['echo-python', { remark: 'reflects the canary' }],
  ['ignores-sigterm', { remark: 'ignores SIGTERM' }],
  ['ignores-sigterm-python', { remark: 'ignores SIGTERM' }],
  ['root-user', { remark: 'runs as root' }],
  ['root-user-python', { remark: 'runs as root' }],
  ['writes-files', { remark: 'writes outside /tmp' }],
  ['writes-files-python', { remark: 'writes outside /tmp' }],
  ['slow', { remark: 'listens after 3 s' }],
  ['slow-python', { remark: 'listens after 3 s' }],
  ['sse', { remark: 'streams at /events, not at /buffered' }],
  ['sse-python', { remark: 'streams at /events, not at /buffered' }],
];

const functions: readonly Row[] = [
  ['throws-at-load', ends('entry-not-found', 1)],
  ['no-main', ends('entry-not-found', 1)],
  ['missing-module', ends('entry-not-found', 1)],
  ['multi-throws-at-load', ends('entry-not-found', 1)],
  ['missing-env', ends('missing-env', 1)],
  ['missing-secret', endsHere('missing-env', 1)],
  ['database-down', endsHere('exit-on-start', 1)],
  ['server-error', { remark: 'answers 500' }],
  ['env-echo', { remark: 'reflects the canary' }],
  ['streams', { remark: 'streams at /events, takes WebSockets' }],
  ['multi-throws-when-called', { remark: 'answers 500 at /people' }],
];

const agents: readonly Row[] = [
  ['agent', { remark: 'streams at send-message' }],
  ['agent-json', { remark: 'answers JSON at send-message' }],
];

/** Every fixture, with how its local start ends. Those that never end wait for the deadline. */
export const failingFixtures: readonly FailingFixture[] = [
  ...containers.map((row) => describeFixture('container', row)),
  ...functions.map((row) => describeFixture('function', row)),
  ...agents.map((row) => describeFixture('agent', row)),
];

function describeFixture(mode: FailingFixture['mode'], [name, expected]: Row): FailingFixture {
  const kind = mode === 'container' ? 'containers' : 'functions';
  const platformEnv = /^(missing-secret|warns-then-misses-module)/.test(name) ? [platformSecret] : [];
  return { name, mode, folder: join('__tests__', 'fixtures', kind, name), expected, platformEnv };
}
