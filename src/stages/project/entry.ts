import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import { entryCandidates, judgeEntry } from '../../lint/function/entry.ts';
import type { Manifest } from '../../lint/function/manifest.ts';
import type { Files } from '../../ports.ts';
import { functionsFile, type ProjectRequest } from './mode.ts';

/**
 * The file that the functions framework loads: the list of several functions, else what `require.resolve` of the
 * folder finds. One that is missing, or that Node.js cannot load, is an InputError.
 */
export async function findEntry(
  request: ProjectRequest,
  { main }: Pick<Manifest, 'main'>,
  files: Files,
): Promise<string> {
  const found = await listFiles(request.folder, [functionsFile, ...entryCandidates(main)], files);
  if (found.has(functionsFile)) return functionsFile;
  const verdict = judgeEntry(main, (path) => found.has(path));
  switch (verdict.kind) {
    case 'found':
      return verdict.file;
    case 'unloadable':
      return refuseUnloadable(verdict.file, verdict.isTypeScript);
    case 'outside':
      return refuse(
        `function mode needs an entry inside the source, and the "main" of package.json is "${main ?? ''}".`,
      );
    case 'missing':
      return refuseMissing(request, main);
  }
}

async function listFiles(
  folder: string,
  paths: readonly string[],
  files: Files,
): Promise<ReadonlySet<string>> {
  const kinds = await Promise.all(paths.map((path) => files.kindOf(join(folder, path))));
  return new Set(paths.filter((_path, index) => kinds[index] === 'file'));
}

function refuseUnloadable(path: string, isTypeScript: boolean): never {
  const fault = isTypeScript
    ? 'is TypeScript: compile it in a step before this one, and let "main" of package.json name the result.'
    : 'is none of .js, .cjs and .mjs.';
  refuse(`function mode needs an entry that Node.js can load, and "${path}" ${fault}`);
}

function refuseMissing({ requestedMode, live }: ProjectRequest, main: string | undefined): never {
  if (main !== undefined) {
    const build = main.includes('dist') ? ' Build the project in a step before this one.' : '';
    refuse(
      `function mode needs an entry, and the source has no "${main}", which is the "main" of package.json.${build}`,
    );
  }
  const missing = 'no "main" in package.json and no index.js.';
  if (requestedMode !== 'auto' || live?.service !== undefined)
    refuse(`function mode needs an entry, and the source has ${missing}`);
  refuse(
    'the source holds no Dockerfile, so function mode was taken, and function mode needs a Node.js entry: ' +
      `there is ${missing} A service in another language needs a Dockerfile.`,
  );
}

function refuse(message: string): never {
  throw new InputError([{ subject: 'source', message }], 'entry-not-found');
}
