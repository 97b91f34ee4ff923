import {
  functionsFileForm,
  functionsFileName,
  listFolders,
  parseFunctionsFile,
  type FolderOfList,
  type FunctionsFile,
  type FunctionsList,
  type ListFault,
} from './functions-file.ts';
import { isUnseen } from './entry.ts';
import { buildFixOf } from './manifest.ts';
import type { Example, Hit, Rule, Source } from '../rule.ts';

const handler = 'exports.main = () => "Hello";\n';

function exampleOf(list: object): Example {
  const files = {
    [functionsFileName]: JSON.stringify({ functionsRoot: './', ...list }, null, 2) + '\n',
    'hello/index.js': handler,
    'users/index.js': handler,
  };
  return { mode: 'function', files };
}

const hello = { name: 'hello', directory: 'hello', triggerPath: '/hello' };
const users = { name: 'users', directory: 'users', triggerPath: '/users' };
const good = exampleOf({ functions: [hello, users] });

/** Rules about the file that lists several functions. */
export const functionListRules: readonly Rule<Source>[] = [
  {
    id: 'CBR120',
    severity: 'error',
    title: 'cloudbase-functions.json has the wrong form',
    why: 'The functions framework checks the file against its schema, and ends when it does not fit.',
    fix: functionsFileForm,
    bad: exampleOf({ functions: [{ name: 'hello', triggerPath: '/hello' }, users] }),
    good,
    check: checkFile((file) => {
      const { fault } = file.json;
      if (fault === undefined) return faultHits(file, 'form');
      return [{ message: `${functionsFileName} is not valid JSON: ${fault.message}.`, at: fault.at }];
    }),
  },
  {
    id: 'CBR121',
    severity: 'error',
    title: 'A listed function is in a folder that does not exist',
    why: 'The functions framework loads every function of the list from its folder, and ends when one is missing.',
    fix: 'Correct "directory" or "functionsRoot", or add the folder.',
    bad: exampleOf({ functions: [hello, { ...users, directory: 'user' }] }),
    good,
    check: checkFile((file, source) => findMissingFolders(file, source)),
  },
  {
    id: 'CBR123',
    severity: 'error',
    title: 'A route leads to a function that is not listed',
    why: 'The functions framework answers nothing useful on a route whose function it has not loaded.',
    fix: 'Let "functionName" be a name from "functions".',
    bad: exampleOf({ functions: [hello, users], routes: [{ functionName: 'user', path: '/people' }] }),
    good: exampleOf({ functions: [hello, users], routes: [{ functionName: 'users', path: '/people' }] }),
    check: checkFile((file) => faultHits(file, 'unknown')),
  },
  {
    id: 'CBR124',
    severity: 'error',
    title: 'A route does not begin with a slash',
    why: 'Routes are compared with the path of a request, which always begins with a slash.',
    fix: 'Let the path begin with "/".',
    bad: exampleOf({ functions: [{ ...hello, triggerPath: 'hello' }, users] }),
    good,
    check: checkFile((file) => faultHits(file, 'slash')),
  },
  {
    id: 'CBR125',
    severity: 'error',
    title: 'Two functions have the same route',
    why: 'The functions framework refuses the whole file when a path stands in it twice, and ends.',
    fix: 'Give each function a path of its own.',
    bad: exampleOf({ functions: [hello, { ...users, triggerPath: '/hello' }] }),
    good,
    check: checkFile((file) => faultHits(file, 'twice')),
  },
  {
    id: 'CBR126',
    severity: 'warning',
    title: 'Two functions have the same name',
    why: 'The functions framework keeps functions by their names: the last one takes the place of those before it.',
    fix: 'Give each function a name of its own.',
    bad: exampleOf({ functions: [hello, { ...users, name: 'hello' }] }),
    good,
    check: checkFile(findTwins),
  },
  {
    id: 'CBR127',
    severity: 'info',
    title: 'A listed function has no path',
    why: 'A function without "triggerPath" and without a route is loaded, and no request reaches it.',
    fix: 'Give it a "triggerPath".',
    bad: exampleOf({ functions: [hello, { name: 'users', directory: 'users' }] }),
    good,
    check: checkFile(findUnreachable),
  },
];

function checkFile(check: (file: FunctionsFile, source: Source) => readonly Hit[]): Rule<Source>['check'] {
  return (source) => {
    const text = source.mode === 'container' ? undefined : source.texts.get(functionsFileName);
    return text === undefined ? [] : check(parseFunctionsFile(text), source);
  };
}

function faultHits(file: FunctionsFile, kind: ListFault['kind']): Hit[] {
  return file.faults.filter((fault) => fault.kind === kind).map((fault) => hitOf(file, fault));
}

function hitOf({ json }: FunctionsFile, { message, path }: ListFault): Hit {
  return { message: `${functionsFileName} ${message}.`, at: json.placeOf(path) };
}

function findMissingFolders(file: FunctionsFile, source: Source): Hit[] {
  if (file.list === undefined) return [];
  return listMissingFolders(file.list, source).map(({ folder, fault }) => {
    const fix = buildFixOf(source, folder);
    return { ...hitOf(file, fault), ...(fix === undefined ? {} : { fix }) };
  });
}

function listMissingFolders(list: FunctionsList, { entries }: Source): FolderOfList[] {
  const { root, functions } = listFolders(list);
  const isMissing = ({ folder }: { readonly folder: string }): boolean => {
    const path = folder.replace(/(?<=.)\/$/, '');
    if (path === '..' || path.startsWith('../')) return true;
    const kind = entries.get(path)?.kind;
    const isThere = path === '.' || path === '/' || kind === 'folder' || kind === 'link';
    return !isThere && !(kind === undefined && isUnseen(entries, path));
  };
  return isMissing(root) ? [root] : functions.filter(isMissing);
}

function findTwins({ list, json }: FunctionsFile): Hit[] {
  const names = new Set<string>();
  return (list?.functions ?? []).flatMap(({ name, path }) => {
    if (!names.has(name)) {
      names.add(name);
      return [];
    }
    const message = `${functionsFileName} has two functions of the name "${name}".`;
    return [{ message, at: json.placeOf([...path, 'name']) }];
  });
}

function findUnreachable({ list, json }: FunctionsFile): Hit[] {
  const called = new Set(list?.routes.map(({ functionName }) => functionName));
  return (list?.functions ?? []).flatMap(({ name, path }) => {
    if (called.has(name)) return [];
    const message = `${functionsFileName} has the function "${name}", which no path leads to.`;
    return [{ message, at: json.placeOf([...path, 'name']) }];
  });
}
