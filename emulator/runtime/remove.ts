import { docker, LABEL, OWNER_LABEL, type Engine } from './docker.ts';
import { isOwnerGone } from './owner.ts';

const NEVER = new AbortController().signal;
const CONTAINERS = { list: ['ps', '--all', '--quiet'], remove: ['rm', '--force', '--volumes'] };
const IMAGES = { list: ['image', 'ls', '--quiet'], remove: ['image', 'rm', '--force'] };

/** Removes every container and image of this emulator. */
export async function removeOwn(engine: Engine): Promise<void> {
  await removeLabelled(engine, `${LABEL}=${engine.id}`);
}

/** Removes the containers and images of emulators that have ended without removing them. */
export async function removeOrphans(engine: Engine): Promise<void> {
  const owners = await listOwners(engine);
  for (const owner of owners.filter(isOwnerGone)) await removeLabelled(engine, `${OWNER_LABEL}=${owner}`);
}

async function removeLabelled(engine: Engine, label: string): Promise<void> {
  for (const { list, remove } of [CONTAINERS, IMAGES]) {
    const ids = await listLabelled(engine, list, label);
    if (ids.length > 0) await docker(engine, [...remove, ...ids], { signal: NEVER });
  }
}

async function listOwners(engine: Engine): Promise<string[]> {
  const lists = [CONTAINERS.list, IMAGES.list].map((list) => listLabelled(engine, list, OWNER_LABEL));
  const ids = (await Promise.all(lists)).flat();
  if (ids.length === 0) return [];
  const format = `{{index .Config.Labels "${OWNER_LABEL}"}}`;
  const { output } = await docker(engine, ['inspect', '--format', format, ...ids], { signal: NEVER });
  return [...new Set(output.split('\n').filter(Boolean))];
}

async function listLabelled(engine: Engine, list: readonly string[], label: string): Promise<string[]> {
  const listed = await docker(engine, [...list, '--filter', `label=${label}`], { signal: NEVER });
  return listed.code === 0 ? [...new Set(listed.output.split('\n').filter(Boolean))] : [];
}
