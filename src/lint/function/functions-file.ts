import { posix } from 'node:path';

import { isRecord, parseJsonText, type JsonText } from '../json.ts';

/** The file that configures several functions in one project (functions framework). */
export const functionsFileName = 'cloudbase-functions.json';

/** How the file is written. */
export const functionsFileForm =
  'Write it as {"functionsRoot": "./", "functions": [{"name": "hello", "directory": "hello", "triggerPath": "/hello"}]}.';

/** A fault of the file. */
export interface ListFault {
  readonly kind: 'form' | 'folder' | 'slash' | 'unknown' | 'twice';
  /** What comes after the file's name, without a full stop. */
  readonly message: string;
  readonly path: JsonPath;
}

type JsonPath = (string | number)[];

/** A function of the list. */
export interface ListedFunction {
  readonly name: string;
  readonly directory: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly path: JsonPath;
}

/** A path by which a function is called. */
export interface Route {
  readonly functionName: string;
  readonly path: string;
  readonly at: JsonPath;
}

export interface FunctionsList {
  readonly functionsRoot: string;
  readonly functions: readonly ListedFunction[];
  /** `routes`, then each function's `triggerPath`. */
  readonly routes: readonly Route[];
}

export interface FunctionsFile {
  readonly json: JsonText;
  /** Undefined where the form is wrong. */
  readonly list: FunctionsList | undefined;
  /** Everything that is wrong with the text alone. */
  readonly faults: readonly ListFault[];
}

/**
 * Parses the file that lists several functions, by the schema of the functions framework 1.18.0 and by what it refuses
 * besides (functions-config.js): a missing root, and a path that two functions take.
 */
export function parseFunctionsFile(text: string): FunctionsFile {
  const json = parseJsonText(text, functionsFileName);
  const { value } = json;
  if (!isRecord(value)) return { json, list: undefined, faults: [formFault('is not a JSON object', [])] };
  const faults = formFaults(value);
  if (faults.length > 0) return { json, list: undefined, faults };
  const list = readList(value);
  return { json, list, faults: routeFaults(list) };
}

/** The folders that the list needs: the root, then those of the functions, with the fault of one that is missing. */
export function listFolders({ functionsRoot, functions }: FunctionsList): {
  readonly root: FolderOfList;
  readonly functions: readonly FolderOfList[];
} {
  const root = posix.normalize(functionsRoot);
  const rootMessage = `has the "functionsRoot" "${functionsRoot}", and there is no such folder in the source`;
  return {
    root: { folder: root, fault: { kind: 'folder', message: rootMessage, path: ['functionsRoot'] } },
    functions: functions.map(({ name, directory, path }) => {
      const folder = posix.join(root, directory);
      const message = `has the function "${name}" in the directory "${directory}", and there is no folder "${folder}" in the source`;
      return { folder, fault: { kind: 'folder', message, path: [...path, 'directory'] } };
    }),
  };
}

/** A folder that the list needs, with the fault that it is where it is missing. */
export interface FolderOfList {
  readonly folder: string;
  readonly fault: ListFault;
}

type Fields = Readonly<Record<string, unknown>>;

function formFault(message: string, path: JsonPath): ListFault {
  return { kind: 'form', message, path };
}

function formFaults(value: Fields): ListFault[] {
  const { functions, functionsRoot, routes } = value;
  const faults: ListFault[] = [];
  if (!Array.isArray(functions) || functions.length === 0)
    faults.push(formFault('has no list "functions"', 'functions' in value ? ['functions'] : []));
  else functions.forEach((each, index) => faults.push(...functionFaults(each, ['functions', index])));
  if (typeof functionsRoot !== 'string')
    faults.push(formFault('has no text "functionsRoot"', 'functionsRoot' in value ? ['functionsRoot'] : []));
  if (Array.isArray(routes))
    routes.forEach((each, index) => faults.push(...routeFormFaults(each, ['routes', index])));
  else if (routes !== undefined) faults.push(formFault('has "routes" that are no list', ['routes']));
  return faults;
}

function functionFaults(value: unknown, path: JsonPath): ListFault[] {
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['directory'] !== 'string')
    return [formFault('has a function without "name" or "directory"', path)];
  return ['source', 'target', 'triggerPath'].flatMap((key) => {
    const inner = value[key];
    if (inner === undefined || inner === null || typeof inner === 'string') return [];
    return [formFault(`has a function whose "${key}" is no text`, [...path, key])];
  });
}

function routeFormFaults(value: unknown, path: JsonPath): ListFault[] {
  const isRight =
    isRecord(value) &&
    typeof value['functionName'] === 'string' &&
    typeof value['path'] === 'string' &&
    value['path'] !== '';
  return isRight ? [] : [formFault('has a route without "functionName" or "path"', path)];
}

function readList({ functionsRoot, functions, routes }: Fields): FunctionsList {
  const given = recordsOf(functions).map((value, index) => ({ value, path: ['functions', index] }));
  return {
    functionsRoot: textOf(functionsRoot) ?? '',
    functions: given.map(({ value, path }) => ({
      name: textOf(value['name']) ?? '',
      directory: textOf(value['directory']) ?? '',
      source: textOf(value['source']),
      target: textOf(value['target']),
      path,
    })),
    routes: [
      ...recordsOf(routes).map((value, index) => ({
        functionName: textOf(value['functionName']) ?? '',
        path: textOf(value['path']) ?? '',
        at: ['routes', index, 'path'],
      })),
      ...given.flatMap(({ value, path: at }) => {
        const path = textOf(value['triggerPath']);
        const functionName = textOf(value['name']) ?? '';
        return path === undefined ? [] : [{ functionName, path, at: [...at, 'triggerPath'] }];
      }),
    ],
  };
}

function recordsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function routeFaults({ functions, routes }: FunctionsList): ListFault[] {
  const names = new Set(functions.map(({ name }) => name));
  const taken = new Map<string, string>();
  return routes.flatMap(({ path, functionName, at }): ListFault[] => {
    const holder = taken.get(path);
    if (holder === undefined) taken.set(path, functionName);
    const isTrigger = at[0] === 'functions';
    if (!path.startsWith('/'))
      return [{ kind: 'slash', message: `has the route "${path}", which must begin with "/"`, path: at }];
    if (holder !== undefined && !(isTrigger && holder === functionName))
      return [
        { kind: 'twice', message: `has the route "${path}" twice, which the framework refuses`, path: at },
      ];
    if (names.has(functionName)) return [];
    const message = `has the route "${path}" to the function "${functionName}", which is not in "functions"`;
    return [{ kind: 'unknown', message, path: at }];
  });
}
