import { posix } from 'node:path';

import { listEntryPoints } from './entry.ts';
import { functionsFileName } from './functions-file.ts';
import { manifestFile } from './manifest.ts';
import type { Rule, Source } from '../rule.ts';

const mark = '\uFEFF';
const handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';
const manifest = '{\n  "name": "hello",\n  "main": "index.js"\n}\n';

/** Rules about the bytes of the JSON files. */
export const functionEncodingRules: readonly Rule<Source>[] = [
  {
    id: 'CBR116',
    severity: 'error',
    title: 'A JSON file begins with a byte order mark',
    why:
      'npm and Node.js skip the mark, but the functions framework reads package.json and cloudbase-functions.json ' +
      'with a parser that takes none, and ends.',
    fix: 'Save the file as UTF-8 without a byte order mark.',
    bad: { mode: 'function', files: { [manifestFile]: mark + manifest, 'index.js': handler } },
    good: { mode: 'function', files: { [manifestFile]: manifest, 'index.js': handler } },
    check: (source) =>
      listParsed(source)
        .filter((file) => hasMark(source, file))
        .map((file) => ({
          message: `${file} begins with a byte order mark.`,
          at: { file, line: 1, column: 1 },
        })),
  },
];

/** The files that the framework itself parses: it asks package.json what a .js file is. */
function listParsed(source: Source): string[] {
  if (source.mode === 'container') return [];
  const isAsked = listEntryPoints(source).some(
    ({ verdict }) =>
      verdict.kind === 'found' &&
      !/\.[cm]js$/.test(verdict.file) &&
      nearestManifest(source, verdict.file) === manifestFile,
  );
  return [functionsFileName, ...(isAsked ? [manifestFile] : [])];
}

function nearestManifest({ entries }: Source, file: string): string | undefined {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const path = posix.join(folder, manifestFile);
    if (entries.has(path)) return path;
    if (folder === '.') return undefined;
  }
}

/** The texts come without the mark, so that only the size of the file tells that it has one. */
function hasMark({ entries, texts }: Source, file: string): boolean {
  const text = texts.get(file);
  if (text === undefined) return false;
  const { size, kind } = entries.get(file) ?? { size: 0, kind: 'other' };
  const bytes = new TextEncoder().encode(text).length;
  return text.startsWith(mark) || (kind === 'file' && size === bytes + 3);
}
