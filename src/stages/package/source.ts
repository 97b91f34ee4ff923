import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import type { Archive, FileEntry, Files } from '../../ports.ts';
import type { Built } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import type { SourcePackage } from './artifact.ts';

interface SourcePorts {
  readonly archive: Archive;
  readonly files: Files;
}

interface SourceRequest {
  readonly built: Built;
  readonly tempFolder: string;
  /** Absolute path of the zip file; left out, it stays in the temporary folder. */
  readonly to?: string;
}

/** Zips the files of the project; with `InstallDependency: false` the staged copy, which holds its dependencies. */
export async function packageSource(
  project: Project,
  { built, tempFolder, to }: SourceRequest,
  ports: SourcePorts,
): Promise<SourcePackage> {
  const { root, entries } = await chooseFiles(project, built, ports.files);
  await ports.files.makeFolder(tempFolder);
  const file = join(tempFolder, 'package.zip');
  const { contentSha256, ...packed } = await ports.archive.write(root, entries, file);
  const isMarked = root === project.folder && project.fingerprint !== undefined;
  if (isMarked && project.fingerprint !== contentSha256) refuseChanged(root);
  if (to !== undefined) await ports.files.move(file, to);
  return {
    kind: 'package',
    file: to ?? file,
    ...packed,
    contentSha256,
    fileCount: entries.length,
    sourceBytes: entries.reduce((sum, { size }) => sum + size, 0),
    largest: findLargest(entries),
  };
}

interface Chosen {
  readonly root: string;
  readonly entries: readonly FileEntry[];
}

async function chooseFiles(project: Project, built: Built, files: Files): Promise<Chosen> {
  const shipsModules =
    project.kind === 'function' && !project.isInstalledByPlatform && built.kind === 'function-copy';
  if (!shipsModules) return { root: project.folder, entries: project.files };
  const entries = await files.listFiles(built.folder, '.');
  return {
    root: built.folder,
    entries: [...entries].sort((left, right) => (left.path < right.path ? -1 : 1)),
  };
}

/** The mark of the version would name another source than the one that is released. */
function refuseChanged(folder: string): never {
  const message = `"${folder}" changed after it was read. Let nothing write into the source folder while this step runs.`;
  throw new InputError([{ subject: 'source', message }]);
}

const shownLargest = 10;

function findLargest(entries: readonly FileEntry[]): FileEntry[] {
  return [...entries].sort((left, right) => right.size - left.size).slice(0, shownLargest);
}
