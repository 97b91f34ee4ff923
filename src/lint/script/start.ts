import { posix } from 'node:path';

import { readLaunch, readStart, type Launch } from '../dockerfile/launch.ts';
import { splitScript, type Word } from '../dockerfile/shell.ts';
import { createDockerfileSubject } from '../dockerfile/tree.ts';
import { targetsOf } from '../function/entry.ts';
import { isRecord } from '../json.ts';
import type { Source } from '../rule.ts';
import { isFileOf, readPackage, resolvePath } from './graph.ts';

/** The scripts that a service begins with, those of them that the source holds. */
export function listStartScripts(source: Source): readonly string[] {
  if (source.mode !== 'container') return [...targetsOf(source).keys()].filter(isFileOf(source));
  return [...new Set(listCommandScripts(source).filter((script) => script !== undefined))];
}

type MaybeScript = string | undefined;

const usualScripts = ['server.js', 'app.js', 'index.js', 'main.js'];

function listCommandScripts(source: Source): MaybeScript[] {
  const home = findHome(source);
  const commands = listCommands(source.service.hasCommand ? undefined : findLaunch(source));
  const scripts = listScriptsOf(commands, home, 3);
  if (scripts !== undefined) return scripts;
  const manifest = readPackage(home.folder, source);
  // A shell script may start anything, any other program no script of ours.
  if (manifest === undefined || !commands.flat().every((word) => word.endsWith('.sh'))) return [];
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

function findLaunch(source: Source): Launch | undefined {
  const { dockerfile: place, texts } = source;
  const text = place === undefined ? undefined : texts.get(place.path);
  if (place === undefined || text === undefined) return undefined;
  return readLaunch(readStart(createDockerfileSubject(source, place, text)));
}

/** The words of each program that is started one after another. */
function listCommands(launch: Launch | undefined): string[][] {
  if (launch?.script === undefined) return launch === undefined ? [] : [listWords(launch.words)];
  return launch.script.commands.map(({ words }) => listWords(words));
}

/** A word may be a command by itself: sh -c 'node server.js'. */
function listWords(words: readonly Pick<Word, 'text'>[]): string[] {
  return words.flatMap(({ text }) => text.split(/[\s"']+/)).filter((word) => word !== '');
}

/** The scripts that commands run; undefined where they run neither Node.js nor a package script. */
function listScriptsOf(
  commands: readonly (readonly string[])[],
  home: Home,
  depth: number,
): MaybeScript[] | undefined {
  const found = commands.flatMap((words) =>
    words.flatMap((word, index): MaybeScript[] => {
      const rest = words.slice(index + 1);
      const program = posix.basename(word);
      if (/^(node|nodejs|nodemon|pm2-runtime)$/.test(program)) return [findScript(rest, home)];
      if (!/^(npm|yarn|pnpm)$/.test(program) || depth === 0) return [];
      const script = readPackageScript(rest, home);
      const inner = script === undefined ? [] : splitScript({ text: script, offsets: [] });
      return (
        listScriptsOf(
          inner.map((each) => listWords(each.words)),
          home,
          depth - 1,
        ) ?? []
      );
    }),
  );
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
  const script = isRecord(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (typeof script === 'string') return script;
  return name === 'start' ? 'node server.js' : undefined;
}

const otherServers =
  /\b(nginx|caddy|haproxy|envoy|traefik|supervisord?|apache2?|httpd|socat|s6|pm2)\b|\.sh\b/i;

/** True where a container surely runs this script and no other program that could take its requests. */
export function isSoleStart(file: string, source: Source): boolean {
  const text = source.texts.get(source.dockerfile?.path ?? '');
  if (text === undefined || source.service.hasCommand || otherServers.test(text)) return false;
  const launch = findLaunch(source);
  const scripts = listScriptsOf(listCommands(launch), findHome(source), 3) ?? [];
  return launch?.isAlone === true && scripts.length === 1 && scripts[0] === file;
}
