import { stepMarker, type RunContext } from '../context.ts';
import type { Docker } from '../docker-port.ts';
import type { Clock, Exec, Files, Log, State } from '../ports.ts';
import { imageName } from '../stages/build/docker-args.ts';
import { servedState } from '../stages/serve/keep.ts';
import type { ServedHandle } from '../stages/serve/serve.ts';

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
  await endServed(ports);
  const wasKilled = await ports.exec.stopMarked(`${stepMarker}=${stepLabel}`);
  if (ports.state.read('engine') !== '') await removeLeftovers(stepLabel, wasKilled, ports);
  await removeTempFolder(context, ports);
  return 0;
}

const shownLines = 50;
const endSeconds = 10;

/** Shows the last lines of the service's log, and says so when it has not lasted until now. */
async function endServed({ state, docker, files, log }: PostPorts): Promise<void> {
  const saved = state.read(servedState);
  if (saved === '') return;
  const handle = JSON.parse(saved) as ServedHandle;
  log.startGroup('The last lines of the service');
  if (handle.kind === 'container') {
    for (const line of await docker.readLogs(handle.id, shownLines)) log.output(line);
    log.endGroup();
    const { isRunning, exitCode } = await docker.readContainer(handle.id);
    if (isRunning) await docker.stop(handle.id, endSeconds);
    else
      log.warning(`The service did not last until the end of the job: it ended with exit code ${exitCode}.`);
    return;
  }
  const text = (await files.readText(handle.logFile)) ?? '';
  for (const line of text.trimEnd().split('\n').slice(-shownLines)) log.output(line);
  log.endGroup();
}

/** What a killed docker command asked for may still come up in the engine: a second look, a little later, finds it. */
async function removeLeftovers(label: string, wasKilled: boolean, ports: PostPorts): Promise<void> {
  const { docker, state, clock, log } = ports;
  const images = [imageName(label), ...state.read('images').split(' ').filter(Boolean)];
  const remove = async (): Promise<string | undefined> =>
    (await docker.removeContainers(label)) ?? (await docker.removeImages(images));
  let refusal = await remove();
  if (wasKilled) {
    await clock.sleep(1_000);
    refusal = await remove();
  }
  if (refusal !== undefined)
    log.warning(`What the step "${label}" has left in the Docker engine cannot be removed: ${refusal}`);
}

/** Removes the step's temporary folder; one that cannot be removed is a warning, for it changes nothing of the result. */
export async function removeTempFolder(
  { tempFolder }: RunContext,
  { files, log }: Pick<PostPorts, 'files' | 'log'>,
): Promise<void> {
  await files.removeFolder(tempFolder).catch((error: unknown) => {
    log.warning(`The temporary folder "${tempFolder}" cannot be removed: ${String(error)}`);
  });
}
