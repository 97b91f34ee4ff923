import { stepMarker, type RunContext } from '../context.ts';
import type { Clock, Docker, Exec, Files, Log, State } from '../ports.ts';

interface PostPorts {
  readonly clock: Clock;
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}

/**
 * Removes what a step that was killed has left: its containers and images, its processes, its temporary folder.
 * Resolves to the exit code.
 */
export async function post(context: RunContext, ports: PostPorts): Promise<number> {
  const { stepLabel } = context;
  const wasKilled = await ports.exec.stopMarked(`${stepMarker}=${stepLabel}`);
  if (ports.state.read('engine') !== '') await removeContainers(stepLabel, wasKilled, ports);
  await removeTempFolder(context, ports);
  return 0;
}

/** What a killed docker command asked for may still come up in the engine: a second look, a little later, finds it. */
async function removeContainers(label: string, wasKilled: boolean, ports: PostPorts): Promise<void> {
  let refusal = await ports.docker.removeLabelled(label);
  if (wasKilled) {
    await ports.clock.sleep(1_000);
    refusal = await ports.docker.removeLabelled(label);
  }
  if (refusal === undefined) return;
  ports.log.warning(`Containers or images with the label "${label}" cannot be removed: ${refusal}`);
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
