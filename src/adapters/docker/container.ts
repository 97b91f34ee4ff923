import type { ContainerEnv, ContainerState, FileChange } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import type { Finished } from '../../process-port.ts';
import { isEngineGone } from './refusal.ts';
import { engineFailure, parseObject, type Call, type DockerClient, type Run } from './client.ts';

const startLimitMs = 60_000;
/** What the engine may take besides the time that the container has. */
const stopLimitMs = 20_000;
const killed = 137;

/** Starts a container. A client that is ended half way leaves one that comes up later: an abort waits for it. */
export async function start(
  args: readonly string[],
  { inherited, lines }: ContainerEnv,
  { cleanUp }: DockerClient,
): Promise<string> {
  const finished = await cleanUp({ ...buildStart(args, lines), env: inherited, timeoutMs: startLimitMs });
  if (finished.exitCode !== 0) throw startFailure(finished);
  return finished.stdout.trim();
}

/** Node.js gives children a socket to read from, which cannot be opened as /dev/stdin; `cat` makes a pipe of it. */
function buildStart(args: readonly string[], lines: readonly string[]): Call {
  if (lines.length === 0) return { args };
  const input = lines.map((line) => `${line}\n`).join('');
  return { file: 'sh', args: ['-c', 'cat | "$0" "$@"', 'docker', ...args], input };
}

/** Docker ends with 126 or 127 when the container's command cannot be started, else the engine itself refused. */
function startFailure(finished: Finished): ProjectError {
  const { exitCode, lines } = finished;
  if (isEngineGone(lines)) return engineFailure('The container cannot be started', finished);
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

/** A container that is not there any more counts as one that ended with exit code 1. */
export async function readContainer(id: string, run: Run): Promise<ContainerState> {
  const finished = await run({ args: ['inspect', '--format', '{{json .State}}', id] });
  refuseWithoutEngine(finished);
  const state = parseObject(finished.stdout);
  return {
    isRunning: state['Running'] === true,
    exitCode: typeof state['ExitCode'] === 'number' ? state['ExitCode'] : 1,
    isOutOfMemory: state['OOMKilled'] === true,
    pid: typeof state['Pid'] === 'number' ? state['Pid'] : 0,
  };
}

function refuseWithoutEngine(finished: Finished): void {
  if (finished.exitCode !== 0 && isEngineGone(finished.lines))
    throw engineFailure('The container cannot be looked at', finished);
}

/** The port of this machine that leads to a port of the container; 0 when none does. */
export async function readHostPort(id: string, port: number, run: Run): Promise<number> {
  const finished = await run({ args: ['port', id, `${port}/tcp`] });
  refuseWithoutEngine(finished);
  return Number(/:(\d+)\s*$/m.exec(finished.stdout)?.[1] ?? 0);
}

/** The container's last lines, or what docker says instead where its log cannot be read. */
export async function readLogs(id: string, lines: number, run: Run): Promise<readonly string[]> {
  const finished = await run({ args: ['logs', '--tail', String(lines), id] });
  refuseWithoutEngine(finished);
  return finished.lines;
}

const changeKinds: Readonly<Record<string, FileChange['kind']>> = { A: 'added', C: 'changed', D: 'deleted' };

/** What differs from the image, in docker's order: folders before what is in them. */
export async function listChanges(id: string, run: Run): Promise<readonly FileChange[]> {
  const finished = await run({ args: ['diff', id] });
  if (finished.exitCode !== 0)
    throw engineFailure('The files that the container has written cannot be listed', finished);
  return finished.stdout.split('\n').flatMap((line) => {
    const kind = changeKinds[line.slice(0, 1)];
    return kind === undefined || line[1] !== ' ' ? [] : [{ kind, path: line.slice(2) }];
  });
}

/**
 * Stops a container with its stop signal, also after an abort. It was killed when it took all of the time and ended with
 * that exit code: each alone may be the container's own doing. One that is not there has ended.
 */
export async function stop(id: string, seconds: number, { cleanUp }: DockerClient): Promise<boolean> {
  const startMs = performance.now();
  const args = ['stop', '-t', String(seconds), id];
  const finished = await cleanUp({ args, timeoutMs: seconds * 1000 + stopLimitMs });
  const tookMs = performance.now() - startMs;
  if (finished.exitCode !== 0) {
    if (/no such container/i.test(finished.lines.join('\n'))) return true;
    throw engineFailure('The container cannot be stopped', finished);
  }
  if (tookMs < seconds * 1000) return true;
  return (await readContainer(id, cleanUp)).exitCode !== killed;
}
