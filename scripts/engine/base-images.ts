import { execa } from 'execa';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { makeNodeTar, nodeStamp } from './node-image.ts';
import type { NodeImage } from './node-image.ts';
import { engineFolder } from './place.ts';
import { makePythonTar, pythonStamp } from './python-image.ts';
import { childEnv, lastLines, mustRun, run } from './run.ts';

/** A family of base images that examples and tests build on. */
export type BaseImage = 'node' | 'python';

/** How to make a stand-in for a base image that cannot be pulled. */
interface StandIn {
  image: string;
  /** Changes whenever the stand-in would come out differently. */
  stamp(): Promise<string>;
  /** Writes the file system as a tar archive into a work folder. */
  makeTar(work: string): Promise<string>;
  /** Dockerfile instructions that the image starts with. */
  changes: string[];
}

const label = 'deploy-cloudbase-run.stand-in';
const nodeImages: NodeImage[] = [
  { image: 'node:24-slim', nodeVersion: '24.21.0', npmVersion: '11.21.2' },
  { image: 'node:18-alpine', nodeVersion: '18.20.8', npmVersion: '10.8.2' },
];

/** Makes sure that the engine has these base images: pulled where a registry answers, else a labelled stand-in. */
export async function ensureBaseImages(
  env: Record<string, string>,
  families: BaseImage[],
  log: (line: string) => void,
): Promise<void> {
  const wanted = families.flatMap((family) => standIns[family]);
  if (wanted.length === 0 || (await findMissing(env, wanted)).length === 0) return;
  await withLock(log, async () => {
    const missing = await findMissing(env, wanted);
    await rm(workFolder(), { recursive: true, force: true });
    await mkdir(workFolder(), { recursive: true });
    await Promise.all(missing.map((standIn) => pullOrMake(env, standIn, log)));
  });
}

const standIns: Record<BaseImage, StandIn[]> = {
  node: nodeImages.map((node) => ({
    image: node.image,
    stamp: () => nodeStamp(node),
    makeTar: (work) => makeNodeTar(node, work),
    changes: [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `ENV NODE_VERSION=${node.nodeVersion}`,
      'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      'CMD ["node"]',
    ],
  })),
  python: [
    {
      image: 'python:3.11-slim',
      stamp: pythonStamp,
      makeTar: makePythonTar,
      changes: [
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'ENV LANG=C.UTF-8',
        'CMD ["python3"]',
      ],
    },
  ],
};

async function findMissing(env: Record<string, string>, wanted: StandIn[]): Promise<StandIn[]> {
  const format = `{{join .RepoTags ","}} {{index .Config.Labels "${label}"}}`;
  const images = wanted.map((standIn) => standIn.image);
  const { stdout } = await run('docker', ['image', 'inspect', '--format', format, ...images], { env });
  const present = new Map(stdout.split('\n').flatMap(parsePresent));
  const missing = [];
  for (const standIn of wanted) {
    const stamp = present.get(standIn.image);
    if (stamp === undefined || (stamp !== '' && stamp !== (await standIn.stamp()))) missing.push(standIn);
  }
  return missing;
}

function parsePresent(line: string): [string, string][] {
  const [tags = '', stamp = ''] = line.split(' ');
  return tags.split(',').map((tag) => [tag, stamp]);
}

async function pullOrMake(
  env: Record<string, string>,
  standIn: StandIn,
  log: (line: string) => void,
): Promise<void> {
  if (await isPulled(env, standIn.image)) return;
  log(`${standIn.image} cannot be pulled: making a stand-in.`);
  await importStandIn(env, standIn);
}

/** Pulls an image; gives up when the registry shows no sign of it within 15 seconds. */
async function isPulled(env: Record<string, string>, image: string): Promise<boolean> {
  const pull = execa('docker', ['pull', image], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: childEnv(env),
    timeout: 300_000,
  });
  const patience = setTimeout(() => pull.kill(), 15_000);
  pull.stdout.once('data', () => {
    clearTimeout(patience);
  });
  const result = await pull;
  clearTimeout(patience);
  return !result.failed;
}

async function importStandIn(env: Record<string, string>, standIn: StandIn): Promise<void> {
  const work = await mkdtemp(join(workFolder(), 'stand-in-'));
  try {
    const stamp = await standIn.stamp();
    const tar = await standIn.makeTar(work);
    const changes = [...standIn.changes, `LABEL ${label}=${stamp}`].flatMap((change) => ['--change', change]);
    await mustRun('docker', ['import', ...changes, tar, standIn.image], { env });
  } catch (error) {
    const why = error instanceof Error ? lastLines(error.message) : String(error);
    throw new Error(`${standIn.image} can be neither pulled nor made: ${why}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Emptied before each use, so that a killed run leaves nothing behind for good. */
function workFolder(): string {
  return join(engineFolder(), 'work');
}
