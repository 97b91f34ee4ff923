import { randomBytes } from 'node:crypto';
import type { Engine } from './docker.ts';
import type { Plan } from './instance.ts';

/** The repositories of all images that emulators have named. */
export const OWN_IMAGES = 'deploy-cloudbase-run-emulator/*';

/** A name that no other image has or gets, and that tells whose it is: an image that was pulled has no label of ours. */
export function nameImage(
  engine: Pick<Engine, 'id' | 'owner'>,
  plan: Pick<Plan, 'serverName' | 'versionName'>,
): string {
  const version = `${plan.versionName.toLowerCase()}-${randomBytes(4).toString('hex')}`;
  return `deploy-cloudbase-run-emulator/${plan.serverName.toLowerCase()}:${version}-${engine.id}-${engine.owner}`;
}

/** The emulator and its process that `nameImage` put into a name; undefined for another's name. */
export function readImageName(name: string): { readonly id: string; readonly owner: string } | undefined {
  const [, id, owner] = /-([0-9a-f]{12})-([0-9a-f]{8}\.\d+\.\d*)$/.exec(name) ?? [];
  return id === undefined || owner === undefined ? undefined : { id, owner };
}
