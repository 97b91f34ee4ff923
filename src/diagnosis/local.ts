import type { FailureKind } from '../errors.ts';
import { adviceFor } from './advice.ts';
import { findRefusedBind, type RefusedBind } from './bind.ts';
import { readCause } from './cause.ts';
import { readClosing, type Closing } from './closing.ts';
import { findRefusedConnection } from './database.ts';
import { findMissingEntry, findMissingFile } from './entry.ts';
import { findMissingEnv } from './missing-env.ts';

/** A socket that takes connections. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

/** What is known of a local start that did not come up. */
export interface StartEvidence {
  readonly port: number;
  /** Undefined while it still runs. */
  readonly exitCode: number | undefined;
  readonly isOutOfMemory: boolean;
  readonly hasListened: boolean;
  /** Undefined where the sockets cannot be seen. */
  readonly listeners: readonly Listener[] | undefined;
  readonly logTail: readonly string[];
  /** Names of env vars that are set on the platform, but not in this run. */
  readonly platformEnv?: readonly string[];
  /** Of the image, as `amd64`; undefined without an image. */
  readonly architecture?: string | undefined;
}

/** A failure kind, and what was seen, as the rest of a sentence about the service. */
export interface Diagnosis {
  readonly kind: FailureKind;
  readonly finding: string;
  /** True where it proves nothing against the service on the platform: it lacks what only the platform has. */
  readonly isOnlyHere: boolean;
  /** What to change, in a sentence or two. */
  readonly advice: string;
}

/** Names the reason why a service did not come up on this machine. */
export function diagnoseStart(evidence: StartEvidence): Diagnosis {
  const { exitCode, architecture, isOutOfMemory } = evidence;
  if (architecture !== undefined && !/^(amd64|x86_64)$/.test(architecture)) {
    return fail('architecture', `is built for ${architecture}, and the platform runs amd64`);
  }
  if (isOutOfMemory) return fail('out-of-memory', 'was stopped because it ran out of memory');
  const closing = readClosing(evidence.logTail);
  return exitCode === undefined
    ? diagnoseSilence(evidence, closing)
    : diagnoseExit({ ...evidence, exitCode }, closing);
}

type ExitEvidence = StartEvidence & { readonly exitCode: number };

function diagnoseExit(evidence: ExitEvidence, closing: Closing): Diagnosis {
  const { exitCode, hasListened } = evidence;
  const bind = findRefusedBind(closing);
  const cause = readCause(closing, exitCode);
  return (
    diagnoseProgram(closing) ??
    diagnoseMemory(exitCode, closing) ??
    (bind === undefined ? undefined : diagnoseBind(bind, evidence.port)) ??
    diagnoseEntry(exitCode, findMissingFile(cause)) ??
    diagnoseLack(evidence, cause) ??
    diagnoseEntry(exitCode, findMissingEntry(closing, exitCode)) ??
    fail(
      'exit-on-start',
      `ended with exit code ${exitCode} ${hasListened ? 'soon after' : 'before'} it listened`,
    )
  );
}

function diagnoseProgram({ text }: Closing): Diagnosis | undefined {
  if (!/exec format error/i.test(text)) return undefined;
  return fail(
    'architecture',
    'starts a program that is not for linux/amd64, or a script without a "#!" line',
  );
}

function diagnoseMemory(exitCode: number, { text }: Closing): Diagnosis | undefined {
  const isSaid =
    /JavaScript heap out of memory|^MemoryError\b|OutOfMemoryError|fatal error: runtime: out of memory|memory allocation of \d+ bytes failed/m;
  if (isSaid.test(text))
    return fail('out-of-memory', `ended with exit code ${exitCode} because it ran out of memory`);
  if (exitCode !== 137) return undefined;
  return fail('out-of-memory', 'was killed (exit code 137), as the system does where memory runs out');
}

function diagnoseBind({ port, reason }: RefusedBind, expected: number): Diagnosis | undefined {
  if (reason === 'taken') {
    if (port === undefined || port === expected) return undefined;
    return fail('wrong-port', `wants to listen on port ${port}, which is taken, instead of ${expected}`);
  }
  const shown = port === undefined ? 'a port below 1024' : `port ${port}`;
  const finding = `may not listen on ${shown} as a user other than root`;
  if (port !== expected) return fail('wrong-port', `${finding}; ${expected} is expected`);
  return fail(
    'wrong-port',
    finding,
    'Set Port in server-config to 1024 or higher, and listen on the port of PORT.',
  );
}

