import type { DockerEngine } from '../../docker-port.ts';
import { MissingProgramError } from '../../errors.ts';
import { asObject, parseObject, type Run } from './client.ts';

/** Asks the engine who it is; the reason instead where none answers, or docker or buildx is not there. */
export async function readEngine(run: Run): Promise<DockerEngine | { readonly reason: string }> {
  const info = await run({ args: ['info', '--format', '{{json .}}'] }).catch((error: unknown) => {
    if (error instanceof MissingProgramError) return undefined;
    throw error;
  });
  if (info === undefined) return { reason: 'there is no docker command on this machine' };
  const engine = parseObject(info.stdout);
  const version = engine['ServerVersion'];
  if (info.exitCode !== 0 || typeof version !== 'string' || version === '') {
    return { reason: `no Docker engine answers (${info.lines.at(-1) ?? `exit code ${info.exitCode}`})` };
  }
  if (!hasBuildx(engine)) return { reason: 'the docker command has no buildx' };
  const cpus = engine['NCPU'];
  return { version, cpus: typeof cpus === 'number' ? cpus : 1, store: storeOf(engine) };
}

/** A plugin that is there and cannot be run has an error instead of a version. */
function hasBuildx({ ClientInfo: client }: Record<string, unknown>): boolean {
  const plugins = asObject(client)['Plugins'];
  return (
    Array.isArray(plugins) &&
    plugins
      .map(asObject)
      .some(({ Name, Version, Err }) => Name === 'buildx' && Version !== undefined && Err === undefined)
  );
}

/** With containerd's store, the driver is the name of one of its snapshotters. */
function storeOf({ Driver: driver, DriverStatus: status }: Record<string, unknown>): string {
  if (JSON.stringify(status ?? '').includes('io.containerd.snapshotter')) return 'containerd';
  return typeof driver === 'string' && driver !== '' ? driver : 'unknown';
}
