import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { MissingProgramError, ProjectError } from '../errors.ts';
import type { Command, ContainerState, Docker, DockerEngine, Exec, Finished } from '../ports.ts';

const startLimitMs = 60_000;
const checkLimitMs = 60_000;
const removalRounds = 4;

/**
 * The Docker engine that the docker command reaches. `exec` belongs to the run, `cleanupExec` still works after the
 * run was aborted.
 */
export function createDocker(exec: Exec, cleanupExec: Exec): Docker {
  const docker = (args: readonly string[]): Promise<Finished> => exec.capture({ file: 'docker', args });
  return {
    readEngine: () => readEngine(docker),
    build: (args, onLine) => exec.capture({ file: 'docker', args }, onLine),
    check: (args) => exec.capture({ file: 'docker', args, timeoutMs: checkLimitMs }),
    // A client that is ended half way leaves a container that comes up later: an abort waits for it.
    start: async (args, { inherited, lines }) => {
      const command = { ...buildStart(args, lines), env: inherited, timeoutMs: startLimitMs };
      const finished = await cleanupExec.capture(command);
      if (finished.exitCode !== 0) throw startFailure(finished);
      return finished.stdout.trim();
    },
    readContainer: async (id) =>
      parseState((await docker(['inspect', '--format', '{{json .State}}', id])).stdout),
    readHostPort: async (id, port) =>
      Number(/:(\d+)\s*$/m.exec((await docker(['port', id, `${port}/tcp`])).stdout)?.[1] ?? 0),
    readLogs: async (id, lines) => (await docker(['logs', '--tail', String(lines), id])).lines,
    readListeners,
    removeLabelled: (label) => removeLabelled(label, cleanupExec),
  };
}

/** Node.js gives children a socket to read from, which cannot be opened as /dev/stdin; `cat` makes a pipe of it. */
function buildStart(args: readonly string[], lines: readonly string[]): Command {
  if (lines.length === 0) return { file: 'docker', args };
  const input = lines.map((line) => `${line}\n`).join('');
  return { file: 'sh', args: ['-c', 'cat | "$0" "$@"', 'docker', ...args], input };
}

type Run = (args: readonly string[]) => Promise<Finished>;

async function readEngine(docker: Run): Promise<DockerEngine | { readonly reason: string }> {
  const [info, buildx] = await Promise.all([
    docker(['info', '--format', '{{json .}}']),
    docker(['buildx', 'version']),
  ]).catch((error: unknown) => {
    if (error instanceof MissingProgramError) return [undefined, undefined];
    throw error;
  });
  if (info === undefined || buildx === undefined)
    return { reason: 'there is no docker command on this machine' };
  const engine = parseObject(info.stdout);
  const version = engine['ServerVersion'];
  if (info.exitCode !== 0 || typeof version !== 'string' || version === '') {
    return { reason: `no Docker engine answers (${info.lines.at(-1) ?? `exit code ${info.exitCode}`})` };
  }
  if (buildx.exitCode !== 0) return { reason: 'the docker command has no buildx' };
  const cpus = engine['NCPU'];
  return { version, cpus: typeof cpus === 'number' ? cpus : 1 };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function parseState(json: string): ContainerState {
  const state = parseObject(json);
  return {
    isRunning: state['Running'] === true,
    exitCode: typeof state['ExitCode'] === 'number' ? state['ExitCode'] : 1,
    isOutOfMemory: state['OOMKilled'] === true,
    pid: typeof state['Pid'] === 'number' ? state['Pid'] : 0,
  };
}

/** Docker ends with 126 or 127 when the container's command cannot be started, else the engine itself refused. */
function startFailure({ exitCode, lines }: Finished): ProjectError {
  const isCommand = exitCode === 126 || exitCode === 127;
  const what = isCommand
    ? "The container's command cannot be started"
    : 'The engine does not start the container';
  return new ProjectError(`${what}: docker run ended with exit code ${exitCode}.`, {
    kind: isCommand ? 'exit-on-start' : 'unexpected',
    exitCode,
    logTail: lines.slice(-20),
    advice: isCommand
      ? 'Correct CMD and ENTRYPOINT: the program has to be in the image and executable.'
      : 'Check the Docker engine of this machine with "docker info".',
  });
}

/** Reads the sockets of the container's network namespace (proc_net(5)), where its process is one of this machine. */
async function readListeners(id: string, pid: number): ReturnType<Docker['readListeners']> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(id)) return undefined;
  const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => ''));
  return (await Promise.all(tables)).flatMap(parseListeners);
}

/** The listening sockets in a table of /proc/net; addresses there are hexadecimal in host byte order. */
export function parseListeners(table: string): { address: string; port: number }[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === '0A' ? [{ address: parseAddress(address), port: parseInt(port, 16) }] : [];
  });
}

function parseAddress(hex: string): string {
  if (hex.length === 8) return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join('.');
  if (/^0+$/.test(hex)) return '::';
  if (hex === '00000000000000000000000001000000') return '::1';
  const mapped = /^0{16}FFFF0000(.{8})$/i.exec(hex)?.[1];
  return mapped === undefined ? hex : parseAddress(mapped);
}

/** A busy engine refuses now and then to remove a container that is just changing its state. */
async function removeLabelled(label: string, exec: Exec): Promise<string | undefined> {
  let refusal: string | undefined;
  for (let round = 0; round < removalRounds; round++) {
    if (round > 0) await wait(500);
    refusal = await removeOnce(label, exec);
    if (refusal === undefined) return undefined;
  }
  return refusal;
}

/** Resolves to what docker said when it did not do all. */
async function removeOnce(label: string, exec: Exec): Promise<string | undefined> {
  const filter = ['--filter', `label=${label}`, '--quiet'];
  const remove = async (list: readonly string[], command: readonly string[]): Promise<string | undefined> => {
    const found = await exec.capture({ file: 'docker', args: [...list, ...filter] });
    const ids = [...new Set(found.stdout.split('\n').filter(Boolean))];
    const removed =
      ids.length === 0 ? found : await exec.capture({ file: 'docker', args: [...command, ...ids] });
    const failed = [found, removed].find(({ exitCode }) => exitCode !== 0);
    return failed && (failed.lines.at(-1) ?? `exit code ${failed.exitCode}`);
  };
  const containers = await remove(['ps', '--all'], ['rm', '--force', '--volumes']);
  const images = await remove(['images'], ['rmi', '--force']);
  return containers ?? images;
}
