import { InputError } from '../../errors.ts';
import type { Project } from '../project/project.ts';
import type { BuildPorts, BuildRequest, Built } from './built.ts';
import { loginFolder } from './docker-args.ts';
import { copyFunction } from './function.ts';
import { buildImage } from './image.ts';
import { pullImage } from './pull.ts';

/** Makes what runs on this machine and, where it is pushed or brings its dependencies, what is released. */
export async function build(project: Project, request: BuildRequest, ports: BuildPorts): Promise<Built> {
  if (project.kind === 'function') {
    const isShipped = !project.isInstalledByPlatform;
    return isDeclined(request) && !isShipped ? declined : copyFunction(project, request, ports);
  }
  if (isDeclined(request)) return declined;
  const engine = await ports.docker.readEngine();
  if ('reason' in engine) return refuseEngine(engine.reason, request);
  ports.state.save('engine', engine.version);
  const { access } = request.inputs.delivery;
  if (access !== undefined) await ports.docker.login(access, loginFolder(request.tempFolder));
  return project.kind === 'image'
    ? pullImage(project, { engine, request }, ports)
    : buildImage(project, { engine, request }, ports);
}

const declined = { kind: 'skipped', reason: 'input "verify" is false' } as const;

function isDeclined({ inputs, isNeededBy }: BuildRequest): boolean {
  return isNeededBy === undefined && inputs.local.verify === 'false';
}

function refuseEngine(reason: string, { isNeededBy }: BuildRequest): Built {
  if (isNeededBy === undefined) return { kind: 'skipped', reason };
  const advice = {
    command: 'is "run", which needs Docker with buildx for a container',
    'image-repository': 'is given, and an image is built and pushed with Docker and buildx',
    verify: 'is "true"',
  }[isNeededBy];
  const else_ = isNeededBy === 'verify' ? ', or "auto" to verify only where there is one' : '';
  const message = `${advice}, but ${reason}. Use a runner with Docker and buildx${else_}.`;
  throw new InputError([{ subject: isNeededBy, message }]);
}
