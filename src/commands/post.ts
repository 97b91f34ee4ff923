import { stepMarker, type RunContext } from '../context.ts';
import type { Docker } from '../docker-port.ts';
import type { Exec } from '../process-port.ts';
import type { Clock, Files, Log, State } from '../ports.ts';
import { imageName, loginFolder } from '../stages/build/docker-args.ts';
import { servedState, type ServedHandle } from '../stages/serve/served.ts';

interface PostPorts {
  readonly clock: Clock;
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}

/**
 * Stops the service that the command "run" left running, and removes what a step has left, also one that was killed:
 * its containers and images, its processes, its temporary folder. Resolves to the exit code.
 */
export async function post(context: RunContext, ports: PostPorts): Promise<number> {
  const { stepLabel } = context;
  const saved = ports.state.read(servedState);
  const served = saved === '' ? undefined : (JSON.parse(saved) as ServedHandle);
  if (served?.kind === 'container') await attempt(() => endContainer(served.id, ports), ports.log);
  const wasKilled = await ports.exec.stopMarked(`${stepMarker}=${stepLabel}`);
  if (served?.kind === 'process')
    await attempt(() => showProcess(served.logFile, wasKilled, ports), ports.log);
  if (ports.state.read('engine') !== '') await removeLeftovers(stepLabel, wasKilled, ports);
  await removeTempFolder(context, ports);
  return 0;
}

const shownLines = 50;
const endSeconds = 10;

/** Whatever stands in the way of a look at the service, the rest is cleaned up all the same. */
async function attempt(work: () => Promise<void>, log: Log): Promise<void> {
  await work().catch((error: unknown) => {
    log.warning(`How the service ended cannot be told: ${String(error)}`);
  });
}

async function endContainer(id: string, { docker, log }: PostPorts): Promise<void> {
  const { isRunning, exitCode, isOutOfMemory } = await docker.readContainer(id);
  if (isRunning) await docker.stop(id, endSeconds);
  showLog(await docker.readLogs(id, shownLines), log);
  if (!isRunning)
    log.warning(
      `The service did not last until the end of the job: it ended with exit code ${exitCode}${isOutOfMemory ? ', out of memory' : ''}.`,
    );
}

async function showProcess(logFile: string, wasRunning: boolean, { files, log }: PostPorts): Promise<void> {
  const text = (await files.readText(logFile)) ?? '';
  showLog(text === '' ? [] : text.trimEnd().split('\n').slice(-shownLines), log);
  if (!wasRunning)
    log.warning('The service did not last until the end of the job: it was not running any more.');
}

function showLog(lines: readonly string[], log: Log): void {
  log.startGroup('The last lines of the service');
  for (const line of lines) log.output(line);
  log.endGroup();
}

/** What a killed docker command asked for may still come up in the engine: a second look, a little later, finds it. */
async function removeLeftovers(label: string, wasKilled: boolean, ports: PostPorts): Promise<void> {
  const { docker, state, clock, log } = ports;
  const images = [imageName(label), ...state.read('images').split(' ').filter(Boolean)];
  const remove = async (): Promise<string | undefined> => {
    const refusal = await docker.removeContainers(label);
    return (await docker.removeImages(images)) ?? refusal;
  };
  let refusal = await remove();
  if (wasKilled) {
    await clock.sleep(1_000);
    refusal = await remove();
  }
  if (refusal !== undefined)
    log.warning(`What the step "${label}" has left in the Docker engine cannot be removed: ${refusal}`);
}

/** Removes the step's temporary folder; one that cannot be removed is a warning, for it changes nothing of the result. */
export async function removeTempFolder({ tempFolder }: RunContext, ports: FolderPorts): Promise<void> {
  await removeFolder(tempFolder, ports);
}

/** Removes the step's login to a registry alone: a service that goes on running needs the rest of the temporary folder. */
export async function removeLogin({ tempFolder }: RunContext, ports: FolderPorts): Promise<void> {
  await removeFolder(loginFolder(tempFolder), ports);
}

type FolderPorts = Pick<PostPorts, 'files' | 'log'>;

async function removeFolder(folder: string, { files, log }: FolderPorts): Promise<void> {
  await files.removeFolder(folder).catch((error: unknown) => {
    log.warning(`The temporary folder "${folder}" cannot be removed: ${String(error)}`);
  });
}
