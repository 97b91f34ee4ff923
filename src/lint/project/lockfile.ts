import { posix } from 'node:path';

import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

import type { Position } from '../../errors.ts';
import { pythonExample } from '../dockerfile/example.ts';
import { listNames } from './stores.ts';
import type { Example, Hit, Rule, Source } from '../rule.ts';

const manifest = `{
  "name": "shop",
  "main": "index.js",
  "dependencies": { "axios": "^1.7.0" }
}
`;
const entry = `const axios = require('axios');

exports.main = async () => (await axios.get('https://example.com')).data;
`;
const lock = '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n';

function requirements(text: string): Example {
  const command = 'CMD ["sh", "-c", "exec uvicorn main:app --host 0.0.0.0 --port $PORT"]';
  const service = pythonExample(command);
  const shown = { 'requirements.txt': text };
  return { ...service, files: { ...shown, ...service.files, ...shown } };
}

/** Rules of projects whose dependencies are not pinned. */
export const lockfileRules: readonly Rule<Source>[] = [
  {
    id: 'CBR305',
    severity: 'warning',
    title: 'Lockfile is missing',
    why: 'The dependencies are installed anew for each version. Without a lockfile a version may get others than the ones that were tested, and so may the next build of the same source.',
    fix: 'Commit the lockfile of your package manager, such as package-lock.json.',
    bad: { mode: 'function', files: { 'package.json': manifest, 'index.js': entry } },
    good: {
      mode: 'function',
      files: { 'package.json': manifest, 'package-lock.json': lock, 'index.js': entry },
    },
    check: (source) => listFolders(source).flatMap((folder) => checkManifest(source, folder)),
  },
  {
    id: 'CBR306',
    severity: 'info',
    title: 'Requirements without versions',
    why: 'The dependencies are installed anew for each version. Without pinned versions a version may get others than the ones that were tested.',
    fix: 'Pin each requirement with ==, as pip freeze or pip-compile writes it.',
    bad: requirements('fastapi\nuvicorn==0.34.0\n'),
    good: requirements('fastapi==0.115.6\nuvicorn==0.34.0\n'),
    check: (source) => listFolders(source).flatMap((folder) => checkRequirements(source, folder)),
  },
];

/** The source folder and the folder that the build sees. */
function listFolders({ dockerfile }: Source): string[] {
  return [...new Set(['.', posix.normalize(dockerfile?.buildFolder ?? '.')])];
}

const lockfile = /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;

function checkManifest(source: Source, folder: string): Hit[] {
  const { mode, service, texts } = source;
  const file = posix.join(folder, 'package.json');
  const text = texts.get(file);
  // What is packaged with its node_modules is installed by nobody.
  if (text === undefined || (mode !== 'container' && !service.isInstalledByPlatform)) return [];
  const key = findDependencies(text);
  if (key === undefined || hasLockfile(source, folder)) return [];
  const message = `${JSON.stringify(file)} has dependencies, but no lockfile stands beside it.`;
  return [{ message, at: placeAt(file, text, key) }];
}

/** The key of the dependencies, if there are any. */
function findDependencies(text: string): Node | undefined {
  try {
    const tree = parseTree(text);
    const value = tree === undefined ? undefined : findNodeAtLocation(tree, ['dependencies']);
    return value?.type === 'object' && value.children?.[0] ? value.parent?.children?.[0] : undefined;
  } catch (error) {
    // Brackets that stand too deep in each other for the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A workspace keeps its lockfile above its packages. */
function hasLockfile({ entries }: Source, folder: string): boolean {
  const names = [...entries.keys()].filter((path) => lockfile.test(posix.basename(path)));
  return names.some((path) => {
    const place = posix.dirname(path);
    return place === '.' || place === folder || folder.startsWith(`${place}/`);
  });
}

function placeAt(file: string, text: string, { offset, length }: Node): Position {
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { file, line: before.length, column, endLine: before.length, endColumn: column + length };
}

function checkRequirements({ mode, texts, entries }: Source, folder: string): Hit[] {
  const file = posix.join(folder, 'requirements.txt');
  const text = texts.get(file);
  const isLocked = ['poetry.lock', 'uv.lock', 'Pipfile.lock', 'constraints.txt'].some((name) =>
    entries.has(posix.join(folder, name)),
  );
  if (mode !== 'container' || text === undefined || isLocked) return [];
  const loose = text.split(/\r?\n/).flatMap((line, index) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    const isPinned = /[=~]=|@|:\/\//.test(line.replace(/#.*/, ''));
    return name === undefined || isPinned ? [] : [{ name, line: index + 1 }];
  });
  const [first] = loose;
  if (first === undefined) return [];
  const names = listNames(loose.map(({ name }) => name));
  return [{ message: `No version is pinned of ${names}.`, at: { file, line: first.line, column: 1 } }];
}
