import { extname, join, posix } from 'node:path';

import { InputError } from '../../errors.ts';
import type { Files } from '../../ports.ts';
import { functionsFile, type ProjectRequest } from './mode.ts';

/** What function mode reads of a package.json. */
export interface Manifest {
  readonly main?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What Node.js 20 loads as a module with exports; a file without extension is CommonJS. */
const loadable: readonly string[] = ['', '.js', '.cjs', '.mjs'];
const typeScript: readonly string[] = ['.ts', '.mts', '.cts', '.tsx'];

/**
 * The file that the functions framework loads: the list of several functions, else what `require.resolve` of the
 * folder finds. One that is missing, or that Node.js cannot load, is an InputError.
 */
export async function findEntry(request: ProjectRequest, manifest: Manifest, files: Files): Promise<string> {
  const isFile = async (path: string): Promise<boolean> =>
    (await files.kindOf(join(request.folder, path))) === 'file';
  if (await isFile(functionsFile)) return functionsFile;
  const main = parseMain(manifest);
  const found = await firstFile(
    [...(main === undefined ? [] : stems(main, '.js', '.json')), 'index.js'],
    isFile,
  );
  if (found !== undefined && loadable.includes(extname(found))) return found;
  const source = found ?? (await firstFile([...stems(main ?? '.', '.ts'), 'index.ts'], isFile));
  if (source !== undefined) refuseUnloadable(source);
  return refuseMissing(request, main);
}

function parseMain({ main }: Manifest): string | undefined {
  if (typeof main !== 'string' || main === '') return undefined;
  const path = posix.normalize(main);
  if (path === '..' || path.startsWith('../') || path.startsWith('/'))
    refuse(`function mode needs an entry inside the source, and the "main" of package.json is "${main}".`);
  return path;
}

/** The files that a module's name stands for, in the order in which Node.js tries them. */
function stems(name: string, ...extensions: readonly string[]): string[] {
  return [
    name,
    ...extensions.map((extension) => `${name}${extension}`),
    ...extensions.map((extension) => join(name, `index${extension}`)),
  ];
}

async function firstFile(
  paths: readonly string[],
  isFile: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of paths) {
    if (await isFile(path)) return path;
  }
  return undefined;
}

function refuseUnloadable(path: string): never {
  const fault = typeScript.includes(extname(path))
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
