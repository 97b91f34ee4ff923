import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { docker, type Engine } from './docker.ts';
import { nameImage } from './image.ts';
import { StartFailure, type Plan } from './instance.ts';

const NEVER = new AbortController().signal;
const PLATFORM = 'linux/amd64';

/** What docker's CLI keeps of its logins. */
const LOGINS = ['auths', 'credsStore', 'credHelpers'];

/** Fetches images as the service does: from their registries, whatever the engine has, and without anyone's login. */
export interface Puller {
  /** Pulls what a reference names now, a tag or a digest, and returns a name of its own for it; throws StartFailure. */
  pull(engine: Engine, reference: string, plan: Plan): Promise<string>;
}

/** What the engine has under a name. */
interface LocalImage {
  readonly id: string;
  readonly platform: string;
}

/** A puller that keeps its docker configuration below a folder. */
export function createPuller(dataDir: string): Puller {
  let last: Promise<unknown> = Promise.resolve();
  let config: Promise<string> | undefined;
  return {
    pull(engine, reference, plan) {
      // One after the other: each looks what a name stood for before, and puts that back.
      const pulled = last.then(async () => {
        config ??= writeConfig(engine, join(dataDir, 'docker-config'));
        const env = { ...engine.env, DOCKER_CONFIG: await config };
        return pullImage({ ...engine, env }, reference, plan);
      });
      last = pulled.catch(() => undefined);
      return pulled;
    },
  };
}

/** Leaves the engine's own names as they were: what was pulled is known by its new name alone. */
async function pullImage(engine: Engine, reference: string, plan: Plan): Promise<string> {
  const before = await readImage(engine, reference);
  try {
    const args = ['pull', '--platform', PLATFORM, '--', reference];
    const { code, output } = await docker(engine, args, { signal: plan.signal, onLine: plan.log });
    const image = code === 0 ? await readImage(engine, reference) : undefined;
    if (image === undefined) throw pullFailure(reference, output);
    // An image that exists for one platform alone is handed over whatever was asked for.
    if (image.platform !== PLATFORM)
      throw pullFailure(reference, 'no match for platform in manifest: not found');
    const name = nameImage(engine, plan);
    const tagged = await docker(engine, ['tag', image.id, name], { signal: NEVER });
    if (tagged.code !== 0) throw pullFailure(reference, tagged.output);
    return name;
  } finally {
    await putBack(engine, reference, before?.id);
  }
}

function pullFailure(reference: string, output: string): StartFailure {
  const reason = output.trim().split('\n').at(-1) ?? '';
  return new StartFailure(`Failed to pull image "${reference}": ErrImagePull: ${reason}`, output);
}

async function putBack(engine: Engine, reference: string, before: string | undefined): Promise<void> {
  if ((await readImage(engine, reference))?.id === before) return;
  await docker(engine, ['image', 'rm', '--', reference], { signal: NEVER });
  if (before !== undefined) await docker(engine, ['tag', before, reference], { signal: NEVER });
}

async function readImage(engine: Engine, reference: string): Promise<LocalImage | undefined> {
  const args = ['image', 'inspect', '--format', '{{.Id}} {{.Os}}/{{.Architecture}}', '--', reference];
  const { code, output } = await docker(engine, args, { signal: NEVER });
  const [id = '', platform = ''] = output.trim().split(' ');
  return code === 0 ? { id, platform } : undefined;
}

/** The settings that lead the CLI to its engine, without the logins of whoever runs the emulator. */
async function writeConfig(engine: Engine, folder: string): Promise<string> {
  const own = engine.env['DOCKER_CONFIG'] ?? join(engine.env['HOME'] ?? homedir(), '.docker');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(own).catch(() => [])) {
    if (name !== 'config.json') await symlink(join(own, name), join(folder, name));
  }
  const kept = Object.entries(await readConfig(join(own, 'config.json'))).filter(
    ([key]) => !LOGINS.includes(key),
  );
  // Where no registry is named, the CLI looks for a store of logins by itself.
  const config = { ...Object.fromEntries(kept), auths: { 'anonymous.invalid': {} } };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

async function readConfig(file: string): Promise<object> {
  try {
    const config: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof config === 'object' && config !== null ? config : {};
  } catch {
    return {};
  }
}