/** Success, a crash of the machine code (SIGILL, SIGBUS, SIGFPE, SIGSEGV), an end from outside: not for lack of anything. */
const unrelatedCodes: ReadonlySet<number> = new Set([0, 130, 132, 135, 136, 139, 143]);

/** What the process itself names as its cause. */
function diagnoseLack(evidence: ExitEvidence, cause: Closing): Diagnosis | undefined {
  const found = diagnoseEnv(evidence, cause) ?? diagnoseConnection(evidence.exitCode, cause);
  return found?.isOnlyHere === true && unrelatedCodes.has(evidence.exitCode) ? undefined : found;
}

function diagnoseEnv({ exitCode, platformEnv = [] }: ExitEvidence, cause: Closing): Diagnosis | undefined {
  const missing = findMissingEnv(cause, platformEnv);
  if (missing === undefined) return undefined;
  const ended = `ended with exit code ${exitCode} because`;
  if (missing.length === 0)
    return fail('missing-env', `${ended} an env var is not set; its log does not name it`);
  const nowhere = missing.filter((name) => !platformEnv.includes(name));
  if (nowhere.length > 0) return fail('missing-env', `${ended} ${listNames(nowhere)} not set`);
  return {
    kind: 'missing-env',
    finding: `${ended} ${listNames(missing)} not set in this run; the platform has ${missing.length === 1 ? 'it' : 'them'}`,
    isOnlyHere: true,
    advice: 'To have it checked, give it a stand-in for the local run with verify-env.',
  };
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `the env var${names.length === 1 ? '' : 's'} ${shown.join(', ')}${more} ${names.length === 1 ? 'is' : 'are'}`;
}

function diagnoseConnection(exitCode: number, cause: Closing): Diagnosis | undefined {
  const refused = findRefusedConnection(cause);
  if (refused === undefined) return undefined;
  const ended = `ended with exit code ${exitCode} because it could not connect to`;
  const at = refused.address === undefined ? '' : ` at ${refused.address}`;
  if (!refused.isDatabase) {
    const advice = 'Let the service start without it, or start what it calls before this step.';
    return fail('exit-on-start', `${ended} ${refused.address ?? 'another service'}`, advice);
  }
  return {
    kind: 'exit-on-start',
    finding: `${ended} its database, cache or queue${at}`,
    isOnlyHere: true,
    advice: 'To have it checked, start one as a service of the job, and name its address in verify-env.',
  };
}

function diagnoseEntry(exitCode: number, reason: string | undefined): Diagnosis | undefined {
  if (reason === undefined) return undefined;
  return fail('entry-not-found', `ended with exit code ${exitCode} because ${reason}`);
}

/** Ports that are not the service's own: the debugger of Node.js, and anything of Docker's resolver. */
function isForeign({ address, port }: Listener): boolean {
  return address === '127.0.0.11' || (port === 9229 && isLoopback(address));
}

function diagnoseSilence({ port, listeners = [] }: StartEvidence, closing: Closing): Diagnosis {
  const own = listeners.filter((listener) => !isForeign(listener));
  const onPort = own.filter((listener) => listener.port === port);
  if (onPort.some(({ address }) => !isLoopback(address))) {
    return fail('slow-start', `listens on port ${port}, but only since it was too late`);
  }
  if (onPort.length > 0)
    return fail('loopback-bind', `listens on port ${port} of the loopback interface only`);
  const other = own.find(({ address }) => !isLoopback(address)) ?? own[0];
  if (other !== undefined) {
    const where = isLoopback(other.address) ? ' of the loopback interface only,' : '';
    return fail('wrong-port', `listens on port ${other.port}${where} instead of ${port}`);
  }
  const bind = findRefusedBind(closing);
  const isSaid = bind === undefined ? undefined : diagnoseBind(bind, port);
  return isSaid ?? fail('slow-start', `runs, but does not listen on port ${port}`);
}

function fail(kind: FailureKind, finding: string, advice = adviceFor[kind] ?? ''): Diagnosis {
  return { kind, finding, isOnlyHere: false, advice };
}

/** True when only the same machine reaches the address. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
