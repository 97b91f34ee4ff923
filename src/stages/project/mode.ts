import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import type { InputName, SelectionInputs } from '../../inputs.ts';
import type { Files } from '../../ports.ts';
import type { ServiceConfig } from '../../service-config/parse.ts';
import type { LiveState } from '../look.ts';

export type Mode = 'function' | 'container' | 'agent';
export type RequestedMode = Mode | 'auto';

/** What the project is read from. */
export interface ProjectRequest {
  readonly folder: string;
  readonly requestedMode: RequestedMode;
  readonly config: ServiceConfig;
  /** Left out: no patterns. */
  readonly selection?: SelectionInputs;
  /** Files below the folder that this step writes; relative to it. */
  readonly ownFiles?: readonly string[];
  /** Left out by commands that have no credentials. */
  readonly live?: LiveState | undefined;
  /** True: the project gets a fingerprint, also when the live service has none yet. */
  readonly isFingerprinted?: boolean;
  /** True: nobody looked at the live service, so a port that only it may name is no reason to stop. */
  readonly isPortOptional?: boolean;
  /** True: where container mode finds no Dockerfile, one is written. */
  readonly generatesDockerfile?: boolean;
  /** The existing image that is deployed instead of a source; empty for none. */
  readonly image?: string;
  /** The inputs that are given and make sense for an image alone. */
  readonly imageInputs?: readonly InputName[];
  /** The stage of the Dockerfile that is built; empty for the last one. */
  readonly target?: string;
  /** What changes the image besides the files: it goes into the fingerprint. */
  readonly buildFacts?: string | undefined;
}

/** The file that configures several functions in one project (functions framework). */
export const functionsFile = 'cloudbase-functions.json';

/** A mode, and in half a sentence why it was chosen. */
export interface SettledMode {
  readonly mode: Mode;
  readonly reason: string;
}

/**
 * Settles the mode once: the input, else the live service's, else what the source holds. A live service never changes
 * its mode (there is no API for it), so asking for the other one is an error.
 */
export async function settleMode(request: ProjectRequest, files: Files): Promise<SettledMode> {
  const { live, image = '' } = request;
  const requestedMode = image === '' ? request.requestedMode : 'container';
  const liveType = live?.service?.serviceType;
  if (requestedMode !== 'auto') {
    if (liveType !== undefined && liveType !== typeOf(requestedMode)) refuseOtherMode(request, liveType);
    return {
      mode: requestedMode,
      reason: image === '' ? 'the input asks for it' : 'an image is deployed',
    };
  }
  if (liveType !== undefined) return { mode: liveType, reason: 'the live service runs in it' };
  return detectMode(request, files);
}

function typeOf(mode: Mode): 'function' | 'container' {
  return mode === 'container' ? 'container' : 'function';
}

function refuseOtherMode(
  { requestedMode, live, image = '' }: ProjectRequest,
  liveType: 'function' | 'container',
): never {
  const name = live?.target.serviceName ?? '';
  if (image !== '') {
    const message = `is deployed in container mode, but the live service "${name}" runs in function mode, which cannot be changed. Deploy to a service of another name.`;
    throw new InputError([{ subject: 'image', message }]);
  }
  throw new InputError([
    {
      subject: 'mode',
      message:
        `is "${requestedMode}", but the live service "${name}" runs in ${liveType} mode, which cannot be changed. ` +
        `Use "${liveType}" or "auto", or deploy to a service of another name.`,
    },
  ]);
}

async function detectMode(request: ProjectRequest, files: Files): Promise<SettledMode> {
  const { folder, config, generatesDockerfile = false } = request;
  const context = join(folder, config.settings.BuildDir ?? '.');
  const hasFunctions = (await files.kindOf(join(folder, functionsFile))) === 'file';
  const dockerfile = config.settings.Dockerfile ?? (await findDockerfile(context, files));
  if (hasFunctions && dockerfile !== undefined) {
    throw new InputError([
      {
        subject: 'mode',
        message:
          `must be "function" or "container": the source holds both ${functionsFile} and ${dockerfile}, ` +
          'and there is no live service to go by.',
      },
    ]);
  }
  if (hasFunctions) return { mode: 'function', reason: `the source holds ${functionsFile}` };
  if (dockerfile !== undefined) return { mode: 'container', reason: `the source holds ${dockerfile}` };
  if (generatesDockerfile) return { mode: 'container', reason: 'the input generate-dockerfile asks for it' };
  return { mode: 'function', reason: 'the source holds no Dockerfile' };
}

/** Refuses inputs for an image where the mode, by now settled, has none. */
export function refuseImageInputs({ imageInputs = [] }: ProjectRequest, mode: Mode): void {
  if (mode === 'container' || imageInputs.length === 0) return;
  const problems = imageInputs.map((subject) => {
    const fault = subject === 'image-repository' ? 'deploys source alone' : 'builds none';
    const message = `is for an image, but mode "${mode}" ${fault}. Leave it out, or use mode "container".`;
    return { subject, message };
  });
  throw new InputError(problems);
}

/** The name of the Dockerfile in a folder, in whatever case it is written. */
export async function findDockerfile(folder: string, files: Files): Promise<string | undefined> {
  if ((await files.kindOf(folder)) !== 'folder') return undefined;
  const names = (await files.listFolder(folder))
    .filter((entry) => entry.kind === 'file' || entry.kind === 'link')
    .map((entry) => entry.path);
  return (
    names.find((name) => name === 'Dockerfile') ?? names.find((name) => name.toLowerCase() === 'dockerfile')
  );
}
