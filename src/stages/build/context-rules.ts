import { join, posix } from 'node:path';

import { spellIgnorePattern } from '../../lint/dockerfile/ignore-pattern.ts';
import type { Files } from '../../ports.ts';
import type { ContainerProject } from '../project/project.ts';

/**
 * Makes a build see just the files that belong to the project: where they differ from what the ignore file says, a copy
 * of the Dockerfile with an ignore file of its own beside it, which BuildKit prefers to that of the build folder.
 * Resolves to the path of the Dockerfile to build.
 */
export async function writeContextRules(
  project: ContainerProject,
  tempFolder: string,
  files: Files,
): Promise<string> {
  const { folder, buildFolder, dockerfile, dockerfileText, differences } = project;
  const path = join(folder, buildFolder, dockerfile);
  if (differences.length === 0) return path;
  const shared = join(folder, buildFolder, '.dockerignore');
  const rules = (await files.readText(`${path}.dockerignore`)) ?? (await files.readText(shared)) ?? '';
  const added = differences.map(({ path: inSource, isIn }) => {
    const pattern = spellIgnorePattern(posix.relative(buildFolder, inSource));
    return isIn ? `!${pattern}` : pattern;
  });
  const copy = join(tempFolder, 'build', posix.basename(dockerfile));
  await files.write(copy, dockerfileText);
  await files.write(`${copy}.dockerignore`, `${[rules, ...added].join('\n')}\n`);
  return copy;
}
