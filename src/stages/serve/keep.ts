import { InputError, ProjectError } from '../../errors.ts';
import type { State } from '../../ports.ts';
import type { Built } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import { awaitReady, platformWindowMs } from './ready.ts';
import { listPlatformEnv, serve } from './serve.ts';
import { servedState, type ServePorts, type ServeRequest } from './served.ts';
import { StartError } from './start-error.ts';

/** A service that goes on running after the step. */
export interface Running {
  readonly url: string;
  readonly timeToListenMs: number;
}

/** Starts a service and waits until it listens; one that does not is stopped again, with a ProjectError. */
export async function keepServing(
  project: Project,
  { built, request }: { readonly built: Built; readonly request: ServeRequest },
  ports: ServePorts & { readonly state: State },
): Promise<Running> {
  if (built.kind === 'skipped')
    throw new InputError([{ subject: 'command', message: `is "run", but ${built.reason}.` }]);
  await refuseBusyPort(request.hostPort, ports);
  const served = await serve(project, { built, request }, ports);
  try {
    const architecture = built.kind === 'image' ? built.facts.architecture : undefined;
    const windowMs = platformWindowMs(request.settings.InitialDelaySeconds ?? 0);
    const readiness = await awaitReady(
      served,
      { windowMs, platformEnv: listPlatformEnv(request), architecture },
      ports,
    );
    if (readiness.status === 'ready') {
      ports.state.save(servedState, JSON.stringify(served.handle));
      return { url: served.url, timeToListenMs: readiness.timeToListenMs };
    }
    if (readiness.status === 'unreachable') throw unreachable(readiness.reason);
    const { diagnosis, logTail } = readiness;
    throw new StartError(diagnosis, { exitCode: undefined, logTail });
  } catch (error) {
    await served.remove();
    throw error;
  }
}

async function refuseBusyPort(port: number | undefined, { http }: ServePorts): Promise<void> {
  if (port === undefined || !(await http.accepts(port))) return;
  const message = `is ${port}, where another program of this machine listens already. Give another port, or leave it out for a free one.`;
  throw new InputError([{ subject: 'run-port', message }]);
}

function unreachable(reason: string): ProjectError {
  return new ProjectError(`The service runs, but ${reason}.`, {
    kind: 'network',
    advice: 'Run the job on the machine of the Docker engine, and not in a container.',
  });
}
