import { homedir } from 'node:os';
import { join } from 'node:path';

/** The private engine's folder of packages, images and sockets, kept between runs. */
export function engineFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? homedir(), '.cache');
  return join(cache, 'deploy-cloudbase-run', 'engine');
}

/** One file a machine says where the private engine runs, whichever folder it was started from. */
export const pointerFile = '/run/deploy-cloudbase-run/engine.json';

/** Containers of the private engine live below this control group, so that strays can be told apart. */
export const cgroupParent = 'deploy-cloudbase-run';
