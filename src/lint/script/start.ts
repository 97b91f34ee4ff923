import { posix } from 'node:path';

import type { Source } from '../rule.ts';
import { isFileOf, isObject, readObject, readPackage, resolvePath } from './graph.ts';

/** The scripts that a service begins with, those of them that the source holds. */
export function listStartScripts(source: Source): readonly string[] {
  const scripts = source.mode === 'container' ? listCommandScripts(source) : listEntries(source);
  return [...new Set(scripts.filter((script) => script !== undefined))];
}

type MaybeScript = string | undefined;

function listEntries(source: Source): MaybeScript[] {
  const text = source.texts.get('cloudbase-functions.json');
  if (text === undefined) return [resolvePath('.', source)];
  const { functionsRoot, functions } = readObject(text);
  const root = typeof functionsRoot === 'string' ? functionsRoot : '';
  const entries: readonly unknown[] = Array.isArray(functions) ? functions : [];
  return entries.map((entry) => {
    if (!isObject(entry) || typeof entry['directory'] !== 'string') return undefined;
    const file = typeof entry['source'] === 'string' ? entry['source'] : '';
    return resolvePath(posix.join(root, entry['directory'], file), source);
  });
}

const usualScripts = ['server.js', 'app.js', 'index.js', 'main.js'];

function listCommandScripts(source: Source): MaybeScript[] {
  const home = findHome(source);
  const words = source.service.hasCommand ? [] : listCommandWords(source);
  const scripts = listScriptsOf(words, home, 3);
  if (scripts !== undefined) return scripts;
  const manifest = readPackage(home.folder, source);
  // A shell script may start anything, any other program no script of ours.
  if (manifest === undefined || !words.every((word) => word === '' || word.endsWith('.sh'))) return [];
  const main = typeof manifest['main'] === 'string' ? resolvePath(home.folder, source) : undefined;
  const usual = [...usualScripts, ...usualScripts.map((name) => `src/${name}`)];
  return [main ?? usual.map((name) => posix.join(home.folder, name)).find(isFileOf(source))];
}

interface Home {
  readonly source: Source;
  /** Where the command runs, and where its package.json is: what the build sees, else the source folder. */
  readonly folder: string;
}

function findHome(source: Source): Home {
  const folder = source.dockerfile?.buildFolder ?? '.';
  return { source, folder: readPackage(folder, source) === undefined ? '.' : folder };
}

/** The words of the last CMD and ENTRYPOINT, in the last build stage if it has any. */
function listCommandWords(source: Source): string[] {
  const text = source.texts.get(source.dockerfile?.path ?? '') ?? '';
  const lines = text.replace(/\\[ \t]*\r?\n/g, ' ').split(/\r?\n/);
  const last = lines.slice(lines.findLastIndex((line) => /^\s*FROM\s/i.test(line)) + 1);
  return [last, lines].map(listWordsOf).find((words) => words.length > 0) ?? [];
}

function listWordsOf(lines: readonly string[]): string[] {
  return [/^\s*ENTRYPOINT\s+(.+)$/i, /^\s*CMD\s+(.+)$/i].flatMap((form) => {
    const line = lines.findLast((each) => form.test(each));
    return line === undefined ? [] : splitWords(form.exec(line)?.[1] ?? '');
  });
}

/** Brackets, commas and quotes of the JSON form and of a shell stand between words too. */
function splitWords(text: string): string[] {
  return text.split(/[\s"'`,;&|[\]()]+/).filter((word) => word !== '');
}

/** The scripts that a command runs; undefined where it runs neither Node.js nor a package script. */
function listScriptsOf(words: readonly string[], home: Home, depth: number): MaybeScript[] | undefined {
  const found = words.flatMap((word, index): MaybeScript[] => {
    const rest = words.slice(index + 1);
    const program = posix.basename(word);
    if (/^(node|nodejs|nodemon|pm2-runtime)$/.test(program)) return [findScript(rest, home)];
    if (!/^(npm|yarn|pnpm)$/.test(program) || depth === 0) return [];
    const script = readPackageScript(rest, home);
    return script === undefined ? [] : (listScriptsOf(splitWords(script), home, depth - 1) ?? []);
  });
  return found.length === 0 ? undefined : found;
}

const flagsWithValue = /^(-r|-C|--(require|import|loader|experimental-loader|conditions))$/;

function findScript(words: readonly string[], { source, folder }: Home): MaybeScript {
  const index = words.findIndex(
    (word, at) => !word.startsWith('-') && !flagsWithValue.test(words[at - 1] ?? ''),
  );
  const path = words[index];
  if (path === undefined || words.slice(0, index).some((word) => /^(-[ep]+|--eval|--print)$/.test(word)))
    return undefined;
  // The folder of the image is not known here: /app/dist/main.js is dist/main.js, or app/dist/main.js.
  const parts = path.split('/').filter((part) => part !== '');
  const paths = path.startsWith('/') ? parts.map((_, at) => parts.slice(at).join('/')) : [path];
  for (const each of paths) {
    const script = resolvePath(posix.join(folder, each), source);
    if (script !== undefined) return script;
  }
  return undefined;
}

/** `npm start` alone has a script without package.json saying so. */
function readPackageScript(words: readonly string[], { source, folder }: Home): string | undefined {
  const names = words.filter((word) => !word.startsWith('-') && !/^run(-script)?$/.test(word));
  const scripts = readPackage(folder, source)?.['scripts'];
  const [name = ''] = names;
  const script = isObject(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (typeof script === 'string') return script;
  return name === 'start' ? 'node server.js' : undefined;
}

const otherServers =
  /\b(nginx|caddy|haproxy|envoy|traefik|supervisord?|apache2?|httpd|socat|s6|pm2)\b|\.sh\b/i;

/** True where a container surely runs this script and no other program that could take its requests. */
export function isSoleStart(file: string, source: Source): boolean {
  const text = source.texts.get(source.dockerfile?.path ?? '');
  if (text === undefined || source.service.hasCommand || otherServers.test(text)) return false;
  const words = listCommandWords(source);
  const scripts = listScriptsOf(words, findHome(source), 3) ?? [];
  return scripts.length === 1 && scripts[0] === file;
}
