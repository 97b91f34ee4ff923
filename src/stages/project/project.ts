import { InputError } from '../../errors.ts';
import type { FileEntry, Files, Log } from '../../ports.ts';
import { parseLiveEnv } from '../../service-config/merge.ts';
import { fingerprintName } from '../../service-config/rules.ts';
import {
  locateDockerfile,
  readContainer,
  readImagePort,
  writeMissingDockerfile,
  type ContainerFacts,
  type DockerfileLocation,
} from './container.ts';
import { readFunction, type FunctionFacts } from './function.ts';
import { refuseImageInputs, settleMode, type Mode, type ProjectRequest } from './mode.ts';
import {
  selectContainerFiles,
  selectFunctionFiles,
  type Difference,
  type SelectionRequest,
} from './selection.ts';

interface ProjectFacts {
  readonly mode: Mode;
  /** Absolute path of the source folder. */
  readonly folder: string;
  /** The port that the service has to listen on. */
  readonly port: number;
  /** The files that belong to the package, in a fixed order; paths are relative to `folder`. */
  readonly files: readonly FileEntry[];
  /** What belongs, or does not, otherwise than the ignore file alone has it. */
  readonly differences: readonly Difference[];
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

/** An image that exists already, for container mode. */
export interface ImageProject extends ProjectFacts {
  readonly kind: 'image';
  readonly reference: string;
}

export type Project = FunctionProject | ContainerProject | ImageProject;

/** What was found in a source folder: enough to lint it, and the project where nothing stands in its way. */
export interface FoundProject {
  readonly mode: Mode;
  readonly folder: string;
  /** In container mode alone, where there is a source. */
  readonly location: DockerfileLocation | undefined;
  /** The project, or why there is none. */
  readonly result: Project | InputError;
}

interface ProjectPorts {
  readonly files: Files;
  readonly log: Log;
}

/** Settles the mode, finds Dockerfile or entry and the port, and selects the files that belong. */
export async function readProject(request: ProjectRequest, ports: ProjectPorts): Promise<FoundProject> {
  const { mode, reason } = await settleMode(request, ports.files);
  ports.log.info(`Mode "${mode}": ${reason}.`);
  refuseImageInputs(request, mode);
  const { folder, image = '' } = request;
  const isSource = mode === 'container' && image === '';
  const location = isSource ? await locateDockerfile(request, ports.files) : undefined;
  if (location !== undefined) await writeMissingDockerfile(request, location, ports);
  const result = await readMode(request, { mode, location }, ports).catch((error: unknown) => {
    if (error instanceof InputError) return error;
    throw error;
  });
  return { mode, folder, location, result };
}

/** The project that was found; what stands in its way is thrown. */
export function requireProject({ result }: FoundProject): Project {
  if (result instanceof InputError) throw result;
  return result;
}

async function readMode(
  request: ProjectRequest,
  { mode, location }: Pick<FoundProject, 'mode' | 'location'>,
  ports: ProjectPorts,
): Promise<Project> {
  const { folder, image: reference = '' } = request;
  if (reference !== '') {
    const port = readImagePort(request);
    const none = { files: [], differences: [], fingerprint: undefined };
    return { kind: 'image', mode, folder, port, ...none, reference };
  }
  if (location !== undefined) {
    const { port, ...facts } = await readContainer(request, location, ports);
    const { target = '' } = request;
    const selection = await selectContainerFiles({ ...describeSelection(request), target }, facts, ports);
    const fingerprint = await readFingerprint(request, selection.files, ports.files);
    return { kind: 'container', mode, folder, port, ...selection, fingerprint, ...facts };
  }
  const { port, ...facts } = await readFunction(request, ports);
  const selection = await selectFunctionFiles(describeSelection(request), facts, ports);
  const fingerprint = await readFingerprint(request, selection.files, ports.files);
  return { kind: 'function', mode, folder, port, ...selection, fingerprint, ...facts };
}

const noPatterns = { include: [], exclude: [], allowedSecrets: [] };

function describeSelection(request: ProjectRequest): SelectionRequest {
  const { folder, selection: inputs = noPatterns, ownFiles = [] } = request;
  return { folder, inputs, ownFiles };
}

/** A service that keeps the fingerprint of its source gets the new one with each release, lest the old one deceive. */
async function readFingerprint(
  { isFingerprinted, live, folder, buildFacts }: ProjectRequest,
  selected: readonly FileEntry[],
  files: Files,
): Promise<string | undefined> {
  const isKept = live?.service !== undefined && fingerprintName in parseLiveEnv(live.service.settings);
  return isFingerprinted === true || isKept ? files.digest(folder, selected, buildFacts) : undefined;
}
