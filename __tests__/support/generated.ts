import { generateDockerfile, type Generated } from '../../src/stages/project/generate.ts';
import { findDockerfileFaults } from './dockerfile-lint.ts';
import { createFakeFiles, root } from './fake-files.ts';
import { createFakeLog } from './fakes.ts';

/** What came of a source for which a Dockerfile was asked for. */
export interface Outcome {
  readonly result: Generated;
  /** Empty where none was written. */
  readonly dockerfile: string;
  readonly dockerignore: string;
  readonly log: readonly string[];
  readonly warnings: readonly string[];
  /** Errors and warnings of lint in what was written. */
  readonly faults: readonly string[];
}

/** Generates a Dockerfile for files in memory. */
export async function generateFor(
  sources: Sources,
  given: { readonly port?: number; readonly buildFolder?: string } = {},
): Promise<Outcome> {
  const { port, buildFolder = '.' } = given;
  const files = createFakeFiles(sources);
  const log = createFakeLog();
  const result = await generateDockerfile({ folder: root, buildFolder, port }, { files, log });
  const folder = buildFolder === '.' ? root : `${root}/${buildFolder}`;
  const textOf = (name: string): string => {
    const node = files.nodes.get(`${folder}/${name}`);
    return typeof node === 'string' ? node : '';
  };
  const [dockerfile, dockerignore] = [textOf('Dockerfile'), textOf('.dockerignore')];
  const written = { ...sources, Dockerfile: dockerfile, '.dockerignore': dockerignore };
  return {
    result,
    dockerfile,
    dockerignore,
    log: log.lines,
    warnings: log.lines.filter((line) => line.startsWith('warning: ')),
    faults: result.kind === 'written' ? findDockerfileFaults(written, result.port) : [],
  };
}

/** The sentences of a refusal; none where a Dockerfile was written. */
export function refusalOf({ result }: Outcome): string {
  return result.kind === 'refused' ? result.problems.map(({ message }) => message).join('\n') : '';
}

/** A package.json. */
export function manifest(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

/** Files by their paths. */
export type Sources = Readonly<Record<string, string>>;

/** A project with npm whose script "start" is given; `more` goes into its package.json. */
export function started(start: string, more: object = {}): Sources {
  const { scripts = {}, ...rest } = more as { scripts?: object };
  const text = manifest({ scripts: { start, ...scripts }, dependencies: { express: '5' }, ...rest });
  return { 'package.json': text, 'package-lock.json': '{}', 'server.js': '', 'src/index.js': '' };
}

/** The lines that begin so, without that beginning. */
export function linesOf(dockerfile: string, keyword: string): string[] {
  const lines = dockerfile.split('\n').filter((line) => line.startsWith(`${keyword} `));
  return lines.map((line) => line.slice(keyword.length + 1));
}
