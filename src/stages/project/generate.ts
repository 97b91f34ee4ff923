import { join, posix } from 'node:path';

import { InputError, type Problem } from '../../errors.ts';
import { createIgnoreFile } from '../../lint/dockerfile/context.ts';
import type { Files, Log } from '../../ports.ts';
import { buildDockerignore, findGaps, findHidden } from '../../generation/dockerignore.ts';
import { draftNode } from '../../generation/node.ts';
import { draftPython } from '../../generation/python.ts';
import {
  ownDockerfile,
  readSnapshot,
  refuse,
  sample,
  type Draft,
  type Snapshot,
} from '../../generation/source.ts';

/** What a Dockerfile is wanted for. */
export interface GenerateRequest {
  /** The source folder, absolute. */
  readonly folder: string;
  /** Relative to the source folder; `.` for the source folder itself. */
  readonly buildFolder: string;
  /** The port that the service config or the live service names. */
  readonly port: number | undefined;
}

/** What became of it; `files` are relative to the source folder. */
export type Generated =
  | { readonly kind: 'written'; readonly port: number; readonly files: readonly string[] }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

interface GeneratePorts {
  readonly files: Files;
  readonly log: Log;
}

const defaultPort = 8080;
/** The languages that docs/dockerfiles.md has a sample for. */
const sampleLanguages: readonly string[] = ['Go', 'Java', 'PHP', '.NET'];
const others: readonly (readonly [RegExp, string])[] = [
  [/^go\.mod$/, 'Go'],
  [/^(pom\.xml|build\.gradle(\.kts)?)$/, 'Java'],
  [/^composer\.json$/, 'PHP'],
  [/^[^/]+\.(cs|fs|vb)proj$/, '.NET'],
  [/^Gemfile$/, 'Ruby'],
  [/^Cargo\.toml$/, 'Rust'],
];

/**
 * Writes a Dockerfile, and a .dockerignore where there is none, for a Node.js or Python service; shows both in the log.
 * Nothing that is there is changed, and what is not sure to work is refused with nothing written.
 */
export async function generateDockerfile(request: GenerateRequest, ports: GeneratePorts): Promise<Generated> {
  try {
    return await generate(request, ports);
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', problems: error.problems };
    throw error;
  }
}

async function generate(request: GenerateRequest, { files, log }: GeneratePorts): Promise<Generated> {
  const { buildFolder, port = defaultPort } = request;
  const folder = join(request.folder, buildFolder);
  await refuseFound(folder, files);
  if (port < 1024)
    refuse(
      `the service has port ${port}, which only root can listen on, and a generated image runs as a plain user. ` +
        'Set the setting Port to 8080, or write a Dockerfile.',
    );
  const snapshot = await readSnapshot(folder, port, files);
  const draft = draftFor(snapshot);
  const ignoreText = snapshot.texts.get('.dockerignore');
  const { ignores } = createIgnoreFile('.dockerignore', ignoreText ?? buildDockerignore(draft.ignored));
  if (ignoreText !== undefined) refuseHidden(ignores, draft);
  const texts = [
    ...(snapshot.files.has('.dockerignore')
      ? []
      : [['.dockerignore', buildDockerignore(draft.ignored)] as const]),
    ['Dockerfile', `${draft.lines.join('\n')}\n`] as const,
  ];
  for (const [name, text] of texts) await files.create(join(folder, name), text);
  const written = texts.map(([name, text]) => ({ path: posix.join(buildFolder, name), text }));
  showWritten(written, log);
  const gaps = findGaps(ignores, snapshot.files.has('package.json'));
  for (const doubt of [...draft.doubts, ...gaps.map(gapDoubt)]) log.warning(doubt);
  return { kind: 'written', port, files: written.map(({ path }) => path) };
}

async function refuseFound(folder: string, files: Files): Promise<void> {
  const entries = (await files.kindOf(folder)) === 'folder' ? await files.listFolder(folder) : [];
  const found = entries.find(({ path }) => path.toLowerCase() === 'dockerfile');
  if (found !== undefined) refuse(`"${found.path}" is there already, and it is left as it is.`);
  if (entries.length === 0) refuse('the build folder is empty or missing, so there is nothing to build.');
}

function draftFor(snapshot: Snapshot): Draft {
  const paths = [...snapshot.files];
  const [, other] = others.find(([form]) => paths.some((path) => form.test(path))) ?? [];
  if (other !== undefined) refuseLanguage(other);
  const isNode = snapshot.files.has('package.json');
  const isPython = paths.some((path) => /^(requirements\.txt|pyproject\.toml|manage\.py)$/.test(path));
  if (isNode && isPython)
    refuse(`the source looks like both Node.js and Python, so no Dockerfile is generated; ${sample}.`);
  if (isNode) return draftNode(snapshot);
  if (isPython) return draftPython(snapshot);
  return refuse(
    'the source holds neither package.json nor requirements.txt nor pyproject.toml, so its language is not known; ' +
      `${sample}.`,
  );
}

function refuseLanguage(language: string): never {
  const fault = `the source looks like ${language}, for which no Dockerfile is generated`;
  const isShown = sampleLanguages.includes(language);
  return refuse(`${fault}; ${isShown ? 'docs/dockerfiles.md has one to start from' : ownDockerfile}.`);
}

function refuseHidden(ignores: (path: string) => boolean, { copied }: Draft): void {
  const [hidden] = findHidden(ignores, copied);
  if (hidden !== undefined)
    refuse(`.dockerignore leaves out "${hidden}", which the build needs: take it out there.`);
}

function showWritten(written: readonly { readonly path: string; readonly text: string }[], log: Log): void {
  for (const { path, text } of written) {
    log.info(`Generated ${path}:`);
    for (const line of text.trimEnd().split('\n')) log.output(`  ${line}`);
  }
  const names = written.map(({ path }) => path).join(' and ');
  log.info(
    `Commit ${names} as shown above, so that the next run builds the same and you can change what it does.`,
  );
}

function gapDoubt(name: string): string {
  return `.dockerignore does not name "${name}", so it may get into the image: add a line with "${name}".`;
}
