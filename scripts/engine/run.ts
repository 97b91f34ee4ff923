import { execa } from 'execa';

/** A finished command: `ok` is false when it failed, could not start or ran out of time. */
export interface Ran {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** Where a command runs and what it may see beyond the plain environment. */
export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  timeoutMs?: number;
}

const passed = /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|XDG_.*|DOCKER_.*|(https?|no|all)_proxy|npm_config_.*)$/i;
const certificates = /^(SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE|PIP_(CERT|INDEX_URL))$/;

/** The part of this process's environment that child processes get: no inputs, no tokens. */
export function childEnv(extra: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (passed.test(name) || certificates.test(name))) env[name] = value;
  }
  return { ...env, DEBIAN_FRONTEND: 'noninteractive', ...extra };
}

/** Runs a command with an environment of its own and hands back its output; it never throws. */
export async function run(file: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const result = await execa(file, args, {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: childEnv(options.env),
    timeout: options.timeoutMs ?? 300_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return { ok: !result.failed, stdout: result.stdout, stderr: result.stderr || (result.shortMessage ?? '') };
}

/** Like `run`, but a failure is thrown with the last lines of what the command said. */
export async function mustRun(file: string, args: string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(file, args, options);
  if (!ran.ok) throw new Error(`${file} failed: ${lastLines(ran.stderr || ran.stdout)}`);
  return ran.stdout;
}

/** The last lines of a text, for messages. */
export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
