import { codeOf, ProjectError } from '../../errors.ts';

/** A ProjectError that names the path, where a write failed because the disk is full; else the error as it is. */
export function nameFullDisk(error: unknown, path: string): unknown {
  // The error of a write names no file.
  if (codeOf(error) !== 'ENOSPC') return error;
  return new ProjectError(`"${path}" cannot be written: the disk is full.`, {
    kind: 'build',
    advice: 'Free space in a step before this one, or use a runner with a larger disk.',
    cause: error,
  });
}
