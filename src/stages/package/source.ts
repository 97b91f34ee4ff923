import { join } from 'node:path';

import type { Archive, FileEntry, Files } from '../../ports.ts';
import type { Built } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import type { SourcePackage } from './artifact.ts';

interface SourcePorts {
  readonly archive: Archive;
  readonly files: Files;
}

/** Zips the files of the project; with `InstallDependency: false` the staged copy, which holds its dependencies. */
export async function packageSource(
  project: Project,
  how: { readonly built: Built; readonly tempFolder: string },
  ports: SourcePorts,
): Promise<SourcePackage> {
  const { root, entries } = await chooseFiles(project, how.built, ports.files);
  await ports.files.makeFolder(how.tempFolder);
  const file = join(how.tempFolder, 'package.zip');
  const { bytes, sha256 } = await ports.archive.write(root, entries, file);
  return { kind: 'package', file, bytes, sha256, fileCount: entries.length };
}

interface Chosen {
  readonly root: string;
  readonly entries: readonly FileEntry[];
}

async function chooseFiles(project: Project, built: Built, files: Files): Promise<Chosen> {
  const shipsModules =
    project.kind === 'function' && !project.isInstalledByPlatform && built.kind === 'function-copy';
  if (!shipsModules) return { root: project.folder, entries: project.files };
  const entries = await listAll(built.folder, '', files);
  return {
    root: built.folder,
    entries: [...entries].sort((left, right) => (left.path < right.path ? -1 : 1)),
  };
}

async function listAll(root: string, folder: string, files: Files): Promise<FileEntry[]> {
  const found: FileEntry[] = [];
  for (const entry of await files.listFolder(join(root, folder))) {
    const path = folder === '' ? entry.path : `${folder}/${entry.path}`;
    if (entry.kind === 'folder') found.push(...(await listAll(root, path, files)));
    else found.push({ ...entry, path });
  }
  return found;
}
