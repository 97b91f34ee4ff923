import { posix } from 'node:path';

import type { Position } from '../../errors.ts';
import { listEntryPoints, mainOf, type EntryPoint } from './entry.ts';
import { functionsFileName, parseFunctionsFile } from './functions-file.ts';
import { buildFixOf, manifestFile, manifestOf } from './manifest.ts';
import type { Hit, Rule, Source } from '../rule.ts';

const handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';
const manifest = (main: string): string => JSON.stringify({ name: 'hello', main }, null, 2) + '\n';

/** Rules about the file that the functions framework loads. */
export const functionEntryRules: readonly Rule<Source>[] = [
  {
    id: 'CBR102',
    severity: 'error',
    kind: 'entry-not-found',
    title: 'The entry of the function does not exist',
    why:
      'The functions framework loads the "main" of package.json, else index.js, and ends when there is none. ' +
      'The platform runs no build script: what has to be built is built before the deploy.',
    fix: 'Add index.js, or let "main" of package.json name the entry; a service in another language needs a Dockerfile.',
    bad: {
      mode: 'function',
      files: { [manifestFile]: manifest('dist/index.js'), 'src/index.ts': 'export const main = () => 1;\n' },
    },
    good: {
      mode: 'function',
      files: { [manifestFile]: manifest('dist/index.js'), 'dist/index.js': handler },
    },
    check: (source) => findSingle(source).flatMap((point) => checkExistence(source, point)),
  },
  {
    id: 'CBR103',
    severity: 'error',
    kind: 'entry-not-found',
    title: 'The entry of the function is a file that Node.js cannot load',
    why: 'Node.js 20 loads .js, .cjs and .mjs, and no TypeScript. The platform runs no build script.',
    fix: 'Name a file that ends with .js, .cjs or .mjs.',
    bad: {
      mode: 'function',
      files: { [manifestFile]: manifest('index.ts'), 'index.ts': 'export const main = () => 1;\n' },
    },
    good: { mode: 'function', files: { [manifestFile]: manifest('index.js'), 'index.js': handler } },
    check: (source) =>
      source.mode === 'container' ? [] : listEntryPoints(source).flatMap(checkForm(source)),
  },
  {
    id: 'CBR122',
    severity: 'error',
    kind: 'entry-not-found',
    title: 'A listed function has no entry',
    why:
      `The functions framework loads every function of ${functionsFileName}: its "source", else what Node.js finds ` +
      'in its directory (the "main" of a package.json, else index.js). It ends when one of them is missing.',
    fix: 'Add index.js to the directory, or name the file in "source".',
    bad: {
      mode: 'function',
      files: {
        [functionsFileName]: listOf({ name: 'hello', directory: 'hello', triggerPath: '/hello' }),
        'hello/handler.js': handler,
      },
    },
    good: {
      mode: 'function',
      files: {
        [functionsFileName]: listOf({
          name: 'hello',
          directory: 'hello',
          source: 'handler.js',
          triggerPath: '/hello',
        }),
        'hello/handler.js': handler,
      },
    },
    check: (source) =>
      source.mode === 'container' ? [] : listEntryPoints(source).flatMap(checkListed(source)),
  },
];

function listOf(...functions: readonly object[]): string {
  return JSON.stringify({ functionsRoot: './', functions }, null, 2) + '\n';
}

/** The entry of a project that is one function. */
function findSingle(source: Source): EntryPoint[] {
  return source.mode === 'container'
    ? []
    : listEntryPoints(source).filter(({ listed }) => listed === undefined);
}

function checkExistence(source: Source, { verdict }: EntryPoint): Hit[] {
  const main = mainOf(source);
  const at = placeOfMain(source);
  if (verdict.kind === 'outside')
    return [{ message: `"main" of package.json is "${main ?? ''}", which leaves the source.`, at }];
  if (verdict.kind !== 'missing') return [];
  if (main === undefined)
    return [{ message: 'The source has no "main" in package.json and no index.js.', at }];
  const message = `"main" of package.json is "${main}", which does not exist`;
  const unbuilt = findUnbuilt(source, main);
  const fix = buildFixOf(source, main);
  if (unbuilt === undefined)
    return [{ message: `${message}.`, ...(fix === undefined ? {} : { fix }), at, missing: main }];
  return [
    {
      message: `${message}; "${unbuilt}" looks like its source.`,
      fix: fix ?? 'Build the project in a step before this one.',
      at,
      missing: main,
    },
  ];
}

/** Where `main` stands; index.js where there is no package.json that could be read. */
function placeOfMain(source: Source): Position {
  return manifestOf(source)?.json.placeOf(['main']) ?? { file: 'index.js', line: 1, column: 1 };
}

/** The TypeScript file that `main` is probably compiled from. */
function findUnbuilt({ entries }: Source, main: string): string | undefined {
  const stem = posix.normalize(main).replace(/\.[cm]?js$/, '');
  const inner = stem.split('/').slice(1).join('/');
  const stems = ['src', '.'].flatMap((folder) =>
    [inner, posix.basename(stem)].map((name) => posix.join(folder, name)),
  );
  const candidates = stems.flatMap((each) => ['.ts', '.mts', '.cts'].map((extension) => each + extension));
  return candidates.find((path) => entries.get(path)?.kind === 'file');
}

function checkForm(source: Source): (point: EntryPoint) => Hit[] {
  const placeInList = readList(source);
  return ({ verdict, listed }) => {
    if (verdict.kind !== 'unloadable') return [];
    const at =
      listed === undefined
        ? placeOfEntry(source, verdict.file)
        : placeInList([...listed.path, listed.source === undefined ? 'directory' : 'source']);
    const message = `The entry is "${verdict.file}", which ${verdict.isTypeScript ? 'is TypeScript' : 'is none of .js, .cjs and .mjs'}.`;
    if (!verdict.isTypeScript) return [{ message, at }];
    const name = listed === undefined ? '"main" of package.json' : `"source" in ${functionsFileName}`;
    return [{ message, fix: `Compile it in a step before this one, and let ${name} name the result.`, at }];
  };
}

function placeOfEntry(source: Source, file: string): Position {
  return mainOf(source) === undefined ? { file, line: 1, column: 1 } : placeOfMain(source);
}

/** Where the values of the list stand; the list is parsed once for all of them. */
function readList({ texts }: Source): (path: (string | number)[]) => Position {
  const { json } = parseFunctionsFile(texts.get(functionsFileName) ?? '');
  return (path) => json.placeOf(path);
}

function checkListed(source: Source): (point: EntryPoint) => Hit[] {
  const placeInList = readList(source);
  return ({ verdict, listed, location }) => {
    if (listed === undefined || (verdict.kind !== 'missing' && verdict.kind !== 'outside')) return [];
    const { name, source: file, path } = listed;
    // A folder that is missing is the finding of another rule.
    if (file === undefined && source.entries.get(location)?.kind !== 'folder') return [];
    const at = placeInList([...path, file === undefined ? 'directory' : 'source']);
    const where = verdict.kind === 'outside' ? 'leaves the source' : 'holds no entry';
    const message =
      file === undefined
        ? `The function "${name}" is in the directory "${location}", which ${where}.`
        : `The function "${name}" has the source "${location}", which ${verdict.kind === 'outside' ? where : 'does not exist'}.`;
    return [{ message, at }];
  };
}
