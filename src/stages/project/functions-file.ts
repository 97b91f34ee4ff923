import { join, posix, relative } from 'node:path';

import { InputError } from '../../errors.ts';
import {
  functionsFileForm,
  functionsFileName,
  listFolders,
  parseFunctionsFile,
  type FunctionsList,
  type ListFault,
} from '../../lint/function/functions-file.ts';
import { manifestFile } from '../../lint/function/manifest.ts';
import type { Files } from '../../ports.ts';

/** What the file that lists several functions says. */
export interface FunctionsFacts {
  /** The paths by which the functions are called; a function without one cannot be called. */
  readonly routes: readonly string[];
  /** The folders of the functions and what is loaded first in each, relative to the source folder. */
  readonly needed: readonly string[];
}

/**
 * Checks the file that lists several functions, and reads the paths by which they are called: `routes`, then each
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js).
 */
export async function readFunctions(folder: string, files: Files): Promise<FunctionsFacts> {
  const text = (await files.readText(join(folder, functionsFileName))) ?? '';
  const { list, faults } = parseFunctionsFile(text);
  const missing = list === undefined ? [] : await findMissingFolders(folder, list, files);
  if (list === undefined || faults.length + missing.length > 0) refuse([...missing, ...faults]);
  const { root, functions } = listFolders(list);
  return {
    routes: [...new Set(list.routes.map(({ path }) => path))],
    needed: [
      ...[root, ...functions].map(({ folder: path }) => path.replace(/\/$/, '')),
      ...functions.flatMap(({ folder: path }, index) => {
        const { source = 'index.js' } = list.functions[index] ?? {};
        return [posix.join(path, source), posix.join(path, manifestFile)];
      }),
    ],
  };
}

async function findMissingFolders(folder: string, list: FunctionsList, files: Files): Promise<ListFault[]> {
  const { root, functions } = listFolders(list);
  if (!(await isFolder(folder, root.folder, files))) return [root.fault];
  const faults: ListFault[] = [];
  for (const { folder: path, fault } of functions) {
    if (!(await isFolder(folder, path, files))) faults.push(fault);
  }
  return faults;
}

async function isFolder(folder: string, path: string, files: Files): Promise<boolean> {
  const absolute = join(folder, path);
  if (relative(folder, absolute).startsWith('..')) return false;
  return (await files.kindOf(absolute)) === 'folder';
}

function refuse(faults: readonly ListFault[]): never {
  throw new InputError(
    faults.map(({ kind, message }) => ({
      subject: 'source',
      message: `${functionsFileName} ${message}.${kind === 'form' ? ` ${functionsFileForm}` : ''}`,
    })),
  );
}
