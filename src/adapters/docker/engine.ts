import type { DockerEngine } from '../../docker-port.ts';
import { MissingProgramError } from '../../errors.ts';
import { parseObject, type Run } from './client.ts';

/** Asks the engine who it is; the reason instead where none answers, or docker or buildx is not there. */
export async function readEngine(run: Run): Promise<DockerEngine | { readonly reason: string }> {
  const [info, buildx] = await Promise.all([
    run({ args: ['info', '--format', '{{json .}}'] }),
    run({ args: ['buildx', 'version'] }),
  ]).catch((error: unknown) => {
    if (error instanceof MissingProgramError) return [undefined, undefined];
    throw error;
  });
  if (info === undefined || buildx === undefined)
    return { reason: 'there is no docker command on this machine' };
  const engine = parseObject(info.stdout);
  const version = engine['ServerVersion'];
  if (info.exitCode !== 0 || typeof version !== 'string' || version === '') {
    return { reason: `no Docker engine answers (${info.lines.at(-1) ?? `exit code ${info.exitCode}`})` };
  }
  if (buildx.exitCode !== 0) return { reason: 'the docker command has no buildx' };
  const cpus = engine['NCPU'];
  return { version, cpus: typeof cpus === 'number' ? cpus : 1, store: storeOf(engine) };
}

/** With containerd's store, the driver is the name of one of its snapshotters. */
function storeOf({ Driver: driver, DriverStatus: status }: Record<string, unknown>): string {
  if (JSON.stringify(status ?? '').includes('io.containerd.snapshotter')) return 'containerd';
  return typeof driver === 'string' && driver !== '' ? driver : 'unknown';
}
