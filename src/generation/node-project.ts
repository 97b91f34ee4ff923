import { refuse, sample, type Snapshot } from './source.ts';

/** What a package.json tells about how a service is built and started. */
export interface NodeProject {
  readonly snapshot: Snapshot;
  readonly scripts: Readonly<Record<string, string>>;
  readonly main: string | undefined;
  readonly engines: unknown;
  /** `pnpm@10.2.0`, without a hash. */
  readonly packageManager: string | undefined;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** True where the script "build" makes what is started. */
  readonly isCompiled: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads package.json, and refuses a project of which a part is missing while its dependencies are installed. */
export function readNodeProject(snapshot: Snapshot): NodeProject {
  const manifest = parseManifest(snapshot.texts.get('package.json') ?? '');
  const scripts = stringsOf(manifest['scripts']);
  const { main, packageManager } = stringsOf(manifest);
  const project: NodeProject = {
    snapshot,
    scripts,
    main,
    engines: asRecord(manifest['engines'])['node'],
    packageManager: packageManager?.replace(/\+.*/, ''),
    dependencies: stringsOf(manifest['dependencies']),
    devDependencies: stringsOf(manifest['devDependencies']),
    isCompiled: /^(?!\s*(echo|true|exit|docker)\b)\s*\S/.test(scripts['build'] ?? ''),
  };
  refuseWorkspaces(manifest, snapshot);
  refuseDependencies(project);
  return project;
}

function parseManifest(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return asRecord(value);
  } catch {
    // Said below, with the same advice as for a list or a bare value.
  }
  return refuse('package.json is not a JSON object. Correct it: its scripts tell how the service starts.');
}

function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asRecord(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function refuseWorkspaces(manifest: Json, { texts }: Snapshot): void {
  const isWorkspace = /^packages:/m.test(texts.get('pnpm-workspace.yaml') ?? '');
  if (manifest['workspaces'] === undefined && !isWorkspace) return;
  refuse(
    `the source is the root of several packages, for which no Dockerfile is generated; ${sample}, ` +
      'or set the input "source" to the folder of one service.',
  );
}

function refuseDependencies({ dependencies, devDependencies }: NodeProject): void {
  const all = Object.entries({ ...devDependencies, ...dependencies });
  const local = all.find(([, version]) => /^(file|link|portal|workspace):/.test(version));
  if (local !== undefined)
    refuse(
      `the dependency "${local[0]}" is a folder, which is not there while dependencies are installed; ${sample}.`,
    );
  const git = all.find(([, version]) =>
    /^(git|github:|gitlab:|bitbucket:)|^[\w-]+\/[\w.-]+(#|$)/.test(version),
  );
  if (git !== undefined)
    refuse(
      `the dependency "${git[0]}" comes from a Git repository, and the slim image has no git; ${sample}.`,
    );
  if (dependencies['@prisma/client'] !== undefined)
    refuse(`Prisma needs OpenSSL and a generated client in the image; ${sample}.`);
}
