import type { RegistryAccess } from '../../docker-port.ts';
import { diagnoseRegistry, withoutSecrets, type RegistryAction, type RegistryDiagnosis } from './refusal.ts';
import { ProjectError } from '../../errors.ts';
import type { Finished } from '../../process-port.ts';
import type { Call, DockerClient } from './client.ts';
import { makeLoginConfig } from './config.ts';

const loginLimitMs = 60_000;
const pausesSeconds = [2, 6];

/** A call to a registry: what it does, and with which name. */
export interface Deed {
  readonly action: RegistryAction;
  /** The reference, or the registry of a login. */
  readonly subject: string;
  readonly call: Call;
}

/** Logs in, into a configuration in this folder that all later calls use. */
export async function logIn(access: RegistryAccess, folder: string, client: DockerClient): Promise<void> {
  const { registry, username, password } = access;
  await makeLoginConfig(registry, folder, client);
  const call = {
    args: ['login', '--username', username, '--password-stdin', registry],
    env: { DOCKER_CONFIG: folder },
    input: password,
    timeoutMs: loginLimitMs,
  };
  await insist({ action: 'login', subject: registry, call }, client);
  client.useConfig(folder);
}

/** Pushes an image; the lines of docker are handed on, and a line for each further try. */
export async function push(
  reference: string,
  onLine: (line: string) => void,
  client: DockerClient,
): Promise<void> {
  const call = { args: ['push', reference] };
  await insist({ action: 'push', subject: reference, call }, client, onLine);
}

/** Pulls the image for linux/amd64 in the same way. */
export async function pull(
  reference: string,
  onLine: (line: string) => void,
  client: DockerClient,
): Promise<void> {
  const call = { args: ['pull', '--platform', 'linux/amd64', reference] };
  await insist({ action: 'pull', subject: reference, call }, client, onLine);
}

/** Does it up to three times while what stands in the way may pass; throws what the registry said at last. */
export async function insist(
  deed: Deed,
  client: DockerClient,
  onLine: (line: string) => void = () => undefined,
): Promise<Finished> {
  for (const [index, seconds] of pausesSeconds.entries()) {
    const finished = await client.run(deed.call, onLine);
    if (finished.exitCode === 0) return finished;
    const diagnosis = diagnose(deed, finished);
    if (!diagnosis.isPassing || hasInsisted(finished)) throw failure(diagnosis, finished);
    onLine(`${diagnosis.finding} Trying again in ${seconds} seconds (try ${index + 2} of 3).`);
    await pause(seconds, client);
  }
  const finished = await client.run(deed.call, onLine);
  if (finished.exitCode === 0) return finished;
  throw failure(diagnose(deed, finished), finished);
}

/** What stood in the way of a call that failed. */
export function diagnose({ action, subject, call }: Deed, { exitCode, lines }: Finished): RegistryDiagnosis {
  const isOver = exitCode === 124 && call.timeoutMs !== undefined;
  const over = `no answer within ${(call.timeoutMs ?? 0) / 1000} seconds: timeout`;
  return diagnoseRegistry(action, isOver ? [...lines, over] : lines, subject);
}

/** True when docker itself has waited so long that it was its third try or a later one. */
function hasInsisted({ lines }: Finished): boolean {
  return lines.some((line) => /: Retrying in 15 seconds/.test(line));
}

/** The error of a call that failed for good. */
export function failure(
  { kind, finding, advice }: RegistryDiagnosis,
  { exitCode, lines }: Finished,
): ProjectError {
  const logTail = lines.slice(-20).map(withoutSecrets);
  return new ProjectError(finding, { kind, exitCode, logTail, advice });
}

/** A program, so that an abort ends the pause like every other. */
async function pause(seconds: number, { exec }: DockerClient): Promise<void> {
  await exec.capture({ file: 'sleep', args: [String(seconds)] });
}
