import { ProjectError } from '../../errors.ts';
import type { Command, Exec, Finished } from '../../process-port.ts';
import { isEngineGone } from './refusal.ts';

/** A call of the docker command, or of a program that stands before it. */
export interface Call extends Omit<Command, 'file'> {
  readonly file?: string;
}

export type Run = (call: Call, onLine?: (line: string) => void) => Promise<Finished>;

/** The two ways to the docker command. */
export interface DockerClient {
  /** An abort of the run ends it. It uses the configuration of the run, once there is one. */
  readonly run: Run;
  /** Still works after an abort, and after the configuration of the run was removed: it uses the machine's own. */
  readonly cleanUp: Run;
  readonly exec: Exec;
  /** The environment that the command inherits. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the configuration that this run has made, if it has. */
  readonly configFolder: () => string | undefined;
  readonly useConfig: (folder: string) => void;
}

/** Makes a client that uses the machine's own configuration until it is given another. */
export function createClient(
  exec: Exec,
  cleanupExec: Exec,
  env: Readonly<Record<string, string>>,
): DockerClient {
  let config: string | undefined;
  return {
    run: ({ file = 'docker', env: added, ...call }, onLine) => {
      const all = config === undefined ? added : { DOCKER_CONFIG: config, ...added };
      return exec.capture({ file, ...call, ...(all === undefined ? {} : { env: all }) }, onLine);
    },
    cleanUp: ({ file = 'docker', ...call }, onLine) => cleanupExec.capture({ file, ...call }, onLine),
    exec,
    env,
    configFolder: () => config,
    useConfig: (folder) => {
      config = folder;
    },
  };
}

/** The error of a docker command that failed for no reason of the project; `what` is a sentence without its full stop. */
export function engineFailure(what: string, { exitCode, lines }: Finished): ProjectError {
  const logTail = lines.slice(-20);
  if (isEngineGone(lines)) {
    return new ProjectError(`The Docker engine does not answer any more. ${what}.`, {
      kind: 'build',
      exitCode,
      logTail,
      advice: 'Check the Docker engine of this machine with "docker info", and run the step again.',
    });
  }
  return new ProjectError(`${what}: docker ended with exit code ${exitCode}.`, {
    kind: 'unexpected',
    exitCode,
    logTail,
    advice: 'Check the Docker engine of this machine with "docker info".',
  });
}

/** The JSON object in a text; an empty one where there is none. */
export function parseObject(json: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return {};
  }
}

/** The value as an object; an empty one for anything else. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
