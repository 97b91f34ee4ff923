import { stepMarker, type RunContext } from '../context.ts';
import type { Docker, Exec, Files, Log, State } from '../ports.ts';

interface PostPorts {
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
  await ports.exec.stopMarked(`${stepMarker}=${stepLabel}`);
  if (ports.state.read('engine') !== '') await ports.docker.removeLabelled(stepLabel);
  await removeTempFolder(context, ports);
  return 0;
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
