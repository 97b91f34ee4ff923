import { posix } from 'node:path';

import { isRecord, parseJson } from '../json.ts';
import type { Source } from '../rule.ts';

/** The script of the source that a relative specifier leads to; undefined for packages, data and what does not exist. */
export function resolveScript(from: string, specifier: string, source: Source): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined;
  return resolvePath(posix.join(posix.dirname(from), specifier), source);
}

/** The script that Node.js takes for a path: as it stands, with an ending, or the entry of a folder. */
export function resolvePath(path: string, source: Source): string | undefined {
  const plain = posix.normalize(path).replace(/(.)\/$/, '$1');
  if (/^(\.\.)?\/|^\.\.$/.test(plain)) return undefined;
  const file = path.endsWith('/') ? undefined : findFile(plain, source);
  if (file !== undefined) return isScriptName(file) ? file : undefined;
  const main = readPackage(plain, source)?.['main'];
  const entry = typeof main === 'string' && main !== '' ? posix.join(plain, main) : undefined;
  const named = entry === undefined ? undefined : (findFile(entry, source) ?? findIndex(entry, source));
  const found = named ?? findIndex(plain, source);
  return found !== undefined && isScriptName(found) ? found : undefined;
}

function findFile(path: string, source: Source): string | undefined {
  return ['', '.js', '.json', '.cjs', '.mjs'].map((ending) => path + ending).find(isFileOf(source));
}

function findIndex(folder: string, source: Source): string | undefined {
  return ['index.js', 'index.cjs', 'index.mjs']
    .map((name) => posix.join(folder, name))
    .find(isFileOf(source));
}

/** Tells the paths that are files of the source. */
export function isFileOf(source: Source): (path: string) => boolean {
  return (path) => source.entries.get(path)?.kind === 'file';
}

/** True for the names of what Node.js runs; it takes a file without an ending, such as `bin/www`, for a script. */
export function isScriptName(file: string): boolean {
  return /\.[cm]?js$/.test(file) || posix.extname(file) === '';
}

/** True for an ECMAScript module, by its ending and the `type` of the nearest package.json. */
export function isDeclaredModule(file: string, source: Source): boolean {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.mjs');
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const manifest = readPackage(folder, source);
    if (manifest !== undefined) return manifest['type'] === 'module';
    if (folder === posix.dirname(folder)) return false;
  }
}

/** The package.json of a folder; undefined without one, an empty object where it holds no object. */
export function readPackage(folder: string, source: Source): Readonly<Record<string, unknown>> | undefined {
  const text = source.texts.get(posix.join(folder, 'package.json'));
  if (text === undefined) return undefined;
  const value = parseJson(text);
  return isRecord(value) ? value : {};
}
