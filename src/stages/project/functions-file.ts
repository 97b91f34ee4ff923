import { join, relative } from 'node:path';

import { InputError } from '../../errors.ts';
import {
  functionsFileForm,
  functionsFileName,
  listFolders,
  parseFunctionsFile,
  type FunctionsList,
  type ListFault,
} from '../../lint/function/functions-file.ts';
import type { Files } from '../../ports.ts';

/**
 * Checks the file that lists several functions, and reads the paths by which they are called: `routes`, then each
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js). A function without a path
 * cannot be called.
 */
export async function readRoutes(folder: string, files: Files): Promise<readonly string[]> {
  const text = (await files.readText(join(folder, functionsFileName))) ?? '';
  const { list, faults } = parseFunctionsFile(text);
  const missing = list === undefined ? [] : await findMissingFolders(folder, list, files);
  if (list === undefined || faults.length + missing.length > 0) refuse([...missing, ...faults]);
  return [...new Set(list.routes.map(({ path }) => path))];
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
