import { execaSync } from 'execa';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { pointerFile } from './place.ts';
import { childEnv } from './run.ts';

/** A Docker engine that answers, and the environment variables that lead a child process to it. */
export interface FoundEngine {
  env: Record<string, string>;
  isPrivate: boolean;
}

/** What the private engine's daemon was started with; `programs` come first in PATH. */
export interface Pointer {
  folder: string;
  pid: number;
  socket: string;
  config: string;
  programs: string[];
}

/** The engine to use: the machine's own, else the private one; undefined when none answers with buildx. */
export function findEngine(): FoundEngine | undefined {
  const pointer = readPointer();
  const own = ownEnv();
  const isOwnPrivate = pointer !== undefined && own['DOCKER_HOST'] === `unix://${pointer.socket}`;
  if (!isOwnPrivate && answers(own)) return { env: own, isPrivate: false };
  if (pointer === undefined) return undefined;
  const env = privateEnv(pointer);
  return answers(env) ? { env, isPrivate: true } : undefined;
}

/** The environment that reaches the private engine described by a pointer. */
export function privateEnv(pointer: Pointer): Record<string, string> {
  const kept = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !pointer.programs.includes(folder));
  return {
    DOCKER_HOST: `unix://${pointer.socket}`,
    DOCKER_CONFIG: pointer.config,
    PATH: [...pointer.programs, ...kept].join(delimiter),
  };
}

/** Reads where the private engine was last started; undefined when it never was, or was stopped. */
export function readPointer(): Pointer | undefined {
  try {
    return JSON.parse(readFileSync(pointerFile, 'utf8')) as Pointer;
  } catch {
    return undefined;
  }
}

/** True when a Linux engine answers in this environment and its client has buildx. */
export function answers(env: Record<string, string>): boolean {
  return (
    docker(env, ['info', '--format', '{{.OSType}}']) === 'linux' && docker(env, ['buildx', 'version']) !== ''
  );
}

function docker(env: Record<string, string>, args: string[]): string {
  const result = execaSync('docker', args, {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: childEnv(env),
    timeout: 10_000,
  });
  return result.failed ? '' : result.stdout.trim();
}

function ownEnv(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of [
    'DOCKER_HOST',
    'DOCKER_CONFIG',
    'DOCKER_CONTEXT',
    'DOCKER_CERT_PATH',
    'DOCKER_TLS_VERIFY',
  ]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
