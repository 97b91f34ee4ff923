import { posix } from 'node:path';

import type { AnyNode } from 'acorn';

import { packageNameOf } from './builtins.ts';
import { targetsOf } from './entry.ts';
import { isRecord } from '../json.ts';
import { manifestFile, parseManifest, type Manifest } from './manifest.ts';
import { declares } from './syntax-tree.ts';
import type { Hit, Rule, Source } from '../rule.ts';
import type { ScriptImport } from '../script/imports.ts';
import type { ScriptSubject } from '../script/script.ts';
import { walkAll } from '../script/tree.ts';

const script =
  "const axios = require('axios');\n\nexports.main = async () => (await axios.get('https://example.com')).data;\n";
const lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const manifestOfExample = (dependencies: object): string =>
  JSON.stringify({ main: 'index.js', dependencies }, null, 2) + '\n';
const why =
  'The platform installs what package.json names in "dependencies" and leaves "devDependencies" out; a package that ' +
  'is only installed on your machine is missing in the cloud.';
const fix = 'Add it to "dependencies" of package.json, and update the lockfile.';

/** Rules about the packages that a function loads. */
export const functionDependencyRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR110',
    severity: 'error',
    title: 'The entry loads a package that is not installed',
    why,
    fix,
    bad: { mode: 'function', files: { 'index.js': script, [manifestFile]: manifestOfExample({}) } },
    good: {
      mode: 'function',
      files: { 'index.js': script, [manifestFile]: manifestOfExample({ axios: '^1.7.0' }), ...lockfile },
    },
    check: (subject) =>
      findUndeclared(subject)
        .filter(({ isSure }) => isSure)
        .map(({ hit }) => hit),
  },
  {
    id: 'CBR111',
    severity: 'warning',
    title: 'A script loads a package that package.json does not name',
    why: `${why} Where another package happens to bring it, that ends with the next update.`,
    fix,
    bad: {
      mode: 'function',
      files: { 'index.js': script, [manifestFile]: manifestOfExample({ koa: '^2.15.0' }) },
    },
    good: {
      mode: 'function',
      files: {
        'index.js': script,
        [manifestFile]: manifestOfExample({ axios: '^1.7.0', koa: '^2.15.0' }),
        ...lockfile,
      },
    },
    check: (subject) =>
      findUndeclared(subject)
        .filter(({ isSure }) => !isSure)
        .map(({ hit }) => hit),
  },
];

interface Undeclared {
  readonly hit: Hit;
  /** True where the function cannot start: nothing could have brought the package. */
  readonly isSure: boolean;
}

/** The framework itself is the platform's. */
const provided: ReadonlySet<string> = new Set(['@cloudbase/functions-framework']);
const loaders: ReadonlySet<string> = new Set(['require']);

function findUndeclared(subject: ScriptSubject): Undeclared[] {
  const { source, file } = subject;
  if (source.mode === 'container' || !source.service.isInstalledByPlatform) return [];
  const used = listPackages(subject);
  const manifests = used.size === 0 ? undefined : listManifests(source, file);
  if (manifests === undefined) return [];
  const missing = [...used].filter(([name]) => !manifests.some((each) => isDeclared(name, each)));
  if (missing.length === 0 || hasOwnRequire(subject)) return [];
  const isBare = manifests.every(hasNothing) || isStrict(source);
  const isEntry = isBare && targetsOf(source).has(file);
  return missing.map(([name, { at, isTopLevel }]) => ({
    hit: { ...describe(name, manifests), at },
    isSure: isEntry && isTopLevel,
  }));
}

/** Each package once, by the import that counts most. */
function listPackages({ imports }: ScriptSubject): ReadonlyMap<string, ScriptImport> {
  const packages = new Map<string, ScriptImport>();
  for (const each of imports) {
    const name = each.isGuarded ? undefined : packageNameOf(each.specifier);
    if (name === undefined || provided.has(name)) continue;
    const known = packages.get(name);
    if (known === undefined || (each.isTopLevel && !known.isTopLevel)) packages.set(name, each);
  }
  return packages;
}

/** True where `require` is not the one of Node.js, as in a bundle. */
function hasOwnRequire({ program, isModule }: ScriptSubject): boolean {
  const found: AnyNode[] = [];
  const isWalked = walkAll(program, (node) => {
    // A module makes its `require` with createRequire.
    if (!(isModule && node.type === 'VariableDeclarator') && declares(node, loaders)) found.push(node);
  });
  return found.length > 0 || !isWalked;
}

/** What package.json says in the folders above a script; undefined where that does not tell what is installed. */
function listManifests(source: Source, file: string): Manifest[] | undefined {
  const manifests: Manifest[] = [];
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const path = posix.join(folder, manifestFile);
    const text = source.texts.get(path);
    if (text === undefined && source.entries.has(path)) return undefined;
    if (text !== undefined) {
      const { json, manifest: read } = parseManifest(text, path);
      if (read === undefined || hasWorkspaces(source, json.value)) return undefined;
      manifests.push(read);
    }
    if (folder === '.') return manifests;
  }
}

function hasWorkspaces({ entries }: Source, manifestValue: unknown): boolean {
  const isNamed = isRecord(manifestValue) && 'workspaces' in manifestValue;
  return isNamed || entries.has('pnpm-workspace.yaml');
}

function hasNothing({ dependencies, optionalDependencies, peerDependencies }: Manifest): boolean {
  return [dependencies, optionalDependencies, peerDependencies].every(
    (each) => Object.keys(each).length === 0,
  );
}

/** Only pnpm, without settings of the project, shows a script nothing but what package.json names. */
function isStrict({ entries }: Source): boolean {
  return entries.has('pnpm-lock.yaml') && !entries.has('.npmrc') && !entries.has('.pnpmfile.cjs');
}

function isDeclared(name: string, manifest: Manifest): boolean {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return (
    manifest.name === name ||
    [dependencies, optionalDependencies, peerDependencies].some((each) => Object.hasOwn(each, name))
  );
}

function describe(name: string, manifests: readonly Manifest[]): { message: string; fix?: string } {
  if (!manifests.some(({ devDependencies }) => Object.hasOwn(devDependencies, name)))
    return { message: `The package "${name}" is loaded, and package.json does not name it.` };
  return {
    message: `The package "${name}" is loaded, and stands in "devDependencies", which the platform leaves out.`,
    fix: 'Move it to "dependencies" of package.json, and update the lockfile.',
  };
}
