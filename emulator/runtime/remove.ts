import { docker, LABEL, OWNER_LABEL, type Engine } from './docker.ts';
import { OWN_IMAGES, readImageName } from './image.ts';
import { isOwnerGone } from './owner.ts';

const NEVER = new AbortController().signal;
const CONTAINERS = ['ps', '--all', '--quiet'];
/** Without a name: what a build that was overtaken or ended halfway has left. */
const NAMELESS_IMAGES = ['image', 'ls', '--quiet', '--filter', 'dangling=true'];

/** What belongs to an emulator, or to the process of one. */
interface Mark {
  readonly label: string;
  readonly isNamed: (image: { readonly id: string; readonly owner: string }) => boolean;
}

/** Removes every container of this emulator, and every image by the names that the emulator gave. */
export async function removeOwn(engine: Engine): Promise<void> {
  await remove(engine, { label: `${LABEL}=${engine.id}`, isNamed: ({ id }) => id === engine.id });
}

/** Removes the containers and images of emulators that have ended without removing them. */
export async function removeOrphans(engine: Engine): Promise<void> {
  for (const gone of (await listOwners(engine)).filter(isOwnerGone)) {
    await remove(engine, { label: `${OWNER_LABEL}=${gone}`, isNamed: ({ owner }) => owner === gone });
  }
}

async function remove(engine: Engine, mark: Mark): Promise<void> {
  const containers = await listLabelled(engine, CONTAINERS, mark.label);
  await removeAll(engine, ['rm', '--force', '--volumes'], containers);
  // By name and not by id: an image may have names that others gave it, and these stay.
  const names = (await listImageNames(engine)).filter((name) => {
    const named = readImageName(name);
    return named !== undefined && mark.isNamed(named);
  });
  await removeAll(engine, ['image', 'rm', '--force'], names);
  const nameless = await listLabelled(engine, NAMELESS_IMAGES, mark.label);
  await removeAll(engine, ['image', 'rm', '--force'], nameless);
}

async function removeAll(engine: Engine, command: readonly string[], what: readonly string[]): Promise<void> {
  if (what.length > 0) await docker(engine, [...command, ...what], { signal: NEVER });
}

async function listOwners(engine: Engine): Promise<string[]> {
  const lists = [CONTAINERS, NAMELESS_IMAGES].map((list) => listLabelled(engine, list, OWNER_LABEL));
  const [names, ...ids] = await Promise.all([listImageNames(engine), ...lists]);
  const owners = names.map((name) => readImageName(name)?.owner ?? '');
  return [...new Set([...owners, ...(await readOwners(engine, ids.flat()))])].filter(Boolean);
}

async function readOwners(engine: Engine, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const format = `{{index .Config.Labels "${OWNER_LABEL}"}}`;
  return list(engine, ['inspect', '--format', format, ...ids]);
}

function listImageNames(engine: Engine): Promise<string[]> {
  const format = '{{.Repository}}:{{.Tag}}';
  return list(engine, ['image', 'ls', '--format', format, '--filter', `reference=${OWN_IMAGES}`]);
}

function listLabelled(engine: Engine, command: readonly string[], label: string): Promise<string[]> {
  return list(engine, [...command, '--filter', `label=${label}`]);
}

async function list(engine: Engine, args: readonly string[]): Promise<string[]> {
  const { code, output } = await docker(engine, args, { signal: NEVER });
  return code === 0 ? [...new Set(output.split('\n').filter(Boolean))] : [];
}
