import type { FileEntry, Files, Log } from '../../ports.ts';
import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import { readContainer, type ContainerFacts } from './container.ts';
import { readFunction, type FunctionFacts } from './function.ts';
import { settleMode, type Mode, type ProjectRequest } from './mode.ts';
import { selectContainerFiles, selectFunctionFiles } from './selection.ts';

interface ProjectFacts {
  readonly mode: Mode;
  /** Absolute path of the source folder. */
  readonly folder: string;
  /** The port that the service has to listen on. */
  readonly port: number;
  /** The files that belong to the package, in a fixed order; paths are relative to `folder`. */
  readonly files: readonly FileEntry[];
  /** Names the source: equal files make an equal one. Undefined where nobody keeps it. */
  readonly fingerprint: string | undefined;
}

/** A project for function mode, agents included: Node.js on the functions framework. */
export interface FunctionProject extends ProjectFacts, FunctionFacts {
  readonly kind: 'function';
}

/** A project for container mode: whatever its Dockerfile builds. */
export interface ContainerProject extends ProjectFacts, ContainerFacts {
  readonly kind: 'container';
}

export type Project = FunctionProject | ContainerProject;

/** Settles the mode, finds Dockerfile or entry and the port, and selects the files that belong. */
export async function readProject(
  request: ProjectRequest,
  ports: { files: Files; log: Log },
): Promise<Project> {
  const { mode, reason } = await settleMode(request, ports.files);
  ports.log.info(`Mode "${mode}": ${reason}.`);
  const { folder } = request;
  if (mode === 'container') {
    const { port, ...facts } = await readContainer(request, ports);
    const files = await selectContainerFiles(folder, facts, ports.files);
    const fingerprint = await readFingerprint(request, files, ports.files);
    return { kind: 'container', mode, folder, port, files, fingerprint, ...facts };
  }
  const { port, ...facts } = await readFunction(request, ports);
  const files = await selectFunctionFiles(folder, facts, ports.files);
  const fingerprint = await readFingerprint(request, files, ports.files);
  return { kind: 'function', mode, folder, port, files, fingerprint, ...facts };
}

/** A service that keeps the fingerprint of its source gets the new one with each release, lest the old one deceive. */
async function readFingerprint(
  { isFingerprinted, live, folder }: ProjectRequest,
  selected: readonly FileEntry[],
  files: Files,
): Promise<string | undefined> {
  const isKept = live?.service !== undefined && fingerprintName in parseLiveEnv(live.service.settings);
  return isFingerprinted === true || isKept ? files.digest(folder, selected) : undefined;
}
