import { intersects, validRange } from 'semver';

import type { Position } from '../../errors.ts';
import { manifestFile, manifestOf } from './manifest.ts';
import type { Hit, Rule, Source } from '../rule.ts';

/** The files that ask for a version of Node.js, the strongest first. */
export const versionFiles: readonly string[] = ['.node-version', '.nvmrc'];

/** The Node.js of the platform's function runtime, as far as it is known. */
const platformVersion = '20.18';

/** What a version file asks for. */
export interface AskedVersion {
  readonly file: string;
  readonly asked: string;
  /** `20`, `20.18`, `20.18.1`; undefined where it is no version number. */
  readonly version: string | undefined;
  readonly at: Position;
}

/** Parses a `.node-version` or `.nvmrc`; undefined where it asks for nothing. */
export function parseVersionFile(text: string, file: string): AskedVersion | undefined {
  for (const [index, line] of text.split('\n').entries()) {
    const asked = line.replace(/^\uFEFF/, '').replace(/#.*/, '');
    const word = asked.trim();
    if (word === '') continue;
    const column = asked.indexOf(word) + 1;
    const version = /^v?(\d+(?:\.\d+){0,2})(?:\.x)?$/.exec(word)?.[1];
    const end = { endLine: index + 1, endColumn: column + word.length };
    return { file, asked: word, version, at: { file, line: index + 1, column, ...end } };
  }
  return undefined;
}

/** The versions of Node.js that the function may run on, as a semver range; undefined where nobody can tell. */
export function nodeRangeOf(source: Source): string | undefined {
  const [asked] = askedVersions(source);
  if (asked === undefined) return platformVersion;
  return asked.version === undefined || validRange(asked.version) === null ? undefined : asked.version;
}

function askedVersions({ texts }: Source): AskedVersion[] {
  return versionFiles.flatMap((file) => parseVersionFile(texts.get(file) ?? '', file) ?? []);
}

/** The version file that counts: the first one with a version number. */
function followedVersion(source: Source): (AskedVersion & { readonly version: string }) | undefined {
  for (const asked of askedVersions(source)) {
    if (asked.version !== undefined) return { ...asked, version: asked.version };
  }
  return undefined;
}

interface Engine {
  readonly range: string;
  readonly at: Position;
}

function engineOf(source: Source): Engine | undefined {
  const found = manifestOf(source);
  const range = found?.manifest?.engine;
  if (found === undefined || range === undefined || validRange(range) === null) return undefined;
  return { range, at: found.json.placeOf(['engines', 'node']) };
}

const entry = { 'index.js': 'exports.main = () => "Hello";\n' };
const manifest = (node: string): string =>
  JSON.stringify({ name: 'hello', main: 'index.js', engines: { node } }, null, 2) + '\n';

/** Rules about the version of Node.js. */
export const functionNodeRules: readonly Rule<Source>[] = [
  {
    id: 'CBR106',
    severity: 'info',
    title: 'A version file changes the Node.js of the cloud',
    why: `Function mode runs on Node.js ${platformVersion}, unless .node-version or .nvmrc asks for another version: a file that is meant for development changes the cloud too.`,
    fix: `Keep the file where this version is meant for the cloud too; ask for ${platformVersion} or remove it where it is not.`,
    bad: { mode: 'function', files: { '.nvmrc': '22.11.0\n', ...entry } },
    good: { mode: 'function', files: { '.nvmrc': '20.18.1\n', ...entry } },
    check: inFunctionMode((source) => {
      const found = followedVersion(source);
      if (found === undefined || /^20\.18(\.|$)/.test(found.version)) return [];
      const { file, version, at } = found;
      const message = `${file} changes the Node.js of the cloud from ${platformVersion} to ${version}.`;
      return [{ message, at }];
    }),
  },
  {
    id: 'CBR107',
    severity: 'warning',
    title: 'A version file asks for no version number',
    why: 'A name such as "lts/*" means another version each month, and nobody has seen that the platform takes one.',
    fix: 'Write a version number, such as "20.18.1".',
    bad: { mode: 'function', files: { '.nvmrc': 'lts/*\n', ...entry } },
    good: { mode: 'function', files: { '.nvmrc': '20.18.1\n', ...entry } },
    check: inFunctionMode((source) =>
      askedVersions(source).flatMap(({ file, asked, version, at }) => {
        if (version !== undefined) return [];
        return [
          {
            message: `${file} asks for "${asked}", which is no version number, so which Node.js the cloud takes is not known here.`,
            at,
          },
        ];
      }),
    ),
  },
  {
    id: 'CBR108',
    severity: 'warning',
    title: 'engines does not take the Node.js of the platform',
    why: `Function mode runs on Node.js ${platformVersion} and does not read "engines" of package.json. Only .node-version and .nvmrc choose another version.`,
    fix: 'Ask for the version in .nvmrc, or widen "engines".',
    bad: { mode: 'function', files: { [manifestFile]: manifest('>=22'), ...entry } },
    good: { mode: 'function', files: { [manifestFile]: manifest('>=20'), ...entry } },
    check: inFunctionMode((source) => {
      const engine = engineOf(source);
      if (engine === undefined || askedVersions(source).length > 0) return [];
      if (intersects(engine.range, platformVersion)) return [];
      const message = `"engines" asks for Node.js "${engine.range}", and the platform runs ${platformVersion}.`;
      return [{ message, at: engine.at }];
    }),
  },
  {
    id: 'CBR109',
    severity: 'warning',
    title: 'A version file contradicts engines',
    why: 'The platform takes the version of the file, whatever "engines" of package.json says.',
    fix: 'Let the version file and "engines" ask for the same version.',
    bad: {
      mode: 'function',
      files: { '.nvmrc': '20.18.1\n', [manifestFile]: manifest('>=22'), ...entry },
    },
    good: {
      mode: 'function',
      files: { '.nvmrc': '20.18.1\n', [manifestFile]: manifest('>=20'), ...entry },
    },
    check: inFunctionMode((source) => {
      const engine = engineOf(source);
      const found = followedVersion(source);
      if (engine === undefined || found === undefined || validRange(found.version) === null) return [];
      if (intersects(engine.range, found.version)) return [];
      const message = `${found.file} asks for Node.js ${found.version}, and "engines" of package.json for "${engine.range}".`;
      return [{ message, at: found.at }];
    }),
  },
];

function inFunctionMode(check: (source: Source) => readonly Hit[]): Rule<Source>['check'] {
  return (source) => (source.mode === 'container' ? [] : check(source));
}
