import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import type { Settings } from '../../service-config/schema.ts';
import type { FunctionCopy, Image } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import { serveContainer } from './container.ts';
import { serveFunction } from './function.ts';
import type { Served, ServePorts, ServeRequest } from './served.ts';

/** Starts what was built as the platform would. A program that cannot be started is a StartError. */
export async function serve(
  project: Project,
  { built, request }: { readonly built: Image | FunctionCopy; readonly request: ServeRequest },
  ports: ServePorts,
): Promise<Served> {
  const env = { ...literalEnv(request.settings), ...request.env };
  if (built.kind === 'image') {
    const { port } = project;
    const { hostPort, stepLabel } = request;
    const how = { ...sizeOf(request), mounts: listMounts(request) };
    return serveContainer({ image: built, port, hostPort, env, stepLabel, ...how }, ports);
  }
  return serveFunction(project, { built, env, platformEnv: listPlatformEnv(request), request }, ports);
}

/** Env vars that the config spells out; secrets, live or of the step's environment, stay out of a CI run. */
function literalEnv({ EnvParams = {} }: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(EnvParams).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function sizeOf(request: ServeRequest) {
  const { settings, live } = request;
  const known = live?.service?.settings ?? {};
  return {
    cpu: cpuOf(request),
    memory: memoryOf(request),
    entryPoint: settings.EntryPoint ?? listOf(known['EntryPoint']),
    command: settings.Cmd ?? listOf(known['Cmd']),
  };
}

/** Docker reads the path as a field of CSV: one that would be more than that, or is not absolute, is left out. */
function listMounts({ settings, live }: ServeRequest): string[] {
  const volumes = settings.VolumesConf ?? live?.service?.settings['VolumesConf'];
  const paths = Array.isArray(volumes) ? volumes.map(pathOf) : [];
  return [...new Set(paths)].filter((path) => /^\/[^,"\r\n]+$/.test(path));
}

function pathOf(volume: unknown): string {
  const isPlaced = typeof volume === 'object' && volume !== null && 'DstPath' in volume;
  return isPlaced ? String(volume.DstPath).replace(/\/+$/, '') : '';
}

type Size = Pick<ServeRequest, 'settings' | 'live'>;

function cpuOf({ settings, live }: Size): number {
  return settings.Cpu ?? numberOf(live?.service?.settings['Cpu']) ?? 0.5;
}

/** The service's Mem in GiB: the config's, else the live service's, else the double of its CPUs. */
export function memoryOf(size: Size): number {
  const { settings, live } = size;
  return settings.Mem ?? numberOf(live?.service?.settings['Mem']) ?? cpuOf(size) * 2;
}

function numberOf(value: unknown): number | undefined {
  return Number(value) > 0 ? Number(value) : undefined;
}

/** A command may be told as one text; what follows `-c` is one argument of a shell. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  const words = typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
  const end = words.indexOf('-c') + 1;
  return end === 0 || end === words.length ? words : [...words.slice(0, end), words.slice(end).join(' ')];
}

/** The env vars that the service has on the platform and not in a local run, in alphabetical order. */
export function listPlatformEnv({ settings, live, env, envFrom }: ServeRequest): string[] {
  const names = [...envFrom, ...Object.keys(parseLiveEnv(live?.service?.settings ?? {}))];
  const isHere = (name: string): boolean =>
    name === fingerprintName || Object.hasOwn(settings.EnvParams ?? {}, name) || Object.hasOwn(env, name);
  return [...new Set(names)].filter((name) => !isHere(name)).sort();
}
