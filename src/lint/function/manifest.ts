import { isRecord, parseJsonText, type JsonText } from '../json.ts';
import type { Rule, Source } from '../rule.ts';

/** The manifest of a Node.js package. */
export const manifestFile = 'package.json';

/** What function mode reads of a package.json, as far as it has the right form. */
export interface Manifest {
  readonly name: string | undefined;
  /** Undefined where it is no text, or an empty one: Node.js then takes index.js. */
  readonly main: string | undefined;
  readonly dependencies: Readonly<Record<string, unknown>>;
  readonly devDependencies: Readonly<Record<string, unknown>>;
  readonly optionalDependencies: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, unknown>>;
  /** The range of Node.js versions in `engines`. */
  readonly engine: string | undefined;
}

/** A package.json with the places of its values. */
export interface ManifestText {
  readonly json: JsonText;
  /** Undefined where the text is no JSON object. */
  readonly manifest: Manifest | undefined;
}

/** Parses a package.json; `file` is the name that its places carry. */
export function parseManifest(text: string, file = manifestFile): ManifestText {
  const json = parseJsonText(text, file);
  return { json, manifest: isRecord(json.value) ? readManifest(json.value) : undefined };
}

/** The package.json of a source; undefined where there is none that could be read. */
export function manifestOf({ texts }: Pick<Source, 'texts'>): ManifestText | undefined {
  const text = texts.get(manifestFile);
  return text === undefined ? undefined : parseManifest(text);
}

/**
 * What to do where a path that does not exist stands in a folder that builds write, and the package.json of the source
 * has a build script.
 */
export function buildFixOf(source: Pick<Source, 'texts'>, path: string): string | undefined {
  const value = manifestOf(source)?.json.value;
  const scripts = isRecord(value) ? value['scripts'] : undefined;
  const isBuilt = isRecord(scripts) && typeof scripts['build'] === 'string';
  if (!isBuilt || !/^(\.\/)*([^/]+\/)*(dist|build|lib|out|\.output)(\/|$)/.test(path)) return undefined;
  return 'Build the project in a step before this one: npm run build.';
}

function readManifest(value: Readonly<Record<string, unknown>>): Manifest {
  const recordOf = (key: string): Readonly<Record<string, unknown>> => {
    const inner = value[key];
    return isRecord(inner) ? inner : {};
  };
  const textOf = (inner: unknown): string | undefined =>
    typeof inner === 'string' && inner !== '' ? inner : undefined;
  return {
    name: textOf(value['name']),
    main: textOf(value['main']),
    dependencies: recordOf('dependencies'),
    devDependencies: recordOf('devDependencies'),
    optionalDependencies: recordOf('optionalDependencies'),
    peerDependencies: recordOf('peerDependencies'),
    engine: textOf(recordOf('engines')['node']),
  };
}

const handler = 'exports.main = () => "Hello";\n';

/** Rules about the form of package.json. */
export const functionManifestRules: readonly Rule<Source>[] = [
  {
    id: 'CBR101',
    severity: 'error',
    title: 'package.json is not a JSON object',
    why:
      'The platform installs the dependencies that package.json names, and the functions framework finds the entry ' +
      'through it. JSON knows no comments and no trailing commas.',
    fix: 'Correct package.json, so that it is one JSON object.',
    bad: {
      mode: 'function',
      files: {
        'package.json': '{\n  "name": "hello",\n  "main": "index.js",\n}\n',
        'index.js': handler,
      },
    },
    good: {
      mode: 'function',
      files: { 'package.json': '{\n  "name": "hello",\n  "main": "index.js"\n}\n', 'index.js': handler },
    },
    check: (source) => {
      const found = source.mode === 'container' ? undefined : manifestOf(source);
      if (found === undefined || found.manifest !== undefined) return [];
      const { fault } = found.json;
      if (fault !== undefined)
        return [{ message: `package.json is not valid JSON: ${fault.message}.`, at: fault.at }];
      return [{ message: 'package.json is valid JSON, but no object.', at: found.json.placeOf([]) }];
    },
  },
];
