import { isAbsolute, resolve } from 'node:path';

import type { Problem } from '../../errors.ts';
import type { RawInputs } from '../../inputs.ts';
import type { Files } from '../../ports.ts';
import { isTaken } from './commands.ts';
import { isInside } from './inside.ts';
import { findFaultAbove, findFolderFault } from './output-folder.ts';

/** Finds what stands in the way of writing at `output-path`. */
export async function checkOutput(raw: RawInputs, workspace: string, files: Files): Promise<Problem[]> {
  if (!isTaken(raw, 'output-path')) return [];
  const { 'output-path': given } = raw;
  const path = resolve(workspace, given);
  const isFolder = raw.command === 'download';
  const fault = await (isFolder ? findFolderFault(given, workspace, files) : findFault(raw, path, files));
  if (fault !== undefined) return [{ subject: 'output-path', message: `"${given}" ${fault}` }];
  if (isFolder || isAbsolute(given) || (await isInside(path, workspace, files))) return [];
  const message = `"${given}" leads out of the workspace. Give a path inside of it, or an absolute one.`;
  return [{ subject: 'output-path', message }];
}

async function findFault(raw: RawInputs, path: string, files: Files): Promise<string | undefined> {
  const kind = await files.kindOf(path);
  if (kind === undefined) return findFaultAbove(path, files);
  if (kind === 'folder') return 'is a folder. Give the path of the zip file to write.';
  if (raw.overwrite === 'true' && kind !== 'other') return undefined;
  return 'is there already, and it is left as it is. Give another path, or set overwrite to "true".';
}
