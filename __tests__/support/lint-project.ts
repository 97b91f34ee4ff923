import { InputError, MissingProgramError } from '../../src/errors.ts';
import type { Finding } from '../../src/lint/finding.ts';
import type { Files } from '../../src/ports.ts';
import { lint } from '../../src/stages/lint/lint.ts';
import { readProject } from '../../src/stages/project/project.ts';
import { createFakeFiles, root, type FakeNode } from './fake-files.ts';
import { createFakeDocker, createFakeExec, createFakeLog } from './fakes.ts';

/** A project by its files, as lint is asked for it. */
export interface LintCase {
  readonly files: Readonly<Record<string, FakeNode>>;
  readonly mode: 'auto' | 'container' | 'function' | 'agent';
  readonly port?: number | undefined;
  /** Env vars of the service config. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Where the files of a case are, when they are not in memory. */
interface Place {
  readonly folder: string;
  readonly files: Files;
}

/**
 * What lint finds by itself, without other tools, as the command `lint` does; or why the mode of the project cannot be
 * told. Without a place the files of the case are in memory.
 */
export async function lintProject(
  { files: given, mode, port, env }: LintCase,
  { folder, files }: Place = { folder: root, files: createMemory(given) },
): Promise<readonly Finding[] | InputError> {
  const log = createFakeLog();
  const settings = {
    ...(port === undefined ? {} : { Port: port }),
    ...(env === undefined ? {} : { EnvParams: env }),
  };
  const config = { settings, positions: {}, overlays: [] };
  const found = await readProject({ folder, requestedMode: mode, config }, { files, log }).catch(unlessInput);
  if (found instanceof InputError) return found;
  const report = await lint(
    {
      found,
      config,
      live: undefined,
      inputs: { lint: 'error', lintIgnore: [] },
      repository: folder,
      actionUrl: '',
      isAlone: true,
    },
    { docker: noEngine, exec: noPrograms, files, log },
  );
  return report.findings;
}

/** Texts lose their byte order mark where they are read. */
function createMemory(nodes: LintCase['files']): Files {
  const files = createFakeFiles(nodes);
  const readText: Files['readText'] = async (path) => (await files.readText(path))?.replace(/^\ufeff/, '');
  return { ...files, readText };
}

const noEngine = createFakeDocker({ check: () => Promise.reject(new MissingProgramError('docker')) });

const noPrograms = createFakeExec(({ file }) => {
  throw new MissingProgramError(file);
});

function unlessInput(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}
