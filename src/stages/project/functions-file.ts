import { join, posix, relative } from 'node:path';

import { InputError } from '../../errors.ts';
import type { Files } from '../../ports.ts';
import { functionsFile } from './mode.ts';

interface FunctionsFile {
  readonly functionsRoot: string;
  readonly functions: readonly ListedFunction[];
  readonly routes: readonly Route[];
}

interface ListedFunction {
  readonly name: string;
  readonly directory: string;
  readonly triggerPath?: unknown;
}

interface Route {
  readonly functionName: string;
  readonly path: string;
}

const form =
  'Write it as {"functionsRoot": "./", "functions": [{"name": "hello", "directory": "hello", "triggerPath": "/hello"}]}.';

/**
 * Checks the file that lists several functions, and reads the paths by which they are called: `routes`, then each
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js). A function without a path
 * cannot be called.
 */
export async function readRoutes(folder: string, files: Files): Promise<readonly string[]> {
  const listed = parseFunctionsFile(await files.readText(join(folder, functionsFile)));
  const routes = listRoutes(listed);
  const faults = [...(await checkFolders(folder, listed, files)), ...checkRoutes(listed, routes)];
  if (faults.length > 0) refuse(faults);
  return [...new Set(routes.map(({ path }) => path))];
}

function parseFunctionsFile(text = ''): FunctionsFile {
  const value = parseJson(text);
  if (!isRecord(value)) refuse([`is not a JSON object. ${form}`]);
  const { functions, functionsRoot, routes } = value;
  if (!Array.isArray(functions) || functions.length === 0) refuse([`has no list "functions". ${form}`]);
  if (!functions.every(isFunction)) refuse([`has a function without "name" or "directory". ${form}`]);
  if (typeof functionsRoot !== 'string') refuse([`has no text "functionsRoot". ${form}`]);
  return { functionsRoot, functions, routes: Array.isArray(routes) ? routes.filter(isRoute) : [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): value is ListedFunction {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['directory'] === 'string';
}

function isRoute(value: unknown): value is Route {
  return isRecord(value) && typeof value['functionName'] === 'string' && typeof value['path'] === 'string';
}

function listRoutes({ functions, routes }: FunctionsFile): Route[] {
  const triggers = functions.flatMap(({ name, triggerPath }) =>
    typeof triggerPath === 'string' && triggerPath !== '' ? [{ functionName: name, path: triggerPath }] : [],
  );
  return [...routes, ...triggers];
}

async function checkFolders(folder: string, listed: FunctionsFile, files: Files): Promise<string[]> {
  const root = posix.normalize(listed.functionsRoot);
  if (!(await isFolder(folder, root, files)))
    return [`has the "functionsRoot" "${listed.functionsRoot}", and there is no such folder in the source.`];
  const faults: string[] = [];
  for (const { name, directory } of listed.functions) {
    const path = posix.join(root, directory);
    if (await isFolder(folder, path, files)) continue;
    faults.push(
      `has the function "${name}" in the directory "${directory}", and there is no folder "${path}" in the source.`,
    );
  }
  return faults;
}

async function isFolder(folder: string, path: string, files: Files): Promise<boolean> {
  const absolute = join(folder, path);
  if (relative(folder, absolute).startsWith('..')) return false;
  return (await files.kindOf(absolute)) === 'folder';
}

function checkRoutes({ functions }: FunctionsFile, routes: readonly Route[]): string[] {
  const names = functions.map(({ name }) => name);
  return routes.flatMap(({ path, functionName }) => {
    if (!path.startsWith('/')) return [`has the route "${path}", which must begin with "/".`];
    if (names.includes(functionName)) return [];
    return [`has the route "${path}" to the function "${functionName}", which is not in "functions".`];
  });
}

function refuse(faults: readonly string[]): never {
  throw new InputError(faults.map((fault) => ({ subject: 'source', message: `${functionsFile} ${fault}` })));
}
